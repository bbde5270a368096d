"""A look begun while the engine thinks: used once, done again when it failed, dropped when nobody wants it."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import AsyncMock

from sqlalchemy import TextClause, text

from actions.standing import Ahead, UnderWay, under_way
from bot.applications.service import utc_now


class Row:
    guide, reports, asked_lately = True, False, True


class Reader:
    """Answers `rows` a moment later; raises instead as often as `failures` says."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.begun: list[int] = []
        self.ended: list[int] = []

    async def run(self, statement: TextClause, given: dict[str, Any]) -> list[Any]:
        self.begun.append(given["id"])
        try:
            await asyncio.sleep(0)
            if self.failures:
                self.failures -= 1
                raise ConnectionError
            return [Row]
        finally:
            self.ended.append(given["id"])


async def look(ahead: Ahead, conversation: int) -> UnderWay:
    return await under_way(ahead.read, AsyncMock(), conversation, utc_now())


async def test_the_look_is_begun_once_and_before_the_action_asks() -> None:
    reader = Reader()
    ahead = Ahead(reader.run, utc_now)
    with ahead.looking(7):
        await asyncio.sleep(0)
        assert reader.begun == [7]
        assert await look(ahead, 7) == UnderWay(guide=True, reports=False, asked_lately=True)
        assert reader.begun == [7]
        await look(ahead, 7)  # the turn again: what was seen may have changed
        assert reader.begun == [7, 7]


async def test_another_conversation_and_another_statement_have_their_own() -> None:
    reader = Reader()
    ahead = Ahead(reader.run, utc_now)
    with ahead.looking(7):
        await look(ahead, 8)
        await ahead.read(text("select 1"), {"id": 7})
        await look(ahead, 7)
    assert sorted(reader.begun) == [7, 7, 8]


async def test_a_look_that_failed_is_done_again() -> None:
    reader = Reader(failures=1)
    ahead = Ahead(reader.run, utc_now)
    with ahead.looking(7):
        assert (await look(ahead, 7)).guide
    assert reader.begun == [7, 7]


async def test_what_nobody_asked_for_is_dropped() -> None:
    reader = Reader()
    ahead = Ahead(reader.run, utc_now)
    with ahead.looking(7):
        await asyncio.sleep(0)
    await look(ahead, 7)
    assert reader.begun == [7, 7]
    assert reader.ended == [7, 7]
