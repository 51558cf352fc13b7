// Seamark's web chat: <script async src="https://…/chat/KEY.js"></script> puts it on any page.
// Everything lives in a shadow root, so that the page's styles and ours leave each other alone.
(() => {
  const script = document.currentScript;
  const base = script.src.replace(/\.js(\?.*)?$/, "");
  const store = `seamark ${base}`;
  const zh = (script.dataset.language || document.documentElement.lang || navigator.language).toLowerCase().startsWith("zh");
  const words = zh
    ? { open: "打开聊天", close: "关闭聊天", write: "输入消息", send: "发送", hello: "您好！有什么可以帮您？", waits: "等待网络，稍后自动发送", failed: "没有发送：", us: "客服", log: "聊天内容" }
    : { open: "Open the chat", close: "Close the chat", write: "Write a message", send: "Send", hello: "Hello! How can we help?", waits: "Waiting for the network; sent as soon as it is back", failed: "Not sent: ", us: "Us", log: "Conversation" };

  const state = { token: null, messages: new Map(), waiting: [], open: false, unread: 0, last: 0, streaming: false, pause: 1000 };
  try {
    const kept = JSON.parse(localStorage.getItem(store) || "{}");
    state.token = kept.token || null;
    state.waiting = kept.waiting || [];
  } catch { /* a browser that keeps nothing still chats */ }
  const keep = () => {
    try { localStorage.setItem(store, JSON.stringify({ token: state.token, waiting: state.waiting })); } catch { /* as above */ }
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; --ink: #1f2733; --dim: #667085; --paper: #fff; --line: #e3e6ea; --ours: #f2f4f7; --mine: #0b5ec2; --on-mine: #fff;
      position: fixed; z-index: 2147483000; right: 20px; bottom: 20px; font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", sans-serif; color: var(--ink); }
    @media (prefers-color-scheme: dark) { :host { --ink: #e8eaee; --dim: #9aa3af; --paper: #1b222d; --line: #323b48; --ours: #2a323f; --mine: #2f7fe0; } }
    * { box-sizing: border-box; font: inherit; color: inherit; }
    button { border: 0; background: none; cursor: pointer; }
    :focus-visible { outline: 3px solid color-mix(in srgb, var(--mine) 50%, transparent); outline-offset: 2px; }
    .bubble { display: grid; place-items: center; width: 56px; height: 56px; margin-left: auto; border-radius: 50%; background: var(--mine); color: #fff; box-shadow: 0 4px 16px #0003; }
    .bubble svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .count { position: absolute; top: -2px; right: -2px; min-width: 20px; padding: 0 5px; border-radius: 10px; background: #c62f2f; color: #fff; font-size: 12px; line-height: 20px; text-align: center; }
    .panel { display: flex; flex-direction: column; width: 360px; height: min(560px, calc(100vh - 110px)); margin-bottom: 12px; border: 1px solid var(--line); border-radius: 14px; background: var(--paper); box-shadow: 0 10px 40px #0003; overflow: hidden; }
    [hidden] { display: none !important; }
    header { display: flex; align-items: center; gap: 8px; padding: 12px 8px 12px 16px; border-bottom: 1px solid var(--line); font-weight: 600; }
    header span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    header button { width: 36px; height: 36px; border-radius: 8px; font-size: 20px; line-height: 1; color: var(--dim); }
    .log { flex: 1; padding: 14px 14px 4px; overflow-y: auto; overscroll-behavior: contain; }
    .line { display: flex; flex-direction: column; align-items: flex-start; margin-bottom: 10px; }
    .line p { max-width: 85%; margin: 0; padding: 8px 12px; border-radius: 12px; background: var(--ours); white-space: pre-wrap; overflow-wrap: anywhere; }
    .line small { margin: 2px 4px 0; color: var(--dim); font-size: 12px; }
    .line.mine { align-items: flex-end; } .line.mine p { background: var(--mine); color: var(--on-mine); }
    .line.waits p { opacity: .65; }
    .note { padding: 0 16px 6px; color: var(--dim); font-size: 13px; }
    form { display: flex; gap: 8px; padding: 10px; border-top: 1px solid var(--line); }
    textarea { flex: 1; min-height: 42px; max-height: 120px; padding: 9px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); resize: none; }
    form button { padding: 0 16px; border-radius: 10px; background: var(--mine); color: var(--on-mine); font-weight: 600; }
    @media (max-width: 480px) { :host { right: 12px; bottom: 12px; } .is-open { position: fixed; inset: 0; } .is-open .bubble { display: none; }
      .is-open .panel { width: 100%; height: 100%; margin: 0; border: 0; border-radius: 0; } textarea { font-size: 16px; } }
  `);

  const host = document.createElement("seamark-chat");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = `<div class="frame"><section class="panel" role="dialog" hidden><header><span></span><button type="button" class="close">×</button></header>
    <div class="log" role="log" aria-live="polite" tabindex="0"></div><div class="note" role="status"></div>
    <form><textarea rows="1" maxlength="4000"></textarea><button></button></form></section>
    <button type="button" class="bubble"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 5h16v11H9l-5 4z"/></svg><span class="count" hidden></span></button></div>`;
  const find = (selector) => root.querySelector(selector);
  const [frame, panel, title, close, log, note, form, text, send, bubble, count] =
    [".frame", ".panel", "header span", ".close", ".log", ".note", "form", "textarea", "form button", ".bubble", ".count"].map(find);
  close.setAttribute("aria-label", words.close);
  bubble.setAttribute("aria-label", words.open);
  bubble.setAttribute("aria-expanded", "false");
  log.setAttribute("aria-label", words.log);
  text.placeholder = words.write;
  text.setAttribute("aria-label", words.write);
  send.textContent = words.send;

  const line = (message) => {
    const made = document.createElement("div");
    made.className = `line${message.mine ? " mine" : ""}${message.waits ? " waits" : ""}`;
    const said = document.createElement("p");
    said.textContent = message.text;
    made.append(said);
    if (message.at) {
      const when = document.createElement("small");
      const clock = new Date(message.at).toLocaleTimeString(zh ? "zh-CN" : undefined, { hour: "2-digit", minute: "2-digit" });
      when.textContent = message.mine ? clock : `${message.by || words.us} · ${clock}`;
      made.append(when);
    }
    return made;
  };
  const draw = () => {
    const stored = [...state.messages.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id - b.id));
    const waiting = state.waiting.map((each) => ({ mine: true, waits: true, text: each.text }));
    const greeting = { mine: false, text: state.greeting || words.hello };
    log.replaceChildren(...[greeting, ...stored, ...waiting].map(line));
    log.scrollTop = log.scrollHeight;
    count.textContent = state.unread;
    count.hidden = !state.unread || state.open;
  };

  const ask = (path, body) => fetch(`${base}/${path}`, {
    method: body ? "POST" : "GET",
    headers: { ...(state.token && { Authorization: `Bearer ${state.token}` }), ...(body && { "Content-Type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });

  const take = (messages) => {
    for (const message of messages) {
      if (!state.messages.has(message.id) && !message.mine && !state.open && state.begun) state.unread += 1;
      state.messages.set(message.id, message);
      state.last = Math.max(state.last, message.id);
      const own = message.key.split(" ")[1];
      state.waiting = state.waiting.filter((each) => each.id !== own);
    }
    keep();
    draw();
    markSeen();
  };
  const seen = new Set();
  const markSeen = () => {
    if (!state.open || document.hidden) return;
    const keys = [...state.messages.values()].filter((each) => !each.mine && !seen.has(each.key)).map((each) => each.key);
    keys.forEach((key) => seen.add(key));
    state.unread = 0;
    if (keys.length) ask("seen", { keys: keys.slice(-50) }).catch(() => keys.forEach((key) => seen.delete(key)));
  };

  const begin = async () => {
    const answer = await ask("session", {});
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    state.token = told.token || state.token;
    state.greeting = told.greeting[zh ? "zh" : "en"];
    title.textContent = told.name;
    panel.setAttribute("aria-label", told.name);
    keep();
    take(told.messages);
    state.begun = true;
    if (state.messages.size || state.waiting.length) listen();
    deliver();
  };

  let delivering = false;
  const deliver = async () => {
    if (delivering || !state.begun) return;
    delivering = true;
    while (state.waiting.some((each) => !each.sent)) {
      const next = state.waiting.find((each) => !each.sent);
      let answer;
      try { answer = await ask("messages", { id: next.id, text: next.text }); } catch { answer = null; }
      if (answer && answer.ok) {
        next.sent = true;
        note.textContent = "";
        listen();
      } else if (answer && answer.status < 500 && answer.status !== 429) {
        const told = await answer.json().catch(() => ({}));
        state.waiting = state.waiting.filter((each) => each !== next);
        note.textContent = words.failed + (told.message || answer.status);
      } else {
        note.textContent = words.waits;
        setTimeout(deliver, 3000);
        break;
      }
      keep();
      draw();
    }
    delivering = false;
  };

  const readOn = async () => {
    const answer = await ask(`messages?after=${state.last}`);
    if (answer.ok) take((await answer.json()).messages);
  };
  const listen = async () => {
    if (state.streaming) return;
    state.streaming = true;
    try {
      const answer = await ask("stream");
      if (!answer.ok) throw new Error(answer.status);
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ;) {
        const { value, done } = await reader.read();
        if (done) break;
        state.pause = 1000;
        rest += value;
        const parts = rest.split("\n\n");
        rest = parts.pop();
        if (parts.some((part) => part.startsWith("event: news"))) await readOn();
      }
    } catch { state.pause = Math.min(state.pause * 2, 30000); }
    state.streaming = false;
    setTimeout(listen, state.pause);
  };

  const show = (open) => {
    state.open = open;
    panel.hidden = !open;
    frame.classList.toggle("is-open", open);
    bubble.setAttribute("aria-expanded", String(open));
    bubble.setAttribute("aria-label", open ? words.close : words.open);
    if (open) { text.focus(); log.scrollTop = log.scrollHeight; } else bubble.focus();
    markSeen();
    draw();
  };
  bubble.addEventListener("click", () => show(!state.open));
  close.addEventListener("click", () => show(false));
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false); });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const written = text.value.trim();
    if (!written) return;
    state.waiting.push({ id: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`, text: written });
    text.value = "";
    keep();
    draw();
    deliver();
  });
  document.addEventListener("visibilitychange", markSeen);
  addEventListener("online", deliver);

  if (script.dataset.pages !== "no") {
    const came = Date.now();
    const id = `${came}-${Math.random().toString(36).slice(2)}`;
    addEventListener("pagehide", () => {
      const seconds = Math.round((Date.now() - came) / 1000);
      if (state.token) fetch(`${base}/page`, { method: "POST", keepalive: true, headers: { Authorization: `Bearer ${state.token}`, "Content-Type": "application/json" }, body: JSON.stringify({ id, page: location.pathname, seconds }) }).catch(() => {});
    });
  }

  const start = () => {
    document.body.append(host);
    draw();
    const again = () => begin().catch(() => setTimeout(again, (state.pause = Math.min(state.pause * 2, 30000))));
    again();
  };
  if (document.body) start(); else addEventListener("DOMContentLoaded", start);
})();
