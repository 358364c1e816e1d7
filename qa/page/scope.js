// Where a question looks: the publishers and days chosen under the box, and how they are named.
const one = (selector, from = document) => from.querySelector(selector);
let texts, chosen = {}, unfolded = false;

// What is chosen now, as a question carries it.
export function read() {
  const form = one(".scope form");
  if (!form) return {};
  const data = new FormData(form);
  return { publishers: data.getAll("publisher"), since: data.get("since"), until: data.get("until") };
}

// Choose what a question carried.
export function choose({ publishers = [], since = "", until = "" } = {}) {
  const form = one(".scope form");
  if (!form) return;
  for (const box of form.querySelectorAll("[name=publisher]")) box.checked = publishers.includes(box.value);
  form.elements.since.value = since;
  form.elements.until.value = until;
  changed();
}

// A scope as nodes: each name keeps its direction to itself, and each day is written out.
export function named({ publishers = [], since, until } = {}) {
  const days = [["since", since], ["until", until]].filter(([, day]) => day);
  const names = [...publishers, ...days.map(([label, day]) => `${texts[label]} ${written(day)}`)];
  return names.flatMap((name, at) => [
    at ? " · " : "", Object.assign(document.createElement("bdi"), { textContent: name }),
  ]);
}

const WRITTEN = { ar: "ar-MA-u-nu-latn", en: "en-GB" };
function written(day) {
  const { lang } = document.documentElement;
  const format = new Intl.DateTimeFormat(WRITTEN[lang] || lang, { dateStyle: "long", timeZone: "UTC" });
  return format.format(new Date(day));
}

function changed() {
  chosen = read();
  one(".scope .chosen").replaceChildren(...named(chosen));
  patched.takeRecords(); // this change is our own
}

// Gradio patches the form child by child: a tick stays at its place in the list, whatever publisher comes to
// stand there, and the form is folded. What a person chose is chosen anew, by name.
const patched = new MutationObserver(() => {
  one(".scope").open = unfolded;
  choose(chosen);
});

export function watch(labels) {
  texts = labels;
  patched.observe(one(".scope").parentElement, { subtree: true, childList: true, attributeFilter: ["value"] });
}

document.addEventListener("toggle", ({ target }) => {
  if (target.matches?.(".scope")) unfolded = target.open;
}, true); // it does not bubble
document.addEventListener("input", ({ target }) => {
  if (target.closest?.(".scope form")) changed();
});
document.addEventListener("reset", ({ target }) => {
  if (target.closest?.(".scope")) setTimeout(changed); // once the form is empty
});
