"""The pictures of the officers' console in docs/images, made anew: `python scripts/console_pictures.py [OUTDIR]`.

Starts an invented front office of its own (tests/helpers/full_house.py) and looks at every page. Needs Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from playwright.async_api import Browser, async_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.processes.postgres import EmbeddedPostgres
from bot.storage.migrate import migrate
from bot.working_days import ZONES
from scripts.pictures import keep
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.listening import listening
from tests.browser.window import Window, context
from tests.helpers.front_office import PASSWORD
from tests.helpers.full_house import House, furnish
from tests.helpers.open_office import Office, open_office

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
}
LOOKS: dict[str, dict[str, Any]] = {"": {}, "dark": {"color_scheme": "dark"}, "phone": PHONE}
HOUSE = (
    "applications",
    "applications/new",
    "complaints",
    "knowledge",
    "figures",
    "survey",
    "understanding",
    "replies",
    "hours?office=kudus",
    "rules",
    "audit",
    "keys",
    "officers",
    "account",
    "privacy",
)
LIST = """layanan,nomor,tanggal_masuk,pemohon,tahap
kudus-iui,503/31/2026,2026-11-02,Rina Contoh,
kudus-iui,503/32/2026,2026-11-03,CV Contoh Jaya,
kudus-iui,503/33/2026,kemarin,Agus Contoh,
kudus-perizinan-lain,503/34/2026,2026-11-05,Tuti Contoh,
"""
PATIENCE = 120_000  # milliseconds; the machine may be busy
LINE = 10  # o'clock on the pictures


async def pictures(browser: Browser, office: Office, house: House, url: str, folder: Path) -> None:
    found = office.found
    shots: list[tuple[str, str, str, str]] = [  # name, officer, address, look
        ("inbox", "sari", "inbox", ""),
        ("conversation", "sari", f"conversations/{found['siti']}?view=waiting", ""),
        ("conversation-mine", "sari", f"conversations/{found['dewi']}?view=mine", ""),
        ("conversation-dark", "sari", f"conversations/{found['dewi']}?view=mine", "dark"),
        ("inbox-phone", "sari", "inbox", "phone"),
        ("conversation-phone", "sari", f"conversations/{found['dewi']}", "phone"),
        ("approval", "rina", f"conversations/{found['maya']}?view=held", ""),
        ("today", "wati", "", ""),
        *((name.split("?")[0].replace("/", "-"), "agus", name, "") for name in HOUSE),
        *(
            (f"{name}{'-phone' if look else ''}", "rina", address, look)
            for name, address in (
                ("application", f"applications/{house.application}"),
                ("complaint", f"complaints/{house.report}"),
                ("approval-list", "inbox?view=held"),
                ("call-backs", "inbox?view=call-backs"),
            )
            for look in ("", "phone")
        ),
        ("person", "rina", f"persons/{found['dewi']}", ""),
        *((f"{name.replace('/', '-')}-phone", "agus", name, "phone") for name in ("applications/new", "privacy")),
    ]
    opened = {}
    for look in {look for *_, look in shots}:
        for username in {username for _, username, _, one in shots if one == look}:
            opened[username, look] = Window(await (await context(browser, **LOOKS[look])).new_page(), url)
            opened[username, look].page.set_default_timeout(PATIENCE)
            if not look and username == "sari":
                await opened[username, look].page.goto(f"{url}/console/sign-in")
                await shoot(opened[username, look], folder / "console-sign-in.png")
            await opened[username, look].sign_in(username, PASSWORD)
    for name, username, address, look in shots:
        window = opened[username, look]
        await window.page.goto(f"{url}/console/{address}".removesuffix("/"))
        await window.connected()
        await shoot(window, folder / f"console-{name}.png")
    for look in ("", "phone"):
        window = opened["rina", look]
        await window.page.goto(f"{url}/console/applications/import")
        file: Any = {"name": "daftar-november.csv", "mimeType": "text/csv", "buffer": LIST.encode()}
        await window.page.locator("input[type=file]").set_input_files(file)
        await window.page.get_by_role("button", name="Periksa").click()
        await window.page.get_by_role("heading", name="daftar-november.csv").wait_for()
        await shoot(window, folder / f"console-application-import{'-phone' if look else ''}.png")
    window = opened["sari", ""]
    await window.open(found["dewi"], "?view=mine")
    await window.page.get_by_role("button", name="Balasan siap").click()
    await window.page.get_by_role("dialog").get_by_text("Salam").wait_for()
    await shoot(window, folder / "console-picker.png")
    assert [fault for one in opened.values() for fault in one.faults] == []


async def shoot(window: Window, path: Path) -> None:
    await window.page.wait_for_load_state("networkidle" if "sign-in" in path.name else "load")
    await window.page.evaluate("document.fonts.ready")
    await window.page.mouse.move(0, 0)
    await window.page.wait_for_timeout(400)
    keep(await window.page.screenshot(animations="disabled"), path)


async def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pandu-pictures-") as name:
        os.chmod(name, 0o755)  # noqa: PTH101, S103 PostgreSQL's own user must reach it
        data = Path(name)
        server = EmbeddedPostgres(data)
        database_url = server.start()
        try:
            await migrate(database_url)
            zone = (LINE - datetime.now(UTC).hour + 12) % 24 - 12  # in which it is forenoon now
            timezone = f"Etc/GMT{-zone:+d}"
            ZONES[timezone] = "WIB"
            async with open_office(database_url, data, timezone=timezone) as office:
                house = await furnish(office)
                async with listening(office) as url, async_playwright() as playwright:
                    browser = await playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
                    await pictures(browser, office, house, url, folder)
                    await browser.close()
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/images"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    os.environ["PANDU_DATA_KEYS"] = Fernet.generate_key().decode()
    asyncio.run(main(arguments.folder))
