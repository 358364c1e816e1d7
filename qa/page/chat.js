// The chat in the browser: its turns, and what is pressed in them.
// All HTML of an answer comes escaped from the server; what a person types is set as text.
import { chats, follow, fresh, isOfThisTab, keep, keepAnswer, last, remember } from "./kept.js";
import * as reader from "./reader.js";
import * as scope from "./scope.js";
import * as tools from "./tools.js";
import * as top from "./top.js";

const PATIENCE = 120000, HAS_MOUSE = matchMedia("(hover: hover)");
const one = (selector, from = document) => from.querySelector(selector);
const underway = new Map(); // the questions that this page asked and that have not ended, by their turn
let root, log, link, texts, chat, pending, editing, timer;

// ---- the chat ------------------------------------------------------------------------------
const save = () => { keep(chat); remember(chat); };

function open(kept) {
  chat = kept || fresh();
  editing = null;
  rest();
  remember(chat);
  log.replaceChildren();
  reader.close();
  for (const turn of chat.turns) {
    if (underway.has(turn.id)) turn.state = "pending";
    else if (turn.state === "open") turn.state = "failed";
    show(turn);
    if (underway.has(turn.id)) wait(turn);
  }
  root.classList.toggle("empty", !chat.turns.length);
  log.lastElementChild?.scrollIntoView({ block: "start" });
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
    const names = scope.named(turn.within);
    if (names.length) one(".within", node).replaceChildren(texts.limited.replace("%s", ""), ...names);
    log.append(node);
  }
  const outcome = one(".outcome", node), { language = document.documentElement.lang } = turn;
  // An answer stays in the language of the page that asked.
  Object.assign(outcome, { lang: language, dir: language === "ar" ? "rtl" : "ltr" });
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
function send(text, { resumed = false, within = scope.read() } = {}) {
  const question = text.trim();
  if (!question) return;
  if (pending) {
    tools.say(one("[data-do=stop]", nodeOf(pending)), texts.busy);
    return;
  }
  if (editing) {
    const from = chat.turns.indexOf(editing);
    for (const turn of chat.turns.splice(from)) nodeOf(turn)?.remove();
    editing = null;
  }
  const turn = { id: fresh().id, question, state: "pending", resumed, within };
  const history = chat.turns.filter(({ state }) => state === "done").map((earlier) => earlier.question);
  underway.set(turn.id, { ...turn, history: history.slice(-12), ...within });
  chat.turns.push(turn);
  root.classList.remove("empty");
  const node = show(turn);
  wait(turn);
  save();
  write("");
  requestAnimationFrame(() => node.scrollIntoView({ block: "start", behavior: "smooth" }));
  link.asked();
}

// A question of the open chat is waited for; where another chat is opened, its answer still comes.
function wait(turn) {
  pending = underway.get(turn.id);
  document.body.classList.add("asking");
  timer = setTimeout(failed, PATIENCE);
  setTimeout(() => place(turn), 700);
}

function rest() {
  clearTimeout(timer);
  pending = null;
  document.body.classList.remove("asking");
}

function settle(id) {
  underway.delete(id);
  if (pending?.id === id) rest();
}

function received(state) {
  if (!state) return;
  const done = state.state === "done", turn = chat.turns.find(({ id }) => id === state.id);
  if (done) settle(state.id);
  if (done && !turn) keepAnswer(state);
  if (!turn || turn.state === "stopped") return;
  const first = turn.state !== "done";
  Object.assign(turn, state);
  const node = show(turn);
  if (!done) return;
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

function end(state) {
  const turn = pending && chat.turns.find(({ id }) => id === pending.id);
  if (!turn || turn.state === "done") return;
  turn.state = state;
  settle(turn.id);
  show(turn);
  save();
}
const failed = () => end("failed");

async function place(turn, missed = 0) {
  // How many questions wait, of all pages; and a server that is not there twice running will not answer.
  if (pending?.id !== turn.id) return;
  try {
    const { queue_size: waiting } = await (await fetch("gradio_api/queue/status")).json();
    missed = 0;
    const line = nodeOf(turn) && one(".waiting p", nodeOf(turn));
    if (line && turn.state === "pending" && waiting > 1) line.textContent = texts.queue.replace("%s", waiting);
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

// ---- what is pressed -----------------------------------------------------------------------
const judge = (button, good) => {
  const { id: turn } = turnOf(button);
  tools.judge(button, copyOf("reason-shape"), async (reason) => {
    try { return await link.server.judge({ turn, good, reason }); } catch { return [false, texts.not_kept]; }
  });
};

function edit(turn) {
  if (editing) nodeOf(editing).classList.remove("editing");
  editing = turn;
  if (turn) nodeOf(turn).classList.add("editing");
}

function again(turn) {
  // What was asked after it stays.
  if (!pending) edit(turn === chat.turns.at(-1) ? turn : null);
  send(turn.question, { within: turn.within });
}

// The cursor goes back to the box when what had it is gone; where there is no mouse it would raise a keyboard.
const refocus = () => { if (HAS_MOUSE.matches) field()?.focus(); };

const pressed = {
  new: () => { open(); field()?.focus(); },
  chats: () => top.menu(chats(), (kept) => { open(kept); refocus(); }, texts.no_chats),
  export: () => tools.download(chat.turns),
  theme: () => top.darken(!document.body.classList.contains("dark")),
  close: () => reader.close()?.focus(),
  stop: () => {
    if (underway.size === 1) link.stopped(); // Gradio cancels the last question, which may be of another chat
    end("stopped");
    refocus();
  },
  again: (button) => { again(turnOf(button)); refocus(); },
  edit: (button) => {
    edit(turnOf(button));
    write(editing.question);
    scope.choose(editing.within);
    field().focus();
  },
  share: (button) => {
    const address = `${location.origin}${location.pathname}?q=${encodeURIComponent(turnOf(button).question)}`;
    tools.copy(address, button, texts.copied);
  },
  good: (button) => judge(button, true),
  bad: (button) => judge(button, false),
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("button");
  if (root && button?.dataset.do !== "chats") top.unfold(false);
  if (!button || !root) return;
  const { do: name, open: number, view, copy: copied } = button.dataset;
  if (name && pressed[name]) pressed[name](button);
  else if (number) reader.open(button.closest(".turn"), number);
  else if (copied !== undefined) tools.copy(copied, button, texts.copied);
  else if (view) top.look(view);
  else if (button.classList.contains("example")) {
    edit(null);
    send(button.textContent);
    refocus();
  }
});
// An edit is given up with Escape, or by emptying the box.
document.addEventListener("input", ({ target }) => {
  if (target.matches?.("#box textarea") && !target.value.trim()) edit(null);
});
document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape" || !root) return;
  const inside = (place) => target.closest?.(place);
  edit(null);
  top.unfold(false);
  if (inside(".chats-menu")) one("[data-do=chats]").focus();
  const chip = one("dialog.reader[open]") && reader.close();
  if (inside("dialog.reader")) chip?.focus(); // from elsewhere, the cursor stays where it is
});

// ---- the start -----------------------------------------------------------------------------
function mount(element, triggers, props, server, watch) {
  root = one(".chat", element);
  log = one(".log", root);
  link = { ...triggers, server };
  texts = props.texts;
  scope.watch(texts);
  follow(() => chat.id, (kept) => { if (!pending && !editing) open(kept); });
  watch("value", () => received(props.value));
  const { early } = window.jawab;
  window.jawab = { send, failed, request: () => pending }; // what the listeners of Gradio call
  top.darkenAsBefore();
  top.look("ask");
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
