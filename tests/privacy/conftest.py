"""A person of whom something is kept everywhere, and where her words are found."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import Application, ApplicationContact, ApplicationLink, ApplicationLook
from bot.audit.service import note_read
from bot.complaints.models import Complaint, ComplaintDelivery, ComplaintEvent, ComplaintFile, ComplaintPart
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.conversations.runtime import Runtime
from bot.dialogue.models import RasaTracker
from bot.guides.models import GuideProgress
from bot.handoff.models import CallBack, Handoff, Note
from bot.officers.models import Officer
from bot.privacy.models import NoticeShown
from bot.standards.tables import Proposal
from bot.storage.encrypted import encrypted_places
from bot.storage.keyring import keyring
from bot.tables import metadata
from bot.understanding.models import UnknownMessage

CANARY = "Kenarirahasia"


@dataclass(frozen=True)
class Filled:
    """Ids of what was made."""

    conversation: int
    application: int
    draft: int
    sent: int
    officer: int


async def fill(runtime: Runtime, address: str = "siti", channel: str = "recording", reply: bool = True) -> Filled:
    """Siti, who wrote, complained twice, has a guide, files and an application; an officer read it."""
    folder = runtime.settings.files_dir
    folder.mkdir(parents=True, exist_ok=True)
    async with runtime.database.session() as session:
        conversation = Conversation(channel=channel, address=address, profile_name=f"Siti {CANARY}")
        conversation.introduced_at = datetime.now(UTC)
        session.add(conversation)
        await session.flush()
        me = conversation.id
        message = await _messages(session, me, channel)
        (folder / "sent").mkdir(exist_ok=True)
        for number, name in enumerate((f"{me}1.jpg", f"complaint-{me}2.jpg", f"sent/{me}.pdf")):
            (folder / name).write_text(f"{CANARY} {number}")
        session.add(StoredFile(incoming_id=message, kind="photo", reference="r", filename=CANARY, path=f"{me}1.jpg"))
        session.add(GuideProgress(conversation_id=me, service="kudus-iui", procedure="p", answers={"x": CANARY}))
        session.add(Handoff(conversation_id=me, reason=CANARY))
        session.add(NoticeShown(conversation_id=me, version=1))
        session.add(RasaTracker(sender_id=str(me), state={"events": [{"event": "user", "text": CANARY}]}))
        session.add(
            UnknownMessage(
                message_id=message, person="p", text=CANARY, reason="asked_back", understood={}, written_at=_now()
            )
        )
        asked = Proposal(
            kind="question", title=CANARY, content={"ask": [CANARY]}, changed_by="budi", conversation_id=me
        )
        declined = Proposal(
            kind="question", title=CANARY, content={}, changed_by="budi", conversation_id=me, declined_at=_now()
        )
        session.add_all([asked, declined])
        draft = await _report(session, me, message, "drafting")
        sent = await _report(session, me, message, "submitted")
        application = await _application(session, me)
        officer = Officer(username=f"budi{me}", name="Budi", role="supervisor", password_hash="-")
        session.add(officer)
        await session.flush()
        await note_read(session, officer.id, "conversation", me, _now())
    return Filled(me, application, draft, sent, officer.id)


async def _messages(session: AsyncSession, me: int, channel: str) -> int:
    row = Incoming(
        conversation_id=me,
        channel=channel,
        provider_id=f"{me}-1",
        kind="text",
        text=f"nama saya {CANARY}",
        handled_at=_now(),
        outcome="answered",
        understood={"intent": "inform"},
    )
    session.add(row)
    session.add(Outgoing(conversation_id=me, text=f"Halo {CANARY}", status="sent"))
    session.add(Outgoing(conversation_id=me, text="", author="officer", status="sent", file={"path": f"sent/{me}.pdf"}))
    session.add(Note(conversation_id=me, text=CANARY))
    session.add(CallBack(conversation_id=me, question=CANARY, wanted_from=_now(), wanted_until=_now()))
    await session.flush()
    return row.id


async def _report(session: AsyncSession, me: int, message: int, status: str) -> int:
    agreed = status != "drafting"
    row = Complaint(
        conversation_id=me,
        status=status,
        step="" if agreed else "story",
        answers={"name": CANARY, "contact": CANARY, "visibility": "rahasia"},
        title=CANARY if agreed else "",
        body=CANARY if agreed else "",
        office="magetan",
        tracking_id=f"{1000000 + me}" if agreed else None,
        submitted_by="officer" if agreed else "",
        confirmed_at=_now() if agreed else None,
    )
    session.add(row)
    await session.flush()
    session.add(ComplaintPart(complaint_id=row.id, message_id=message, text=CANARY))
    session.add(ComplaintEvent(complaint_id=row.id, kind="answer", author="citizen", text=CANARY))
    if agreed:
        session.add(
            ComplaintFile(complaint_id=row.id, message_id=message, filename=CANARY, path=f"complaint-{me}2.jpg")
        )
        session.add(ComplaintDelivery(complaint_id=row.id, key=f"k{row.id}", status="sent", attempts=1))
    await session.flush()
    return row.id


async def _application(session: AsyncSession, me: int) -> int:
    row = Application(
        number=f"PDU-TEST-{me:04d}",
        office="magetan",
        service="magetan-perluasan",
        procedure="siinas",
        applicant="Siti Aminah",
        received_on=date(2026, 11, 2),
        stage="verifikasi",
        stage_since=_now(),
        turn="office",
    )
    session.add(row)
    await session.flush()
    session.add(ApplicationLink(application_id=row.id, conversation_id=me, how="code"))
    session.add(ApplicationContact(application_id=row.id, kind="phone", value="+6281234567890", verified_by="budi"))
    session.add(ApplicationLook(actor="conversation", conversation_id=me, application_id=row.id, outcome="shown"))
    await session.flush()
    return row.id


async def places_with(runtime: Runtime, needle: str) -> set[str]:
    """Tables (and "files") in which `needle` stands, in any column, decrypted where encrypted."""
    found = set()
    async with runtime.database.session() as session:
        tables = (await session.scalars(text("select tablename from pg_tables where schemaname = 'public'"))).all()
        for table in tables:
            query = text(f'select count(*) from "{table}" t where t::text ilike :needle')
            if (await session.execute(query, {"needle": f"%{needle}%"})).scalar_one():
                found.add(str(table))
        for place in encrypted_places(metadata):
            stored = await session.scalars(text(f"select {place.column} from {place.table}"))
            if any(needle in _plain(value) for value in stored):
                found.add(place.table)
    if any(needle in one.read_text() for one in files_of(runtime)):
        found.add("files")
    return found


def files_of(runtime: Runtime) -> list[Path]:
    """All files, whatever folder they are in."""
    return [one for one in runtime.settings.files_dir.rglob("*") if one.is_file()]


def _plain(value: Any) -> str:
    token = value.get("encrypted", json.dumps(value)) if isinstance(value, dict) else value or ""
    return keyring().decrypt(token)


def _now() -> datetime:
    return datetime.now(UTC)


async def age(runtime: Runtime, days: int) -> None:
    """Everything kept was written `days` earlier than it was."""
    columns = text("""
        select c.table_name, c.column_name from information_schema.columns c
        join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = 'timestamp with time zone'
            and c.table_name not like 'procrastinate%'
    """)
    async with runtime.database.session() as session:
        await session.execute(text("set local session_replication_role = replica"))  # no triggers
        changes: dict[str, list[str]] = {}
        for table, column in await session.execute(columns):
            changes.setdefault(table, []).append(f"{column} = {column} - :ago")
        for table, change in changes.items():
            await session.execute(text(f"update {table} set {', '.join(change)}"), {"ago": timedelta(days=days)})


@pytest.fixture
async def filled(runtime: Runtime) -> AsyncIterator[Filled]:
    async with runtime.database.session() as session:
        tables = "privacy_requests, legal_holds, knowledge_proposals, rasa_trackers, officers, applications"
        await session.execute(text(f"truncate {tables} cascade"))
    yield await fill(runtime)
    async with runtime.database.session() as session:  # others count applications, and have other keys
        await session.execute(text("delete from applications"))
        await session.execute(text("delete from shared_keys"))


async def one[T](runtime: Runtime, model: type[T], key: Any) -> T | None:
    """A row as it is now."""
    async with runtime.database.session() as session:
        return await session.get(model, key)


async def all_of[T](runtime: Runtime, model: type[T]) -> list[T]:
    async with runtime.database.session() as session:
        return list(await session.scalars(select(model)))
