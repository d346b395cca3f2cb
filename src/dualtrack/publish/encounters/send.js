// Says that a search is on, and that files are too large before they are sent.
// @ts-check

for (const form of document.querySelectorAll("form.tracks")) {
  if (!(form instanceof HTMLFormElement)) continue;
  const said = form.querySelector("[role=status]");
  const files = form.querySelector("input[type=file]");
  form.addEventListener("submit", (event) => {
    const sizes = files instanceof HTMLInputElement ? [...(files.files || [])].map((file) => file.size) : [];
    const most = Number(form.dataset.most);
    if (said && most && sizes.reduce((sum, size) => sum + size, 0) > most) {
      event.preventDefault();
      said.textContent = `The files are larger than ${most / 1e6} MB together. Choose fewer, pack them (gzip), or use the command line.`;
      return;
    }
    if (said) said.textContent = "Reading and searching. This takes some seconds, for large files up to two minutes.";
    form.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    form.removeAttribute("aria-busy");
    if (said) said.textContent = "";
  });
}
