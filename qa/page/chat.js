// The chat in the browser: its turns, what is pressed in them, and where they are kept (only here).
// All HTML of an answer comes escaped from the server; what a person types is set as text.
window.jawab = (() => {
  "use strict";
  const KEY = "jawab.chat.", CHATS_KEPT = 30, PATIENCE = 120000, WIDE = matchMedia("(min-width: 1100px)");
  const one = (selector, from = document) => from.querySelector(selector);
  let root, log, link, texts, chat, pending, editing, timer;

  // ---- keeping chats -------------------------------------------------------------------------
  const fresh = () => ({ id: `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`, turns: [] });
  const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const chats = () => Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map(read)
    .filter((kept) => kept && kept.turns && kept.turns.length).sort((a, b) => b.at - a.at);

  function save() {
    const key = KEY + chat.id;
    if (!chat.turns.length) return localStorage.removeItem(key);
    chat.at = Date.now();
    const kept = { ...chat, turns: chat.turns.filter((turn) => turn.state !== "pending") };
    const old = chats().slice(CHATS_KEPT).concat(chats().filter(({ id }) => id !== chat.id).reverse());
    for (const other of chats().slice(CHATS_KEPT)) localStorage.removeItem(KEY + other.id);
    for (;;) {
      try { localStorage.setItem(key, JSON.stringify(kept)); break; } catch {
        // The browser's room is used up: the oldest chat makes way, then the oldest turn of this one.
        if (old.length) localStorage.removeItem(KEY + old.pop().id);
        else if (kept.turns.length) kept.turns.shift();
        else break;
      }
    }
    sessionStorage.setItem("jawab.current", chat.id);
  }

  function open(kept) {
    chat = kept || fresh();
    pending = editing = null;
    sessionStorage.setItem("jawab.current", chat.id);
    log.replaceChildren();
    closeReader();
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
  function send(text) {
    const question = text.trim();
    if (!question || pending) return false;
    if (editing) {
      const from = chat.turns.indexOf(editing);
      for (const turn of chat.turns.splice(from)) nodeOf(turn)?.remove();
      editing = null;
    }
    const turn = { id: fresh().id, question, state: "pending" };
    const history = chat.turns.filter(({ state }) => state === "done").map((earlier) => earlier.question);
    pending = { ...turn, history: history.slice(-12), ...scope() };
    chat.turns.push(turn);
    root.classList.remove("empty");
    document.body.classList.add("asking");
    const node = show(turn);
    write("");
    requestAnimationFrame(() => node.scrollIntoView({ block: "start", behavior: "smooth" }));
    clearTimeout(timer);
    timer = setTimeout(failed, PATIENCE);
    setTimeout(() => place(turn), 700);
    link.trigger("asked");
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
    if (first && WIDE.matches && one("template[data-passage]", node)) openCitation(node, "1", false);
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

  async function place(turn) {
    // How many questions stand before this one, while the server has not begun with it.
    if (turn.state !== "pending") return;
    try {
      const { queue_size: before } = await (await fetch("gradio_api/queue/status")).json();
      const line = nodeOf(turn) && one(".waiting p", nodeOf(turn));
      if (line && turn.state === "pending" && before > 1) line.textContent = texts.queue.replace("%s", before - 1);
    } catch { /* the question itself will fail and say so */ }
    setTimeout(() => place(turn), 1500);
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

  // ---- reading a citation in its article -----------------------------------------------------
  function openCitation(node, number, asked = true) {
    const dialog = one("dialog.reader"), passage = one(`template[data-passage="${number}"]`, node);
    if (!dialog || !passage) return;
    closeReader();
    one(".reader-body", dialog).replaceChildren(passage.content.cloneNode(true));
    for (const chip of document.querySelectorAll(`[data-turn="${node.dataset.turn}"] [data-open="${number}"]`)) {
      chip.setAttribute("aria-current", "true");
    }
    document.body.classList.add("reading");
    if (WIDE.matches) dialog.setAttribute("open", "");
    else dialog.showModal();
    const article = one(".article", dialog), mark = one("mark", article);
    const above = mark.getBoundingClientRect().top - article.getBoundingClientRect().top;
    article.scrollTop += above - (article.clientHeight - mark.offsetHeight) / 2;
    if (asked) article.focus({ preventScroll: true });
  }

  function closeReader() {
    const dialog = one("dialog.reader");
    if (dialog?.open) dialog.close();
    document.body.classList.remove("reading");
    const chip = one("[data-open][aria-current]");
    for (const other of document.querySelectorAll("[data-open][aria-current]")) other.removeAttribute("aria-current");
    return chip;
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

  function menu(button) {
    const list = one(".chats-menu"), items = chats();
    list.hidden = !list.hidden;
    button.setAttribute("aria-expanded", String(!list.hidden));
    list.replaceChildren(...items.map((kept) => {
      const item = Object.assign(document.createElement("button"), { type: "button", className: "kept" });
      item.dir = "auto";
      item.textContent = kept.turns[0].question;
      item.addEventListener("click", () => { list.hidden = true; open(kept); });
      return item;
    }));
    if (!items.length) list.textContent = texts.no_chats;
  }

  const pressed = {
    new: () => { open(); field()?.focus(); },
    chats: menu,
    export: download,
    theme: () => theme(!document.body.classList.contains("dark")),
    close: () => closeReader()?.focus(),
    stop: () => { link.trigger("stopped"); end("stopped"); },
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
    if (!button || !root) return;
    const { do: name, open: number, view, copy: copied } = button.dataset;
    if (name && pressed[name]) pressed[name](button);
    else if (number) openCitation(button.closest(".turn"), number);
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
    if (event.key === "Escape" && one("dialog.reader[open]")) closeReader()?.focus();
  });
  WIDE.addEventListener("change", closeReader);

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
  function mount(element, trigger, props, server, watch) {
    root = one(".chat", element);
    log = one(".log", root);
    link = { trigger, server };
    texts = props.texts;
    watch("value", () => received(props.value));
    if (localStorage.getItem("jawab.dark") !== null) theme(localStorage.getItem("jawab.dark") === "true");
    look("ask");
    const query = new URLSearchParams(location.search), question = query.get("q");
    open(question ? null : read(KEY + sessionStorage.getItem("jawab.current")) || chats()[0]);
    if (question) {
      history.replaceState(null, "", location.pathname);
      send(question);
    }
  }

  return { mount, send, failed, request: () => pending, received };
})();
