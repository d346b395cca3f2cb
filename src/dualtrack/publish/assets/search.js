// Search in a folder of files on a web server, where no program answers: words are looked for in a list of everything.
// Where one does, the form is sent as it is.
// @ts-check

const MOST = 50;

/** @param {HTMLFormElement} form @param {(form: HTMLFormElement) => Promise<void>} answer */
export async function start(form, answer) {
  if (!form.hidden) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form);
    });
    return;
  }
  const reply = await fetch(form.dataset.from || "");
  if (!reply.ok) return;
  const record = await reply.json();
  form.hidden = false;
  const list = document.createElement("ol");
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  form.after(told, list);
  const run = () => {
    const asked = new FormData(form);
    const words = plain(String(asked.get("q"))).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
    const found = words.length ? ranked(record.entries, words, String(asked.get("kind") || "")) : [];
    told.textContent = words.length ? `${found.length} places` : "";
    list.replaceChildren(...found.slice(0, MOST).map(([kind, title, place, shown]) => {
      const line = document.createElement("li");
      const link = document.createElement("a");
      link.href = place;
      link.textContent = title;
      line.append(`${record.kinds[kind]}: `, link, shown ? `. ${shown}` : "");
      return line;
    }));
  };
  form.addEventListener("input", run);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  const start = new URL(location.href).searchParams.get("q");
  const words = form.querySelector("[name=q]");
  if (start && words instanceof HTMLInputElement) {
    words.value = start;
    run();
  }
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Entries that have every word, those with the words in their title first.
 * @param {any[][]} entries @param {string[]} words @param {string} kind */
function ranked(entries, words, kind) {
  const scored = [];
  for (const entry of entries) {
    if (kind && entry[0] !== kind) continue;
    const title = plain(entry[1]);
    const all = `${title} ${plain(entry[3])} ${entry[2]}`;
    if (words.every((word) => all.includes(word))) {
      scored.push({ entry, score: (1 + words.filter((word) => title.includes(word)).length) * entry[4] });
    }
  }
  return scored.sort((a, b) => b.score - a.score).map((one) => one.entry);
}
