"""The acts that the tests of taking back do, and where they look."""

from __future__ import annotations

from typing import Any

import httpx
from sqlalchemy import select

from bot.audit.models import AuditLine
from bot.conversations.models import Conversation, Outgoing, RecallableAct
from bot.handoff.models import Handoff
from bot.handoff.ownership.service import request_person
from bot.storage.database import Database

LIVE = {"HX-Request": "true"}


async def waiting(database: Database, address: str = "warga-1") -> int:
    async with database.session() as session:
        person = Conversation(channel="simulator", address=address, profile_name="Warga")
        session.add(person)
        await session.flush()
        await request_person(session, person.id, "minta petugas")
        return person.id


def at(number: int, what: str = "") -> str:
    return f"/console/conversations/{number}{'/' + what if what else ''}"


async def state(database: Database, number: int) -> dict[str, Any]:
    """Who has the conversation, and what was said or waits."""
    async with database.session() as session:
        person = await session.get_one(Conversation, number)
        handoffs = (
            await session.scalars(select(Handoff).where(Handoff.conversation_id == number).order_by(Handoff.id))
        ).all()
        said = (
            await session.scalars(select(Outgoing).where(Outgoing.conversation_id == number).order_by(Outgoing.id))
        ).all()
        return {
            "owner": person.owner,
            "menu": person.menu,
            "handoffs": [(one.officer_id, one.closed_at is None, one.first_reply_at is None) for one in handoffs],
            "said": [(one.status, one.text) for one in said],
        }


async def act_of(database: Database) -> int:
    async with database.session() as session:
        return (await session.scalars(select(RecallableAct.id).order_by(RecallableAct.id.desc()))).first() or 0


async def audited(database: Database, action: str) -> list[dict[str, Any]]:
    async with database.session() as session:
        rows = await session.scalars(select(AuditLine).where(AuditLine.action == action))
        return [{"subject": one.subject_id, **one.detail} for one in rows]


async def take_back(client: httpx.AsyncClient, act: int) -> str:
    answer = await client.post(f"/console/acts/{act}/recall")
    assert answer.status_code == 303
    return (await client.get(answer.headers["location"])).text
