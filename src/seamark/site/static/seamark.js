// What pages do beyond htmx and Alpine: ask before harm, tell when something failed, draw charts, pick from lists.
// Nothing here is run from attributes, so that the Content-Security-Policy can forbid it.

const byId = (id) => document.getElementById(id);
const lasting = { chart: new Map(), pick: new Map() };
const scripts = new Map();

// A library that few pages need, loaded once, when the first element asks for it.
function library(name) {
  if (!scripts.has(name)) {
    scripts.set(name, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = document.body.dataset[name];
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    }));
  }
  return scripts.get(name);
}

// --- Asking before harm: hx-confirm="…" on whatever sends, data-confirm="…" on a plain form ---

function ask(question, element) {
  const dialog = byId("confirm");
  dialog.querySelector("[data-question]").textContent = question;
  const yes = dialog.querySelector("[value=yes]");
  yes.textContent = element.dataset.confirmLabel || yes.dataset.label;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("htmx:confirm", async (event) => {
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  ((await ask(ctx.confirm, ctx.sourceElement)) ? issueRequest : dropRequest)();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed) return;
  event.preventDefault();
  if (!(await ask(form.dataset.confirm, form))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(event.submitter);
});

// --- What blocks say of a condition is kept by its text: a form waits until the text has followed them ---

let withheld = null; // a form that was sent before, and by which button

document.addEventListener("change", ({ target }) => {
  const tree = target.closest(".blocks-tree");
  if (tree) tree.dataset.ahead = "";
}, true);

document.addEventListener("submit", (event) => {
  const tree = event.target.querySelector(".blocks-tree[data-ahead]");
  if (!tree) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  withheld = { form: event.target, button: event.submitter };
  if (!tree.matches(".htmx-request")) window.htmx.trigger(tree, "change");
}, true);

document.addEventListener("htmx:after:swap", () => {
  if (!withheld || withheld.form.querySelector(".blocks-tree[data-ahead]")) return;
  const { form, button } = withheld;
  withheld = null;
  if (form.isConnected && !form.querySelector(".block-slip, .problems")) form.requestSubmit(button);
});

// --- Telling that something failed ---

const tellFailure = () => byId("toasts").append(byId("failure").content.cloneNode(true));
// What is asked for and there no more: the whole of a place that says so itself, or a part that has left the page.
const isLost = ({ response, target, sourceElement }) => response.status === 404
  && (target?.matches("[data-may-be-lost]") || sourceElement.matches("[data-may-be-lost] > [data-live]") || !sourceElement.isConnected);
const isShownInPage = (ctx) => ctx.response.status === 422 || isLost(ctx);

document.addEventListener("htmx:response:error", (event) => {
  if (!isShownInPage(event.detail.ctx)) tellFailure();
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx) tellFailure();
});

// --- A part in which somebody edits or chooses is not replaced by news of it ---

const BUSY = ".is-editing, details[open], .htmx-request, .dropdown-menu.show";

// Neither when the news is asked for, nor when its answer comes after somebody has begun.
for (const moment of ["htmx:before:request", "htmx:before:swap"]) {
  document.addEventListener(moment, (event) => {
    const part = event.detail.ctx?.sourceElement;
    if (!part?.matches("[data-not-while-editing]")) return;
    if (part.querySelector(BUSY)) event.preventDefault();
  });
}

// Whoever leaves a menu without choosing sees what has happened meanwhile.
document.addEventListener("hidden.bs.dropdown", (event) => {
  if (event.target.closest("[data-not-while-editing]")) window.htmx.trigger(document.body, "contact-moved");
});

// --- Small manners, for the whole page ---

// What many menus and choices of a page ask stands in it once, and comes into each when it is first needed.
function fillIn(asking) {
  asking.append(document.getElementById(asking.dataset.asks).content.cloneNode(true));
  delete asking.dataset.asks;
}
document.addEventListener("show.bs.dropdown", ({ target }) => {
  target.parentElement.querySelectorAll("[data-asks]").forEach(fillIn);
});

// What a key does that stands for a button; of what the button opens, the first is ready to be chosen.
window.press = (button) => {
  button.focus();
  button.click();
  button.parentElement.querySelector(".dropdown-menu.show :is(a, button, select, input:not([type=hidden]))")?.focus();
};

// The tags for which a row has no room, in words.
document.addEventListener("click", (event) => {
  const more = event.target.closest(".tag-more");
  if (!more) return;
  const rest = Object.assign(document.createElement("span"), { className: "tag-rest", textContent: more.title, tabIndex: -1 });
  more.replaceWith(rest);
  rest.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-switch-theme]")) window.switchTheme();
});

