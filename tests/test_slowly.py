"""Slow work beside transactions: what is wanted, who is counted, where it is refused."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.slowly import Beside, Slow, TooBusy, with_slow
from bot.storage.transaction import in_transaction, noted


async def test_never_inside_a_transaction() -> None:
    slow = Slow("test", most=2, each=2)
    with noted(), pytest.raises(RuntimeError, match="inside a transaction"):
        await slow.run("a", int)
    assert await slow.run("a", int, "7") == 7


async def test_one_at_a_time_and_an_end_to_waiting() -> None:
    slow, go, at_once = Slow("test", most=3, each=2), threading.Event(), []
    running = threading.Semaphore(1)

    def work() -> int:
        assert running.acquire(blocking=False), "one at a time"
        go.wait(10)
        running.release()
        at_once.append(1)
        return len(at_once)

    held = [asyncio.create_task(slow.run(who, work)) for who in ("a", "a", "b")]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await slow.run("b", work)
    go.set()
    assert await asyncio.gather(*held) == [1, 2, 3]
    held = [asyncio.create_task(slow.run("a", work)) for _ in range(3)]
    assert [type(one) for one in await asyncio.gather(*held, return_exceptions=True)] == [int, int, TooBusy]


async def test_one_asks_only_so_often_in_an_hour() -> None:
    now = [0.0]
    slow = Slow("test", most=9, each=9, now=lambda: now[0])
    for _ in range(3):
        await slow.run("a", int, an_hour=3)
    with pytest.raises(TooBusy):
        await slow.run("a", int, an_hour=3)
    await slow.run("b", int, an_hour=3)
    await slow.run("a", int)
    now[0] += 3601
    await slow.run("a", int, an_hour=3)


async def test_what_is_wanted_is_made_while_the_transaction_is_undone() -> None:
    seen: list[str] = []

    async def make() -> str:
        seen.append("made, inside" if in_transaction() else "made, outside")
        return "it"

    async def refused() -> str:
        raise TooBusy

    async def work(beside: Beside) -> list[object]:
        with noted():
            seen.append("began")
            return [beside.get("one", make), beside.get("other", refused), beside.get("one", make)]

    assert await with_slow(work) == ["it", None, "it"]
    assert seen == ["began", "made, outside", "began", "began"]
