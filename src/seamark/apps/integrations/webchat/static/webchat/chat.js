// Seamark's web chat: <script async src="https://…/chat/KEY.js"></script> puts it on any page.
// Everything lives in a shadow root, so that the page's styles and ours leave each other alone.
(() => {
  const script = document.currentScript;
  const base = script.src.replace(/\.js(\?.*)?$/, "");
  const zh = (script.dataset.language || document.documentElement.lang || navigator.language).toLowerCase().startsWith("zh");
  const words = zh
    ? { open: "打开聊天", close: "关闭聊天", write: "输入消息", send: "发送", hello: "您好！有什么可以帮您？", waits: "等待网络，恢复后自动发送", failed: "没有发送：", us: "客服", log: "聊天内容", name: "您的称呼", email: "邮箱", attach: "发送文件", drop: "松开即可添加文件", remove: "移除", typing: "{name} 正在输入…", sent: "已发送", read: "已读", limits: "一次最多 {most} 个文件，每个不超过 {megabytes} MB：图片、PDF、Office 文档、音频、视频和文本", most: "一次最多发送 {most} 个文件。", size: "「{name}」是空文件，或超过 {megabytes} MB。", kind: "「{name}」发不了：只收图片、PDF、Office 文档、音频、视频和文本。", gone: "「{name}」已不在这台设备上，请重新选择。", often: "发得太快，稍后自动继续" }
    : { open: "Open the chat", close: "Close the chat", write: "Write a message", send: "Send", hello: "Hello! How can we help?", waits: "Waiting for the network; sent as soon as it is back", failed: "Not sent: ", us: "Us", log: "Conversation", name: "Your name", email: "E-mail", attach: "Send files", drop: "Let go to add files", remove: "Remove", typing: "{name} is writing…", sent: "Sent", read: "Read", limits: "Up to {most} files of {megabytes} MB each: images, PDF, Office, sound, video, text", most: "At most {most} files at once.", size: "“{name}” is empty, or larger than {megabytes} MB.", kind: "“{name}” cannot be sent: only images, PDF, Office files, sound, video and text.", gone: "“{name}” is not on this device any more; choose it again.", often: "Too much at once; goes on by itself in a while" };

  // What the browser keeps: the token, and what was written and is not known to have come. Without it one still chats.
  const store = `seamark ${base}`;
  const kept = {
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch { /* kept until the page goes */ } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } },
    keys() { try { return Object.keys(localStorage); } catch { return []; } },
  };
  const random = () => [...crypto.getRandomValues(new Uint8Array(24))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const token = kept.get(store) || random();
  kept.set(store, token);

  const messages = new Map();
  const waiting = new Map(kept.keys().filter((key) => key.startsWith(`${store} `)).sort().map((key) => ({ files: [], ...JSON.parse(kept.get(key)) })).map((each) => [each.id, each]));
  const say = (words, told) => words.replace(/\{(\w+)\}/g, (_, name) => told[name]);
  const RANK = { "": 0, delivered: 1, read: 2 };
  let isOpen = false, hasBegun = false, asks = [], greeting = words.hello, limits = null, attached = [], seen = "";

  // Files outlive the page until they have come, where the browser has a shelf for them; else they last as long as it.
  const blobs = new Map();
  const opened = new Promise((done) => {
    try {
      const asked = indexedDB.open("seamark-chat");
      asked.onupgradeneeded = () => asked.result.createObjectStore("files");
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => done(null);
    } catch { done(null); }
  });
  const shelf = async (does) => {
    try {
      const asked = does((await opened).transaction("files", "readwrite").objectStore("files"));
      return await new Promise((done) => { asked.onsuccess = () => done(asked.result); asked.onerror = () => done(); });
    } catch { /* there is none */ }
  };
  const blobOf = async (id) => blobs.get(id) || (await shelf((files) => files.get(id)));
  const letGo = (files) => files.forEach(({ id }) => { blobs.delete(id); shelf((kept) => kept.delete(id)); });

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    .frame { all: initial; --ink: #1f2733; --dim: #667085; --paper: #fff; --line: #d9dde3; --ours: #f2f4f7; --mine: #0b5ec2;
      position: fixed; z-index: 2147483000; right: 20px; bottom: 20px; font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", sans-serif; color: var(--ink); }
    :host([dark]) .frame { --ink: #e8eaee; --dim: #9aa3af; --paper: #1b222d; --line: #323b48; --ours: #2a323f; --mine: #2768c6; color-scheme: dark; }
    * { box-sizing: border-box; font: inherit; color: inherit; }
    button { border: 0; background: none; cursor: pointer; }
    :focus-visible { outline: 3px solid color-mix(in srgb, var(--mine) 50%, transparent); outline-offset: 2px; }
    .bubble { display: grid; place-items: center; width: 56px; height: 56px; margin-left: auto; border-radius: 50%; background: var(--mine); color: #fff; box-shadow: 0 4px 16px #0003; }
    .bubble svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .count { position: absolute; top: -2px; right: -2px; min-width: 20px; padding: 0 5px; border-radius: 10px; background: #c62f2f; color: #fff; font-size: 12px; line-height: 20px; text-align: center; }
    .count:empty { display: none; }
    .panel { position: relative; display: flex; flex-direction: column; width: 360px; height: min(560px, calc(100vh - 110px)); margin-bottom: 12px; border: 1px solid var(--line); border-radius: 14px; background: var(--paper); box-shadow: 0 10px 40px #0003; overflow: hidden; }
    [hidden] { display: none !important; }
    .top { display: flex; align-items: center; gap: 8px; padding: 12px 8px 12px 16px; border-bottom: 1px solid var(--line); font-weight: 600; }
    .top span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .top button { width: 36px; height: 36px; border-radius: 8px; font-size: 20px; line-height: 1; color: var(--dim); }
    .log { flex: 1; padding: 14px 14px 4px; overflow-y: auto; overscroll-behavior: contain; }
    .line { display: flex; flex-direction: column; align-items: flex-start; margin-bottom: 10px; }
    .line p { max-width: 85%; margin: 0; padding: 8px 12px; border-radius: 12px; background: var(--ours); white-space: pre-wrap; overflow-wrap: anywhere; }
    .file { max-width: 85%; margin-bottom: 4px; padding: 8px 12px; border: 1px solid var(--line); border-radius: 12px; overflow-wrap: anywhere; }
    a.file { text-decoration: underline; } .file:has(img) { padding: 0; border: 0; }
    .line img { display: block; max-width: 100%; max-height: 220px; border-radius: 12px; object-fit: cover; }
    .line progress { width: 140px; margin-bottom: 4px; height: 6px; accent-color: var(--mine); }
    .line small { margin: 2px 4px 0; color: var(--dim); font-size: 12px; }
    .mine { align-items: flex-end; } .mine p { background: var(--mine); color: #fff; }
    .waits p { border: 1px dashed var(--dim); background: none; color: inherit; }
    .files { display: flex; flex-wrap: wrap; gap: 6px; grid-column: 1 / -1; } .files small { width: 100%; color: var(--dim); font-size: 12px; }
    .files span { display: flex; align-items: center; max-width: 100%; padding-left: 10px; border: 1px solid var(--line); border-radius: 8px; font-size: 13px; }
    .files b { overflow: hidden; font-weight: 400; text-overflow: ellipsis; white-space: nowrap; } .files .drop { flex: none; width: 32px; height: 32px; padding: 0; background: none; color: var(--dim); }
    .attach { display: grid; place-items: center; width: 42px; height: 42px; padding: 0; border-radius: 10px; color: var(--dim); cursor: pointer; }
    .attach:focus-within { outline: 3px solid color-mix(in srgb, var(--mine) 50%, transparent); } .attach svg { width: 22px; height: 22px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .attach input { position: absolute; width: 1px; height: 1px; padding: 0; border: 0; opacity: 0; }
    .over::after { content: attr(data-drop); position: absolute; inset: 0; display: grid; place-items: center; border: 2px dashed var(--mine); border-radius: 14px; background: color-mix(in srgb, var(--paper) 88%, transparent); font-weight: 600; }
    .tick { margin-left: 4px; letter-spacing: -4px; padding-right: 4px; } .tick.is-read { color: color-mix(in srgb, var(--mine) 70%, var(--ink)); }
    .typing:not(:empty), .away:not(:empty) { padding: 0 16px 8px; color: var(--dim); font-size: 13px; }
    .away:not(:empty) { padding: 8px 16px; border-bottom: 1px solid var(--line); background: var(--ours); color: inherit; }
    .note:not(:empty) { padding: 0 16px 8px; color: var(--dim); font-size: 13px; }
    form { display: grid; grid-template-columns: auto 1fr auto; gap: 8px; padding: 10px; border-top: 1px solid var(--line); }
    .who { display: flex; gap: 8px; grid-column: 1 / -1; }
    input, textarea { flex: 1; min-width: 0; height: 42px; padding: 9px 12px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); resize: none; }
    textarea { max-height: 120px; } ::placeholder { color: var(--dim); opacity: 1; }
    form button { height: 42px; padding: 0 16px; align-self: end; border-radius: 10px; background: var(--mine); color: #fff; font-weight: 600; }
    @media (max-width: 480px) { .frame { right: 12px; bottom: 12px; } .frame.is-open { inset: 0; } .is-open .bubble { display: none; }
      .is-open .panel { width: 100%; height: 100%; margin: 0; border: 0; border-radius: 0; } input, textarea { font-size: 16px; } }
  `);

  const host = document.createElement("seamark-chat");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = `<div class="frame"><section class="panel" role="dialog" hidden><div class="top"><span></span><button type="button" class="close">×</button></div>
    <div class="away" role="status"></div><div class="log" role="log" tabindex="0"></div><div class="typing"></div><div class="note" role="status"></div>
    <form><div class="who"><input name="name" maxlength="100" autocomplete="name"><input name="email" type="email" maxlength="200" autocomplete="email"></div>
    <div class="files" role="group" hidden></div><label class="attach" hidden><svg viewBox="0 0 24 24" aria-hidden="true"><path d="m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.3 17a1.7 1.7 0 0 1-2.4-2.4L14.6 7"/></svg><input type="file" multiple></label>
    <textarea rows="1" maxlength="4000"></textarea><button class="send"></button></form></section>
    <button type="button" class="bubble"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 5h16v11H9l-5 4z"/></svg><span class="count" role="status"></span></button></div>`;
  const [frame, panel, title, close, away, log, typing, note, form, who, name, email, chips, attach, picker, text, send, bubble, count] =
    [".frame", ".panel", ".top span", ".close", ".away", ".log", ".typing", ".note", "form", ".who", "[name=name]", "[name=email]", ".files", ".attach", "[type=file]", "textarea", ".send", ".bubble", ".count"].map((each) => root.querySelector(each));
  const label = (element, said) => element.setAttribute("aria-label", said);
  label(close, words.close);
  label(log, words.log);
  label(picker, words.attach);
  label(chips, words.attach);
  attach.title = words.attach;
  panel.dataset.drop = words.drop;
  [[text, words.write], [name, words.name], [email, words.email]].forEach(([field, said]) => { label(field, said); field.placeholder = said; });
  send.textContent = words.send;

  const night = matchMedia("(prefers-color-scheme: dark)");
  const light = () => host.toggleAttribute("dark", script.dataset.theme ? script.dataset.theme === "dark" : night.matches);
  night.addEventListener("change", light);
  light();

  const add = (parent, tag, said, is = {}) => parent.appendChild(Object.assign(document.createElement(tag), is, { textContent: said }));
  const LINK = /(https?:\/\/[^\s<>"'，。！？；：、）]*[^\s<>"'，。！？；：、）.,!?;:)])/;
  const SHOWN = ["image/png", "image/jpeg", "image/gif", "image/webp"];
  const fillFile = (node, file, isStored) => {
    const part = add(node, isStored ? "a" : "span", file.name, { className: "file" });
    if (!isStored) return void Object.assign(add(node, "progress", "", { max: 1 }), { value: file.token ? 1 : file.done || 0 }).setAttribute("aria-label", file.name);
    Object.assign(part, { href: `${base}/files/${file.token}`, download: file.name });
    if (!SHOWN.includes(file.type)) return;
    const picture = Object.assign(document.createElement("img"), { alt: file.name, onload: toEnd, onerror: () => part.replaceChildren(file.name) });
    picture.src = part.href;
    part.replaceChildren(picture);
  };
  const fill = (node, message) => {
    node.className = `line${message.mine ? " mine" : ""}${message.waits ? " waits" : ""}`;
    node.replaceChildren();
    for (const file of message.files || []) fillFile(node, file, message.at);
    const said = message.text && add(node, "p", "");
    if (said) message.text.split(LINK).forEach((part, place) => (place % 2 ? add(said, "a", part, { href: part, target: "_blank", rel: "noopener noreferrer" }) : said.append(part)));
    if (!message.at) return;
    const clock = new Date(message.at).toLocaleTimeString(zh ? "zh-CN" : undefined, { hour: "2-digit", minute: "2-digit" });
    const told = add(node, "small", message.mine ? clock : `${message.by || words.us} · ${clock}`);
    if (message.mine) add(told, "span", "").setAttribute("role", "img");
  };
  let wasAtEnd = true;
  const toEnd = () => { if (wasAtEnd) log.scrollTop = log.scrollHeight; };
  // One tick: it is stored; two: a member has seen it, or answered since.
  const tick = (node, isRead) => {
    const mark = node.querySelector("small [role=img]");
    if (!mark) return;
    mark.className = `tick${isRead ? " is-read" : ""}`;
    mark.textContent = isRead ? "✓✓" : "✓";
    label(mark, isRead ? words.read : words.sent);
  };
  // A line that stands already stays as it is: screen readers tell of each one once.
  const lines = new Map();
  const draw = () => {
    const stored = [...messages.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id - b.id));
    const answered = stored.reduce((last, each) => (each.by && each.at > last ? each.at : last), "");
    const unsent = [...waiting.values()].map((each) => ({ ...each, mine: true, waits: true }));
    wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    [{ own: "", text: greeting }, ...stored, ...unsent].forEach((message, place) => {
      const own = message.own ?? message.id;
      const looks = `${message.text}${message.at}${(message.files || []).map((file) => file.token || file.done)}`;
      const { node, looked } = lines.get(own) || { node: document.createElement("div") };
      if (looked !== looks) fill(node, message);
      lines.set(own, { node, looked: looks });
      tick(node, message.at < answered || (seen && new Date(message.stored_at) <= new Date(seen)));
      if (log.children[place] !== node) log.insertBefore(node, log.children[place] || null);
    });
    while (log.children.length > 1 + stored.length + unsent.length) log.lastChild.remove();
    toEnd();
    who.hidden = !asks.length || messages.size + waiting.size > 0;
    const unread = isOpen ? 0 : stored.filter((each) => !each.mine && each.receipt !== "read").length;
    count.textContent = unread || "";
    label(bubble, (isOpen ? words.close : words.open) + (unread ? ` (${unread})` : ""));
  };

  const ask = (path, told) => fetch(`${base}/${path}`, {
    credentials: "omit",
    headers: { Authorization: `Bearer ${token}`, ...(told && { "Content-Type": "application/json" }) },
    ...(told && { method: "POST", body: JSON.stringify(told) }),
  }).catch(() => null);
  const isRefused = (answer) => answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429;
  const patience = () => {
    let pause = 500;
    return { next: () => (pause = Math.min(pause * 2, 30000)) * (0.7 + Math.random() * 0.6), reset: () => { pause = 500; } };
  };

  let silenced;
  const attend = (told) => {
    clearTimeout(silenced);
    typing.textContent = told.typing && say(words.typing, { name: told.typing });
    silenced = setTimeout(() => { typing.textContent = ""; }, 8000);
    seen = told.seen;
    draw();
  };
  const zoneOf = (minutes) => `UTC${minutes < 0 ? "−" : "+"}${Math.floor(Math.abs(minutes) / 60)}${minutes % 60 ? `:${Math.abs(minutes % 60)}` : ""}`;
  let toldAt = 0;
  const take = (told) => {
    toldAt = Date.now();
    // By the organisation's clock; which that is, is said to those who have another.
    away.textContent = told.away ? told.away[zh ? "zh" : "en"] + (told.away.offset === -new Date().getTimezoneOffset() ? "" : ` (${zoneOf(told.away.offset)})`) : "";
    attend(told.attention);
    for (const message of told.messages) {
      message.own = message.mine ? message.key.split(" ")[1] : message.key;
      const known = messages.get(message.id);
      if (known && RANK[known.receipt] > RANK[message.receipt]) message.receipt = known.receipt;
      messages.set(message.id, message);
      if (waiting.delete(message.own)) kept.drop(`${store} ${message.own}`);
    }
    draw();
    report();
  };
  const report = () => {
    const status = isOpen && !document.hidden ? "read" : "delivered";
    const fresh = [...messages.values()].filter((each) => !each.mine && RANK[each.receipt] < RANK[status]).slice(-50);
    fresh.forEach((each) => { each.receipt = status; });
    if (fresh.length) ask("receipts", { status, keys: fresh.map((each) => each.key) });
  };

  const beginning = patience();
  const begin = async () => {
    const answer = await ask("session");
    if (!answer?.ok) return isRefused(answer) || setTimeout(begin, beginning.next());
    const told = await answer.json();
    greeting = told.greeting[zh ? "zh" : "en"] || greeting;
    title.textContent = told.name;
    label(panel, told.name);
    asks = told.asks;
    limits = told.files;
    attach.hidden = !limits;
    if (limits) picker.accept = limits.accept;
    name.hidden = !asks.includes("name");
    email.hidden = !asks.includes("email");
    hasBegun = true;
    take(told);
    if (told.notes_pages) notePages();
    if (messages.size) listen();
    deliver();
  };

  // One file on its way: the answer's status and what it says; no status where the network failed, or stood still.
  const upload = (file, blob, tell) => new Promise((done) => {
    const asked = new XMLHttpRequest(), told = new FormData();
    let silence;
    const heard = () => { clearTimeout(silence); silence = setTimeout(() => asked.abort(), 45000); };
    asked.onloadend = () => { clearTimeout(silence); done({ status: asked.status, told: asked.response || {} }); };
    asked.upload.onprogress = (event) => { heard(); tell(event.loaded / event.total); };
    asked.open("POST", `${base}/files`);
    asked.setRequestHeader("Authorization", `Bearer ${token}`);
    asked.responseType = "json";
    told.append("id", file.id);
    told.append("file", blob, file.name);
    heard();
    asked.send(told);
  });
  const keep = (message) => kept.set(`${store} ${message.id}`, JSON.stringify(message));
  const forget = (message) => { waiting.delete(message.id); kept.drop(`${store} ${message.id}`); };
  // Nothing is lost that was refused: its text goes back to be written anew, and its other files too.
  const giveBack = async (message, why, without) => {
    forget(message);
    note.textContent = why;
    text.value = [message.text, text.value].filter(Boolean).join("\n");
    for (const file of message.files.filter((each) => each !== without)) if (await blobOf(file.id)) attached.push({ id: file.id, name: file.name });
    if (without) letGo([without]);
    fit();
    drawFiles();
    draw();
  };
  const pause = (why) => {
    note.textContent = why;
    later = setTimeout(deliver, delivering.next());
    return false;
  };
  // True where the next may be tried; false where all wait.
  const sendFile = async (message, file) => {
    const blob = await blobOf(file.id);
    const { status, told } = blob ? await upload(file, blob, (done) => { file.done = done.toFixed(2); draw(); }) : { status: 410, told: { code: "gone" } };
    if (status === 202) {
      file.token = told.token;
      keep(message);
      draw();
      return true;
    }
    if (!isRefused({ status })) return pause(status === 429 ? words.often : words.waits);
    await giveBack(message, words[told.code] ? say(words[told.code], { ...file, ...limits }) : words.failed + (told.message || status), file);
    return true;
  };
  const sendMessage = async (message) => {
    const { id, text: written, name: called, email: address } = message;
    const answer = await ask("messages", { id, text: written, name: called, email: address, files: message.files.map((file) => file.token) });
    if (answer?.ok) {
      message.sent = true;
      note.textContent = "";
      delivering.reset();
      letGo(message.files);
      listen();
      return true;
    }
    if (!isRefused(answer)) return pause(answer?.status === 429 ? words.often : words.waits);
    const told = await answer.json().catch(() => ({}));
    if (told.code === "gone") message.files.forEach((file) => { delete file.token; });
    else await giveBack(message, words.failed + (told.message || answer.status));
    return true;
  };

  const delivering = patience();
  let isDelivering = false, later;
  const deliver = async () => {
    clearTimeout(later);
    if (isDelivering || !hasBegun) return;
    isDelivering = true;
    for (let next, goesOn = true; goesOn && (next = [...waiting.values()].find((each) => !each.sent));) {
      const file = next.files.find((each) => !each.token);
      goesOn = file ? await sendFile(next, file) : await sendMessage(next);
    }
    isDelivering = false;
  };

  // What is chosen stands above the text until it is sent.
  const drawFiles = () => {
    chips.hidden = !attached.length;
    chips.replaceChildren();
    for (const file of attached) {
      const chip = add(chips, "span", "");
      add(chip, "b", file.name);
      const drop = add(chip, "button", "×", { type: "button", className: "drop", onclick: () => { attached = attached.filter((each) => each !== file); letGo([file]); drawFiles(); text.focus(); } });
      label(drop, `${words.remove} ${file.name}`);
    }
    if (attached.length) add(chips, "small", say(words.limits, limits));
  };
  const choose = (files) => {
    if (!limits || !files.length) return;
    note.textContent = "";
    for (const file of files) {
      if (attached.length >= limits.most) { note.textContent = say(words.most, limits); break; }
      if (!file.size || file.size > limits.megabytes * 2 ** 20) { note.textContent = say(words.size, { name: file.name, ...limits }); continue; }
      const id = random().slice(0, 32);
      blobs.set(id, file);
      attached.push({ id, name: file.name });
    }
    drawFiles();
    text.focus();
  };

  // The last few are asked for again each time: one may come to be seen after one that was stored later.
  const readOn = async () => {
    const after = [...messages.keys()].sort((a, b) => a - b).at(-20) || 0;
    const answer = await ask(`messages?after=${after}`);
    if (answer?.ok) take(await answer.json());
    else throw new Error("cut off");
  };
  const listening = patience();
  let isListening = false, again;
  const listen = async () => {
    clearTimeout(again);
    if (isListening) return;
    isListening = true;
    const answer = await ask("stream");
    if (answer?.ok) {
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let silence;
      try {
        for (let rest = ""; ;) {
          clearTimeout(silence);
          silence = setTimeout(() => reader.cancel(), 45000);
          const { value, done } = await reader.read();
          if (done) break;
          const parts = (rest + value).split("\n\n");
          rest = parts.pop();
          if (parts.some((part) => part.startsWith("event: news"))) await readOn();
          const attention = parts.findLast((part) => part.startsWith("event: attention"));
          if (attention) attend(JSON.parse(attention.split("\ndata: ")[1]));
          listening.reset();
        }
      } catch { /* cut off */ }
      clearTimeout(silence);
      reader.cancel().catch(() => {});
    }
    isListening = false;
    if (!isRefused(answer)) again = setTimeout(listen, listening.next());
  };

  const notePages = () => {
    let since = Date.now(), looked = 0;
    document.addEventListener("visibilitychange", () => { if (document.hidden) looked += Date.now() - since; else since = Date.now(); });
    addEventListener("pagehide", () => {
      const seconds = Math.round((looked + (document.hidden ? 0 : Date.now() - since)) / 1000);
      since = Date.now();
      looked = 0;
      const told = { token, id: random(), page: script.dataset.page || location.pathname, seconds };
      fetch(`${base}/page`, { method: "POST", keepalive: true, mode: "no-cors", credentials: "omit", body: JSON.stringify(told) }).catch(() => {});
    });
  };

  const show = (open) => {
    isOpen = open;
    panel.hidden = !open;
    frame.classList.toggle("is-open", open);
    if (open && hasBegun && Date.now() - toldAt > 60000) readOn().catch(() => {});
    bubble.setAttribute("aria-expanded", String(open));
    draw();
    report();
    log.scrollTop = log.scrollHeight;
    (open ? text : bubble).focus();
  };
  bubble.addEventListener("click", () => show(!isOpen));
  close.addEventListener("click", () => show(false));
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false); });
  picker.addEventListener("change", () => { choose(picker.files); picker.value = ""; });
  text.addEventListener("paste", (event) => {
    if (limits && event.clipboardData.files.length) { event.preventDefault(); choose(event.clipboardData.files); }
  });
  const brings = (event) => limits && event.dataTransfer?.types.includes("Files");
  panel.addEventListener("dragover", (event) => { if (brings(event)) { event.preventDefault(); panel.classList.add("over"); } });
  panel.addEventListener("dragleave", (event) => { if (!panel.contains(event.relatedTarget)) panel.classList.remove("over"); });
  panel.addEventListener("drop", (event) => {
    panel.classList.remove("over");
    if (brings(event)) { event.preventDefault(); choose(event.dataTransfer.files); }
  });
  const fit = () => { text.style.height = ""; text.style.height = `${text.scrollHeight + 2}px`; };
  text.addEventListener("input", fit);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const written = { id: `${Date.now()}-${random().slice(0, 16)}`, text: text.value.trim(), name: name.value.trim(), email: email.value.trim() };
    if (!written.text && !attached.length) return;
    if (attached.length > limits?.most) return void (note.textContent = say(words.most, limits));
    written.files = attached;
    attached = [];
    waiting.set(written.id, written);
    keep(written);
    written.files.filter(({ id }) => blobs.has(id)).forEach(({ id }) => shelf((files) => files.put(blobs.get(id), id)));
    text.value = "";
    drawFiles();
    fit();
    draw();
    log.scrollTop = log.scrollHeight;
    deliver();
  });
  document.addEventListener("visibilitychange", report);
  addEventListener("online", () => { deliver(); if (messages.size) listen(); });

  const start = () => {
    document.body.append(host);
    bubble.setAttribute("aria-expanded", "false");
    draw();
    begin();
  };
  if (document.body) start(); else addEventListener("DOMContentLoaded", start);
})();
