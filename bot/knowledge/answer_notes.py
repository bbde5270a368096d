"""Notes of an office before answers for a time: "Sistem OSS gangguan hari ini, …"."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.base import Base, BigId, Created
from bot.storage.database import Database

CACHED = 5.0  # seconds for which a process believes the notes that it has read
MOST_TEXT = 300


class AnswerNote(Base):
    """Said once to everybody who asks, until `ends_at`. `office` and `service` "": for all."""

    __tablename__ = "answer_notes"
    __table_args__ = (Index("ix_answer_notes_open", "ends_at", postgresql_where=text("ended_at is null")),)

    id: Mapped[BigId]
    created_at: Mapped[Created]
    by: Mapped[str] = mapped_column(Text)
    office: Mapped[str] = mapped_column(Text, server_default="")
    service: Mapped[str] = mapped_column(Text, server_default="")
    text: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


_OPEN = text("""
select id, office, service, text, created_at, ends_at from answer_notes
where ended_at is null and ends_at > now() order by id
""")
_TOLD = text("""
select n.id from answer_notes n where n.id = any(:notes) and exists (
    select from outgoing_messages o where o.conversation_id = :id and o.created_at >= n.created_at
        and position(n.text in o.text) > 0)
""")


class Notes:
    """The notes in force, as one process knows them; free while there are none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open: Sequence[Any] = ()
        self._until = 0.0

    async def untold(self, conversation: int, office: str, service: str) -> list[Any]:
        """Those for an answer of this office and service that the conversation has not been told."""
        if time.monotonic() >= self._until:
            self._open = await self._database.run(_OPEN)
            self._until = time.monotonic() + CACHED
        fitting = [one for one in self._open if one.office in ("", office) and one.service in ("", service)]
        if not fitting:
            return []
        told = await self._database.run(_TOLD, {"id": conversation, "notes": [one.id for one in fitting]})
        return [one for one in fitting if one.id not in {row.id for row in told}]
