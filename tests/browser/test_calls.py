"""Being called, in Chromium: notifications switched on, a call from our push service in the worker, its click.

Only the browser maker's own transport is replaced: subscriptions point to the push service on 127.0.0.1, and what a
real browser would decrypt there is handed to the worker by the DevTools protocol.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, CDPSession, Page, expect

from bot.handoff.calling.calls import call_due
from tests.browser.window import LIMIT, Window, window
from tests.browser.window import context as new_context
from tests.helpers.calls import Calls
from tests.helpers.front_office import PASSWORD
from tests.helpers.open_office import Office
from tests.helpers.until import until
from tests.peers.push_service import PushService, push_service

SUBSCRIPTIONS = """(given) => {
  const kept = "stands-in-for-the-push-service";
  const made = {
    endpoint: given.endpoint, options: {}, toJSON: () => given,
    unsubscribe: async () => { localStorage.removeItem(kept); return true; },
  };
  PushManager.prototype.subscribe = async (options) => {
    if (options.applicationServerKey.length !== 65) throw new TypeError("no key");
    localStorage.setItem(kept, "1");
    return made;
  };
  PushManager.prototype.getSubscription = async () => localStorage.getItem(kept) ? made : null;
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
  .map((one) => [one.title, one.body, one.tag, one.requireInteraction])"""
ACTIVATED = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  while (active.state !== "activated") await new Promise((done) => active.addEventListener("statechange", done));
}"""
CLICK = """async (tag) => {
  WindowClient.prototype.focus = async function () { return this; };  // only a real click may focus a window
  const [one] = await self.registration.getNotifications({ tag });
  const click = new NotificationEvent("notificationclick", { notification: one }), awaited = [];
  click.waitUntil = (work) => awaited.push(work);  // a browser keeps the worker for it, and only at a real click
  self.dispatchEvent(click);
  await Promise.all(awaited);
  return awaited.length;
}"""


class Worker:
    """The console's service worker: what it is handed, and its notifications."""

    def __init__(self, page: Page, protocol: CDPSession, origin: str) -> None:
        self.page, self._protocol, self._origin = page, protocol, origin
        self._registration = ""
        protocol.on("ServiceWorker.workerRegistrationUpdated", self._known)

    def _known(self, told: dict[str, Any]) -> None:
        for one in told["registrations"]:
            if not one["isDeleted"] and one["scopeURL"].startswith(self._origin):
                self._registration = one["registrationId"]

    async def active(self) -> None:
        """The worker hears pushes, and the page is its own: one that loads while the worker comes up is nobody's."""
        await self.page.evaluate(ACTIVATED)
        if not await self.page.evaluate("navigator.serviceWorker.controller !== null"):
            await self.page.reload()

    async def push(self, said: dict[str, Any]) -> None:
        await self._protocol.send("ServiceWorker.enable")
        while not self._registration:
            await self.page.wait_for_timeout(50)
        given = {"origin": self._origin, "registrationId": self._registration, "data": json.dumps(said)}
        await self._protocol.send("ServiceWorker.deliverPushMessage", given)

    async def shows(self, *titles: str) -> list[list[Any]]:
        """Waits until just these notifications are there."""

        async def same() -> list[list[Any]]:
            found: list[list[Any]] = await self.page.evaluate(SHOWN)
            return found if sorted(one[0] for one in found) == sorted(titles) else []

        return await until(same, LIMIT / 1000)

    async def clicked(self, tag: str) -> None:
        (worker,) = self.page.context.service_workers
        assert await worker.evaluate(CLICK, tag) == 1


@pytest.fixture
async def service(office: Office, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PushService]:
    async with push_service() as found:
        settings = office.runtime.settings.model_copy(update={"push_services": found.url})
        monkeypatch.setattr(office.runtime, "settings", settings)
        yield found


async def allowed(context: BrowserContext, service: PushService, name: str, url: str) -> None:
    """Its pages may notify, and subscribe at the push service as the browser `name`."""
    device = service.subscribe(name).device
    given = {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}}
    await context.grant_permissions(["notifications"], origin=url)
    await context.add_init_script(f"({SUBSCRIPTIONS})({json.dumps(given)})")


