"""The short version of tests/hostile/fuzzing: every reader, a thousand spoiled inputs, no failure, no hang."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.helpers.databases import fresh_database
from tests.hostile.fuzzing import odd
from tests.hostile.fuzzing.run import Result, attack, report
from tests.hostile.fuzzing.standards import standards_target
from tests.hostile.fuzzing.targets import Target, counted, local_targets, of
from tests.hostile.fuzzing.webhooks import attacked

CASES = 1_000


async def test_every_reader_takes_whatever_comes(database_url: str, tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "work").mkdir()
    async with attacked(await fresh_database(database_url, "fuzz"), tmp_path) as web:
        targets = [*web.targets(), *local_targets(tmp_path / "work"), standards_target()]
        results = [await attack(target, count, 7, 60) for target, count in counted(targets, CASES)]
    assert report(results, said.append) == 0, "\n".join(said)
    assert sum(one.cases for one in results) >= CASES * 0.99
    assert {200, 201, 400, 403, 422} <= set(web.statuses)


def test_spoiling_is_repeatable_and_spoils() -> None:
    right = {"a": [1, {"b": "text"}], "c": "x"}
    one, two = ([odd.tree(Random(seed), right) for seed in range(40)] for _ in range(2))
    assert repr(one) == repr(two)
    assert sum(spoiled != right for spoiled in one) > 30
    assert right == {"a": [1, {"b": "text"}], "c": "x"}
    assert sum(odd.data(Random(seed), b"abcdefgh") != b"abcdefgh" for seed in range(40)) > 30


@pytest.mark.parametrize(("fault", "why"), [(ZeroDivisionError(), "ZeroDivisionError"), (None, "")])
async def test_a_failure_is_reported(fault: Exception | None, why: str) -> None:
    def feed(_: object) -> None:
        if fault is not None:
            raise fault

    said: list[str] = []
    results = [await attack(of("a reader", 1, lambda source: source.random(), feed), 3, 1, 10)]
    assert report(results, said.append) == int(fault is not None)
    assert why in "\n".join(said)


async def test_too_few_cases_in_time_are_a_failure() -> None:
    target: Target = of("a slow reader", 1, lambda source: source.random(), lambda _: None)
    result = await attack(target, 1_000_000, 1, 0.01)
    assert result.failed and report([result], lambda _: None) == 1


def test_memory_that_grows_is_a_failure() -> None:
    assert Result("a leak", cases=1, wanted=1, growth=200).failed
    assert not Result("none", cases=1, wanted=1, growth=1).failed
