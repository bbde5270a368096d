// The console as an installed app: its service worker.
"use strict";
(() => {
  if (!("serviceWorker" in navigator)) return;  // no https, or an old browser
  navigator.serviceWorker.register("/console/service-worker.js", { scope: "/console" }).catch(() => {});
})();
