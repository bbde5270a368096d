// Behaviour of the desk, by attributes (besides those of console.js):
//   data-live             the part of a conversation that is drawn again; keeps its place unless it was at the end
//   data-seen-only        is not asked for again while it is not shown
//   data-keep             stays as it is when the part around it is drawn again
//   data-draft            a textarea whose text is kept on the server while it is typed
//   data-most             the most characters (or files) that are taken; shown, not cut off
//   data-insert="text"    puts the text into the reply
//   data-dialog="id"      opens a dialog; data-close closes the one around it, data-closes after its form was sent
//   data-shows="id"       a choice that brings its field to the front
//   data-left="seconds"   counts down; data-ends is what stands there at the end
//   data-narrows="id"     a search over the buttons of a list
//   data-mark             a row's box; data-mark-all marks all, data-marked says how many are; v marks the row in front
//   data-clear="id"       empties the element
//   data-names="id"       a textarea in which @ offers the names of a datalist
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const pane = () => find("#pane[data-conversation]");
  const box = () => find("#reply-text");
  const address = (what) => `/console/conversations/${pane().dataset.conversation}/${what}`;
  const stashed = (what) => `${what}:${pane().dataset.officer}:${pane().dataset.conversation}`;
  const post = (where, fields = {}) => fetch(where, { method: "POST", body: new URLSearchParams(fields) });

  // what is drawn again keeps what people do with it
  Idiomorph.defaults.callbacks.beforeNodeMorphed = (old) => !(old.matches && old.matches("[data-keep]"));
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.matches("details, dialog"));
  Idiomorph.defaults.ignoreActiveValue = true;

  // --- the transcript's place
  const nearEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const toEnd = (log) => { log.scrollTop = log.scrollHeight; };
  let wasAtEnd = true, anchor = null, anchorTop = 0, newest = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const log = find("#transcript");
    if (!log) return;
    const own = event.detail.requestConfig && event.detail.requestConfig.elt;
    wasAtEnd = nearEnd(log) || Boolean(own && own.matches("#reply"));
    if (!event.target.closest("#older")) return;
    anchor = find(".line", log);
    anchorTop = anchor ? anchor.getBoundingClientRect().top : 0;
  });
  document.addEventListener("htmx:afterSwap", (event) => {  // at once: nobody has scrolled, nothing was painted in between
    const log = find("#transcript");
    if (!log) return;
    sameDays();
    if (!event.target.closest("#older")) { if (event.target.closest("#live")) follow(log); }
    else if (anchor) log.scrollTop += anchor.getBoundingClientRect().top - anchorTop;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "pane") opened();
    arranged();
  });
  function follow(log) {
    const changed = log.dataset.newest !== newest;
    newest = log.dataset.newest;
    if (wasAtEnd) toEnd(log);
    else if (changed) find("[data-to-end]").hidden = false;
    if (changed) htmx.trigger("#suggestions", "newest");
  }
  document.addEventListener("scroll", (event) => {
    if (event.target.id === "transcript" && nearEnd(event.target)) find("[data-to-end]").hidden = true;
  }, true);
  function sameDays() {
    let day = "";
    all("#transcript .day").forEach((line) => {
      line.classList.toggle("again", line.dataset.day === day);
      day = line.dataset.day;
    });
  }
  function arranged() {
    sameDays();
    marked();
    all("[data-left]").forEach((element) => {
      if (element.started === element.dataset.left) return;
      element.started = element.dataset.left;
      element.until = performance.now() + Number(element.dataset.left) * 1000;
    });
    all("#rows a[aria-current]").forEach((link) => link.removeAttribute("aria-current"));
    if (pane()) all(`#rows a[href^="/console/conversations/${pane().dataset.conversation}"]`).forEach((link) => {
      if (new URL(link.href).pathname.endsWith(`/${pane().dataset.conversation}`)) link.setAttribute("aria-current", "true");
    });
    tick();
  }

  // --- a conversation is opened, and left
  let shown = null, saved = "";
  function opened() {
    const at = pane() && pane().dataset.conversation;
    if (shown && shown !== at) navigator.sendBeacon(`/console/conversations/${shown}/leave`);
    shown = at;
    if (!at) return;
    if (window.matchMedia("(max-width: 52rem), (max-height: 40rem)").matches) find("#packet").open = false;
    newest = find("#transcript").dataset.newest;
    toEnd(find("#transcript"));
    saved = box().value;
    try {
      ["reply-text", "note-text"].forEach((id) => {
        const kept = sessionStorage.getItem(stashed(id));
        if (kept) find(`#${id}`).value = kept;
        sessionStorage.removeItem(stashed(id));
      });
      keeping = keep();
    } catch { /* private window */ }
    grown(box());
    counted();
  }
  addEventListener("pagehide", () => { if (shown) navigator.sendBeacon(`/console/conversations/${shown}/leave`); });

  // --- requests: what is in front is read; what is not shown is not asked for; nobody signed in is led to the door
  document.addEventListener("htmx:configRequest", (event) => {
    const from = event.detail.elt;
    if (from.matches("[data-seen-only]") && from.offsetParent === null && !event.detail.triggeringEvent?.type.includes("submit")) event.preventDefault();
    if (from.matches("[data-live]") && !document.hidden) event.detail.parameters.seen = "1";
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault();
    toDoor();
  });
  function toDoor() {
    try {
      if (pane()) all("#reply-text, #note-text").forEach((one) => one.value && sessionStorage.setItem(stashed(one.id), one.value));
    } catch { /* private window */ }
    location.assign(`/console/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
  }
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    if (event.detail.type === "signed-out") { event.preventDefault(); toDoor(); }
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || !pane()) return;
    htmx.trigger(document.body, "catch-up");
    otherWindow();
  });
  addEventListener("focus", () => { if (pane()) otherWindow(); });

  // --- what was sent, and what could not be
  let sending = "";
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "reply") sending = box().value; });
  document.body.addEventListener("sent", (event) => {
    const rest = box().value.startsWith(sending) ? box().value.slice(sending.length).trimStart() : box().value;
    box().value = saved = rest;
    find("[data-saved]").textContent = "";
    find("#reply [name=token]").value = event.detail.token;
    find("#reply [name=inserted]").value = "";
    const files = find("[data-files]");
    files.value = "";
    chosen(files);
    all("#reply ~ [name=template], [form=reply][type=checkbox]").forEach((one) => { one.checked = false; });
    grown(box());
    counted();
    box().focus();
    clearTimeout(waits);
    const late = keeping, where = address("draft");  // a draft on its way must not come after what was sent
    late.then(() => post(where, { text: rest })).catch(() => {});
  });
  document.body.addEventListener("transferred", () => {
    const dialog = find("#transfer");
    dialog.close();
    find("form", dialog).reset();
  });
  document.body.addEventListener("noted", () => { const area = find("#note-text"); area.value = ""; grown(area); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches("[data-closes]")) {
      event.target.closest("dialog").close();
      if (event.detail.successful) event.target.reset();
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    if ([400, 408, 413].includes(event.detail.xhr.status)) say("Terlalu besar untuk dikirim. Teks Anda masih ada; pendekkan teksnya atau kirim berkas yang lebih kecil.");
    else if (event.detail.xhr.status >= 500) say("Pandu sedang terganggu. Teks Anda masih ada; coba lagi sebentar lagi.");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (event.target.matches("form")) say("Belum terkirim: sambungan terputus. Teks Anda masih ada; coba lagi setelah tersambung.");
  });
  function say(text) {
    const place = find("#said");
    if (!place) return;
    const line = document.createElement("p");
    line.className = "flash bad";
    line.setAttribute("role", "alert");
    line.textContent = text;
    place.replaceChildren(line);
  }

  // --- the draft
  const grown = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
  let waits = null, keeping = Promise.resolve(), typedAt = 0;
  document.addEventListener("input", (event) => {
    if (event.target.closest("#composer")) find("#said .bad")?.remove();  // what was wrong is being mended
    if (!event.target.matches("[data-draft]")) return;
    counted();
    clearTimeout(waits);
    waits = setTimeout(() => { keeping = keep(); }, 500);
    if (event.target.value && Date.now() - typedAt > 4000) { typedAt = Date.now(); post(address("typing")).catch(() => {}); }
  });
  async function keep() {
    if (!pane() || box().value === saved) return;
    const text = box().value, where = address("draft"), note = find("[data-saved]");
    try {
      const answer = await post(where, { text });
      if (answer.status === 401 || answer.redirected) return toDoor();
      if (answer.ok) saved = text;
      note.textContent = answer.ok ? (box().value ? "Draf tersimpan" : "") : answer.status === 422 ? "Terlalu panjang untuk disimpan sebagai draf" : "Draf belum tersimpan";
    } catch { note.textContent = "Draf belum tersimpan"; }
  }
  async function otherWindow() {
    if (box().value !== saved) return;  // what is typed here goes first
    const where = address("draft");
    try {
      const answer = await fetch(where);
      if (!answer.ok || answer.redirected || !pane() || address("draft") !== where || box().value !== saved) return;
      box().value = saved = await answer.text();
      grown(box());
      counted();
    } catch { /* the line is down: nothing to take over */ }
  }
  function counted() {
    const area = box(), count = find("[data-count]"), most = Number(area.dataset.most);
    count.classList.toggle("over", area.value.length > most);
    count.textContent = area.value.length > most * 0.8 ? `${area.value.length} / ${most}` : "";
  }

  // --- files
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-files]")) chosen(event.target);
  });
  function chosen(input) {
    const list = find("[data-chosen]"), most = Number(input.dataset.most), bytes = Number(input.dataset.bytes);
    list.hidden = input.files.length === 0;
    list.replaceChildren(...[...input.files].map((file, at) => {
      const item = document.createElement("li"), remove = document.createElement("button");
      item.textContent = file.name;
      if (file.size > bytes || at >= most) { item.className = "over"; item.textContent += file.size > bytes ? " (terlalu besar)" : " (terlalu banyak)"; }
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `Batalkan ${file.name}`);
      remove.addEventListener("click", () => {
        const left = new DataTransfer();
        [...input.files].forEach((one) => { if (one !== file) left.items.add(one); });
        input.files = left.files;
        chosen(input);
      });
      item.append(remove);
      return item;
    }));
  }

  // --- marked rows
  const marks = () => all("#rows [data-mark]");
  function marked() {
    const count = find("[data-marked]"), on = marks().filter((one) => one.checked).length;
    if (!count) return;
    count.textContent = String(on);
    find("[data-mark-all]").checked = on > 0 && on === marks().length;
  }
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-mark-all]")) marks().forEach((one) => { one.checked = event.target.checked; });
    if (event.target.matches("[data-mark], [data-mark-all]")) marked();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "v" || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("#rows a, #rows [data-mark]")) return;
    try { if (localStorage.getItem("keys") === "off") return; } catch { /* private window */ }
    find("[data-mark]", event.target.closest("li"))?.click();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.id !== "bulk" || event.detail.elt !== event.target) return;
    all("#bulk dialog[open]").forEach((one) => one.close());
  });
  document.body.addEventListener("marked-done", () => {
    marks().forEach((one) => { one.checked = false; });
    find("#bulk").reset();
    marked();
  });

  // --- dialogs, insertions, names
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]"), insert = event.target.closest("[data-insert]");
    if (opener) find(`#${opener.dataset.dialog}`).showModal();
    if (event.target.dataset.shows) find(`#${event.target.dataset.shows}`).focus();
    const clear = event.target.closest("[data-clear]");
    if (clear) find(`#${clear.dataset.clear}`).replaceChildren();
    if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
    if (event.target.closest("[data-to-end]")) toEnd(find("#transcript"));
    if (insert) {
      insert.closest("dialog")?.close();
      find(".kinds [value=reply]").checked = true;
      put(box(), insert.dataset.insert);
      find("#reply [name=inserted]").value = "1";
    }
    const named = event.target.closest("[data-username]");
    if (named) name(named.dataset.username);
  });
  function put(area, text) {
    area.focus();
    const before = area.value.slice(0, area.selectionStart);
    area.setRangeText((before && !/\s$/.test(before) ? "\n" : "") + text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.addEventListener("input", (event) => {
    if (event.target.dataset.narrows) {
      const words = event.target.value.toLowerCase();
      all(`#${event.target.dataset.narrows} li`).forEach((item) => { item.hidden = !item.textContent.toLowerCase().includes(words); });
    }
    if (event.target.dataset.names) offer(event.target);
  });
  const begun = (area) => /(?:^|\s)@([\w.-]*)$/.exec(area.value.slice(0, area.selectionStart));
  function offer(area) {
    const found = begun(area), list = find("[data-named]");
    const fits = found ? all(`#${area.dataset.names} option`).filter((one) => `${one.value} ${one.textContent}`.toLowerCase().includes(found[1].toLowerCase())).slice(0, 6) : [];
    list.hidden = fits.length === 0;
    list.replaceChildren(...fits.map((one) => {
      const item = document.createElement("li"), button = document.createElement("button");
      item.setAttribute("role", "presentation");
      button.type = "button";
      button.setAttribute("role", "option");
      button.dataset.username = one.value;
      button.textContent = `${one.textContent} (@${one.value})`;
      item.append(button);
      return item;
    }));
  }
  function name(username) {
    const area = find("[data-names]"), found = begun(area);
    const start = area.selectionStart - (found ? found[1].length : 0);
    area.setRangeText(`${username} `, start, area.selectionStart, "end");
    find("[data-named]").hidden = true;
    area.focus();
  }

  document.addEventListener("keydown", (event) => {
    const first = event.target.id === "search" && event.key === "ArrowDown" && find("#rows a[href]");
    if (!first) return;
    event.preventDefault();
    first.focus();
  });

  // --- clocks
  function tick() {
    const now = performance.now();
    all("[data-left]").forEach((element) => {
      const left = Math.max(0, Math.round((element.until - now) / 1000));
      const words = left === 0 ? element.dataset.ends : left < 120 ? `${left} detik` : `${Math.floor(left / 60)} mnt`;
      const text = [...element.childNodes].find((node) => node.nodeType === 3) || element.appendChild(document.createTextNode(""));
      if (text.data !== words) text.data = words;
    });
    const lease = find("#lease"), left = lease && find("[data-left]", lease);
    if (lease) lease.hidden = left.until - now > 120_000;
  }
  setInterval(tick, 1000);
  opened();
  arranged();
})();
