// A text with its line numbers beside it: lines with problems are marked, and a problem leads to its place.

const editors = () => document.querySelectorAll("[data-editor]");
const partsOf = (editor) => [editor.querySelector("textarea"), editor.querySelector("[data-gutter]")];

function faults(editor) {
  const told = document.querySelector(editor.dataset.editor)?.querySelector("[data-faults]")?.dataset.faults ?? "";
  return new Set(told.split(",").filter(Boolean).map(Number));
}

function number(editor) {
  const [text, gutter] = partsOf(editor);
  const marked = faults(editor);
  const count = text.value.split("\n").length;
  const lines = [];
  for (let line = 1; line <= count; line += 1) {
    const element = document.createElement("span");
    element.textContent = line;
    if (marked.has(line)) element.className = "is-fault";
    lines.push(element);
  }
  gutter.replaceChildren(...lines);
  gutter.scrollTop = text.scrollTop;
}

function begin(editor) {
  const [text, gutter] = partsOf(editor);
  number(editor);
  text.addEventListener("input", () => number(editor));
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    text.form.requestSubmit();
  });
}

function goTo(line, column) {
  const [editor] = editors();
  if (!editor) return;
  const [text] = partsOf(editor);
  const before = text.value.split("\n").slice(0, line - 1).join("\n");
  const at = (line > 1 ? before.length + 1 : 0) + Math.max(column - 1, 0);
  text.focus();
  text.setSelectionRange(at, at);
  text.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(text).lineHeight));
}

editors().forEach(begin);
document.addEventListener("click", (event) => {
  const place = event.target.closest("[data-line]");
  if (place) goTo(Number(place.dataset.line), Number(place.dataset.column));
});
document.addEventListener("htmx:after:process", () => editors().forEach(number));

// What was written and not saved is not lost by a slip.
let saved = false;
const isChanged = (editor) => partsOf(editor)[0].value !== partsOf(editor)[0].defaultValue;
document.addEventListener("submit", () => { saved = true; });
window.addEventListener("beforeunload", (event) => {
  if (!saved && [...editors()].some(isChanged)) event.preventDefault();
});
