"""The shape of knowledge/complaint_routes.yaml: who takes which complaint, why, and what a report looks like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.base import Fact, Id, Model, Source


class Address(Model):
    """One way to reach a body that takes complaints; unlike a Contact its source need not be a stored document."""

    label: str
    value: str
    source: Source
    remark: str | None = None


class ComplaintKind(Model):
    """A kind of report as LAPOR! names it."""

    id: Id
    label: Annotated[str, Field(max_length=24)]
    fact: Fact


class ReportField(Model):
    """A field of LAPOR!'s form. `limit` (characters) is what Pandu keeps to."""

    id: Id
    label: str
    required: bool
    limit: int | None = None
    source: Source


class Visibility(Model):
    """Who may see the reporter's name and the report."""

    id: Id
    label: Annotated[str, Field(max_length=24)]
    anonymous: bool
    secret: bool
    fact: Fact


class ReportStage(Model):
    """`days` working days, counted from `start`: when the report was submitted, verified, or answered."""

    id: Id
    days: int
    start: Annotated[str, Field(alias="from", pattern="^(submitted|verification|answered)$")]
    fact: Fact


class Body(Model):
    """Who takes complaints. `lapor`: reports go through LAPOR!, with its form and tracking id."""

    id: Id
    label: Annotated[str, Field(max_length=24)]
    name: str
    fact: Fact
    lapor: bool = False
    contacts: list[Address] = []


class Order(Model):
    """Bodies (ids) in the order in which they are suggested."""

    first: Annotated[list[Id], Field(min_length=1)]
    then: list[Id] = []


class Route(Order):
    """Where one cause of complaint goes, and why. `signs` are words that tell it; "*" ends a beginning of a word."""

    id: Id
    title: Annotated[str, Field(max_length=24)]
    signs: list[str]
    except_: Annotated[list[str], Field(alias="except")] = []
    urgent: bool = False
    question: Literal["proof"] | None = None
    reason: Fact
    without_proof: Order | None = None
    advice: Id | None = None  # a visibility that is recommended
    caution: Fact | None = None
    category: str | None = None  # of LAPOR!'s list; suggested, never promised


class ComplaintRules(Model):
    """knowledge/complaint_routes.yaml."""

    kinds: list[ComplaintKind]
    fields: list[ReportField]
    attachments: Fact
    rules: list[Fact]
    account: Fact
    visibility: list[Visibility]
    stages: list[ReportStage]
    tracking: Fact
    emergency: Fact
    bodies: list[Body]
    ombudsman_hint: list[Fact]
    routes: Annotated[list[Route], Field(min_length=1)]

    def body(self, identity: str) -> Body | None:
        return next((one for one in self.bodies if one.id == identity), None)

    def route(self, identity: str) -> Route | None:
        return next((one for one in self.routes if one.id == identity), None)
