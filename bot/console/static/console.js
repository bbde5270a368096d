// Behaviour of the console's pages, by attributes:
//   data-key="r"          pressing r (outside a field) clicks or focuses the element; listed in the dialog behind "?"
//   data-confirm="…?"     asks on the page before it is clicked
//   data-recall="9"       goes after so many seconds; the words of its data-counts count down
//   data-back             goes back to the page before, with what was typed there
//   data-single-keys      a checkbox that switches the single-letter keys off and on; remembered
//   data-submits          a select that sends its form when changed
//   data-submit-key       a textarea whose form Ctrl+Enter sends
//   data-copy="text"      copies the text
//   data-toggle="name"    puts the class on <body>, or takes it away
//   data-list             j and k (or the arrows) move through its links, Enter opens
//   data-grows            a textarea as high as its text
//   data-offline          shown while the live connection is broken
//   data-rings            a checkbox, remembered on this device: a sound is played when somebody new waits
//   data-fades            goes when it has faded
//   data-muted            shown while the browser keeps that sound back
//   data-waiting          an element whose number is shown in the title: "(3) …"
//   data-bytes="n"        a file field that takes no larger file; data-too-big is what it says then
"use strict";
(() => {
  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  document.addEventListener("click", async (event) => {
    const toggle = event.target.closest("[data-toggle]");
    if (toggle) {
      const open = document.body.classList.toggle(toggle.dataset.toggle);
      toggle.setAttribute("aria-expanded", String(open));
    }
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      await navigator.clipboard.writeText(copy.dataset.copy);
      const label = copy.querySelector("span");
      const before = label.textContent;
      label.textContent = "Tersalin";
      setTimeout(() => { label.textContent = before; }, 1500);
    }
  });
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-confirm]");
    if (!asked || asked === agreed) return;
    event.preventDefault();
    event.stopPropagation();
    if (!asked.form || asked.form.reportValidity()) ask(asked);
  }, true);
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "asking" && !event.target.open) event.target.showModal(); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-back]") || history.length < 2) return;
    event.preventDefault();
    history.back();
  });
  function recallable() {
    all("[data-recall]").forEach((form) => {
      form.until = form.until || performance.now() + Number(form.dataset.recall) * 1000;
      const left = Math.ceil((form.until - performance.now()) / 1000), words = form.querySelector("[data-counts]");
      if (left <= 0) return form.remove();
      if (words.textContent !== `Batalkan (${left})`) words.textContent = `Batalkan (${left})`;
    });
  }
  setInterval(recallable, 250);
  let agreed = null;  // what was said yes to, while it is clicked again
  function ask(element) {
    const dialog = document.getElementById("asked"), yes = dialog.querySelector("[value=yes]");
    dialog.querySelector("p").textContent = element.dataset.confirm;
    yes.querySelector("span").textContent = element.textContent.trim() || element.getAttribute("aria-label") || "Lanjutkan";
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes" || !element.isConnected) return;
      agreed = element;
      element.click();
      agreed = null;
    };
    dialog.showModal();
  }
  document.addEventListener("change", (event) => {
    const files = event.target.closest("[data-bytes]");
    if (files) {
      const big = [...files.files].some((file) => file.size > Number(files.dataset.bytes));
      files.setCustomValidity(big ? files.dataset.tooBig : "");
      files.reportValidity();
    }
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });

  // keys
  const singleKeys = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-single-keys]")) return;
    try { localStorage.setItem("keys", event.target.checked ? "on" : "off"); } catch { /* private window */ }
  });
  const shortcuts = () => all("[data-key]").filter((element) => element.offsetParent !== null);
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("[data-submit-key]") && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || event.target.closest("dialog[open]")) return;
    if (event.key === "?") return showShortcuts();
    if (!singleKeys()) return;
    if (["j", "k", "ArrowDown", "ArrowUp"].includes(event.key) && move(event.key === "j" || event.key === "ArrowDown", event.target)) {
      event.preventDefault();
      return;
    }
    const found = shortcuts().find((element) => element.dataset.key === event.key);
    if (!found) return;
    event.preventDefault();
    if (found.matches("input, textarea, select")) found.focus();
    else found.click();
  });
  function move(down, from) {
    const list = document.querySelector("[data-list]");
    if (!list || (from !== document.body && !list.contains(from) && from.id !== "main")) return false;
    const links = all("a[href]", list);
    const at = links.indexOf(document.activeElement);
    const next = links[Math.max(0, Math.min(links.length - 1, at + (down ? 1 : -1)))];
    if (next) next.focus();
    return Boolean(next);
  }
  function showShortcuts() {
    const dialog = document.getElementById("shortcuts");
    if (!dialog) return;
    const rows = [["?", "Daftar ini"], ...shortcuts().map((e) => [e.dataset.key, e.getAttribute("aria-label") || e.textContent.trim() || e.placeholder])];
    if (document.querySelector("[data-list]")) rows.push(["j / k", "Baris berikut / sebelumnya"]);
    if (document.querySelector("[data-submit-key]")) rows.push(["Ctrl + Enter", "Kirim"]);
    const place = dialog.querySelector("[data-shortcuts]");
    place.replaceChildren(...rows.flatMap(([key, title]) => {
      const dt = document.createElement("dt"), dd = document.createElement("dd"), kbd = document.createElement("kbd");
      kbd.textContent = key;
      dt.append(kbd);
      dd.textContent = title;
      return [dt, dd];
    }));
    dialog.showModal();
  }

  // textareas
  const grow = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
  document.addEventListener("input", (event) => { if (event.target.matches("[data-grows]")) grow(event.target); });
  document.addEventListener("input", (event) => {  // what was wrong with a form is being mended
    if (event.target.closest("main form:not(.filters, #filter)")) document.querySelector("main > .flash.bad")?.remove();
  });

  document.addEventListener("animationend", (event) => { if (event.target.matches("[data-fades]")) event.target.remove(); });

  // What browsers say in their own language and order, in ours: a date is read out, a chosen file is named.
  const DAY = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  function read(field) {
    const at = field.value && new Date(field.type === "date" ? `${field.value}T00:00` : field.value);
    const said = field.nextElementSibling?.matches(".read") ? field.nextElementSibling : document.createElement("small");
    said.className = "read";
    said.textContent = at ? at.toLocaleDateString("id-ID", DAY) : "";
    if (at && field.type !== "date") said.textContent += `, pukul ${field.value.slice(11, 16).replace(":", ".")}`;
    if (!said.isConnected) field.after(said);
  }
  function choosing(field) {
    const place = document.createElement("span"), button = document.createElement("span"), said = document.createElement("span");
    place.className = "chooser";
    button.className = "button small";
    button.textContent = "Pilih berkas";
    field.before(place);
    place.append(button, said, field);
    named(field);
  }
  const named = (field) => {
    field.previousElementSibling.textContent = [...field.files].map((file) => file.name).join(", ") || "belum ada yang dipilih";
  };
  // On a phone a row stands in two columns: each cell with the title of its column.
  function titled(table) {
    const titles = all("thead th", table).map((one) => one.textContent.trim());
    all("tbody td", table).forEach((cell) => {
      if (titles[cell.cellIndex] && (cell.cellIndex || cell.parentElement.querySelector("th"))) cell.dataset.label = titles[cell.cellIndex];
    });
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("[type=date], [type=datetime-local]")) read(event.target);
    if (event.target.matches(".chooser > input")) named(event.target);
  });

  // live
  let broken = false;
  const offline = (is) => all("[data-offline]").forEach((element) => { element.hidden = !is; });
  document.addEventListener("htmx:sseError", () => { broken = true; offline(true); });
  document.addEventListener("htmx:sseOpen", () => {
    offline(false);
    document.body.dataset.heard = "";
    if (broken) document.body.dispatchEvent(new CustomEvent("catch-up"));  // hx-trigger="… , catch-up from:body"
    broken = false;
  });
  document.addEventListener("htmx:sseBeforeMessage", (event) => {
    if (event.detail.type === "signed-out") location.assign("/console/sign-in");
    if (event.detail.type === "ring") ring();
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) location.assign(event.detail.xhr.getResponseHeader("HX-Redirect") || "/console/sign-in");
  });

  // sound and title
  let audio = null;
  const wanted = () => { try { return localStorage.getItem("ring") === "on"; } catch { return false; } };
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-rings]")) return;
    try { localStorage.setItem("ring", event.target.checked ? "on" : "off"); } catch { /* private window */ }
    all("[data-rings]").forEach((box) => { box.checked = event.target.checked; });
    if (event.target.checked) allowed().then(ring);
    else muted(false);
  });
  // Browsers let a page sound only after a click or key on it: asked for once, it is made ready by the first of these.
  const muted = (is) => all("[data-muted]").forEach((element) => { element.hidden = !is; });
  async function allowed() {
    if (!wanted()) return;
    audio = audio || new AudioContext();
    await audio.resume();
    muted(audio.state !== "running");
  }
  ["pointerdown", "keydown"].forEach((name) => document.addEventListener(name, () => { if (!audio || audio.state !== "running") allowed(); }));
  function ring() {
    if (!wanted()) return;
    if (!audio || audio.state !== "running") return muted(true);  // else all of them would sound together, later
    [660, 880].forEach((pitch, index) => {
      const tone = audio.createOscillator(), volume = audio.createGain(), at = audio.currentTime + index * 0.16;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.12, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
      tone.connect(volume).connect(audio.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    });
  }
  function ready(root) {
    all("[data-rings]", root).forEach((box) => { box.checked = wanted(); });
    all("[data-single-keys]", root).forEach((box) => { box.checked = singleKeys(); });
    all("[data-grows]", root).forEach(grow);
    all("[type=date], [type=datetime-local]", root).forEach(read);
    all(".field > [type=file]", root).forEach(choosing);
    all(".scroll > table:not(.slim)", root).forEach(titled);
    const waiting = document.querySelector("[data-waiting]");
    const count = waiting ? Number(waiting.dataset.waiting) : 0;
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = count ? `(${count}) ${title}` : title;
  }
  document.addEventListener("htmx:afterSettle", () => ready(document));
  ready(document);
})();
