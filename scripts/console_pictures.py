"""The pictures of the officers' console in docs/images, made anew: `python scripts/console_pictures.py [OUTDIR]`.

Starts an invented front office of its own (tests/helpers/front_office.py) and looks at every page. Needs Chromium.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.fernet import Fernet
from playwright.async_api import Browser, async_playwright
from sqlalchemy.ext.asyncio import AsyncSession

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bot.applications.posting import register_of
from bot.applications.service import NewApplication, add
from bot.complaints.models import Complaint
from bot.processes.postgres import EmbeddedPostgres
from bot.storage.migrate import migrate
from bot.survey.models import Survey, SurveyAnswer
from bot.understanding.models import UnknownMessage
from scripts.pictures import keep
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.window import Window, context
from tests.helpers.front_office import PASSWORD
from tests.helpers.open_office import Office, open_office
from tests.helpers.system import free_port
from tests.helpers.until import until

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
LINE = 10  # o'clock on the pictures


async def pictures(browser: Browser, office: Office, papers: Papers, url: str, folder: Path) -> None:
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
                ("application", f"applications/{papers.application}"),
                ("complaint", f"complaints/{papers.report}"),
                ("approval-list", "inbox?view=held"),
                ("call-backs", "inbox?view=call-backs"),
                ("person", f"persons/{found['dewi']}"),
            )
            for look in ("", "phone")
        ),
        *((f"{name.replace('/', '-')}-phone", "agus", name, "phone") for name in ("applications/new", "privacy")),
    ]
    opened = {}
    for look in {look for *_, look in shots}:
        for username in {username for _, username, _, one in shots if one == look}:
            opened[username, look] = Window(await (await context(browser, **LOOKS[look])).new_page(), url)
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


@dataclass(frozen=True, slots=True)
class Papers:
    """An application's number and a report's id."""

    application: str
    report: int


async def papers(office: Office) -> Papers:
    """Applications, a report, answers to the survey and messages not understood, for the pages of the house."""
    async with office.runtime.jobs.open_async(), office.runtime.database.session() as session:
        register = register_of(office.runtime, session)
        numbers: list[str] = []
        for number, (name, days) in enumerate((("Siti Contoh", 3), ("CV Contoh Maju", 9), ("Dewi Contoh", 41))):
            new = NewApplication(
                service="kudus-iui",
                reference=f"503/{number + 11}/2026",
                applicant=name,
                received_on=register.today() - timedelta(days=days),
                phones=["+6281200000001"] if number == 0 else (),
            )
            numbers.append((await add(register, new, f"officer:{office.people.sari.id}")).application.number)
        report = {"visibility": "nama", "office_id": "kudus", "place": "loket", "name": "Budi Contoh", "contact": "-"}
        complaint = Complaint(
            conversation_id=office.found["budi"],
            status="queued",
            step="",
            answers=report,
            title="Izin tidak kunjung terbit",
            body="Sudah tiga minggu belum ada kabar.",
            route="delay",
            recipient="lapor",
            office="kudus",
            service="kudus-iui",
            confirmed_at=office.clock() - timedelta(days=2),
        )
        session.add(complaint)
        await opinions(office, session)
        await session.flush()
        return Papers(numbers[0], complaint.id)


async def opinions(office: Office, session: AsyncSession) -> None:
    """What people thought, and what Pandu did not understand."""
    stage = office.stage(session)
    for number in range(14):
        at = office.clock() - timedelta(days=5 * number)
        row = Survey(occasion="licence", occasion_id=number + 1, status="done", office="kudus", service="kudus-iui")
        row.invited_at = row.answered_at = at
        session.add(row)
        await session.flush()
        scores = [2 + (number + element) % 3 for element in range(9)]
        answers = enumerate(scores, start=1)
        session.add_all(
            SurveyAnswer(survey_id=row.id, element=f"u{element}", score=score) for element, score in answers
        )
    for number, words in enumerate(
        ("kalo gudang sewa bisa ga", "gudangnya ngontrak boleh?", "sertifikat pirt itu apa")
    ):
        person = await stage.person(f"Tanya {number}", "telegram", 300)
        message = await stage.asks(person, words, 300)
        found = {
            "intent": "nlu_fallback",
            "confidence": 0.2,
            "ranking": [{"name": "ask_requirements", "confidence": 0.3}],
        }
        session.add(
            UnknownMessage(
                message_id=message,
                person=str(number),
                text=words,
                reason="asked_back",
                understood=found,
                written_at=office.clock(),
            )
        )


async def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pandu-pictures-") as name:
        os.chmod(name, 0o755)  # noqa: PTH101, S103 PostgreSQL's own user must reach it
        data = Path(name)
        server = EmbeddedPostgres(data)
        database_url = server.start()
        try:
            await migrate(database_url)
            zone = (LINE - datetime.now(UTC).hour + 12) % 24 - 12  # in which it is forenoon now
            async with open_office(database_url, data, timezone=f"Etc/GMT{-zone:+d}") as office:
                found = await papers(office)
                port = free_port()
                web = uvicorn.Server(uvicorn.Config(office.app, port=port, log_level="warning"))
                serving = asyncio.create_task(web.serve())

                async def started() -> bool:
                    return web.started

                await until(started)
                async with async_playwright() as playwright:
                    browser = await playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
                    await pictures(browser, office, found, f"http://127.0.0.1:{port}", folder)
                    await browser.close()
                web.should_exit = True
                await serving
        finally:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path("docs/images"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    os.environ["PANDU_DATA_KEYS"] = Fernet.generate_key().decode()
    asyncio.run(main(arguments.folder))
