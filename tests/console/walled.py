"""Something of everything that belongs to an office, and browsers of its people, for the tests of walls."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from bot.applications.service import NewApplication, Register, add
from bot.complaints.models import Complaint
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.handoff.answering.canned import CannedReply
from bot.handoff.models import CallBack, HeldAnswer, Note, Rule
from bot.handoff.ownership.service import request_person
from bot.handoff.triage.models import ConversationLabel, Label, SavedView
from bot.knowledge.load import get_knowledge
from bot.officers.service import by_id, set_offices
from bot.settings import Settings
from bot.storage.database import Database
from bot.understanding.models import UnknownMessage
from tests.console.conftest import SignedIn

SERVICES = {"kudus": "kudus-iui", "magetan": "magetan-perluasan"}


@dataclass
class Case:
    """Something of everything that belongs to one office; `word` stands in all of its texts and names."""

    word: str
    ids: dict[str, int | str] = field(default_factory=dict)


Cases = dict[str, Case]


async def make_case(database: Database, settings: Settings, office: str) -> Case:
    now, word = datetime.now(UTC), f"zq{office or 'umum'}xv"
    case = Case(word)
    (settings.files_dir).mkdir(parents=True, exist_ok=True)
    (settings.files_dir / f"{word}.bin").write_bytes(word.encode())
    async with database.session() as session:
        person = Conversation(channel="telegram", address=secrets.token_hex(6), profile_name=word, office=office)
        session.add(person)
        await session.flush()
        said = Incoming(
            conversation_id=person.id,
            channel="telegram",
            provider_id=secrets.token_hex(6),
            kind="text",
            text=f"pertanyaan {word}",
            handled_at=now,
            outcome="answered",
        )
        session.add(said)
        await session.flush()
        file = {"path": f"{word}.bin", "filename": f"{word}.bin", "media_type": "x/y", "size": 5, "kind": "document"}
        answer = Outgoing(
            conversation_id=person.id, in_reply_to=said.id, text=f"jawab {word}", status="sent", file=file
        )
        kept = StoredFile(incoming_id=said.id, kind="document", reference="r", filename=word, path=f"{word}.bin")
        held = HeldAnswer(conversation_id=person.id, incoming_id=said.id, expires_at=now + timedelta(hours=1))
        wish = CallBack(
            conversation_id=person.id,
            office=office,
            question=f"telepon {word}",
            wanted_from=now,
            wanted_until=now + timedelta(hours=2),
        )
        note = Note(conversation_id=person.id, text=f"catatan {word}")
        report = Complaint(
            conversation_id=person.id,
            status="queued",
            step="",
            answers={"visibility": "nama", "name": word},
            title=f"laporan {word}",
            body=word,
            office=office,
            route="delay",
            confirmed_at=now,
        )
        unknown = UnknownMessage(
            message_id=said.id, person=word, text=f"bingung {word}", reason="asked_back", understood={}, written_at=now
        )
        label = Label(name=word if office else "umum", color="biru", office=office)
        view = SavedView(name=word if office else "umum", office=office, wanted={})
        session.add_all([answer, kept, held, wish, note, report, unknown, label, view])
        await request_person(session, person.id, f"alasan {word}", office=office)
        await session.flush()
        session.add(ConversationLabel(conversation_id=person.id, label_id=label.id))
        case.ids = {
            "conversation_id": person.id,
            "conversation": person.id,
            "message_id": answer.id,
            "message": answer.id,
            "file_id": kept.id,
            "held_id": held.id,
            "call_back_id": wish.id,
            "report_id": report.id,
            "note": note.id,
            "label": label.id,
            "view": view.id,
        }
        if office:
            new = NewApplication(SERVICES[office], applicant=f"pemohon {word}")
            done = await add(Register(session, get_knowledge()), new, "system")
            reply = CannedReply(title=f"balasan {word}", text=word, office=office)
            rule = Rule(act="approve", topic="ask_cost", office=office)
            session.add_all([reply, rule])
            await session.flush()
            case.ids |= {"number": done.application.number, "reply_id": reply.id, "rule_id": rule.id}
    return case


@dataclass
class Desks:
    """Browsers by role and office."""

    signed_in: SignedIn
    database: Database

    async def __call__(self, role: str, *offices: str) -> httpx.AsyncClient:
        client = await self.signed_in(role)
        async with self.database.session() as session:
            officer = await by_id(session, client.officer.id)  # type: ignore[attr-defined]
            await set_offices(session, officer, offices, "system")
        return client
