// Keeps the console's own files (their addresses carry a hash) and one page that stands in when nothing answers.
// Never anything of a person: whatever else is asked for goes to the network, and no answer of it is kept.
"use strict";
const CACHE = "pandu-{{ version }}";
const FILES = {{ files|tojson }};
const OFFLINE = {{ offline|tojson }};

self.addEventListener("install", (event) => {
  const fresh = [OFFLINE, ...FILES].map((address) => new Request(address, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(
    names.filter((name) => name.startsWith("pandu-") && name !== CACHE).map((name) => caches.delete(name))));
  const early = self.registration.navigationPreload ? self.registration.navigationPreload.enable() : null;
  event.waitUntil(Promise.all([old, early]).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (FILES.includes(address.pathname + address.search)) event.respondWith(file(request));
});

async function page(event) {
  const early = await Promise.resolve(event.preloadResponse).catch(() => null);  // given up, it says nothing of the line
  try {
    return early || (await fetch(event.request));
  } catch {
    return (await caches.match(OFFLINE)) || Response.error();
  }
}

async function file(request) {
  return (await caches.match(request.url)) || fetch(request);
}

// A call: shown always, except to who looks at the console already; an emergency to everybody.
self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data.json(); } catch { /* not ours */ }
  event.waitUntil(shown(said));
});

async function shown(said) {
  const open = await self.clients.matchAll({ type: "window" });
  const looking = open.some((one) => one.focused && one.visibilityState === "visible");
  if (looking && (said.kind === "new" || said.kind === "answered")) return;
  const urgent = said.kind === "emergency";
  await self.registration.showNotification(said.title || "Pandu", {
    body: said.body || "", tag: said.tag || "pandu", renotify: urgent, requireInteraction: urgent, lang: "id",
    data: { url: said.url }, icon: {{ icon.icon|tojson }}, badge: {{ icon.badge|tojson }},
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { url } = event.notification.data || {};
  event.waitUntil(opened(typeof url === "string" && /^\/console(\/|$)/.test(url) ? url : "/console/inbox"));
});

async function opened(url) {
  const [first] = await self.clients.matchAll({ type: "window" });
  if (!first) return self.clients.openWindow(url);
  await first.focus();
  return first.navigate(url).catch(() => self.clients.openWindow(url));
}

// The browser has changed its subscription: the server hears of the new one.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renewed(event.oldSubscription, event.newSubscription));
});

async function renewed(old, fresh) {
  if (!old) return;
  const same = await posted("/meet", [["endpoint", old.endpoint]]);
  if (!same || !same.kinds) return;
  const made = fresh || (await self.registration.pushManager.subscribe(old.options));
  const { keys } = made.toJSON();
  const fields = [["endpoint", made.endpoint], ["p256dh", keys.p256dh], ["auth", keys.auth]];
  await posted("", [...fields, ...same.kinds.map((kind) => ["kinds", kind])]);
  await posted("/off", [["endpoint", old.endpoint]]);
}

async function posted(what, fields) {
  const answer = await fetch(`/console/account/devices${what}`, { method: "POST", body: new URLSearchParams(fields) });
  return answer.ok ? answer.json() : null;
}
