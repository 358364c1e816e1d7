// The articles in the browser: files dropped on the page, the search, and the question before deleting.
const zone = (target) => target.closest?.("#articles-view");
const holds = ({ dataTransfer }) => [...(dataTransfer?.types || [])].includes("Files");
let link, waiting;

export function mount(triggers, limits) {
  link = { triggers, doomed: [], leaving: [], pasted: [], ...limits };
  if (document.body.dataset.view === "articles") list();
}

// What the listeners of Gradio send.
Object.assign(window, {
  jawabWanted: () => ({ search: sought() }),
  jawabListed: mark,
  jawabChanged: changed,
  // One deletion runs at a time: the next takes with it all that were confirmed meanwhile, each only once.
  jawabDoomed: () => ({ delete: link.leaving = link.doomed.splice(0) }),
  jawabDeleted: () => {
    link.leaving = [];
    changed();
  },
  // A pasted text leaves its box when it is in, unless another one is typed there by then.
  jawabPasting: (pasted) => (link.pasted = pasted),
  jawabPasted: (now) => {
    const done = document.querySelector("#outcome :is(.added, .duplicate)");
    return done && now.every((text, at) => text === link.pasted[at]) ? ["", ""] : now;
  },
});

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
  if (!input) return;
  if (!zone(event.target)) document.querySelector(".view[data-view=articles]").click();
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

const list = () => link.triggers.wanted();
function changed() {
  list();
  link.triggers.changed();
}
// A row is busy until its article is gone, which may wait for what is being added.
function mark() {
  for (const { dataset, parentElement: row } of document.querySelectorAll("#list [data-delete]")) {
    row.ariaBusy = [...link.doomed, ...link.leaving].includes(dataset.delete) ? "true" : null;
  }
}
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-delete]");
  if (!button || !confirm(button.dataset.sure)) return;
  link.doomed.push(button.dataset.delete);
  mark();
  link.triggers.doomed();
});
// The list is fetched when it is first looked at, and again each time: articles may have come by other ways.
document.addEventListener("jawab:view", ({ detail }) => detail === "articles" && list());
const sought = () => document.querySelector("#search input, #search textarea")?.value || "";
document.addEventListener("input", ({ target }) => {
  if (!target.closest?.("#search")) return;
  clearTimeout(waiting);
  waiting = setTimeout(list, 200);
});
