"""The shape of knowledge/privacy.yaml: the notice about data, how long each kind is kept, what erasing leaves."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.knowledge.base import Fact, Id, Model


class Notice(Model):
    """What is said at the first contact. `changed` opens it for those who know an older version."""

    version: Annotated[int, Field(ge=1)]
    since: str
    text: Annotated[str, Field(max_length=300)]
    changed: Annotated[str, Field(max_length=200)]


class Retention(Model):
    """One kind of data. `days` is our default; `shown` (Indonesian) stands on /privasi; `what` (English) for staff."""

    id: Id
    days: Annotated[int, Field(ge=0)]
    since: str
    shown: str = ""
    what: str


class PrivacyRules(Model):
    notice: Notice
    retention: Annotated[list[Retention], Field(min_length=1)]
    stays: Annotated[list[str], Field(min_length=1)]
    rights: list[Fact] = []
