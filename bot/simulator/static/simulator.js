// The phone: keeps the conversation, draws what comes, sends what is typed or tapped.

import { Later, Refused, openLine } from "./line.js";
import { dayName, drawMenu, make, makeRow, showState, showTrouble } from "./view.js";
import { openOver } from "./over.js";

const $ = (id) => document.getElementById(id);
const log = $("log");
const box = $("text");
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g; // the server stores texts without these
const TYPING_AFTER = 250; // milliseconds: a faster answer needs no dots
const STATUS = { bot: "asisten perizinan", queue: "menunggu petugas", officer: "bersama petugas" };
const EVENTS = {
  bot: "Pandu kembali menjawab.",
  queue: "Percakapan ini menunggu petugas.",
  officer: "Petugas menangani percakapan ini.",
};

const saved = {
  get: (key) => { try { return localStorage.getItem(`pandu-${key}`); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(`pandu-${key}`, value); } catch { /* private window */ } },
};

const look = { flavour: saved.get("flavour") === "whatsapp" ? "whatsapp" : "telegram", plain: saved.get("plain") === "1" };
let conversation = "";
let line = null;
let up = false;
let owner = "bot";
let rows = new Map(); // "out:12" -> row
let waiting = []; // rows typed here that the server has not taken yet, oldest first
let sending = false;
let typingTimer = 0;
let pinned = true; // the newest message is in sight, and is to stay there

/* ---- drawing ---- */

const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 90;

function toEnd() {
  pinned = true;
  log.scrollTop = log.scrollHeight;
  $("jump").hidden = true;
}

/** To the newest answer: its end, or its beginning (below the question) when it is longer than the screen. */
function toAnswer() {
  toEnd();
  const question = [...log.querySelectorAll(".row.out")].at(-1);
  if (!question || log.scrollTop <= question.offsetTop) return;
  log.scrollTop = question.offsetTop - 8;
  pinned = false;
  $("jump").hidden = false;
}

/** Puts a row after `before` (default: at the end), with the line between two days. */
function place(row, before = null) {
  const stay = !pinned && row.message.direction === "out";
  const previous = before ?? [...log.querySelectorAll(".row")].at(-1);
  if (before) before.after(row);
  else $("typing").before(row);
  if (!previous || dayName(previous.message.at) !== dayName(row.message.at)) {
    row.before(make("div", "day", dayName(row.message.at)));
  } else if (previous.nextElementSibling === row) {
    row.classList.toggle("same", previous.dataset.direction === row.dataset.direction);
  }
  $("empty").hidden = true;
  drawMenu(row, look, tap, openList);
  if (stay) $("jump").hidden = false;
  else if (row.message.direction === "out") toAnswer();
  else toEnd();
}

/** What a message of the applicant shows: a tap is stored as the button's place or payload, not as its title. */
function shownText({ text, menu, choice }) {
  const tapped = rows.get(`out:${menu}`)?.message.buttons?.[choice];
  if (tapped) return tapped.title;
  if (!text) return "(pilihan)";
  if (!text.startsWith("/")) return text;
  if (text === "/start") return "Mulai";
  for (const row of [...rows.values()].reverse()) {
    const button = (row.message.buttons ?? []).find(({ payload }) => payload === text);
    if (button) return button.title;
  }
  return text;
}

/** Draws a message of the server, unless it is here already. Returns its row. */
function receive(message, { before = null, fresh = true } = {}) {
  const direction = message.direction ?? "out";
  const key = `${direction}:${message.id}`;
  if (rows.has(key)) return rows.get(key);
  const at = message.at ? new Date(message.at) : new Date();
  const text = direction === "in" ? shownText(message) : (message.text ?? "");
  const row = makeRow({ ...message, direction, text, at });
  rows.set(key, row);
  if (fresh) row.classList.add("new");
  if (direction === "in") showState(row, "sent");
  place(row, before);
  return row;
}

function typing(on) {
  clearTimeout(typingTimer);
  if (on) {
    typingTimer = setTimeout(() => {
      $("typing").hidden = false;
      $("status").textContent = "sedang mengetik…";
      $("status").classList.add("busy");
      if (pinned) toEnd();
    }, TYPING_AFTER);
    return;
  }
  $("typing").hidden = true;
  $("status").textContent = up ? STATUS[owner] : "menyambung…";
  $("status").classList.remove("busy");
}

