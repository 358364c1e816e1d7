// The chat in the browser: its turns, and what is pressed in them.
// All HTML of an answer comes escaped from the server; what a person types is set as text.
import { chats, fresh, isOfThisTab, keep, last, remember } from "./kept.js";
import * as reader from "./reader.js";

const PATIENCE = 120000;
const one = (selector, from = document) => from.querySelector(selector);
let root, log, link, texts, chat, pending, editing, timer;

// ---- the chat ------------------------------------------------------------------------------
const save = () => keep(chat);

function open(kept) {
  chat = kept || fresh();
  pending = editing = null;
  remember(chat);
  for (const turn of chat.turns) if (turn.state === "open") turn.state = "failed";
  log.replaceChildren();
  reader.close();
  chat.turns.forEach(show);
  root.classList.toggle("empty", !chat.turns.length);
}

// ---- showing turns -------------------------------------------------------------------------
const nodeOf = (turn) => one(`[data-turn="${CSS.escape(turn.id)}"]`, log);
const copyOf = (name) => one(`template.${name}`, root).content.firstElementChild.cloneNode(true);
const turnOf = (element) => {
  const node = element.closest(".turn");
  return node && chat.turns.find((turn) => turn.id === node.dataset.turn);
};

function show(turn) {
  let node = nodeOf(turn);
  if (!node) {
    node = copyOf("turn-shape");
    node.dataset.turn = turn.id;
    one(".asked p", node).textContent = turn.question;
    log.append(node);
  }
  const outcome = one(".outcome", node);
  if (turn.state === "done" && outcome.dataset.shown !== "done") outcome.innerHTML = turn.html;
  if (turn.state === "stopped" || turn.state === "failed") {
    const failure = copyOf("failure-shape");
    failure.classList.add(turn.state);
    one("p", failure).textContent = texts[turn.state];
    outcome.replaceChildren(failure);
  }
  if (turn.state === "searching") one(".waiting p", outcome).textContent = texts.searching;
  outcome.dataset.shown = turn.state;
  showNext(node, turn.next || []);
  return node;
}

function showNext(node, questions) {
  const place = one(".next", node);
  place.replaceChildren(...questions.map((question) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "example" });
    button.dir = "auto";
    button.textContent = question;
    return button;
  }));
  if (!questions.length) return;
  place.prepend(Object.assign(document.createElement("h3"), { textContent: texts.next }));
}

// ---- asking --------------------------------------------------------------------------------
function send(text, { resumed = false, within = scope() } = {}) {
  const question = text.trim();
  if (!question || pending) return false;
  if (editing) {
    const from = chat.turns.indexOf(editing);
    for (const turn of chat.turns.splice(from)) nodeOf(turn)?.remove();
    editing = null;
  }
  const turn = { id: fresh().id, question, state: "pending", resumed, within };
  const history = chat.turns.filter(({ state }) => state === "done").map((earlier) => earlier.question);
  pending = { ...turn, history: history.slice(-12), ...within };
  chat.turns.push(turn);
  root.classList.remove("empty");
  document.body.classList.add("asking");
  const node = show(turn);
  save();
  write("");
  requestAnimationFrame(() => node.scrollIntoView({ block: "start", behavior: "smooth" }));
  clearTimeout(timer);
  timer = setTimeout(failed, PATIENCE);
  setTimeout(() => place(turn), 700);
  link.asked();
  return true;
}

function received(state) {
  const turn = chat.turns.find(({ id }) => state && id === state.id);
  if (!turn || turn.state === "stopped") return;
  const first = turn.state !== "done";
  Object.assign(turn, state);
  const node = show(turn);
  if (turn.state !== "done") return;
  if (pending && pending.id === turn.id) settle();
  save();
  if (first) propose(turn);
  if (first && reader.isWide() && one("template[data-passage]", node)) reader.open(node, "1", false);
}

async function propose(turn) {
  // Questions to ask next come when the answer is already read.
  try { turn.next = await link.server.following({ turn: turn.id }); } catch { return; }
  if (!nodeOf(turn)) return;
  show(turn);
  save();
}

function settle() {
  clearTimeout(timer);
  pending = null;
  document.body.classList.remove("asking");
}

function end(state) {
  const turn = pending && chat.turns.find(({ id }) => id === pending.id);
  if (!turn || turn.state === "done") return;
  turn.state = state;
  settle();
  show(turn);
  save();
}
const failed = () => end("failed");

async function place(turn, missed = 0) {
  // How many questions stand before this one; and a server that is not there twice running will not answer.
  if (pending?.id !== turn.id) return;
  try {
    const { queue_size: before } = await (await fetch("gradio_api/queue/status")).json();
    missed = 0;
    const line = nodeOf(turn) && one(".waiting p", nodeOf(turn));
    if (line && turn.state === "pending" && before > 1) line.textContent = texts.queue.replace("%s", before - 1);
  } catch { missed += 1; }
  if (missed === 2 && pending?.id === turn.id) failed();
  else setTimeout(() => place(turn, missed), 1500);
}

