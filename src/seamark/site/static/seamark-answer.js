// While an answer is written: canned words after a slash, members after an @ in a note. What is offered comes from the
// server, below the address that the field names.

const CALLS = { "/": "words/", "@": "members/" };
const CALL = /(^|\s)([/@])([^\s/@]*)$/;
let asking = null;
let waits = null; // the field for which offers are on their way
let taken = false; // whether Enter was pressed meanwhile: it means the first of them

const offersOf = (field) => field.form.querySelector(".offers");
const isNote = (field) => field.form.querySelector("[name=as][value=note]")?.checked;

function called(field) {
  const found = field.value.slice(0, field.selectionStart).match(CALL);
  if (!found || (found[2] === "@" && !isNote(field))) return null;
  return { kind: found[2], sought: found[3], from: field.selectionStart - found[3].length - 1 };
}

function close(field) {
  asking?.abort();
  waits = null;
  offersOf(field)?.remove();
  field.removeAttribute("aria-activedescendant");
  field.removeAttribute("aria-controls");
}

async function offer(field) {
  const call = called(field);
  if (!call) return close(field);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  waits = field;
  taken = false;
  try {
    const address = `${field.dataset.answer}${CALLS[call.kind]}?q=${encodeURIComponent(call.sought)}`;
    const answer = await fetch(address, { signal, headers: { "HX-Request": "true" } });
    const text = await answer.text();
    if (signal.aborted || !field.isConnected) return;
    waits = null;
    if (!answer.ok) return;
    offersOf(field)?.remove();
    const holder = document.createElement("template");
    holder.innerHTML = text;
    const isNone = !holder.content.querySelector("[data-insert]");
    if (isNone && taken && field.value.trim() !== call.kind + call.sought) field.form.requestSubmit();
    if (!holder.content.querySelector("li")) return close(field);
    field.before(holder.content);
    field.setAttribute("aria-controls", "offers");
    choose(field, 0);
    if (taken && !isNone) insert(field, offersOf(field).querySelector("[aria-selected=true]"));
  } catch (error) {
    if (error.name === "AbortError") return;
    waits = null;
    throw error;
  }
}

function choose(field, by) {
  const options = [...offersOf(field).querySelectorAll("[data-insert]")];
  if (!options.length) return;
  const from = options.findIndex((each) => each.getAttribute("aria-selected") === "true");
  const next = options[(Math.max(0, from) + (from < 0 ? 0 : by) + options.length) % options.length];
  for (const each of options) each.setAttribute("aria-selected", each === next);
  next.scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", next.id);
}

function insert(field, option) {
  const call = called(field);
  if (call) {
    field.setRangeText(option.dataset.insert, call.from, field.selectionStart, "end");
    const blank = field.value.slice(call.from).match(/\{[\w.]+\}/);
    if (blank) field.setSelectionRange(call.from + blank.index, call.from + blank.index + blank[0].length);
  }
  close(field);
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close(field);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-answer]")) offer(event.target);
});

// Who types quicker than the offers come means them all the same: "/price" itself is sent to nobody.
document.addEventListener("keydown", (event) => {
  if (event.target !== waits || event.key !== "Enter" || event.shiftKey || event.isComposing || !called(waits)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  taken = true;
}, true);

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-answer]") || event.isComposing || !offersOf(field)) return;
  const chosen = offersOf(field).querySelector("[aria-selected=true]");
  const does = {
    ArrowDown: () => choose(field, 1),
    ArrowUp: () => choose(field, -1),
    Escape: () => close(field),
    ...(chosen && { Enter: () => insert(field, chosen), Tab: () => insert(field, chosen) }),
  }[event.key];
  if (!does) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  does();
}, true);

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest(".offers [data-insert]");
  if (!option) return;
  event.preventDefault();
  insert(option.closest("form").querySelector("[data-answer]"), option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-answer]")) close(event.target);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-calls]");
  if (!button) return;
  const field = button.closest("form").querySelector("[data-answer]");
  field.focus();
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  field.setRangeText(gap + button.dataset.calls, field.selectionStart, field.selectionEnd, "end");
  offer(field);
});

// --- Emoji, by pointer or by arrow keys, where the words are being written ---

document.addEventListener("shown.bs.dropdown", (event) => {
  event.target.parentElement.querySelector("[data-emoji]")?.focus();
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-emoji]")) return;
  const all = [...event.target.parentElement.children];
  const wide = all.filter((each) => each.offsetTop === all[0].offsetTop).length;
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: wide, ArrowUp: -wide }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  all[all.indexOf(event.target) + step]?.focus();
}, true);

document.addEventListener("click", (event) => {
  const emoji = event.target.closest("[data-emoji]");
  if (!emoji) return;
  const field = emoji.closest("form").querySelector("[data-answer]");
  field.setRangeText(emoji.textContent, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- Words that a follow-up suggests ---

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-words]");
  const field = button && document.querySelector("[data-answer]");
  if (!field) return;
  field.form.querySelector("[name=as][value=message]")?.click();
  field.setRangeText(button.dataset.words, 0, field.value.length, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- Files: chosen, dropped or pasted; what goes along is said beside ---

function tellFiles(input) {
  const names = [...input.files].map((file) => file.name).join(", ");
  input.form.querySelector("[data-files-told]").textContent = names;
}

function attach(form, files) {
  const input = form.querySelector("[data-files]");
  if (!input || !files.length) return false;
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  tellFiles(input);
  return true;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-files]")) tellFiles(event.target);
});

document.addEventListener("paste", (event) => {
  const field = event.target.closest?.("[data-answer]");
  if (field && attach(field.form, [...event.clipboardData.files])) event.preventDefault();
});

for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest?.(".reply-form");
    if (!form || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    if (name === "drop") attach(form, [...event.dataTransfer.files]);
  });
}

// --- A box that is drawn anew, since it offers something else now, keeps where one writes, the last keys and the files ---

let written = null;

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (!ctx.sourceElement.matches("[data-redraws]") || ctx.swap === "none" || !ctx.target.isConnected) return;
  const field = document.querySelector("#answer");
  if (!field) return;
  const { value, selectionStart, selectionEnd } = field;
  const files = [...field.form.querySelector("[data-files]").files];
  written = { value, selectionStart, selectionEnd, files, isHere: field === document.activeElement };
});

document.addEventListener("htmx:after:settle", () => {
  const field = document.querySelector("#answer") ?? document.querySelector("#kept-words");
  if (!written || !field) return;
  field.value = written.value;
  if (written.isHere) field.focus();
  field.setSelectionRange(written.selectionStart, written.selectionEnd);
  if (field.form) attach(field.form, written.files);
  written = null;
});

// --- What the member may see no more leaves the page; the words that were being written stay ---

function leave() {
  const place = document.querySelector("[data-may-be-lost]");
  if (place.querySelector(".is-lost")) return;
  const words = place.querySelector("[data-answer], #kept-words")?.value ?? "";
  const pane = document.getElementById("not-yours").content.cloneNode(true);
  if (words.trim()) pane.querySelector("textarea").value = words;
  else pane.querySelector(".kept-words").remove();
  place.replaceChildren(pane);
  window.htmx.process(place);
  window.htmx.trigger(document.body, "inbox-moved"); // nor does the list beside have it any more
  place.querySelector(".is-lost").focus();
}

document.addEventListener("contact-lost", leave);
// Before the page heard of it: opened from a list that was drawn earlier, or lost while the network was away.
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (isLost(ctx) && ctx.sourceElement.isConnected) leave();
});