function setOwner(next, told = true) {
  if (!(next in STATUS)) return;
  $("u-owner").textContent = { bot: "bot", queue: "antrean petugas", officer: "petugas" }[next];
  if (next !== owner) {
    owner = next;
    if (told) $("typing").before(make("div", "event", EVENTS[next]));
    if (pinned) toEnd();
  }
  if ($("typing").hidden) $("status").textContent = up ? STATUS[owner] : "menyambung…";
}

function showUnderstood(understood) {
  $("u-intent").textContent = understood?.intent ?? "–";
  $("u-family").textContent = understood?.family ?? "–";
  $("u-confidence").textContent = understood ? understood.confidence.toFixed(2).replace(".", ",") : "–";
  $("u-meter").value = understood?.confidence ?? 0;
}

/* ---- sending ---- */

/** Shows the message at once and sends it when its turn comes. `shown` is what stands in the bubble. */
function say(body, shown) {
  const row = makeRow({ direction: "in", text: shown, at: new Date() });
  row.body = { ...body, id: randomName(16) }; // the same id when sent again, so that the server keeps it once
  row.accepts = body.text === undefined ? [shown, body.payload, ""] : [body.text.replace(CONTROL, "")];
  row.classList.add("new");
  showState(row, "waiting");
  place(row);
  waiting.push(row);
  if (up) send();
  else markBroken();
}

/** One message after the other, so that the order typed is the order received. */
async function send() {
  if (sending || !up || !waiting.length) return;
  sending = true;
  const mine = line;
  const row = waiting[0];
  showState(row, "waiting");
  if (owner === "bot") typing(true);
  let next = true;
  try {
    const answer = await mine.send(row.body);
    if (mine !== line) return;
    taken(row);
    for (const reply of answer.replies) receive(reply);
    showUnderstood(answer.understood);
    setOwner(answer.owner);
  } catch (error) {
    if (mine !== line) return;
    next = fail(row, error);
  } finally {
    if (mine === line) {
      sending = false;
      typing(false);
      document.querySelectorAll(".keys [aria-busy]").forEach((key) => key.removeAttribute("aria-busy"));
      if (next) send();
    }
  }
}

function taken(row) {
  waiting = waiting.filter((other) => other !== row);
  showState(row, "sent");
}

/** Returns whether the next message may be sent. */
function fail(row, error) {
  if (error instanceof Later) {
    taken(row);
    if (error.slow) $("typing").before(make("div", "event", "Jawaban menyusul."));
    toEnd();
    return true;
  }
  if (error instanceof Refused) {
    waiting = waiting.filter((other) => other !== row);
    showTrouble(row, error.message, () => again(row));
    toEnd();
    return true;
  }
  line.broke();
  return false;
}

function again(row) {
  if (!waiting.includes(row)) waiting.push(row);
  showState(row, "waiting");
  if (up) send();
  else line.retry();
  focusBox();
}

function markBroken() {
  for (const row of waiting) showTrouble(row, "Belum terkirim", () => again(row));
  if (waiting.length) toEnd();
}

/* ---- the line ---- */

/** The whole (recent) history, each time the line comes up: what is missing here is drawn, what was stored is not sent twice. */
function catchUp({ messages, owner: now }) {
  const first = !rows.size;
  const typed = [...log.querySelectorAll(".row.out")].filter((row) => row.body && !row.known);
  let before = null;
  for (const message of messages) {
    const mine = message.direction === "in" && !rows.has(`in:${message.id}`)
      ? typed.find((row) => row.accepts.includes(message.text)) : null;
    if (mine) {
      typed.splice(typed.indexOf(mine), 1);
      mine.known = true;
      rows.set(`in:${message.id}`, mine);
      taken(mine);
      before = mine;
    } else {
      // Rows that are still to be sent stay at the end, below everything that the server has.
      before = receive(message, { before, fresh: !first });
    }
  }
  for (const row of waiting) $("typing").before(row);
  $("empty").hidden = log.querySelector(".row") !== null;
  setOwner(now, !first);
  if (first) toEnd();
}

function connect() {
  line?.close();
  line = openLine(conversation, {
    history: catchUp,
    message(message) {
      typing(false);
      receive(message);
    },
    owner: setOwner,
    up() {
      up = true;
      $("banner").hidden = true;
      typing(false);
      log.setAttribute("aria-live", "polite");
      send();
    },
    down() {
      up = false;
      $("banner").hidden = false;
      typing(false);
      markBroken();
    },
  });
}

