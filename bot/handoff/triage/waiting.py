"""Waiting for a person's word: since when, from the applicant's question to an officer's reply."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_WROTE = text("""
update handoffs set asked_at = case when :asks then coalesce(asked_at, now()) else asked_at end, snoozed_until = null,
    lease_until = case when snoozed_until > now() then now() + (lease_until - snoozed_until) else lease_until end
where conversation_id = :id and closed_at is null
    and (snoozed_until is not null or (:asks and asked_at is null))
returning id
""")


async def wrote(session: AsyncSession, conversation_id: int, *, asks: bool) -> bool:
    """The applicant wrote: what was put off comes back, and what asks for something waits from now on. Returns whether
    that changed anything."""
    return (await session.execute(_WROTE, {"id": conversation_id, "asks": asks})).first() is not None
