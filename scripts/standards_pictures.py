"""Pictures of an office's own standards for docs/images: `python scripts/standards_pictures.py [OUTDIR]`.

Starts a whole Pandu with the trained model, and goes the way of tests/browser/test_new_region.py. Needs Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.pictures import keep
from tests.browser import standards
from tests.browser.adopting import Steps, drafted, place, published, signed_in
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.window import Window


async def pictures(folder: Path, data: Path) -> None:
    """Each page on a laptop and on a phone: the list, the draft, the trial, the rules that are broken, the versions."""
    async with async_playwright() as playwright, place(data / "pandu", data) as here:
        browser = await playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        officer = await signed_in(browser, here, "dian", "laptop")
        draft = await drafted(officer, standards.DEPOT, Steps())
        await shoot(officer, "", "trial-questions", folder, to="#questions")
        supervisor = await signed_in(browser, here, "ratna", "laptop")
        await published(supervisor, standards.DEPOT, draft, Steps())
        small = await signed_in(browser, here, "wahyu", "phone")
        for window, look in ((officer, ""), (small, "-phone")):
            for name, address in (
                ("standards", f"{window.url}/console/knowledge/drafts"),
                ("standard", draft),
                ("trial", f"{draft}/try"),
            ):
                await window.page.goto(address)
                if name == "trial":
                    await window.page.get_by_label("Pertanyaan", exact=True).fill(
                        f"berapa lama {standards.DEPOT.asked} di {standards.REGION.lower()}"
                    )
                    await window.page.get_by_role("button", name="Tanyakan").click()
                    await window.page.locator("#newest").wait_for()
                await shoot(window, look, name, folder)
        assert [fault for one in (officer, supervisor, small) for fault in one.faults] == []
        await browser.close()


async def shoot(window: Window, look: str, name: str, folder: Path, to: str = "") -> None:
    page, path = window.page, folder / f"console-{name}{look}.png"
    if to:
        await page.locator(to).scroll_into_view_if_needed()
    await page.evaluate("document.fonts.ready")
    await page.mouse.move(0, 0)
    keep(await page.screenshot(animations="disabled"), path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/images"))
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pandu-pictures-") as name:
        os.chmod(name, 0o755)  # noqa: PTH101, S103 PostgreSQL's own user must reach it
        asyncio.run(pictures(folder, Path(name)))


if __name__ == "__main__":
    main()
