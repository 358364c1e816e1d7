// Where chats are kept: in this browser, nowhere else.
const KEY = "jawab.chat.", CHATS_KEPT = 30, CURRENT = "jawab.current";
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

export const fresh = () => (
  { id: `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`, turns: [] }
);
export const chats = () => Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map(read)
  .filter((kept) => kept && kept.turns && kept.turns.length).sort((a, b) => b.at - a.at);
export const remember = ({ id }) => sessionStorage.setItem(CURRENT, id);
export const isOfThisTab = ({ id }) => id === sessionStorage.getItem(CURRENT);
// A tab goes on with its own chat, also where that is a new one; a new tab, with the latest.
export const last = () => (
  sessionStorage.getItem(CURRENT) ? read(KEY + sessionStorage.getItem(CURRENT)) : chats()[0]
);

// A question that is open when the page goes (a reload, a server started anew) is asked again when it comes
// back, but only once: it may be what the server does not survive.
function stored(turn) {
  if (turn.state !== "pending" && turn.state !== "searching") return turn;
  return { ...turn, state: turn.resumed ? "failed" : "open" };
}

export function keep(chat) {
  const there = read(KEY + chat.id);
  // Another tab has written in this chat since it was read here: the two go on apart, and no turn is lost.
  if (there && there.at !== chat.at) chat.id = fresh().id;
  const key = KEY + chat.id;
  if (!chat.turns.length) return localStorage.removeItem(key);
  chat.at = Date.now();
  const kept = { ...chat, turns: chat.turns.map(stored) };
  const others = chats().filter(({ id }) => id !== chat.id);
  for (const other of others.splice(CHATS_KEPT - 1)) localStorage.removeItem(KEY + other.id);
  for (;;) {
    try { localStorage.setItem(key, JSON.stringify(kept)); break; } catch {
      // The browser's room is used up: the oldest chat makes way, then the oldest turn of this one.
      if (others.length) localStorage.removeItem(KEY + others.pop().id);
      else if (kept.turns.length) kept.turns.shift();
      else break;
    }
  }
}

// An answer that comes when its chat is not the open one is kept where its question stands.
export function keepAnswer(answer) {
  for (const kept of chats()) {
    const turn = kept.turns.find(({ id }) => id === answer.id);
    if (!turn || turn.state === "stopped") continue;
    Object.assign(turn, answer);
    keep(kept);
  }
}

// Follow what another tab writes in the chat that `current` names, once none of its questions is open.
export function follow(current, show) {
  addEventListener("storage", ({ key, newValue }) => {
    if (!newValue || key !== KEY + current()) return;
    const kept = read(key);
    if (kept?.turns.every(({ state }) => state !== "open")) show(kept);
  });
}
