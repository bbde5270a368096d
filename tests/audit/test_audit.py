"""The audit log, in which everything stays that was written."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.models import AuditLine
from bot.audit.service import AuditFilter, lines, note


async def test_lines_are_found_by_actor_action_and_subject(session: AsyncSession) -> None:
    await note(session, "officer:7001", "conversation.read", "conversation", 17)
    await note(session, "officer:7001", "conversation.replied", "conversation", 18, kind="text")
    await note(session, "officer:7002", "officer.signed-in")
    await session.flush()
    found = await lines(session, AuditFilter(actor="officer:7001"))
    assert [line.action for line in found] == ["conversation.replied", "conversation.read"]
    assert found[0].detail == {"kind": "text"}
    assert [line.actor for line in await lines(session, AuditFilter(action="officer.", actor="officer:7002"))] == [
        "officer:7002"
    ]
    only = await lines(session, AuditFilter(actor="officer:7001", subject="conversation", subject_id=17))
    assert [line.action for line in only] == ["conversation.read"]
    assert len(await lines(session, AuditFilter(actor="officer:7001", before=found[0].id))) == 1


@pytest.mark.parametrize("change", [update(AuditLine).values(actor="x"), delete(AuditLine)])
async def test_a_line_can_neither_be_changed_nor_taken_away(session: AsyncSession, change: object) -> None:
    await note(session, "system", "test.written")
    await session.flush()
    with pytest.raises(DBAPIError, match="only ever added"):
        async with session.begin_nested():
            await session.execute(change)  # type: ignore[call-overload]
