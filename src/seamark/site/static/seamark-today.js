// Today by keyboard: j and k choose, the letters press the button of what is chosen.

const todos = () => [...document.querySelectorAll(".todo")];

function chooseTodo(by) {
  const all = todos();
  const place = all.indexOf(document.activeElement?.closest(".todo"));
  const next = all[Math.min(all.length - 1, Math.max(0, place + by))];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.target.closest("input, textarea, select")) return;
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    chooseTodo(event.key === "j" ? 1 : -1);
    return;
  }
  if (event.target.closest("button, a")) return; // they have keys of their own
  const button = document.activeElement?.closest(".todo")?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button) return;
  event.preventDefault();
  window.press(button);
});

// Whoever comes back from writing finds the place again: the line that led there, or what stands in its place now.
document.addEventListener("click", (event) => {
  const todo = event.target.closest("a") && event.target.closest(".todo");
  if (todo) history.replaceState({ place: todos().indexOf(todo) }, "", `#${todo.id}`);
});
window.addEventListener("pageshow", () => {
  const all = todos();
  const todo = document.getElementById(location.hash.slice(1)) ?? all[Math.min(all.length - 1, history.state?.place)];
  todo?.focus();
  todo?.scrollIntoView({ block: "center" });
});

// What was under the keyboard stays there: after one is done, the next has its place.
let chosen = -1;
document.addEventListener("htmx:before:request", () => {
  chosen = todos().indexOf(document.activeElement?.closest(".todo"));
});
document.addEventListener("htmx:after:settle", () => {
  if (chosen < 0 || document.activeElement?.closest(".todo")) return;
  const all = todos();
  all[Math.min(chosen, all.length - 1)]?.focus();
});
