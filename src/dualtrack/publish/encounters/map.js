// Moves the map: buttons, keys, dragging, wheel (with Ctrl, or once the map has the focus) and two fingers.
// The picture is an SVG that is complete without this; only its viewBox changes, and --k, which keeps marks their size.

const svg = document.getElementById("map");
if (svg) start(svg);

function start(svg) {
  const home = svg.viewBox.baseVal;
  const first = { x: home.x, y: home.y, w: home.width, h: home.height };
  let view = { ...first };
  const fingers = new Map();

  function show(next) {
    const w = Math.min(Math.max(next.w, first.w / 4000), first.w * 5);
    const h = (w * first.h) / first.w;
    view = {
      x: clamp(next.x, first.x - 2 * first.w, first.x + 3 * first.w - w),
      y: clamp(next.y, first.y - 2 * first.h, first.y + 3 * first.h - h),
      w,
      h,
    };
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);
    svg.style.setProperty("--k", view.w / (svg.clientWidth || first.w));
  }

  function clamp(value, low, high) {
    return low > high ? (low + high) / 2 : Math.min(Math.max(value, low), high);
  }

  function at(clientX, clientY) {
    const box = svg.getBoundingClientRect();
    return [view.x + ((clientX - box.left) / box.width) * view.w, view.y + ((clientY - box.top) / box.height) * view.h];
  }

  function zoom(factor, x = view.x + view.w / 2, y = view.y + view.h / 2) {
    const w = Math.min(Math.max(view.w * factor, first.w / 4000), first.w * 5);
    const real = w / view.w;
    show({ x: x - (x - view.x) * real, y: y - (y - view.y) * real, w });
  }

  function pan(partX, partY) {
    show({ ...view, x: view.x + partX * view.w, y: view.y + partY * view.h });
  }

  const keys = {
    "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), 0: () => show(first),
    ArrowLeft: () => pan(-0.2, 0), ArrowRight: () => pan(0.2, 0), ArrowUp: () => pan(0, -0.2), ArrowDown: () => pan(0, 0.2),
  };
  svg.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
    keys[event.key]();
    event.preventDefault();
  });

  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== svg) return;
    event.preventDefault();
    zoom(Math.exp(event.deltaY * 0.0015), ...at(event.clientX, event.clientY));
  }, { passive: false });

  let moved = 0;
  svg.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    moved = 0;
  });
  svg.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const box = svg.getBoundingClientRect();
    moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
    if (moved > 4 && !svg.hasPointerCapture(event.pointerId)) svg.setPointerCapture(event.pointerId);
    if (fingers.size === 1) {
      show({ ...view, x: view.x - ((now[0] - before[0]) / box.width) * view.w, y: view.y - ((now[1] - before[1]) / box.height) * view.h });
    } else {
      const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
      const apart = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
      zoom(apart(before) / apart(now), ...at((now[0] + other[0]) / 2, (now[1] + other[1]) / 2));
    }
    fingers.set(event.pointerId, now);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    svg.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  svg.addEventListener("click", (event) => { if (moved > 4) event.preventDefault(); }, true);

  for (const [id, act] of [["closer", () => zoom(0.5)], ["farther", () => zoom(2)], ["home", () => show(first)]]) {
    document.getElementById(id).addEventListener("click", act);
  }
  for (const link of document.querySelectorAll("[data-w]")) {
    link.addEventListener("click", () => {
      for (const way of svg.querySelectorAll(".chosen")) way.classList.remove("chosen");
      svg.querySelector(`[data-ways="${link.dataset.number}"]`)?.classList.add("chosen");
      const w = Math.min(first.w, Number(link.dataset.w));
      show({ x: Number(link.dataset.x) - w / 2, y: Number(link.dataset.y) - (w * first.h) / first.w / 2, w });
    });
  }
  new ResizeObserver(() => show(view)).observe(svg);
  document.documentElement.classList.add("moves");
  show(first);
}
