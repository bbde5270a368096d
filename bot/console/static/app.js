// The console as an installed app: its service worker, and notifications on this device.
//   <body data-officer="7">            who is signed in
//   form[data-calls="KEY"]             on the account's page: the server's key; inside it
//     [data-calls-on]                  a checkbox that switches notifications on and off here
//     [data-calls-kinds]               a fieldset of checkboxes named kinds
//     [data-calls-said]                where it is said how things stand
"use strict";
(async () => {
  if (!("serviceWorker" in navigator)) return;  // no https, or an old browser
  const worker = navigator.serviceWorker.register("/console/service-worker.js", { scope: "/console" })
    .then(() => navigator.serviceWorker.ready).catch(() => null);
  const officer = document.body.dataset.officer;
  const subscribed = async () => { const one = await worker; return one && one.pushManager ? one.pushManager.getSubscription() : null; };
  async function post(what, fields) {
    const answer = await fetch(`/console/account/devices${what}`, { method: "POST", body: new URLSearchParams(fields) });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(said.error || "Tidak tersambung. Coba lagi sebentar lagi.");
    return said;
  }

  // once a session: the server hears that this browser is still there, and says whose it is
  let kinds = null;
  async function meet() {
    const found = await subscribed();
    if (!found || !officer) return;
    kinds = (await post("/meet", [["endpoint", found.endpoint]])).kinds;
    if (!kinds) await found.unsubscribe();
    else sessionStorage.setItem("calls-of", officer);
  }
  const form = document.querySelector("[data-calls]");
  const met = form || sessionStorage.getItem("calls-of") !== officer ? meet().catch(() => {}) : Promise.resolve();

  // signing out here ends the notifications here; the worker stays, it holds nothing of a person
  document.addEventListener("submit", (event) => {
    const leaving = event.target;
    if (leaving.getAttribute("action") !== "/console/sign-out" || leaving.dataset.left) return;
    event.preventDefault();
    leaving.dataset.left = "1";
    sessionStorage.removeItem("calls-of");
    const end = async () => {
      const one = await worker, found = await subscribed();
      if (found) await found.unsubscribe();
      if (one) (await one.getNotifications()).forEach((shown) => shown.close());
    };
    const soon = new Promise((resolve) => { setTimeout(resolve, 1000); });
    Promise.race([end().catch(() => {}), soon]).then(() => leaving.requestSubmit());
  });

  if (!form) return;
  const box = form.querySelector("[data-calls-on]"), chosen = form.querySelector("[data-calls-kinds]");
  const said = form.querySelector("[data-calls-said]"), example = form.querySelector("button");
  const boxes = [...chosen.querySelectorAll("input")];
  const bytes = (key) => Uint8Array.from(atob(key.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  function show(on, text) {
    box.checked = on;
    chosen.disabled = example.disabled = !on;
    if (text) said.textContent = text;
  }
  async function save(subscription) {
    const keys = subscription.toJSON().keys;
    const fields = [["endpoint", subscription.endpoint], ["p256dh", keys.p256dh], ["auth", keys.auth]];
    await post("", [...fields, ...boxes.filter((one) => one.checked).map((one) => ["kinds", one.value])]);
    sessionStorage.setItem("calls-of", officer);
  }
  const one = await worker;
  example.disabled = true;
  if (!one || !one.pushManager || !("Notification" in window)) return;
  await met;
  box.disabled = false;
  boxes.forEach((each) => { if (kinds) each.checked = kinds.includes(each.value); });
  const denied = "Peramban menolak notifikasi untuk Pandu. Izinkan di setelan situs peramban ini, lalu coba lagi.";
  const off = Notification.permission === "denied" ? denied : "Belum aktif di perangkat ini.";
  show(Boolean(kinds), kinds ? "Aktif di perangkat ini." : off);

  async function act(work) {
    box.disabled = true;
    try { await work(); } catch (error) { show(box.checked && Boolean(await subscribed()), error.message); }
    box.disabled = false;
  }
  box.addEventListener("change", () => act(async () => {
    if (!box.checked) {
      const found = await subscribed();
      if (found) { await post("/off", [["endpoint", found.endpoint]]); await found.unsubscribe(); }
      return show(false, "Sudah dimatikan di perangkat ini.");
    }
    if ((await Notification.requestPermission()) !== "granted") return show(false, denied);
    const old = await subscribed();
    if (old) await old.unsubscribe();  // of another key, or of nobody
    let made;
    try {
      made = await one.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.calls) });
    } catch {
      throw new Error("Peramban tidak mencapai layanan notifikasinya. Periksa internet, lalu coba lagi.");
    }
    try { await save(made); } catch (error) { await made.unsubscribe(); throw error; }
    show(true, "Aktif di perangkat ini.");
  }));
  boxes.forEach((each) => each.addEventListener("change", () => act(async () => {
    await save(await subscribed());
    show(true, "Pilihan tersimpan.");
  })));
  example.addEventListener("click", () => act(async () => {
    await post("/try", [["endpoint", (await subscribed()).endpoint]]);
    said.textContent = "Contoh dikirim. Tidak muncul? Periksa setelan notifikasi perangkat ini.";
  }));
})();
