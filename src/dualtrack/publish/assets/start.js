// Everything can be read without this. A folder opened as files cannot load modules, so it is left as it is.
if (location.protocol !== "file:") {
  import(new URL("workbench.js", document.currentScript.src).href);
}
