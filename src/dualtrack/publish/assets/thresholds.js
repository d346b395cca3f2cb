// Moves the thresholds: every exercise comes with the number of levels at which it is caught, so that any two levels
// are answered here, by comparing numbers, as the server would. The same rules and figures for every state.
// @ts-check

const SIDES = { nato: "NATO or a member", russia: "Russia", joint: "Russia with a partner", other: "Others" };
const OWN = { notify: 9000, observe: 13000 };

/** Three-valued answers of one exercise at two levels. @param {number[]} on @param {number} n @param {number} o */
export function verdict(on, n, o) {
  const [told, mayTold, seen, maySeen] = on; // a fifth number is the troops
  const word = (/** @type {boolean} */ sure, /** @type {boolean} */ may) => (sure ? "yes" : may ? "unknown" : "no");
  return {
    notifiable: word(told > n, mayTold > n),
    observable: word(told > n && seen > o, mayTold > n && maySeen > o),
  };
}

/** @param {HTMLFormElement} form */
export async function start(form) {
  const reply = await fetch(form.dataset.from || "");
  if (!reply.ok) return;
  const record = await reply.json();
  form.hidden = false;
  const run = () => show(form, record);
  form.addEventListener("input", run);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  form.classList.add("live");
}

/** @param {HTMLFormElement} form @param {any} record */
function show(form, record) {
  const asked = Object.fromEntries(new FormData(form));
  const place = (/** @type {any} */ level) => (Number(level) - record.start) / record.step;
  for (const output of form.querySelectorAll("output")) {
    const input = document.getElementById(output.htmlFor.value);
    if (input instanceof HTMLInputElement) output.value = Number(input.value).toLocaleString("en");
  }
  const found = record.exercises
    .filter((e) => e.on[asked.basis] && (!asked.year || e.start.startsWith(asked.year)))
    .filter((e) => !asked.state || e.states.includes(asked.state))
    .map((e) => ({
      ...e,
      ...verdict(e.on[asked.basis], place(asked.notify), place(asked.observe)),
      own: verdict(e.on[asked.basis], place(OWN.notify), place(OWN.observe)),
    }));
  table("by-side", bySide(found));
  table("caught", caught(found, record.names, String(asked.basis)));
  headline(form, asked, found, record.as_of);
  address(form, asked);
}

/** @param {any[]} found */
function bySide(found) {
  const count = (/** @type {any[]} */ some, /** @type {string} */ what, /** @type {string} */ word) =>
    some.filter((e) => e[what] === word).length;
  return Object.keys(SIDES).filter((side) => found.some((e) => e.side === side)).map((side) => {
    const some = found.filter((e) => e.side === side);
    const own = some.map((e) => e.own);
    return [
      SIDES[side],
      count(some, "notifiable", "yes"), count(some, "notifiable", "unknown"), count(own, "notifiable", "yes"),
      count(some, "observable", "yes"), count(some, "observable", "unknown"), count(own, "observable", "yes"),
      some.length,
    ];
  });
}

/** @param {any[]} found @param {Record<string, string>} names @param {string} basis */
function caught(found, names, basis) {
  const order = ["yes", "unknown", "no"];
  return found
    .filter((e) => e.notifiable !== "no")
    .sort((a, b) => order.indexOf(a.notifiable) - order.indexOf(b.notifiable) || (a.start < b.start ? -1 : 1))
    .map((e) => [
      { text: e.name, place: e.place }, e.states.map((code) => names[code] || code).join(", "), e.start,
      e.on[basis][4], e.notifiable, e.observable,
      `${e.own.notifiable}, ${e.own.observable}`,
    ]);
}

/** Fills the body of a table.
 * @param {string} id @param {any[][]} rows */
function table(id, rows) {
  const body = document.querySelector(`#${id} tbody`);
  if (!body) return;
  const asked = new URL(location.href).searchParams;
  const state = new URLSearchParams([...asked].filter(([name]) => name === "as_of" || name === "known")).toString();
  body.replaceChildren(
    ...rows.map((cells) => {
      const line = document.createElement("tr");
      cells.forEach((cell, number) => {
        const box = document.createElement(number ? "td" : "th");
        if (!number) box.setAttribute("scope", "row");
        if (typeof cell === "number") box.className = "number";
        const text = typeof cell === "number" ? cell.toLocaleString("en") : String(cell);
        if (cell && typeof cell === "object") {
          const link = document.createElement("a");
          link.href = `${cell.place}.html${state && `?${state}`}`;
          link.textContent = cell.text;
          box.append(link);
        } else box.textContent = cell === null ? "" : text;
        if (/^\d{4}(-\d\d){0,2}$/.test(text)) box.className = "date";
        line.append(box);
      });
      return line;
    }),
  );
}

/** The sentence above the tables, as the server says it.
 * @param {HTMLFormElement} form @param {any} asked @param {any[]} found @param {string} day of the record */
function headline(form, asked, found, day) {
  const said = form.parentElement?.querySelector(".answer");
  if (!said) return;
  const count = (/** @type {string} */ what, /** @type {string} */ word) => found.filter((e) => e[what] === word).length;
  const own = (/** @type {string} */ what) => found.filter((e) => e.own[what] === "yes").length;
  const level = (/** @type {string} */ n) => Number(n).toLocaleString("en");
  const left = (/** @type {string} */ what) => (count(what, "unknown") ? ` (${count(what, "unknown")} more left open)` : "");
  const long = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const spelt = new Date(day).toLocaleDateString("en-GB", /** @type {any} */ (long));
  const over = `${asked.year}-12-31` <= day;
  said.textContent =
    `With notification from ${level(asked.notify)} and observation from ${level(asked.observe)} troops, at least ` +
    `${count("notifiable", "yes")} had to be notified${left("notifiable")} and ${count("observable", "yes")} ` +
    `observed${left("observable")} of ${found.length} exercise${found.length === 1 ? "" : "s"} on record ` +
    `${!asked.year ? `up to ${spelt}` : over ? `in ${asked.year}` : `from ${asked.year} to ${spelt}`}; as the document is, ` +
    `${own("notifiable")} and ${own("observable")}.`;
  said.setAttribute("aria-live", "polite");
}

/** Keeps the state in the page's address. @param {HTMLFormElement} form @param {any} asked */
function address(form, asked) {
  const kept = new URL(location.href);
  for (const [name, value] of Object.entries(asked)) {
    if (value) kept.searchParams.set(name, String(value));
    else kept.searchParams.delete(name);
  }
  history.replaceState(null, "", kept);
}
