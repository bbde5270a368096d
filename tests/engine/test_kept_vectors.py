"""Kept sentence vectors: never of another text, the same model with and without them, complete for the examples."""

from __future__ import annotations

from typing import Any

import pytest

from tests.helpers.engine_checks import found_by

pytestmark = pytest.mark.slow
MOST_MISSING = 200
"""Texts: four seconds on two cores. Renewed now and then, not with every example, the repository stays small."""


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return found_by("kept_check.py")


def test_a_model_is_the_same_whichever_way_it_was_made(found: dict[str, Any]) -> None:
    assert found["same"] == [True, True]


def test_a_damaged_file_is_not_used(found: dict[str, Any]) -> None:
    assert found["damaged"]


def test_a_changed_text_gets_its_own_vector(found: dict[str, Any]) -> None:
    assert found["stale"]


def test_rounding_is_small_and_the_optimum_is_scikit_learns(found: dict[str, Any]) -> None:
    assert found["rounding"] < 0.002
    assert found["optimum"] < 0.01


def test_the_file_holds_the_examples(found: dict[str, Any]) -> None:
    assert found["missing"] <= MOST_MISSING, "run: make vectors"
    assert found["needless"] <= MOST_MISSING, "run: make vectors"
