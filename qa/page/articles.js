// The articles in the browser: files dropped on the page, the search, and the question before deleting.
(() => {
  "use strict";
  const zone = (target) => target.closest?.("#articles-view");
  const holds = ({ dataTransfer }) => [...(dataTransfer?.types || [])].includes("Files");
  let link, waiting;

  jawab.mountArticles = (trigger) => { link = { trigger, wanted: {} }; };
  jawab.wanted = () => link.wanted;

  document.addEventListener("dragover", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    document.body.classList.toggle("dropping", Boolean(zone(event.target)));
  });
  for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, () => document.body.classList.remove("dropping"));
  }
  document.addEventListener("drop", (event) => {
    if (!holds(event)) return;
    event.preventDefault();
    const input = document.querySelector("#files input[type=file]");
    if (!zone(event.target) || !input) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  function list(wanted) {
    link.wanted = wanted;
    link.trigger();
  }
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-delete]");
    if (button && confirm(button.dataset.sure)) list({ delete: button.dataset.delete, search: sought() });
  });
  // The list is fetched when it is first looked at, and again each time: articles may have come by other ways.
  document.addEventListener("jawab:view", ({ detail }) => detail === "articles" && list({ search: sought() }));
  const sought = () => document.querySelector("#search input, #search textarea")?.value || "";
  document.addEventListener("input", ({ target }) => {
    if (!target.closest?.("#search")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => list({ search: sought() }), 200);
  });
})();
