"""Drafts of service standards, as read from an office's own file.

None means that the document does not state it. Every text stands in the file in the same words; numbering is removed.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Layout = Literal["sippn", "table", "labels", "line", "matrix", "unknown"]
ContactKind = Literal["phone", "whatsapp", "email", "web", "social", "address", "box", "other"]


class DraftModel(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Requirement(DraftModel):
    """`for` is the group it stands in, as printed: "perorangan", "Pemenuhan komitmen"."""

    text: str
    whom: str | None = Field(default=None, alias="for")


class Procedure(DraftModel):
    title: str | None = None
    steps: list[str]


class Stated(DraftModel):
    text: str


class Contact(DraftModel):
    """`value` letter for letter as printed; None where the channel is named without one."""

    kind: ContactKind
    value: str | None = None
    text: str


class Doubt(DraftModel):
    """What a person must look at. `reason` is read by officers."""

    component: str
    reason: str


class ServiceDraft(DraftModel):
    title: str | None = None
    office: str | None = None
    decree: str | None = None
    requirements: list[Requirement] | None = None
    procedures: list[Procedure] | None = None
    duration: list[Stated] | None = None
    cost: list[Stated] | None = None
    product: list[str] | None = None
    complaints: list[Contact] | None = None
    legal_basis: list[str] | None = None
    other: dict[str, list[str]] = {}
    doubts: list[Doubt] = []

    def doubt(self, component: str, reason: str) -> None:
        new = Doubt(component=component, reason=reason)
        if new not in self.doubts:
            self.doubts.append(new)

    def stated(self) -> list[str]:
        """Names of the main components that the document states."""
        return [name for name in MAIN if getattr(self, name)]


MAIN = ("requirements", "procedures", "duration", "cost", "product", "complaints", "legal_basis")


class StandardDraft(DraftModel):
    layout: Layout
    services: list[ServiceDraft]
