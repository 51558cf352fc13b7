// The list of contacts: who is chosen, across pages and while rows move, and the dialog that asks what to do to them.

document.addEventListener("alpine:init", () => {
  Alpine.data("selection", () => ({
    ids: new Set(),
    count: 0,
    everybody: false,
    amount: "",
    wish: "",

    init() {
      this.wish = this.wished();
      this.settle = () => this.show();
      document.addEventListener("htmx:after:settle", this.settle);
      this.$refs.dialog.addEventListener("close", () => this.$refs.asks.replaceChildren());
      this.show();
    },
    destroy() {
      document.removeEventListener("htmx:after:settle", this.settle);
    },
    wished() {
      return this.$root.querySelector("#contacts").dataset.wish;
    },
    boxes() {
      return [...this.$root.querySelectorAll("input[name=chosen]:not([type=hidden])")];
    },
    get some() {
      return this.count > 0 && !this.everybody;
    },

    // Whatever was swapped in shows who is chosen; a list of others begins with nobody.
    show() {
      const wish = this.wished();
      if (wish !== this.wish) {
        this.wish = wish;
        this.forget();
      }
      const boxes = this.boxes();
      for (const box of boxes) box.checked = this.everybody || this.ids.has(box.value);
      this.count = this.everybody ? Math.max(1, boxes.length) : this.ids.size;
      this.amount = this.$root.querySelector("#amount").innerText;
      const all = this.$root.querySelector("[data-chooses-all]");
      const here = boxes.filter((box) => box.checked).length;
      if (all) {
        all.checked = here > 0 && here === boxes.length;
        all.indeterminate = here > 0 && here < boxes.length;
      }
      this.ask();
    },
    forget() {
      this.ids.clear();
      this.everybody = false;
    },
    change(event) {
      const { target } = event;
      if (target.name !== "chosen" && !target.matches("[data-chooses-all]")) return;
      this.everybody = false;
      for (const box of target.name === "chosen" ? [target] : this.boxes()) {
        this.ids[target.checked ? "add" : "delete"](box.value);
      }
      this.show();
    },
    chooseEverybody() {
      this.everybody = true;
      this.show();
    },
    chooseNone() {
      this.forget();
      this.show();
    },

    // The dialog is open as long as it asks something; once it was answered nobody is chosen any more.
    ask() {
      const { dialog, asks } = this.$refs;
      const form = asks.querySelector("form");
      if (form) {
        form.elements.chosen.value = [...this.ids].join(",");
        form.elements.everybody.value = this.everybody ? "1" : "";
        form.elements.wish.value = this.wish;
        form.querySelector("[data-says-chosen]").textContent = this.$root.querySelector("[data-chosen-words]").innerText;
        if (!dialog.open) dialog.showModal();
      } else if (dialog.open) {
        dialog.close();
        this.forget();
        this.show();
      }
    },
    dismiss() {
      this.$refs.dialog.close();
    },
  }));
});
