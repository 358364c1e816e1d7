// The top of the page: its two views, the earlier chats, and whether it is light or dark.
const one = (selector) => document.querySelector(selector);

export function look(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-view][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
  document.dispatchEvent(new CustomEvent("jawab:view", { detail: view }));
}

export function darken(dark) {
  document.body.classList.toggle("dark", dark);
  localStorage.setItem("jawab.dark", dark);
}

export function darkenAsBefore() {
  const kept = localStorage.getItem("jawab.dark");
  if (kept !== null) darken(kept === "true");
}

export function unfold(shown) {
  one(".chats-menu").hidden = !shown;
  one("[data-do=chats]").setAttribute("aria-expanded", String(shown));
}

// Show the chats that were kept, or hide them; `open` is called with the one that is picked.
export function menu(chats, open, none) {
  const list = one(".chats-menu");
  unfold(list.hidden);
  list.replaceChildren(...chats.map((kept) => {
    const item = Object.assign(document.createElement("button"), { type: "button", className: "kept" });
    item.dir = "auto";
    item.textContent = kept.turns[0].question;
    item.addEventListener("click", () => open(kept));
    return item;
  }));
  if (!chats.length) list.textContent = none;
}
