// The day as a slider of months beside the date field: what was known then.
// @ts-check

/** @param {HTMLFormElement} form @param {(form: HTMLFormElement) => Promise<void>} answer */
export function start(form, answer) {
  const date = form.querySelector("input[type=date]");
  if (!(date instanceof HTMLInputElement)) return;
  const [first, last] = [months(date.min), months(date.max)];
  const slider = document.createElement("input");
  slider.type = "range";
  slider.id = `${date.id}-slider`;
  slider.min = String(first);
  slider.max = String(last);
  slider.value = String(months(date.value));
  slider.setAttribute("aria-label", "What was known by the end of the month");
  const shown = () => slider.setAttribute("aria-valuetext", date.value);
  shown();
  slider.addEventListener("input", () => {
    date.value = end(Number(slider.value), date.max);
    shown();
  });
  slider.addEventListener("change", () => answer(form));
  date.addEventListener("change", () => {
    if (!date.value) return;
    slider.value = String(months(date.value));
    answer(form);
  });
  form.querySelector("select")?.addEventListener("change", () => answer(form));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
  const box = document.createElement("div");
  box.className = "control wide";
  box.append(slider);
  form.prepend(box);
}

/** Months since year 0. @param {string} day */
function months(day) {
  const [year, month] = day.split("-").map(Number);
  return year * 12 + month - 1;
}

/** The last day of a month, or the last there is. @param {number} count @param {string} last */
function end(count, last) {
  const day = new Date(Date.UTC(Math.floor(count / 12), (count % 12) + 1, 0)).toISOString().slice(0, 10);
  return day > last ? last : day;
}
