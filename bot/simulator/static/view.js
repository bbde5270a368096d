// What a message looks like. Builds nodes only from text, never from markup.

const LIST_FROM = 4; // WhatsApp shows up to three reply buttons; from four choices on, a list
const SHORT_TITLE = 14; // characters: on Telegram two such buttons share a row

const TICK = "M1 6.5 4.5 10 11 2.5 M8 9l1.2 1 6.3-7.5";
const CLOCK = "M8 1.5a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6z M8 4v2.4l1.6 1";
const REPLY = "M9 7 4 12l5 5 M4 12h9a7 7 0 0 1 7 6";
const LIST = "M9 6h11 M9 12h11 M9 18h11 M4.5 6h.01 M4.5 12h.01 M4.5 18h.01";
const ADDRESS = /https?:\/\/[^\s<>"]+|www\.[^\s<>"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w.@/-])(?:[a-z0-9-]+\.)+(?:go\.id|com|id)(?:\/[^\s<>"]*)?(?![\w@-])/gi;
const SOURCE_LINE = /^\(?\s*(?:sumber|📄)/i;
const clock = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit" });
const date = new Intl.DateTimeFormat("id-ID", { weekday: "long", day: "numeric", month: "long" });

export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function icon(path, box = "0 0 24 24") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", box);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** "Hari ini", "Kemarin" or the date, for the line between two days. */
export function dayName(at) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86400000);
  return ["Hari ini", "Kemarin"][days] ?? date.format(at);
}

/** Text with its web and e-mail addresses as links. */
function linked(text) {
  const parts = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(/[.,;:!?'")\]]+$/, "");
    if (address.length < 4) continue;
    const link = make("a", "", address);
    if (/^https?:/i.test(address)) link.href = address;
    else link.href = address.includes("@") && !address.includes("/") ? `mailto:${address}` : `https://${address}`;
    if (!link.href.startsWith("mailto:")) link.target = "_blank";
    link.rel = "noopener noreferrer";
    parts.append(text.slice(end, match.index), link);
    end = match.index + address.length;
  }
  parts.append(text.slice(end));
  return parts;
}

/** Takes the line out that names the source, wherever it stands; else builds it from `sources`. */
function withSource(text, sources) {
  const lines = text.trimEnd().split("\n");
  const at = lines.findLastIndex((line) => SOURCE_LINE.test(line.trim()));
  if (at > 0) return [lines.toSpliced(at, 1).join("\n").replace(/\n{3,}/g, "\n\n").trimEnd(), lines[at].trim()];
  const names = sources.map(({ document: name, clause }) => (clause ? `${name}, ${clause}` : name));
  return [text, names.length ? `Sumber: ${[...new Set(names)].join("; ")}` : ""];
}

/**
 * One bubble: {direction, text, buttons, sources, at, author, file}. The row keeps the message as `row.message`.
 */
export function makeRow(message) {
  const out = message.direction === "in";
  const row = make("div", out ? "row out" : "row");
  row.message = message;
  row.dataset.direction = message.direction;
  const bubble = make("div", "bubble");
  bubble.append(make("span", "sr", out ? "Anda: " : message.author === "officer" ? "" : "Pandu: "));
  if (message.author === "officer") bubble.append(make("span", "author", "Petugas"));
  const [text, source] = out ? [message.text, ""] : withSource(message.text, message.sources ?? []);
  const body = make("div", "body");
  const words = make("span", "words");
  words.dir = "auto";
  words.append(linked(text));
  body.append(words);
  if (message.file) body.append(fileLink(message.file));
  bubble.append(body);
  const meta = make("span", "meta");
  const time = make("time", "", clock.format(message.at));
  time.dateTime = message.at.toISOString();
  meta.append(time);
  if (out) meta.append(make("span", "tick"));
  if (source) bubble.append(make("small", "source", source));
  bubble.lastElementChild.append(meta); // floats on the last line, where there is room
  row.append(bubble);
  return row;
}

function fileLink(file) {
  const link = make("a", "file", file.name);
  link.href = file.url;
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

/** state: "waiting", "sent" or "failed". */
export function showState(row, state) {
  row.classList.toggle("sent", state === "sent");
  row.classList.toggle("failed", state === "failed");
  const tick = row.querySelector(".tick");
  tick.replaceChildren(icon(state === "sent" ? TICK : CLOCK, "0 0 16 12"));
  tick.append(make("span", "sr", { sent: " terkirim", failed: " belum terkirim", waiting: " sedang dikirim" }[state]));
  row.querySelector(".trouble")?.remove();
}

/** The line under a message that did not get through, with a button to send it again. */
export function showTrouble(row, reason, again) {
  showState(row, "failed");
  const line = make("div", "trouble");
  const button = make("button", "", "Kirim ulang");
  button.type = "button";
  button.addEventListener("click", again);
  line.append(make("span", "", reason), button);
  row.append(line);
}

/**
 * Draws the choices of a row as the messenger would: keys, a list opener, or a numbered text.
 * `look` is {flavour, plain}; `choose(row, index)` and `openList(row, opener)` are called on a tap.
 */
export function drawMenu(row, look, choose, openList) {
  const buttons = row.message.buttons ?? [];
  row.querySelector(".keys")?.remove();
  const menuText = row.querySelector(".menu-text");
  if (menuText) {
    menuText.previousElementSibling.append(row.querySelector(".meta"));
    menuText.remove();
  }
  if (!buttons.length) return;
  row.classList.toggle("menu", !look.plain);
  if (look.plain) {
    const lines = buttons.map(({ title }, index) => `${index + 1}. ${title}`);
    const menu = make("div", "menu-text", `${lines.join("\n")}\nBalas dengan angka.`);
    menu.append(row.querySelector(".meta"));
    row.querySelector(".bubble").append(menu);
    return;
  }
  const keys = make("div", "keys");
  keys.setAttribute("role", "group");
  keys.setAttribute("aria-label", "Pilihan");
  const add = (label, path, act) => {
    const key = make("button");
    key.type = "button";
    key.classList.toggle("long", label.length > SHORT_TITLE);
    key.append(icon(path), make("span", "", label));
    key.addEventListener("click", () => act(key));
    keys.append(key);
    return key;
  };
  if (look.flavour === "whatsapp" && buttons.length >= LIST_FROM) {
    add("Lihat pilihan", LIST, (key) => openList(row, key)).setAttribute("aria-haspopup", "dialog");
  } else {
    buttons.forEach(({ title }, index) => add(title, REPLY, () => choose(row, index)));
  }
  row.append(keys);
}
