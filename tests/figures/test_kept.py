"""Figures kept for a moment."""

from __future__ import annotations

import asyncio

import pytest

from bot.figures.kept import Kept


class Work:
    """Counts how often it was done; fails and waits as told."""

    def __init__(self) -> None:
        self.done = 0
        self.fails = False
        self.go = asyncio.Event()
        self.go.set()

    async def __call__(self) -> int:
        self.done += 1
        await self.go.wait()
        if self.fails:
            raise OSError("keluar")
        return self.done


async def test_a_result_is_kept_for_its_time() -> None:
    now, work = [0.0], Work()
    kept: Kept[int] = Kept(60, clock=lambda: now[0])
    assert [await kept.get("a", work), await kept.get("a", work), await kept.get("b", work)] == [1, 1, 2]
    now[0] = 60.0
    assert await kept.get("a", work) == 3


async def test_those_who_ask_together_cost_one_look() -> None:
    work = Work()
    work.go.clear()
    kept: Kept[int] = Kept(60)
    asking = [asyncio.create_task(kept.get("a", work)) for _ in range(10)]
    await asyncio.sleep(0)
    work.go.set()
    assert await asyncio.gather(*asking) == [1] * 10


async def test_one_who_leaves_does_not_take_the_result_away() -> None:
    work = Work()
    work.go.clear()
    kept: Kept[int] = Kept(60)
    leaving, staying = (asyncio.create_task(kept.get("a", work)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    work.go.set()
    assert await staying == 1


async def test_a_failure_is_told_and_tried_again() -> None:
    work = Work()
    work.fails = True
    kept: Kept[int] = Kept(60)
    with pytest.raises(OSError, match="keluar"):
        await kept.get("a", work)
    work.fails = False
    assert await kept.get("a", work) == 2
