"""The register over the real knowledge, on a day of our choosing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.service import Register
from bot.knowledge.load import get_knowledge


class Clock:
    """The register's time; tests set `moment`."""

    moment = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)  # Wednesday, 10.00 in Jakarta

    def __call__(self) -> datetime:
        return self.moment

    def on(self, year: int, month: int, day: int, hour: int = 3) -> None:
        self.moment = datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def register(session: AsyncSession, clock: Clock) -> Register:
    return Register(session, get_knowledge(), now=clock)
