"""Words of a report, and whatever a hidden reporter tells the bot: no reader of messages shows or keeps them.

Every address of the console and of the office's interface is asked, so that a reader that comes later is asked, too.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import delete, func, literal_column, select, text, update

from bot.complaints.models import Complaint
from bot.console import today
from bot.conversations.hiding import DRAFTING, NAME
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.figures.kept import Kept
from bot.handoff.models import CallBack, Handoff
from bot.knowledge.load import get_knowledge
from bot.privacy import retention
from bot.understanding.collect import collect
from bot.understanding.models import UnknownMessage
from tests.actions.chat import Chat, Said
from tests.complaints.conftest import Person
from tests.console.desk.conftest import FrontOffice
from tests.helpers.routes import addresses

ACCUSED, REPORTER = "Sudarmokelam", "Nirmalasunyi"
STORY = f"udah 3 minggu izin perluasan saya gak ada kabar, pak {ACCUSED} cuma bilang tunggu"
AFTER = f"kata orang {ACCUSED} itu sering begitu"
TO_STAFF = "saya mau tanya jam buka kantor"


@dataclass
class Heard(Person):
    """Each message is left as a turn leaves it (bot/conversations/commit.py), not understood."""

    async def say(self, text: str, intent: str = "nlu_fallback", again: bool = False, **entities: str) -> Said:
        return await self._left(await super().say(text, intent, again, **entities))

    async def tap(self, title: str, again: bool = False) -> Said:
        return await self._left(await super().tap(title, again))

    async def send(self, payload: str) -> Said:
        return await self._left(await super().send(payload))

    async def _left(self, said: Said) -> Said:
        understood = {"intent": "nlu_fallback", "family": "out_of_scope", "confidence": 0.2, "ranking": []}
        draft = literal_column(DRAFTING.format(conversation="incoming_messages.conversation_id"))
        values = {"handled_at": self.now, "outcome": "answered", "understood": understood}
        message = update(Incoming).where(Incoming.id == self.messages[-1]).values(values)
        await self.session.execute(message.values(report_id=func.coalesce(Incoming.report_id, draft)))
        return said


@dataclass
class Told:
    """Somebody who tells the bot about an officer, by the real actions."""

    office: FrontOffice
    folder: Path
    conversation: int = 0

    async def tell(self, end: str, visibility: str = "Anonim") -> int:
        """`end`: story, chosen, paused, cancelled, ready, withdrawn, submitted."""
        async with self.office.runtime.database.session() as session:
            stage = self.office.stage(session)
            self.conversation = await stage.person(f"{REPORTER} {end}", "whatsapp", 0)
            person = Heard(session, Chat(session, get_knowledge(), self.conversation), stage.now, self.folder)
            person.configure()
            await person.say(STORY, "complaint", office="magetan")
            await person.tap("Buat laporan")
            await person.say(f"namanya {ACCUSED}, saya {REPORTER} takut")
            await self._end(person, end, visibility)
            for said_by_bot in person.chat.events[-3:]:
                await stage.says(
                    self.conversation, f"{said_by_bot['text']} {ACCUSED}", 0, in_reply_to=person.messages[-1]
                )
        return self.conversation

    async def _end(self, person: Person, end: str, visibility: str) -> None:
        if end == "story":
            return
        await person.tap("Selesai")
        if "Layanan apa" in person.chat.last.text:
            await person.tap("Perluasan Usaha Industri")
        await person.finish("3 november 2026", visibility)
        if end == "paused":
            await person.say("lanjutkan nanti")
        if end == "cancelled":
            await person.say("batal")
            await person.tap(next(title for title, sent in person.chat.last.buttons.items() if '"answer":"ya"' in sent))
        if end not in ("ready", "withdrawn", "submitted"):
            return
        await person.tap(next(title for title, sent in person.chat.last.buttons.items() if '"agree"' in sent))
        row = await person.report()
        if end == "withdrawn":
            for answer in ("", "ya"):
                await person.send(f'/complaint_answer{{"question":"withdraw","answer":"{answer}","detail":"{row.id}"}}')
        elif end == "submitted":
            row.status, row.step, row.tracking_id, row.submitted_at = "answered", "answer", None, person.now
            await person.say(f"katanya {ACCUSED} sudah ditegur")

    async def goes_on(self) -> None:
        """Talks with the bot about the same thing, sends a photo, then waits for a person and writes to that person."""
        async with self.office.runtime.database.session() as session:
            stage = self.office.stage(session)
            me = self.conversation
            await stage.asks(me, AFTER, -0.1, "nlu_fallback")
            await stage.says(me, f"Maksud Anda {ACCUSED}?", -0.1, status="failed")
            photo = await stage.asks(
                me, "", -0.1, "inform", kind="photo", attachments=[{"kind": "photo", "reference": "x"}]
            )
            name = f"{me}.jpg"
            (self.office.runtime.settings.files_dir / name).write_bytes(ACCUSED.encode())
            session.add(StoredFile(incoming_id=photo, kind="photo", reference="x", filename=ACCUSED, path=name))
            await stage.waits(me, 0, "requested", "Pemohon meminta petugas.", office="magetan")
            await stage.asks(me, TO_STAFF, -0.2, outcome="for_officer")
            span = {"wanted_from": stage.now, "wanted_until": stage.now}
            session.add(CallBack(conversation_id=me, office="magetan", question="jam buka?", **span))


@pytest.fixture
async def told(office: FrontOffice, tmp_path: Path) -> AsyncIterator[Told]:
    office.runtime.settings.files_dir.mkdir(parents=True, exist_ok=True)
    found = Told(office, tmp_path)
    yield found
    async with office.runtime.database.session() as session:
        await session.execute(delete(Conversation).where(Conversation.id == found.conversation))


async def everything_shown(office: FrontOffice, conversation: int) -> dict[str, str]:
    """What every GET address answers an officer and a supervisor, with the numbers of this conversation filled in."""
    async with office.runtime.database.session() as session:
        report = (await session.scalars(select(Complaint.id).where(Complaint.conversation_id == conversation))).first()
        incoming = select(Incoming.id).where(Incoming.conversation_id == conversation)
        file = (await session.scalars(select(StoredFile.id).where(StoredFile.incoming_id.in_(incoming)))).first()
        sent = (
            await session.scalars(select(func.max(Outgoing.id)).where(Outgoing.conversation_id == conversation))
        ).one()
    numbers = {"conversation_id": conversation, "report_id": report or 0, "file_id": file or 0, "message_id": sent or 0}
    shown = {}
    for address in sorted(one.removeprefix("GET ") for one in addresses(office.app) if one.startswith("GET ")):
        if not address.startswith(("/console", "/api/v1")) or address in ("/console/live",):
            continue
        filled = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: str(numbers.get(found[1], "1")), address)
        for query in QUERIES.get(address, ("",)):
            for who in (office.sari, office.wati):
                answer = await who.get(filled + query)
                assert answer.status_code < 500, filled
                shown[f"{filled}{query} {who is office.wati}"] = _without_typed(answer, query)
    assert len(shown) > 100
    return shown


VIEWS = ("waiting", "mine", "all", "closed", "held", "mentions", "call-backs")
SEARCHES = tuple(f"?view=all&q={words}" for words in (ACCUSED, REPORTER, "ditegur", "takut", "begitu"))
QUERIES = {
    "/console/inbox": (*(f"?view={view}" for view in VIEWS), *SEARCHES),
    "/console/inbox/rows": (*(f"?view={view}" for view in VIEWS), *SEARCHES),
    "/console/complaints": tuple(f"?view={view}" for view in ("send", "waiting", "lapor", "closing", "dead", "done")),
    "/console": ("", "?masa=7-hari", "?masa=30-hari"),
    "/console/conversations/{conversation_id}": ("", *SEARCHES),
}


def _without_typed(answer: httpx.Response, query: str) -> str:
    """What was typed into a search stays in its field and in addresses."""
    typed = query.partition("&q=")[2]
    return answer.text.replace(f'value="{typed}"', "").replace(f"q={typed}", "") if typed else answer.text


@pytest.mark.parametrize("end", ["story", "chosen", "paused", "cancelled", "ready", "withdrawn", "submitted"])
async def test_no_reader_shows_what_a_hidden_report_says(told: Told, end: str) -> None:
    conversation = await told.tell(end)
    if end != "story":
        await told.goes_on()
    for address, words in (await everything_shown(told.office, conversation)).items():
        if re.match(r"/console/complaints/\d+ ", address):
            continue  # the report itself, as it was agreed to: whoever has to send it reads it
        assert ACCUSED not in words, address
        if end != "story":  # nothing was chosen yet: the name is shown, the words are not
            assert REPORTER not in words, address
    if end != "story":
        page = (await told.office.sari.get(f"/console/conversations/{conversation}")).text
        assert NAME in page and TO_STAFF in page  # what was said to the staff is theirs to read


@pytest.mark.parametrize("visibility", ["Anonim", "Rahasia", "Nama ditampilkan"])
@pytest.mark.parametrize("end", ["story", "chosen", "paused", "cancelled", "ready", "withdrawn", "submitted"])
async def test_nothing_said_to_a_report_is_learned(told: Told, end: str, visibility: str) -> None:
    """Whatever was chosen, a report's own words teach nothing; a hidden reporter's other words neither."""
    conversation = await told.tell(end, visibility)
    if end != "story":
        await told.goes_on()
    async with told.office.runtime.database.session() as session:
        await session.execute(update(Conversation).where(Conversation.id == conversation).values(owner="bot"))
        await collect(session, "k")
        kept = (await session.scalars(
            select(UnknownMessage.text).join(Incoming, Incoming.id == UnknownMessage.message_id)
            .where(Incoming.conversation_id == conversation)
        )).all()  # fmt: skip
    assert kept == ([AFTER] if visibility == "Nama ditampilkan" and end != "story" else []), kept


async def test_an_officer_does_not_send_again_what_may_not_be_read(told: Told) -> None:
    """Sent again as the officer's own, a failed answer of the bot would stand in the transcript."""
    conversation = await told.tell("ready")
    await told.goes_on()
    await told.office.sari.post(f"/console/conversations/{conversation}/claim")
    async with told.office.runtime.database.session() as session:
        failed = (await session.scalars(
            select(Outgoing.id).where(Outgoing.conversation_id == conversation, Outgoing.status == "failed")
        )).one()  # fmt: skip
        assert (await session.scalars(select(Handoff.officer_id).where(Handoff.conversation_id == conversation))).one()
    answer = await told.office.sari.post(f"/console/conversations/{conversation}/messages/{failed}/resend")
    assert answer.status_code == 404
    assert await told.office.sent(conversation) == []


