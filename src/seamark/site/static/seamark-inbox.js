// The inbox by keyboard, and what its panes do beyond htmx.

const inbox = document.getElementById("inbox");
const rowsOf = () => [...inbox.querySelectorAll(".talk-row")];
const opened = () => inbox.querySelector(".thread")?.dataset.talk;

// --- The list: which row is open, and no row twice after one moved to the top ---

function markOpened() {
  const here = opened();
  const seen = new Set();
  for (const row of rowsOf()) {
    if (seen.has(row.dataset.talk)) row.remove();
    seen.add(row.dataset.talk);
    if (row.dataset.talk === here) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

document.addEventListener("htmx:after:settle", markOpened);

// A list that was followed further down stays as long when it is drawn anew.
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.sourceElement.id === "talk-list") ctx.request.body.set("rows", rowsOf().length);
});

// --- Read is what somebody has before their eyes, not what lies in a window behind others ---

document.addEventListener("htmx:before:request", (event) => {
  if (event.detail.ctx.sourceElement.matches("[data-reads]") && document.hidden) event.preventDefault();
});

document.addEventListener("visibilitychange", () => {
  const reads = inbox.querySelector("[data-reads]");
  if (reads && !document.hidden) window.htmx.trigger(reads, "seen");
});

// --- Panes: on narrow windows one at a time ---

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggles]");
  if (!button) return;
  const shows = inbox.classList.toggle(button.dataset.toggles);
  for (const each of document.querySelectorAll(`[data-toggles="${button.dataset.toggles}"][aria-expanded]`)) each.setAttribute("aria-expanded", shows);
});

// --- Keys (the table is `desk.keys`) ---

function step(by) {
  const rows = rowsOf();
  const from = rows.findIndex((row) => row === document.activeElement);
  const place = from >= 0 ? from : rows.findIndex((row) => row.hasAttribute("aria-current"));
  const next = rows[Math.min(rows.length - 1, Math.max(0, place + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function write(as) {
  const choice = inbox.querySelector(`.reply-form [name=as][value=${as}]`);
  if (choice) choice.click();
  const answer = inbox.querySelector("#answer");
  answer?.focus();
  answer?.setSelectionRange(answer.value.length, answer.value.length); // behind a draft, not before it
}

function find() {
  inbox.querySelector("#find")?.togglePopover(true);
  inbox.querySelector("#find-words")?.select();
}

inbox.addEventListener("click", ({ target }) => target.closest("[data-finds]") && find());

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  r: () => write("message"),
  n: () => write("note"),
  "/": () => inbox.querySelector("[data-inbox-search]").focus(),
  f: find,
  i: () => inbox.querySelector(".thread-card, .card-back")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  const typing = event.target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Escape" && typing) typing.blur();
  if (typing || event.target.closest(".dropdown-menu")) return;
  const button = inbox.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const does = KEYS[event.key] || (button && (() => window.press(button)));
  if (!does) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  does();
}, true);