async def switched_on(page: Page, url: str) -> None:
    await page.goto(f"{url}/console/account")
    box = page.get_by_label("Notifikasi, juga saat halaman ini tertutup")
    await expect(box).to_be_enabled(timeout=LIMIT)
    await expect(page.get_by_role("button", name="Kirim contoh")).to_be_disabled()
    await box.check()
    await expect(page.get_by_text("Aktif di perangkat ini.")).to_be_visible(timeout=LIMIT)


async def test_a_call_is_shown_by_the_worker_and_its_click_opens_the_conversation(
    sari: Window, office: Office, service: PushService
) -> None:
    page, calls = sari.page, Calls(office.runtime, service)
    await allowed(page.context, service, "sari", sari.url)
    await switched_on(page, sari.url)
    worker = Worker(page, await page.context.new_cdp_session(page), sari.url)
    await worker.active()
    await page.get_by_role("button", name="Kirim contoh").click()
    await expect(page.get_by_text("Contoh dikirim.")).to_be_visible(timeout=LIMIT)
    (example,) = service.read("sari")
    await worker.push(example)
    await worker.shows("Notifikasi Pandu aktif")

    person = await office.waiting("Panggil Contoh", minutes=0)
    now = office.clock()
    await call_due(office.runtime, now)
    await calls.deliver(max([now, *await calls.scheduled()]))  # the office may be closed today
    (call,) = [one for one in service.read("sari") if one["url"].endswith(f"/{person}")]
    assert call["title"].startswith("Percakapan") and "Panggil" not in json.dumps(call)
    await page.evaluate("document.activeElement.blur()")
    await worker.push(call | {"kind": "emergency"})
    notifications = await worker.shows("Notifikasi Pandu aktif", call["title"])
    urgent = [call["title"], call["body"], call["tag"], True]
    assert urgent in notifications, "an emergency stays until it is seen"
    await worker.clicked(call["tag"])
    await page.wait_for_url(f"**/console/conversations/{person}", timeout=LIMIT)
    assert await worker.shows("Notifikasi Pandu aktif") == [[example["title"], example["body"], example["tag"], False]]

    await page.goto(f"{sari.url}/console/account")
    await expect(page.get_by_text("Aktif di perangkat ini.")).to_be_visible(timeout=LIMIT)
    await page.get_by_label("Notifikasi, juga saat halaman ini tertutup").uncheck()
    await expect(page.get_by_text("Sudah dimatikan di perangkat ini.")).to_be_visible(timeout=LIMIT)


async def test_what_was_chosen_is_kept_and_another_officer_here_is_asked_anew(
    chromium: Browser, url: str, service: PushService
) -> None:
    opened = await new_context(chromium)  # it signs out, which the others' session would not outlive
    sari = await window(opened, url)
    await sari.sign_in("sari", PASSWORD)
    page = sari.page
    await allowed(page.context, service, "shared", sari.url)
    await switched_on(page, sari.url)
    await page.get_by_label("Percakapan baru").uncheck()
    await expect(page.get_by_text("Pilihan tersimpan.")).to_be_visible(timeout=LIMIT)
    await page.reload()
    await expect(page.get_by_text("Aktif di perangkat ini.")).to_be_visible(timeout=LIMIT)
    await expect(page.get_by_label("Percakapan baru")).not_to_be_checked()
    await page.get_by_role("button", name="Keluar", exact=True).click()
    await page.get_by_label("Nama pengguna").fill("rina")
    await page.get_by_label("Kata sandi").fill(PASSWORD)
    await page.get_by_role("button", name="Masuk").click()
    await expect(page.locator("nav[aria-label=Bagian]")).to_be_attached(timeout=LIMIT)
    await page.goto(f"{sari.url}/console/account")
    await expect(page.get_by_text("Belum aktif di perangkat ini.")).to_be_visible(timeout=LIMIT)
    await opened.close()
    assert sari.faults == []


async def test_the_sound_is_one_switch_for_all_pages(sari: Window) -> None:
    page = sari.page
    await page.goto(f"{sari.url}/console/account")
    await page.get_by_label("Bunyi di halaman ini bila ada yang menunggu").check()
    await page.goto(f"{sari.url}/console/inbox")
    await expect(page.locator(".sound [data-rings]")).to_be_checked()
    await page.locator(".sound").click()
    await page.goto(f"{sari.url}/console/account")
    await expect(page.get_by_label("Bunyi di halaman ini bila ada yang menunggu")).not_to_be_checked()
