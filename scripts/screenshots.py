"""The pictures of docs/images, made anew from a running Pandu: `python scripts/screenshots.py URL OUTDIR`.

Needs Chromium. With Roboto installed (`apt-get install fonts-roboto-unhinted`) the pictures look as on most phones.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
from pathlib import Path

from playwright.async_api import Browser, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.pictures import keep
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.phone import Phone

SIZES = {"phone": (360, 740), "laptop": (1366, 768)}
PICTURES = (
    ("phone", "WhatsApp", "light"),
    ("laptop", "Telegram", "light"),
)
DIALOGUE = ("halo", "Apa saja syarat izin usaha industri di Kudus?", "biayanya?")


async def picture(browser: Browser, url: str, folder: Path, size: str, flavour: str, scheme: str) -> None:
    width, height = SIZES[size]
    small = size == "phone"
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        device_scale_factor=1.5 if small else 1,
        is_mobile=small,
        has_touch=small,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
    page = await context.new_page()
    phone = Phone(page, url)
    await phone.open(f"gambar-{secrets.token_hex(4)}", flavour)
    for line in DIALOGUE:
        await phone.ask(line)
    await page.mouse.move(0, 0)
    name = f"simulator-{flavour.lower()}-{size}-{scheme}.png"
    keep(await page.screenshot(animations="disabled"), folder / name)
    await context.close()


async def main(url: str, folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        for size, flavour, scheme in PICTURES:
            await picture(browser, url, folder, size, flavour, scheme)
        await browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url", help="for example http://127.0.0.1:8000")
    parser.add_argument("folder", type=Path, help="for example docs/images")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(arguments.url.rstrip("/"), arguments.folder))
