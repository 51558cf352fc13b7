// Sets light or dark before the page is drawn; loaded in the head, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = localStorage.getItem("seamark-theme");
    root.dataset.bsTheme = chosen ?? (dark.matches ? "dark" : "light");
    root.dispatchEvent(new Event("seamark:theme"));
  };
  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  window.switchTheme = () => {
    localStorage.setItem("seamark-theme", root.dataset.bsTheme === "dark" ? "light" : "dark");
    apply();
  };
  apply();
})();
