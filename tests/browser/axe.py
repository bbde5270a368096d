"""axe-core in the browser: what keeps people from using a page."""

from __future__ import annotations

from playwright.async_api import Page

from bot.settings import ROOT

AXE = ROOT / "tests/browser/node_modules/axe-core/axe.min.js"


async def faults(page: Page) -> dict[str, list[str]]:
    """axe-core's serious and critical findings: rule → where."""
    await page.evaluate(AXE.read_text())
    result = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return {
        one["id"]: [node["html"][:160] for node in one["nodes"]]
        for one in result["violations"]
        if one["impact"] in ("serious", "critical")
    }
