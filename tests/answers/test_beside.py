"""Buttons beside an answer: as many as fit at one look, a person and a ready text among them."""

from __future__ import annotations

from bot.answers.payloads import BESIDE, TO_PERSON, beside
from bot.answers.wording import TEXT_READY
from bot.messages import Button


def test_a_person_and_a_ready_text_stay_in_their_place() -> None:
    given = [Button(f"Lain {one}", f"/x{one}") for one in range(5)]
    given.insert(4, Button(TEXT_READY, "/text"))
    kept = beside([*given, TO_PERSON])
    assert [one.title for one in kept] == ["Lain 0", "Lain 1", TEXT_READY, TO_PERSON.title]
    assert len(kept) == BESIDE


def test_few_stay_as_they_are() -> None:
    given = (TO_PERSON, Button("Lain", "/x"))
    assert beside(given) == given