async def test_claim_codes_are_not_learned(told: Told) -> None:
    async with told.office.runtime.database.session() as session:
        stage = told.office.stage(session)
        told.conversation = await stage.person("Ratna Contoh", "whatsapp", 0)
        for words in (
            "KLAIM-7K3M-9XQ4-ACDE",
            "klaim 7k3m 9xq4 acdf",
            "kode saya 7K3M-9XQ4-ACDE",
            "ini 7k3m.9xq4.acde ya",
        ):
            await stage.asks(told.conversation, words, 0, "nlu_fallback")
        await collect(session, "k")
        kept = (await session.scalars(select(UnknownMessage.text))).all()
    assert not [one for one in kept if re.search("7k3m|9xq4|acd", one, re.I)], kept


async def test_the_dashboard_has_no_free_text(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    async with told.office.runtime.database.session() as session:
        await session.execute(text("delete from unknown_messages"))
        stage = told.office.stage(session)
        told.conversation = await stage.person("Ratna Contoh", "whatsapp", 0)
        await stage.asks(told.conversation, f"embuh iki piye {ACCUSED}", 0, "nlu_fallback")
        assert await collect(session, "k") == 1
    monkeypatch.setattr(today, "_groups", Kept(0.0))
    page = (await told.office.wati.get("/console")).text
    assert ACCUSED not in page and "Belum dipahami Pandu" in page


async def test_a_draft_that_is_let_go_after_its_time_stays_withheld(told: Told) -> None:
    """Chosen as Anonim, put aside, forgotten: the report is deleted, what it hid is not told."""
    conversation = await told.tell("paused")
    runtime = told.office.runtime
    long_after = told.office.clock() + timedelta(days=200)
    drafts = [one for one in retention.periods(get_knowledge().privacy, {}) if one.kind.id == "drafts"]
    assert (await retention.run(runtime, drafts, long_after))["drafts"] >= 1
    async with runtime.database.session() as session:
        assert not (await session.scalars(select(Complaint).where(Complaint.conversation_id == conversation))).all()
    for address in (
        f"/console/conversations/{conversation}",
        "/console/inbox?view=all",
        f"/console/inbox{SEARCHES[0]}",
    ):
        shown = _without_typed(await told.office.sari.get(address), address.partition("/console/inbox")[2])
        assert ACCUSED not in shown and REPORTER not in shown, address


async def test_an_officer_who_steps_into_a_report_reads_what_is_said_to_them(told: Told) -> None:
    conversation = await told.tell("story")
    await told.office.sari.post(f"/console/conversations/{conversation}/claim", data={"step_in": "1"})
    async with told.office.runtime.database.session() as session:
        await told.office.stage(session).asks(conversation, TO_STAFF, -1, outcome="for_officer")
    page = (await told.office.sari.get(f"/console/conversations/{conversation}")).text
    assert TO_STAFF in page and ACCUSED not in page


async def test_a_choice_that_is_changed_counts_as_it_was_agreed_to(told: Told) -> None:
    """Anonim at first, then in one's own name: the words are the office's to read; the other way round they are not."""
    for first, then, shown in (("Anonim", "Nama ditampilkan", True), ("Nama ditampilkan", "Rahasia", False)):
        conversation = await told.tell("chosen", first)
        async with told.office.runtime.database.session() as session:
            person = Heard(session, Chat(session, get_knowledge(), conversation), told.office.clock(), told.folder)
            person.configure()
            person.messages = [0] * 40
            row = await person.report()
            visibility = next(one.id for one in get_knowledge().complaints.visibility if one.label == then)
            changed = f'{{"question":"visibility","answer":"{visibility}","detail":"{row.id}"}}'
            await person.send(f"/complaint_answer{changed}")
            if "Nama siapa" in person.chat.last.text:
                await person.say("Siti Aminah")
            await person.tap(next(title for title, sent in person.chat.last.buttons.items() if '"agree"' in sent))
        page = (await told.office.sari.get(f"/console/conversations/{conversation}")).text
        assert (ACCUSED in page) == shown, (first, then)
        async with told.office.runtime.database.session() as session:
            await session.execute(delete(Conversation).where(Conversation.id == conversation))
