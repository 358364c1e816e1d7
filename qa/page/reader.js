// The article a citation stands in: beside the chat when the screen is wide, over it when it is narrow.
const WIDE = matchMedia("(min-width: 1100px)");
const one = (selector, from = document) => from.querySelector(selector);
let unseen = false;

function open(node, number, asked = true) {
  const dialog = one("dialog.reader"), passage = one(`template[data-passage="${number}"]`, node);
  if (!dialog || !passage) return;
  close();
  one(".reader-body", dialog).replaceChildren(passage.content.cloneNode(true));
  for (const chip of document.querySelectorAll(`[data-turn="${node.dataset.turn}"] [data-open="${number}"]`)) {
    chip.setAttribute("aria-current", "true");
  }
  document.body.classList.add("reading");
  if (WIDE.matches) dialog.setAttribute("open", "");
  else dialog.showModal();
  toQuote();
  if (asked) one(".article", dialog).focus({ preventScroll: true });
}

function toQuote() {
  const article = one("dialog.reader .article"), mark = one("mark", article);
  const above = mark.getBoundingClientRect().top - article.getBoundingClientRect().top;
  article.scrollTop += above - (article.clientHeight - mark.offsetHeight) / 2;
  unseen = !article.clientHeight;
}

// What was opened where it could not be seen has no height to scroll in before it is.
document.addEventListener("jawab:view", ({ detail }) => {
  if (detail === "ask" && unseen && one("dialog.reader[open]")) toQuote();
});

function close() {
  const dialog = one("dialog.reader");
  if (dialog?.open) dialog.close();
  document.body.classList.remove("reading");
  const chip = one("[data-open][aria-current]");
  for (const other of document.querySelectorAll("[data-open][aria-current]")) other.removeAttribute("aria-current");
  return chip;
}

WIDE.addEventListener("change", close);
export const isWide = () => WIDE.matches;
export { open, close };
