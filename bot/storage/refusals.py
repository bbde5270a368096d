"""Refusals of all web processes together: each tells the others what it refused, so that one alarm counts them all.

A statement every ten seconds and process, however many calls are refused.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot import refusals
from bot.storage.base import Base, BigId, Created
from bot.storage.database import DATABASE_ERRORS
from bot.storage.patience import is_away

if TYPE_CHECKING:
    from bot.storage.database import Database

log = structlog.get_logger(__name__)

EVERY = 10.0  # seconds
_ME = uuid.uuid4().hex


class RefusalCount(Base):
    """How many calls of a kind one process refused within some seconds. Nothing that came in; gone after an hour."""

    __tablename__ = "refusal_counts"
    __table_args__ = (Index("ix_refusal_counts_at", "at"),)

    id: Mapped[BigId]
    process: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    count: Mapped[int]
    at: Mapped[Created]


_SHARE = text("""
with told as (
    insert into refusal_counts (process, place, reason, count)
    select :me, one->>0, one->>1, cast(one->>2 as integer) from jsonb_array_elements(cast(:mine as jsonb)) one
), old as (
    delete from refusal_counts where at < now() - interval '1 hour'
)
select place, reason, cast(sum(count) as integer) as count from refusal_counts
where process <> :me and at > now() - make_interval(secs => :seconds) group by place, reason
""")


async def share(database: Database, me: str = _ME) -> None:
    """Tell what this process (`me`) refused since the last time, and hear what the others did. Raises what the database
    raises; nothing is forgotten then."""
    alarm = refusals.alarm
    mine = alarm.to_tell()
    try:
        told = json.dumps([[*kind, count] for kind, count in mine.items()])
        found = await database.run(_SHARE, {"me": me, "mine": told, "seconds": alarm.seconds})
    except BaseException:
        alarm.not_told(mine)
        raise
    refusals.heard_of({(one.place, one.reason): one.count for one in found})


async def keep_sharing(database: Database) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        try:
            await share(database)
        except Exception as error:
            if not is_away(error) and not isinstance(error, DATABASE_ERRORS):
                raise
            log.debug("refusals are told later", error=type(error).__name__)
