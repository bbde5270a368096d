"""Notifications in Chromium: switched on by one's own hand, shown by the worker, gone with the sign-out."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import CDPSession, Page, expect
from sqlalchemy import text

from tests.browser.window import Window
from tests.helpers.front_office import PASSWORD
from tests.helpers.open_office import Office
from tests.helpers.until import until
from tests.peers.push_service import PushService, push_service

# Chromium has no push service without the internet: the subscription is one of ours, everything else its own.
OURS = """(given) => {
  const keys = { p256dh: given.p256dh, auth: given.auth };
  const unsubscribe = async () => { localStorage.removeItem("test-there"); return true; };
  const made = { endpoint: given.endpoint, options: {}, toJSON: () => ({ keys }), unsubscribe };
  PushManager.prototype.getSubscription = async () => localStorage.getItem("test-there") ? made : null;
  PushManager.prototype.subscribe = async () => { localStorage.setItem("test-there", "1"); return made; };
}"""
SHOWN = """async () => {
  const one = await navigator.serviceWorker.ready;
  return (await one.getNotifications()).map((shown) => shown.title);
}"""


async def _ours(page: Page, service: PushService) -> None:
    device = service.subscribe("chromium").device
    given = json.dumps({"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth})
    await page.add_init_script(f"({OURS})({given})")


async def _push(page: Page, cdp: CDPSession, said: dict[str, str]) -> None:
    """As the push service would deliver it."""
    ids: list[str] = []

    def note(event: dict[str, list[dict[str, str]]]) -> None:
        ids.extend(one["registrationId"] for one in event["registrations"] if one["scopeURL"].endswith("/console"))

    async def known() -> bool:
        return bool(ids)

    cdp.on("ServiceWorker.workerRegistrationUpdated", note)
    await cdp.send("ServiceWorker.enable")
    await until(known)
    push = {"origin": "/".join(page.url.split("/")[:3]), "registrationId": ids[0], "data": json.dumps(said)}
    await cdp.send("ServiceWorker.deliverPushMessage", push)


async def test_an_officer_is_called_on_this_device(
    sari: Window, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = sari.page
    async with push_service() as service:
        monkeypatch.setattr(office.runtime.settings, "push_services", service.url)
        await page.context.grant_permissions(["notifications"], origin=sari.url)
        await _ours(page, service)
        await page.goto(f"{sari.url}/console/account")
        box = page.get_by_label("Notifikasi, juga saat halaman ini tertutup")
        await expect(box).to_be_enabled()
        await expect(page.get_by_text("Belum aktif di perangkat ini.")).to_be_visible()
        await box.check()
        await expect(page.get_by_text("Aktif di perangkat ini.", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Kirim contoh").click()
        await expect(page.get_by_text("Contoh dikirim.")).to_be_visible()
        assert [said["title"] for said in service.read("chromium")] == ["Notifikasi Pandu aktif"]
        await page.get_by_label("Pemohon membalas saya").uncheck()
        await expect(page.get_by_text("Pilihan tersimpan.")).to_be_visible()
        await page.reload()
        await expect(box).to_be_checked()
        await expect(page.get_by_label("Pemohon membalas saya")).not_to_be_checked()

        cdp = await page.context.new_cdp_session(page)
        said = {"kind": "emergency", "title": "Darurat: menunggu petugas", "body": "", "tag": "c1", "url": "/console"}
        await _push(page, cdp, said)

        async def shown() -> bool:
            return await page.evaluate(SHOWN) == ["Darurat: menunggu petugas"]

        await until(shown)

        await page.context.clear_cookies(name="pandu_officer")  # the other tests' session must live
        await sari.sign_in("sari", PASSWORD, "/console/account")
        await page.get_by_role("button", name="Keluar").click()
        await expect(page.get_by_label("Nama pengguna")).to_be_visible()
        assert await page.evaluate(SHOWN) == []
        assert await page.evaluate("localStorage.getItem('test-there')") is None
        found = await office.runtime.database.run(text("select count(*) from push_subscriptions"))
        assert found[0][0] == 0


async def test_a_sound_is_asked_for_once_and_waits_for_a_click(sari: Window, office: Office) -> None:
    page = sari.page
    await page.goto(f"{sari.url}/console/account")
    box = page.get_by_label("Bunyi di halaman ini bila ada yang menunggu")
    await expect(box).not_to_be_checked()
    await box.check()
    await page.goto(f"{sari.url}/console/complaints")
    await sari.connected()
    await office.waiting()
    held = page.get_by_text("Peramban menahan bunyi")
    await expect(held).to_be_visible()
    await page.get_by_role("heading", level=1).click()
    await expect(held).to_be_hidden()
    await page.goto(f"{sari.url}/console/account")
    await expect(box).to_be_checked()
