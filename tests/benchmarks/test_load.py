"""The moments, people and questions of a measurement at a rate."""

from __future__ import annotations

import asyncio
import itertools
import statistics

import aiohttp
import pytest

from benchmarks.load import DIALOGUE, Arrival, arrivals, at_rate


def of(person: int, found: list[Arrival]) -> list[str]:
    return [one.question for one in found if one.person == person]


def test_every_system_gets_the_same() -> None:
    assert arrivals(10, 8, 20) == arrivals(10, 8, 20)


def test_arrivals_are_as_many_as_the_rate_says_and_come_at_random() -> None:
    found = arrivals(10, 200, 20)
    gaps = [later.moment - earlier.moment for earlier, later in itertools.pairwise(found)]
    assert len(found) == 2000
    assert 0 <= found[0].moment <= found[-1].moment < 200
    assert min(gaps) >= 0
    # exponential: mean and deviation are the same, and a tenth of the gaps is shorter than a tenth of the mean
    assert statistics.fmean(gaps) == pytest.approx(0.1, rel=0.02)
    assert statistics.stdev(gaps) == pytest.approx(0.1, rel=0.1)
    assert sum(gap < 0.01 for gap in gaps) / len(gaps) == pytest.approx(0.095, abs=0.02)


@pytest.mark.parametrize("rate", [2, 5, 10, 20])
def test_a_short_measurement_holds_every_question_and_keeps_the_dialogues_order(rate: float) -> None:
    found = arrivals(rate, 8, 20)
    assert {one.question for one in found} == set(DIALOGUE)
    for person in range(20):
        begin = person % len(DIALOGUE)
        asked = of(person, found)
        assert asked == list(itertools.islice(itertools.cycle(DIALOGUE), begin, begin + len(asked)))


async def test_a_person_waits_for_the_answer_and_the_wait_counts() -> None:
    running: set[str] = set()
    asked: list[str] = []

    async def ask(_: aiohttp.ClientSession, person: str, question: str) -> None:
        assert person not in running
        running.add(person)
        asked.append(question)
        await asyncio.sleep(0.02)
        running.remove(person)

    measured = await at_rate(ask, 1000, 0.01, people=1)
    assert asked == list(DIALOGUE[:10])
    assert measured.turns == 10
    assert max(measured.milliseconds) > 150
