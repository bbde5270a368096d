"""The shape of knowledge/survey.yaml: nine elements of satisfaction (SKM), and the classes of the index."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.base import Fact, Id, Model

HIGHEST = 100.0
BUTTON = 24  # characters of a button's title
Answers = Annotated[list[str], Field(min_length=4, max_length=4)]
Titles = Annotated[list[Annotated[str, Field(min_length=1, max_length=BUTTON)]], Field(min_length=4, max_length=4)]


class SurveyElement(Model):
    """One element: its question and four answers, the first worth 1, the last worth 4.

    `buttons` are their titles where an answer is too long for a button.
    """

    id: Id
    name: Annotated[str, Field(max_length=24)]
    question: Fact
    answers: Answers
    buttons: Titles | None = None

    @property
    def titles(self) -> list[str]:
        """What stands on the buttons."""
        return self.buttons or self.answers


class IndexClass(Model):
    """A class of service quality: its letter and the lowest index that belongs to it; `fact` is its name."""

    id: Literal["A", "B", "C", "D"]
    least: float
    fact: Fact


class SurveyRules(Model):
    """knowledge/survey.yaml."""

    about: Fact
    elements: Annotated[list[SurveyElement], Field(min_length=1)]
    index: Fact
    classes: Annotated[list[IndexClass], Field(min_length=1)]

    def element(self, identity: str) -> SurveyElement | None:
        return next((one for one in self.elements if one.id == identity), None)

    def class_of(self, index: float) -> IndexClass:
        """The class of an index between 25 and 100, rounded to two decimals as the classes' limits are."""
        return next((one for one in self.classes if round(index, 2) >= one.least), self.classes[-1])


def survey_problems(rules: SurveyRules) -> Iterator[str]:
    """Nine elements, each once, answers that differ; classes from A to D, each lower than the one before."""
    identities = [one.id for one in rules.elements]
    if identities != [f"u{number}" for number in range(1, 10)]:
        yield f"elements: must be u1 to u9 in this order, not {', '.join(identities)}"
    for one in rules.elements:
        if len(set(one.titles)) != len(one.titles):
            yield f"elements: {one.id}: two answers are the same"
        if long := [title for title in one.titles if len(title) > BUTTON]:
            yield f"elements: {one.id}: '{long[0]}' is longer than a button; give buttons"
    if [one.id for one in rules.classes] != ["A", "B", "C", "D"]:
        yield "classes: must be A, B, C, D"
    limits = [one.least for one in rules.classes]
    if limits != sorted(set(limits), reverse=True) or limits[0] > HIGHEST:
        yield f"classes: {limits} must fall, and none may exceed {HIGHEST:g}"
