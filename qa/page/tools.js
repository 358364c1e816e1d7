// What is done with answers: they are copied, judged and downloaded.
const one = (selector, from = document) => from.querySelector(selector);

export async function copy(text, button, copied) {
  try { await navigator.clipboard.writeText(text); } catch {
    // Only pages of this machine and of https may use the clipboard directly.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(button, copied);
}

export function say(button, text) {
  one(".said", button.parentElement)?.remove();
  const said = Object.assign(document.createElement("span"), { className: "said", textContent: text });
  said.setAttribute("role", "status");
  button.parentElement.append(said);
  setTimeout(() => said.remove(), 4000);
}

// A thumb counts at once, and a reason may follow; `keep` tells whether a view was kept, and a sentence.
export async function judge(button, form, keep) {
  const row = button.closest(".tools");
  one("form.reason", row.parentElement)?.remove();
  for (const thumb of row.querySelectorAll("[data-do=good], [data-do=bad]")) {
    thumb.setAttribute("aria-pressed", String(thumb === button));
  }
  const tell = async (reason) => {
    const [kept, said] = await keep(reason);
    if (form.isConnected) button.setAttribute("aria-pressed", String(kept));
    say(button, said);
    return kept;
  };
  row.after(form);
  one("textarea", form).focus();
  const thumb = tell("");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await thumb; // of two views on an answer the last one counts
    if (!await tell(one("textarea", form).value)) return;
    form.remove();
    button.focus();
  });
}

export function download(turns) {
  const day = new Date().toLocaleDateString("sv"); // Swedish writes the day here and now as ISO does
  const body = [`# جواب – ${day}`, ...turns.map(({ markdown }) => markdown).filter(Boolean)].join("\n\n");
  const file = URL.createObjectURL(new Blob([body], { type: "text/markdown" }));
  Object.assign(document.createElement("a"), { href: file, download: `jawab-${day}.md` }).click();
  setTimeout(() => URL.revokeObjectURL(file), 1000);
}
