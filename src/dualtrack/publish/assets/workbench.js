// Forms answer without loading the page anew; sliders, search and dates have modules of their own.
// @ts-check

const WAIT = 150; // ms after the last key before words are sent

/** The page's query with the form's controls in it, empty ones left out, switches joined by commas. What a form keeps
 * of the rest is what was asked when the page was loaded: other forms may have asked more since.
 * @param {HTMLFormElement} form */
export function asked(form) {
  const query = new URLSearchParams(location.search);
  const own = new Set();
  for (const control of form.elements) {
    const name = control.getAttribute("name");
    if (!name || control.getAttribute("type") === "hidden") continue;
    own.add(name);
    query.delete(name);
  }
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || value === "" || !own.has(name)) continue;
    const before = query.get(name);
    query.set(name, before === null ? value : `${before},${value}`);
  }
  return query;
}

/** Shows the answer of the server in place of a section, and keeps it as the page's address. */
let newest = 0;
/** @param {HTMLFormElement} form */
export async function answer(form) {
  const turn = ++newest;
  const section = form.dataset.section || "content";
  const address = new URL(location.href);
  address.search = asked(form).toString();
  address.hash = "";
  if (section === "content") {
    location.assign(address); // another day: every link of the page changes with it
    return;
  }
  const place = document.getElementById(section);
  if (!place) return;
  place.setAttribute("aria-busy", "true");
  const reply = await fetch(address, { headers: { accept: "text/html" } });
  const text = await reply.text();
  if (turn !== newest) return; // a later question was asked meanwhile
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(section);
  if (!fresh) {
    location.href = address.href;
    return;
  }
  const focused = document.activeElement?.id;
  place.replaceWith(document.adoptNode(fresh));
  if (focused) document.getElementById(focused)?.focus();
  history.replaceState(null, "", address);
  start(fresh);
}

/** @param {HTMLElement} within */
function start(within) {
  for (const form of within.querySelectorAll("form[data-section]")) {
    if (!(form instanceof HTMLFormElement)) continue;
    const module = form.dataset.module;
    if (module) {
      import(new URL(`${module}.js`, import.meta.url).href).then((found) => found.start(form, answer));
      continue;
    }
    let timer = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form);
    });
    form.addEventListener("change", () => answer(form));
    form.addEventListener("input", (event) => {
      if (!(event.target instanceof HTMLInputElement) || event.target.type !== "search") return;
      clearTimeout(timer);
      timer = setTimeout(() => answer(form), WAIT);
    });
    form.classList.add("live");
  }
}

start(document.body);
