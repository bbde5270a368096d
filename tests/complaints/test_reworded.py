"""Edited messages of a report: its story reads so from then on, and no other question is answered."""

from __future__ import annotations

from sqlalchemy import select

from bot.complaints import wording
from bot.complaints.models import ComplaintPart
from tests.actions.chat import Said
from tests.complaints.conftest import Person


async def _edited(person: Person, message: int, text: str) -> Said:
    """The message number `message` of this person is edited, after its answer."""
    person.chat.metadata = {"replaces": [person.messages[message]]}
    try:
        return await person.say(text)
    finally:
        person.chat.metadata = {}


async def test_an_edited_part_of_the_story_reads_so_from_then_on(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    await person.say("kejadiannya di loket tiga")
    said = await _edited(person, 2, "kejadiannya di loket dua")
    assert wording.STORY_REWORDED in said.text and "Selesai" in said.buttons
    report = await person.report()
    parts = await person.session.scalars(select(ComplaintPart.text).where(ComplaintPart.complaint_id == report.id))
    assert sorted(parts) == ["kejadiannya di loket dua", "petugasnya galak"]
    await person.tap("Selesai")
    await person.tap("Lewati")
    assert (await person.report()).step == "when"
    said = await _edited(person, 2, "kejadiannya di loket satu")
    assert wording.STORY_REWORDED in said.text and (await person.report()).step == "when", "no answer to this question"
    preview = await person.finish("3 november 2026")
    assert "loket satu" in preview.text.lower()
    agreeing = preview.buttons["Ya, sudah benar"]
    assert wording.STORY_REWORDED in (await _edited(person, 2, "kejadiannya di loket nol")).text
    assert wording.STALE in (await person.send(agreeing)).text, "agreed is what was read"
    assert "loket nol" in (await person.tap("LAPOR!")).text.lower(), "whom it goes to depends on the story"


async def test_an_edit_of_another_answer_changes_nothing_and_says_so(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    await person.tap("Selesai")
    await person.tap("Lewati")
    await person.say("3 november 2026")
    before = await person.report()
    step, answers = before.step, dict(before.answers)
    said = await _edited(person, len(person.messages) - 1, "4 november 2026")
    assert wording.EDIT_NOT_TAKEN in said.text
    after = await person.report()
    assert (after.step, dict(after.answers)) == (step, answers)
    await person.say("ubah")
    assert wording.CHANGE_WHICH in person.chat.last.text
