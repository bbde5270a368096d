"""Titles of buttons hold nothing that a person told: WhatsApp's provider keeps every set of titles for good."""

from __future__ import annotations

from sqlalchemy import select

from bot.complaints.models import Complaint
from tests.complaints.conftest import START, Person
from tests.complaints.test_after import tracked

STORY_WORDS = ("perluasan", "kabar", "tunggu", "Siti", "Aminah")


async def test_no_button_of_a_report_tells_who_reports_or_what(person: Person) -> None:
    titles: set[str] = set()
    send, say = person.chat.send, person.chat.say

    async def sent(*given: object, **named: object) -> object:
        said = await send(*given, **named)  # type: ignore[arg-type]
        titles.update(title for one in said.messages for title in (button["title"] for button in one["buttons"]))
        return said

    async def heard(*given: object, **named: object) -> object:
        said = await say(*given, **named)  # type: ignore[arg-type]
        titles.update(title for one in said.messages for title in (button["title"] for button in one["buttons"]))
        return said

    person.chat.send, person.chat.say = sent, heard  # type: ignore[method-assign, assignment]
    await person.to_preview("Nama ditampilkan")
    assert "Pakai nama di chat" in titles
    found = [title for title in titles if any(word.lower() in title.lower() for word in STORY_WORDS)]
    assert set(found) <= {"Perluasan Usaha Industri"}, found  # a service of the knowledge


async def test_a_number_for_one_of_several_reports_asks_without_their_titles(person: Person) -> None:
    await tracked(person)
    for title in ("Petugas Sudarmo minta uang", "Loket tutup jam 10"):
        person.session.add(
            Complaint(
                conversation_id=person.chat.conversation, status="handed", step="", title=title, body="isi",
                recipient="lapor", confirmed_at=START,
            )
        )  # fmt: skip
    await person.session.flush()
    said = await person.say("tracking id 1916777")
    assert set(said.buttons) == {"Nomor 1", "Nomor 2"}
    assert "Sudarmo" in said.text and "Loket tutup" in said.text
    second = said.text.partition("2. ")[2]
    await person.tap("Nomor 2")
    query = select(Complaint.title).where(Complaint.tracking_id == "1916777")
    assert (await person.session.scalars(query)).one() in second
