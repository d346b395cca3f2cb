// Shows one encounter at a time beside the map: chosen by a link, a row's number or its mark on the map.
// Without this all of them stand one after the other.
// @ts-check

const cards = [...document.querySelectorAll(".cards .card")];
if (cards.length) {
  document.documentElement.classList.add("picks");
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a[href^='#e']");
    if (!link || event.defaultPrevented) return;
    const card = cards.find((one) => `#${one.id}` === link.getAttribute("href"));
    if (!card) return;
    event.preventDefault();
    history.replaceState(null, "", `#${card.id}`);
    pick(card);
    if (card instanceof HTMLElement) card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  });
  const named = () => cards.find((one) => `#${one.id}` === location.hash);
  window.addEventListener("hashchange", () => {
    const card = named();
    if (card) pick(card);
  });
  pick(named() || cards[0]);
}

/** @param {Element} card */
function pick(card) {
  for (const one of cards) one.classList.toggle("picked", one === card);
  for (const link of document.querySelectorAll(".picker a")) {
    if (link.getAttribute("href") === `#${card.id}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  for (const way of document.querySelectorAll("svg.map .chosen")) way.classList.remove("chosen");
  document.querySelector(`svg.map [data-ways="${card.id.slice(1)}"]`)?.classList.add("chosen");
}
