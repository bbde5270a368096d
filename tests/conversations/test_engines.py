"""Several engines: the least busy one is asked, one that is away is asked last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.dialogue.client import Engine, EngineUnavailable
from tests.helpers.engine import TOKEN, StandInEngine
from tests.helpers.until import until


@pytest.fixture
async def pair() -> AsyncIterator[tuple[StandInEngine, StandInEngine]]:
    first, second = StandInEngine(), StandInEngine()
    await first.start()
    await second.start()
    yield first, second
    await first.stop()
    await second.stop()


@pytest.fixture
async def client(pair: tuple[StandInEngine, StandInEngine]) -> AsyncIterator[Engine]:
    client = Engine(f"{pair[0].url}, {pair[1].url}/", TOKEN)
    yield client
    await client.close()


async def test_turns_go_to_the_least_busy(client: Engine, pair: tuple[StandInEngine, StandInEngine]) -> None:
    go_on = asyncio.Event()

    async def slow(_: dict[str, Any]) -> None:
        await go_on.wait()

    pair[0].before = pair[1].before = slow
    turns = [asyncio.create_task(client.turn(number, text="halo", metadata={})) for number in range(6)]

    async def all_arrived() -> bool:
        return len(pair[0].calls) + len(pair[1].calls) == 6

    await until(all_arrived)
    assert len(pair[0].calls) == len(pair[1].calls) == 3
    go_on.set()
    assert [(await one).replies[0].text for one in turns] == ["jawaban: halo"] * 6


async def test_one_engine_away_is_not_noticed(client: Engine, pair: tuple[StandInEngine, StandInEngine]) -> None:
    await pair[0].stop()
    for number in range(4):
        assert (await client.turn(number, text="halo", metadata={})).memory
    assert len(pair[1].calls) == 4
    assert await client.healthy()


async def test_all_away_is_told(client: Engine, pair: tuple[StandInEngine, StandInEngine]) -> None:
    await pair[0].stop()
    await pair[1].stop()
    with pytest.raises(EngineUnavailable, match="no engine"):
        await client.turn(1, text="halo", metadata={})
    assert not await client.healthy()


async def test_an_engine_that_fails_in_the_middle_is_left_to_the_job(
    client: Engine, pair: tuple[StandInEngine, StandInEngine]
) -> None:
    """The actions may have run: the turn is tried again by its job, not at once behind its back."""
    pair[0].status = pair[1].status = 503
    with pytest.raises(EngineUnavailable, match="503"):
        await client.turn(1, text="halo", metadata={})
    assert len(pair[0].calls) + len(pair[1].calls) == 1
