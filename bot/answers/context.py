"""Context: the subject of the conversation, the names in one message, and the traces of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.messages import Reply

_KIND, _REGION = "kind:", "region:"
_SLOTS = ("office", "service", "flow", "topic", "term", "subject", "question")


@dataclass(frozen=True, slots=True)
class Context:
    """What is remembered between messages, as ids.

    `office` is the last regional office that was meant; `service` may belong to another one (SIINas is national).
    `kind` is a kind of service whose office is not known yet ("perluasan", before the region was named).
    """

    office: str | None = None
    service: str | None = None
    flow: str | None = None
    topic: str | None = None  # the intent of the last question
    term: str | None = None
    kind: str | None = None
    region: str | None = None  # a region (title) whose standard is not held; then `office` is None
    subject: str | None = None  # the passage that was said last
    question: str | None = None  # the last question in plain words, without numbers

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> Context:
        """Reads the dialogue engine's slots; anything that is no text counts as empty."""
        value = {name: slots[name] for name in _SLOTS if _text(slots.get(name))}
        service, office = value.pop("service", None), value.pop("office", None)
        if office:
            value["region" if office.startswith(_REGION) else "office"] = office.removeprefix(_REGION)
        if service and service.startswith(_KIND):
            return cls(**value, kind=service.removeprefix(_KIND))
        return cls(**value, service=service)

    def slots(self) -> dict[str, str | None]:
        """The same as slots; a kind without an office travels in the slot `service`, a region not held in `office`."""
        service = self.service or (_KIND + self.kind if self.kind else None)
        return {
            "office": self.office or (_REGION + self.region if self.region else None),
            "service": service,
            "flow": self.flow,
            "topic": self.topic,
            "term": self.term,
            "subject": self.subject,
            "question": self.question,
        }

    def with_(self, **changes: str | None) -> Context:
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one message names. `region` is a region no standard is held of ("" when it was named only as another)."""

    office: str | None = None
    service: str | None = None
    kind: str | None = None
    flow: str | None = None
    term: str | None = None
    topic: str | None = None  # a general subject (id in topics.yaml)
    detail: str | None = None
    page: int = 1
    step: int | None = None
    region: str | None = None
    text: str = ""  # what the person typed; empty for a button


@dataclass(frozen=True, slots=True)
class Answer:
    """Replies, the context after them, and what a bare "ya" or "lanjut" would now mean (a payload)."""

    replies: tuple[Reply, ...]
    context: Context
    offered: str | None = None


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)