document.addEventListener("click", (event) => {
  const opens = event.target.closest("[data-opens]");
  if (opens) byId(opens.dataset.opens).showModal();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const sheet = byId("key-sheet");
  if (event.key !== "?" || typing || event.ctrlKey || event.metaKey || event.altKey || !sheet || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  sheet.showModal();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  const [usual, copied] = button.querySelectorAll("span");
  usual.hidden = true;
  copied.hidden = false;
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches("[data-sends]") || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.querySelector("[data-search]");
  if (!search?.checkVisibility()) return;
  event.preventDefault();
  search.focus();
});

document.addEventListener("alpine:init", () => {
  // A toast leaves by itself where it says after how long, but not under the pointer, and not while it offers to undo
  // something by keyboard.
  Alpine.data("toast", () => ({
    init() {
      this.timer = null;
      this.leaveSoon();
    },
    stay() {
      clearTimeout(this.timer);
    },
    leaveSoon() {
      this.stay();
      if (!this.$root.dataset.seconds) return;
      this.timer = setTimeout(() => this.leave(), Number(this.$root.dataset.seconds) * 1000);
    },
    leave() {
      this.$root.remove();
    },
    destroy() {
      this.stay();
    },
  }));

  // Rows that are chosen for batch work: x-data="chosen" around the table, its boxes named "chosen".
  Alpine.data("chosen", () => ({
    count: 0,
    boxes() {
      return [...this.$root.querySelectorAll("input[name=chosen]")];
    },
    recount() {
      const boxes = this.boxes();
      this.count = boxes.filter((box) => box.checked).length;
      if (this.count) this.$root.querySelectorAll("[data-asks]").forEach(fillIn);
      const all = this.$refs.all;
      all.checked = this.count > 0 && this.count === boxes.length;
      all.indeterminate = this.count > 0 && this.count < boxes.length;
    },
    chooseAll() {
      for (const box of this.boxes()) box.checked = this.$refs.all.checked;
      this.recount();
    },
    chooseNone() {
      for (const box of this.boxes()) box.checked = false;
      this.recount();
    },
  }));
});

// --- Whatever comes into the page, at first or by htmx ---

function found(root, selector) {
  const inside = [...root.querySelectorAll(selector)];
  return root.matches?.(selector) ? [root, ...inside] : inside;
}

// Colours and sizes that only the server knows: a style attribute would be refused.
function paint(root) {
  for (const element of found(root, "[data-color]")) element.style.setProperty("--tag", element.dataset.color);
  for (const element of found(root, "[data-share]")) element.style.setProperty("--share", element.dataset.share);
}

function chartColors() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    series: ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"].map(read),
    text: read("--chart-text"),
    line: read("--chart-line"),
    surface: read("--chart-surface"),
  };
}

function chartTheme() {
  const { series, text, line, surface } = chartColors();
  const axis = {
    axisLine: { lineStyle: { color: line } },
    axisTick: { show: false },
    axisLabel: { color: text },
    splitLine: { lineStyle: { color: line } },
  };
  return {
    color: series,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    legend: { textStyle: { color: text }, itemWidth: 10, itemHeight: 10, icon: "roundRect" },
    bar: { barMaxWidth: 28 },
    line: { symbol: "none", lineStyle: { width: 2 } },
    sankey: { label: { color: text } },
    heatmap: { itemStyle: { borderColor: surface, borderWidth: 1 } },
    visualMap: { textStyle: { color: text }, inRange: { color: [surface, series[0]] } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: { ...axis, splitLine: { show: false } },
    // Drawn on the canvas: as HTML it would need style attributes.
    tooltip: { renderMode: "richText", backgroundColor: surface, borderColor: line, textStyle: { color: text } },
  };
}

function drawChart(element) {
  lasting.chart.get(element)?.dispose();
  const chart = window.echarts.init(element, chartTheme(), { renderer: "canvas" });
  chart.setOption({ animation: false, ...JSON.parse(byId(element.dataset.chart).textContent) });
  chart.on("click", ({ data }) => {
    if (data?.href) window.location.assign(data.href);
  });
  lasting.chart.set(element, chart);
}

async function drawCharts(root) {
  const elements = found(root, "[data-chart]");
  if (!elements.length) return;
  await library("echarts");
  elements.forEach(drawChart);
}

async function makePickers(root) {
  const elements = found(root, "select[data-pick]");
  if (!elements.length) return;
  await library("tomSelect");
  for (const element of elements.filter((each) => !lasting.pick.has(each))) {
    lasting.pick.set(element, new window.TomSelect(element, {
      plugins: element.multiple ? ["remove_button"] : [],
      maxOptions: null,
      render: { no_results: null },
    }));
    element.setAttribute("aria-hidden", "true"); // its label now names the picker
  }
}

function dropLost() {
  for (const [kind, drop] of [["chart", "dispose"], ["pick", "destroy"]]) {
    for (const [element, thing] of lasting[kind]) {
      if (element.isConnected) continue;
      thing[drop]();
      lasting[kind].delete(element);
    }
  }
}

function furnish(root) {
  dropLost();
  paint(root);
  drawCharts(root);
  makePickers(root);
  found(root, "[data-focus]")[0]?.focus();
}

furnish(document);
document.querySelector(".settings-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
document.addEventListener("htmx:after:process", (event) => furnish(event.target));
document.documentElement.addEventListener("seamark:theme", () => [...lasting.chart.keys()].forEach(drawChart));
window.addEventListener("resize", () => lasting.chart.forEach((chart) => chart.resize()));
