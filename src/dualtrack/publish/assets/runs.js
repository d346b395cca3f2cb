// Watches a run: how far it is, until it is no longer on; then the page is loaded anew and says what came of it.
// @ts-check

const WAIT = 1000; // ms between two looks

/** @param {HTMLElement} place */
async function look(place) {
  let run;
  try {
    const reply = await fetch(place.dataset.from || "", { headers: { accept: "application/json" }, cache: "no-store" });
    run = reply.ok ? await reply.json() : null;
  } catch {
    run = undefined; // the server is away for a moment, or for good: look again
  }
  if (run === null || (run && run.state !== "running")) {
    location.reload();
    return;
  }
  if (run) show(place, run);
  setTimeout(() => look(place), WAIT);
}

/** @param {HTMLElement} place @param {{phase: string, done: number, of: number}} run */
function show(place, run) {
  const bar = place.querySelector("progress");
  const said = place.querySelector(".done");
  if (!bar || !said) return;
  const told = run.of ? `${run.done.toLocaleString("en")} of ${run.of.toLocaleString("en")}` : run.done.toLocaleString("en");
  said.textContent = run.phase === "telling" ? `${told}; what it says is worked out` : told;
  if (run.phase === "telling") bar.removeAttribute("value"); // how long that takes is not known
  else {
    bar.max = run.of || 1;
    bar.value = run.done;
  }
}

const place = document.getElementById("watch");
if (place?.dataset.from) look(place);