const field = () => one("#box textarea");
function write(text) {
  const box = field();
  if (!box) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

function scope() {
  const form = one(".scope form");
  if (!form) return {};
  const data = new FormData(form);
  return { publishers: data.getAll("publisher"), since: data.get("since"), until: data.get("until") };
}

function scopeChanged(form) {
  const { publishers, since, until } = scope();
  one(".chosen", form.closest(".scope")).textContent = [...publishers, since, until].filter(Boolean).join(" · ");
}

// ---- what is pressed -----------------------------------------------------------------------
async function copy(text, button) {
  try { await navigator.clipboard.writeText(text); } catch {
    // Only pages of this machine and of https may use the clipboard directly.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    button.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(button, texts.copied);
}

function say(button, text) {
  one(".said", button.parentElement)?.remove();
  const said = Object.assign(document.createElement("span"), { className: "said", textContent: text });
  said.setAttribute("role", "status");
  button.parentElement.append(said);
  setTimeout(() => said.remove(), 4000);
}

function judge(button, good) {
  const turn = turnOf(button), tools = button.closest(".tools");
  one("form.reason", tools.parentElement)?.remove();
  for (const other of tools.querySelectorAll("[data-do=good], [data-do=bad]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  const form = copyOf("reason-shape");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = one("textarea", form).value;
    try { say(button, await link.server.judge({ turn: turn.id, good, reason })); }
    catch { say(button, texts.failed); }
    form.remove();
  });
  tools.after(form);
  one("textarea", form).focus();
}

function download() {
  const title = `# جواب – ${new Date().toISOString().slice(0, 10)}`;
  const body = [title, ...chat.turns.map(({ markdown }) => markdown).filter(Boolean)].join("\n\n");
  const file = URL.createObjectURL(new Blob([body], { type: "text/markdown" }));
  Object.assign(document.createElement("a"), { href: file, download: `${chat.id}.md` }).click();
  setTimeout(() => URL.revokeObjectURL(file), 1000);
}

function menu() {
  const list = one(".chats-menu"), items = chats();
  list.hidden = !list.hidden;
  list.replaceChildren(...items.map((kept) => {
    const item = Object.assign(document.createElement("button"), { type: "button", className: "kept" });
    item.dir = "auto";
    item.textContent = kept.turns[0].question;
    item.addEventListener("click", () => open(kept));
    return item;
  }));
  if (!items.length) list.textContent = texts.no_chats;
}

const pressed = {
  new: () => { open(); field()?.focus(); },
  chats: menu,
  export: download,
  theme: () => theme(!document.body.classList.contains("dark")),
  close: () => reader.close()?.focus(),
  stop: () => { link.stopped(); end("stopped"); },
  again: (button) => { const turn = turnOf(button); if (!pending) { editing = turn; send(turn.question); } },
  edit: (button) => { editing = turnOf(button); write(editing.question); field().focus(); },
  share: (button) => {
    copy(`${location.origin}${location.pathname}?q=${encodeURIComponent(turnOf(button).question)}`, button);
  },
  good: (button) => judge(button, true),
  bad: (button) => judge(button, false),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("button");
  if (root && button?.dataset.do !== "chats") one(".chats-menu").hidden = true;
  if (!button || !root) return;
  const { do: name, open: number, view, copy: copied } = button.dataset;
  if (name && pressed[name]) pressed[name](button);
  else if (number) reader.open(button.closest(".turn"), number);
  else if (copied !== undefined) copy(copied, button);
  else if (view) look(view);
  else if (button.classList.contains("example")) send(button.textContent);
});
document.addEventListener("input", ({ target }) => {
  if (target.closest?.(".scope form")) scopeChanged(target.form);
});
document.addEventListener("reset", ({ target }) => {
  if (target.closest?.(".scope")) setTimeout(() => scopeChanged(target));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !root) return;
  one(".chats-menu").hidden = true;
  if (one("dialog.reader[open]")) reader.close()?.focus();
});

function look(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-view][aria-pressed]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
  document.dispatchEvent(new CustomEvent("jawab:view", { detail: view }));
}

function theme(dark) {
  document.body.classList.toggle("dark", dark);
  localStorage.setItem("jawab.dark", dark);
}

// ---- the start -----------------------------------------------------------------------------
function mount(element, triggers, props, server, watch) {
  root = one(".chat", element);
  log = one(".log", root);
  link = { ...triggers, server };
  texts = props.texts;
  watch("value", () => received(props.value));
  const { early } = window.jawab;
  window.jawab = { send, failed, request: () => pending }; // what the listeners of Gradio call
  if (localStorage.getItem("jawab.dark") !== null) theme(localStorage.getItem("jawab.dark") === "true");
  look("ask");
  const query = new URLSearchParams(location.search), question = query.get("q");
  const kept = question ? null : last();
  const broken = kept && isOfThisTab(kept) && kept.turns.find(({ state }) => state === "open");
  open(kept);
  if (question) {
    history.replaceState(null, "", location.pathname);
    send(question);
  } else if (broken) {
    editing = broken;
    send(broken.question, { ...broken, resumed: true });
  }
  if (early?.length) send(early.at(-1));
}

export { mount };
