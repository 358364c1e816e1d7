// The articles in the browser: files dropped on the page, the search, and the question before deleting.
const zone = (target) => target.closest?.("#articles-view");
const holds = ({ dataTransfer }) => [...(dataTransfer?.types || [])].includes("Files");
let link, waiting;

export function mount(trigger, limits) {
  link = { trigger, wanted: {}, ...limits };
  if (document.body.dataset.view === "articles") list({ search: sought() });
}

// What the list is asked for, as the listener of Gradio sends it.
window.jawabWanted = () => {
  const wanted = link.wanted;
  link.wanted = { search: sought() }; // what is deleted is deleted once
  return wanted;
};

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
  const input = document.querySelector("#dropzone input[type=file]");
  if (!zone(event.target) || !input) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// More than is taken in one go is refused before it is sent, in the language of the page.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches?.("#dropzone input[type=file]")) return;
  const bytes = [...input.files].reduce((sum, { size }) => sum + size, 0);
  if (input.files.length <= link.files && bytes <= link.bytes) return;
  event.stopImmediatePropagation();
  input.value = "";
  const place = document.querySelector("#outcome .html-container > *") || document.querySelector("#outcome");
  const refusal = Object.assign(document.createElement("div"), { className: "jawab error", textContent: link.refusal });
  refusal.setAttribute("role", "alert");
  place.replaceChildren(refusal);
}, true);

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
