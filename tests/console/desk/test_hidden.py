"""Reports as Anonim or Rahasia: no page, list or search of the console tells who it is, or what was said."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.applications.models import Application, ApplicationLink
from bot.applications.numbers import new_number
from bot.conversations.hiding import NAME, WORDS
from bot.conversations.models import Conversation, Incoming, StoredFile
from bot.handoff.models import CallBack
from bot.knowledge.load import get_knowledge
from tests.actions.chat import Chat
from tests.complaints.conftest import Person
from tests.console.desk.conftest import FrontOffice

STORY = "petugas gudangarsip menyuruh saya pulang terus sudah 3 minggu"


async def reporter(office: FrontOffice, folder: Path, visibility: str, name: str, number: str) -> int:
    """Somebody with an application, who made a report and then waits for a person."""
    now = office.clock()
    async with office.runtime.database.session() as session:
        conversation = Conversation(
            channel="whatsapp", address=f"whatsapp:{number}", profile_name=name, last_incoming_at=now
        )
        session.add(conversation)
        await session.flush()
        person = Person(session, Chat(session, get_knowledge(), conversation.id), now, folder)
        person.configure()
        await person.say(STORY, "complaint", office="magetan")
        await person.tap("Buat laporan")
        file = Incoming(
            conversation_id=conversation.id, channel="whatsapp", provider_id=name, kind="photo", received_at=now,
            handled_at=now, outcome="answered",
        )  # fmt: skip
        session.add(file)
        await session.flush()
        path = folder / f"{conversation.id}.jpg"
        path.write_bytes(b"x")
        session.add(StoredFile(incoming_id=file.id, kind="photo", reference=name, path=str(path)))
        await person.tap("Selesai")
        await person.tap("Perluasan Usaha Industri")
        await person.finish("3 november 2026", visibility)
        await person.tap(next(title for title, sent in person.chat.last.buttons.items() if '"agree"' in sent))
        stage = office.stage(session)
        await stage.says(conversation.id, f"Salin ini: {(await person.report()).body}", 0)
        await stage.waits(conversation.id, 1, "complaint", "Pemohon punya keluhan.", office="magetan")
        await stage.asks(conversation.id, "saya mau tanya petugas dulu", -1, outcome="for_officer")
        span = {"wanted_from": now, "wanted_until": now + timedelta(hours=2)}
        session.add(CallBack(conversation_id=conversation.id, office="magetan", question=STORY, **span))
        application = Application(
            number=new_number(), office="magetan", service="magetan-perluasan", procedure="perluasan",
            applicant=name, received_on=now.date(), stage="x", stage_since=now, turn="office",
        )  # fmt: skip
        session.add(application)
        await session.flush()
        session.add(ApplicationLink(application_id=application.id, conversation_id=conversation.id, how="code"))
        return conversation.id


@pytest.mark.parametrize(
    ("visibility", "name", "number"),
    [
        ("Anonim", "Nirmala Rahasia", "+6281355557171"),
        ("Rahasia", "Nirwana Tertutup", "+6281355557272"),
    ],
)
async def test_a_hidden_reporter_stays_hidden(
    office: FrontOffice, tmp_path: Path, visibility: str, name: str, number: str
) -> None:
    person = await reporter(office, tmp_path, visibility, name, number)
    async with office.runtime.database.session() as session:
        file = (await session.scalars(select(StoredFile.id).where(StoredFile.reference == name))).one()
        held = (await session.scalars(select(Application.number).where(Application.applicant == name))).one()
    page, first = f"/console/conversations/{person}", name.partition(" ")[0]
    pages = {
        address: (await office.sari.get(address)).text
        for address in (
            page,
            f"{page}/live",
            f"{page}/older",
            f"{page}/replies",
            f"{page}/suggestions",
            *(f"/console/inbox?view={view}" for view in ("waiting", "all", "held", "mentions", "call-backs")),
            *(f"/console/inbox?view=all&q={words}" for words in (first, number[-8:], "gudangarsip", held)),
            "/console/complaints?view=send",
            "/console/today",
        )
    }
    pages["audit"] = (await office.wati.get(f"/console/audit?subject=conversation&subject_id={person}")).text
    for address, shown in pages.items():
        typed = address.partition("&q=")[2]
        seen = shown.replace(typed, "") if typed else shown  # what was typed stays in its field
        for secret in (first, number[-4:], STORY[:20], f"/console/files/{file}", held):
            assert secret not in seen, (address, secret)
    assert f"<title>{NAME}" in pages[page] or NAME in pages[page]
    assert WORDS in pages[page] and "saya mau tanya petugas dulu" in pages[page]
    assert NAME in pages["/console/inbox?view=waiting"] and NAME in pages["/console/inbox?view=call-backs"]
    for address, shown in pages.items():
        assert "&q=" not in address or f"row-{person}" not in shown, address
    assert (await office.sari.get(f"/console/files/{file}")).status_code == 404
    async with office.runtime.database.session() as session:
        await session.execute(text("delete from applications where applicant = :name"), {"name": name})


async def test_a_report_in_ones_own_name_hides_nothing(office: FrontOffice, tmp_path: Path) -> None:
    person = await reporter(office, tmp_path, "Nama ditampilkan", "Nurhayati Terbuka", "+6281355557474")
    pane = {"HX-Request": "true", "HX-Target": "pane"}  # without the list beside it
    shown = (await office.sari.get(f"/console/conversations/{person}", headers=pane)).text
    assert "Nurhayati Terbuka" in shown and STORY in shown and NAME not in shown
    assert f"row-{person}" in (await office.sari.get("/console/inbox?view=all&q=Nurhayati")).text
