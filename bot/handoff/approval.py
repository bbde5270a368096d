"""Answers of the bot that wait for an officer's yes, and topics that a person answers: rules, off by default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.handoff.desk import Desk
from bot.handoff.models import Rule


@dataclass(frozen=True, slots=True)
class Held:
    """One answer that waits. `bubbles`: {"id", "text", "buttons", "sources"} in order; `left`: seconds to decide."""

    id: int
    conversation_id: int
    name: str
    question: str
    bubbles: tuple[dict[str, Any], ...]
    why: str
    left: float


async def rules(session: AsyncSession) -> Sequence[Rule]:
    """Those in force."""
    raise NotImplementedError


async def add_rule(desk: Desk, act: str, topic: str = "", below: float | None = None) -> int:
    """Raises BadInput (unknown topic, nothing said, below not within 0 to 1) and NotAllowed (officers)."""
    raise NotImplementedError


async def end_rule(desk: Desk, rule_id: int) -> None:
    raise NotImplementedError


async def held(session: AsyncSession, now: datetime, conversation_id: int | None = None) -> list[Held]:
    """What waits, the most urgent first."""
    raise NotImplementedError


async def approve(desk: Desk, held_id: int, texts: dict[int, str] | None = None) -> None:
    """Sends the answer, with the officer's own `texts` by message id where they differ. Raises DeskError when it was
    decided before, or its time is over."""
    raise NotImplementedError


async def reject(desk: Desk, held_id: int) -> None:
    """Nothing is sent; the officer takes the conversation (see service.claim)."""
    raise NotImplementedError