/** Opens the conversation of the address bar, else the last one, else a new one. */
function enter(name) {
  conversation = name;
  saved.set("conversation", name);
  history.replaceState(null, "", `#${name}`);
  rows = new Map();
  waiting = [];
  sending = false;
  up = false;
  owner = "bot";
  log.setAttribute("aria-live", "off");
  log.querySelectorAll(".row, .day, .event").forEach((node) => node.remove());
  $("empty").hidden = true;
  $("u-conversation").textContent = name;
  showUnderstood(null);
  setOwner("bot");
  connect();
}

const randomName = (length) =>
  [...crypto.getRandomValues(new Uint8Array(length))].map((n) => (n % 36).toString(36)).join("");
const newName = () => `sim-${randomName(8)}`;
const named = () => (NAME.test(location.hash.slice(1)) ? location.hash.slice(1) : "");

/* ---- what the person does ---- */

const fingers = matchMedia("(pointer: coarse)");

/** Back to the box, except where that would open the on-screen keyboard uninvited. */
function focusBox() {
  if (!fingers.matches) box.focus({ preventScroll: true });
}

function fit() {
  box.rows = 1;
  const lines = Math.round((box.scrollHeight - 20) / parseFloat(getComputedStyle(box).lineHeight));
  box.rows = Math.max(1, Math.min(5, lines));
}

function submit() {
  const text = box.value.trim();
  if (text) say({ text }, text);
  box.value = "";
  fit();
}

function tap(row, index) {
  const { title } = row.message.buttons[index];
  row.querySelectorAll(".keys button")[index]?.setAttribute("aria-busy", "true");
  say({ menu: row.message.id, choice: index }, title);
  focusBox();
}

function openList(row, opener) {
  const shut = openOver($("sheet"), { veil: $("veil"), close: $("sheet-close"), opener });
  $("sheet-list").replaceChildren(
    ...row.message.buttons.map(({ title }, index) => {
      const item = make("li");
      const button = make("button", "", title);
      button.type = "button";
      button.addEventListener("click", () => {
        shut();
        tap(row, index);
      });
      item.append(button);
      return item;
    }),
  );
  $("sheet-list").querySelector("button").focus();
}

function show() {
  document.body.dataset.flavour = look.flavour;
  document.querySelector(`input[name=flavour][value=${look.flavour}]`).checked = true;
  $("plain").checked = look.plain;
  saved.set("flavour", look.flavour);
  saved.set("plain", look.plain ? "1" : "0");
  for (const row of rows.values()) drawMenu(row, look, tap, openList);
  if (pinned) toEnd();
}

let shutPanel = () => {};

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
  box.focus();
});
box.addEventListener("input", fit);
box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
});
log.addEventListener("scroll", () => {
  pinned = nearEnd();
  if (pinned) $("jump").hidden = true;
}, { passive: true });
new ResizeObserver(() => pinned && toEnd()).observe(log); // the banner, a longer draft, the phone's own keyboard
$("jump").addEventListener("click", () => { toEnd(); focusBox(); });
$("retry").addEventListener("click", () => { line.retry(); focusBox(); });
$("start").addEventListener("click", () => { say({ payload: "/start" }, "Mulai"); focusBox(); });
$("fresh").addEventListener("click", () => { shutPanel(); enter(newName()); focusBox(); });
$("plain").addEventListener("change", (event) => { look.plain = event.target.checked; show(); });
$("panel-open").addEventListener("click", (event) => {
  shutPanel = openOver($("panel"), { close: $("panel-close"), opener: event.currentTarget });
});
document.querySelectorAll("input[name=flavour]").forEach((input) =>
  input.addEventListener("change", () => { look.flavour = input.value; show(); }));
document.querySelectorAll("[data-ask]").forEach((button) =>
  button.addEventListener("click", () => { shutPanel(); say({ text: button.textContent }, button.textContent); focusBox(); }));
addEventListener("hashchange", () => named() && named() !== conversation && enter(named()));
addEventListener("online", () => up || line.retry());
addEventListener("offline", () => line.broke());
document.addEventListener("visibilitychange", () => document.hidden || up || line.retry());

show();
enter(named() || (NAME.test(saved.get("conversation") ?? "") && saved.get("conversation")) || newName());
focusBox();
