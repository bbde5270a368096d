"""The short version of tests/engine/fuzzing.py: no crash, and no confident answer where nothing was asked."""

from __future__ import annotations

from collections import Counter

from tests.engine.conftest import RunningEngine
from tests.engine.fuzzing import cases, confident

CASES = 480


def test_hostile_texts(engine: RunningEngine) -> None:
    wrong: Counter[str] = Counter()
    total: Counter[str] = Counter()
    every = list(cases(CASES, seed=7))
    for start in range(0, CASES, 10):
        batch = every[start : start + 10]
        answers = engine.understood(*(text[:1_000] for _, text, _ in batch))
        for (kind, _, never), answer in zip(batch, answers, strict=True):
            assert 0 <= answer["confidence"] <= 1
            total[kind] += 1
            wrong[kind] += never and confident(answer)
    assert len(total) >= 8
    assert {kind: count for kind, count in wrong.items() if count > max(1, 0.05 * total[kind])} == {}
    assert engine.process.poll() is None


def test_the_cases_are_the_same_every_time() -> None:
    assert list(cases(40)) == list(cases(40)) != list(cases(40, seed=1))
