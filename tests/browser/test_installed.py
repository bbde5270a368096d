"""The console as an installed app, in Chromium: without a line it says so, and nothing of a person is kept."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.window import Window

KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found;
}"""
READY = "navigator.serviceWorker.ready.then((one) => one.scope)"
IN_CHARGE = "() => Boolean(navigator.serviceWorker.controller)"


async def test_without_a_line_a_page_of_ours_says_so(sari: Window) -> None:
    page = sari.page
    assert (await page.evaluate(READY)).endswith("/console")
    await page.wait_for_function(IN_CHARGE)
    for address in ("/console", "/console/complaints", "/console/inbox"):
        await page.goto(sari.url + address)
    kept = await page.evaluate(KEPT)
    assert "/console/offline" in kept
    assert [one for one in kept if one != "/console/offline" and not one.startswith("/console/static/")] == []

    await page.context.set_offline(True)
    await page.goto(f"{sari.url}/console/applications")
    await expect(page.get_by_role("heading", name="Tidak tersambung")).to_be_visible()
    assert await page.evaluate("getComputedStyle(document.body).fontFamily") != ""
    await page.context.set_offline(False)
    await page.get_by_role("link", name="Coba lagi").click()
    await expect(page.get_by_role("heading", name="Percakapan")).to_be_attached()
