"""axe-core in the browser: what keeps people from using a page."""

from __future__ import annotations

from playwright.async_api import Page

from bot.settings import ROOT

AXE = ROOT / "tests/browser/node_modules/axe-core/axe.min.js"
COLOURS = ("color-contrast", "link-in-text-block")
"""The rules that a page may break in one colour scheme and keep in the other."""


async def faults(page: Page, *rules: str) -> dict[str, list[str]]:
    """axe-core's serious and critical findings: rule → where. `rules`: only these."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text())
    wanted = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    result = await page.evaluate("wanted => axe.run(document, wanted)", wanted)
    return {
        one["id"]: [node["html"][:160] for node in one["nodes"]]
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
    }
