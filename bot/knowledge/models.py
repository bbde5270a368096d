"""The shape of `knowledge/`: every fact with its source, every gap recorded as not stated.

Trust marks (`Source.mark`): "S" a service document in knowledge/sources, "V" a primary text that was read,
"2nd" a secondary source (worded as such). Unverified facts are not stored at all.

Applicants read `text`, `label`, `title`, `summary` and `remark`: plain Indonesian. `printed` quotes the document.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Actor = Literal["applicant", "system", "office"]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_SHORT_SOURCE = re.compile(r"(?P<document>[A-Za-z0-9-]+)(?: \[(?P<mark>S|V|2nd)\])?(?:, (?P<clause>.+))?")


class Source(Model):
    """`document` is an id in knowledge/documents.yaml; `clause` names the place ("langkah 3", "Persyaratan no. 2").

    In the files it is one line: `S3, A langkah 1` or `pp-28-2025 [V], Pasal 205`.
    """

    document: str
    clause: str = ""
    mark: Literal["S", "V", "2nd"] = "S"

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        match = _SHORT_SOURCE.fullmatch(value.strip())
        if match is None:
            raise ValueError(f"'{value}' is not a source; write: DOCUMENT, clause or DOCUMENT [V], clause")
        return {key: part for key, part in match.groupdict().items() if part is not None}


class Document(Model):
    """A text that facts come from. `file` is its stored copy under knowledge/, where there is one."""

    id: str
    title: str
    short: str  # how the one-line source under an answer names it
    issuer: str | None = None  # None: not written in the document
    number: str | None = None
    date: str | None = None
    file: str | None = None
    url: str | None = None
    remark: str | None = None


class Fact(Model):
    """A sentence as applicants read it. `printed` keeps the document's own spelling where the two differ.

    `editor_note` is for whoever keeps the file (a misprint, a doubt about numbering); it is never shown.
    """

    text: str
    source: Source
    printed: str | None = None
    remark: str | None = None
    editor_note: str | None = None


class NotStated(Model):
    """The document was read and does not say it. `source` names the document that was read."""

    not_stated: Literal[True]
    source: Source
    remark: str | None = None


def _which(value: Any) -> str:
    gap = isinstance(value, NotStated) or (isinstance(value, dict) and "not_stated" in value)
    return "gap" if gap else "stated"


type OrNotStated[T] = Annotated[Annotated[T, Tag("stated")] | Annotated[NotStated, Tag("gap")], Discriminator(_which)]


class Condition(Model):
    """Holds when the applicant's answer to `question` (an id in the procedure's questions) is one of `answers`."""

    question: Id
    answers: list[Id]


class Requirement(Fact):
    id: Id
    condition: Condition | None = None


class Duration(Fact):
    """`days` and `minutes` as printed (a document that says "hari" does not say working days)."""

    days: int | None = None
    minutes: int | None = None
    starts: str | None = None  # from when the time counts, where stated
    computed: bool = False  # summed by us from the steps


class Question(Model):
    """Asked before the step list, because the steps or the checklist depend on the answer."""

    id: Id
    text: str
    options: list[Option]


class Option(Model):
    id: Id
    label: Annotated[str, Field(max_length=24)]


class Detail(Fact):
    """A line added to a step when its condition holds; the step's own text is complete without it."""

    condition: Condition


class Step(Model):
    """One step, worded for the applicant. `printed` is the document's own sentence."""

    number: int
    text: Annotated[str, Field(max_length=350)]
    actor: Actor
    actor_label: str  # "Anda", "Sistem OSS", "Petugas pelayanan", "Kepala Dinas", …
    actor_inferred: bool = False  # the document does not name the actor
    printed: str
    source: Source
    needs: list[str] = []  # completeness, as the document lists it
    time: Duration | None = None
    output: list[str] = []
    optional: bool = False
    condition: Condition | None = None
    details: list[Detail] = []
    refers_to: list[int] = []  # "Langkah 5–7" resolved
    remark: str | None = None
    editor_note: str | None = None
    stuck: list[Fact] = []  # what is known to help on this step


class Procedure(Model):
    id: Id
    title: str
    label: Annotated[str, Field(max_length=24)]  # for a button
    summary: str | None = None
    questions: list[Question] = []
    checklist: list[Requirement] | None = None  # where it differs from the service's requirements
    steps: list[Step]
    outcome: Fact | None = None
    remark: str | None = None


class LegalBasis(Fact):
    """A law as the document quotes it; `note` is the id in knowledge/legal_notes.yaml of what became of it."""

    note: Id | None = None


class Contact(Model):
    """One way to reach an office, as printed."""

    kind: Literal[
        "place", "letter", "phone", "whatsapp", "email", "website", "facebook", "instagram", "lapor", "box", "app"
    ]
    label: str
    value: str | None = None  # exactly as printed in the source; None for a place or a box
    source: Source
    remark: str | None = None


class Section(Model):
    """Further parts of a standard: facilities, competences, guarantees, supervision, related SOPs."""

    id: Id
    title: str
    items: list[Fact]


class Service(Model):
    """One service standard of one office."""

    id: Id
    office: Id
    title: str
    label: Annotated[str, Field(max_length=24)]  # for a button
    kind: Literal["new", "expansion", "verification", "labour", "account", "company-data", "reporting", "exemption"]
    document: str
    system: Literal["oss", "siinas"]
    aliases: list[str]  # how applicants call it
    summary: Fact
    applies_to: OrNotStated[Fact]
    requirements: OrNotStated[list[Requirement]]
    procedures: Annotated[list[Procedure], Field(min_length=1)]
    duration: OrNotStated[Duration]
    cost: OrNotStated[Fact]
    product: OrNotStated[list[Fact]]
    legal_basis: OrNotStated[list[LegalBasis]]
    complaints: OrNotStated[list[Contact]]
    sections: list[Section] = []
    cautions: list[Fact] = []  # said once with the checklist: order dependencies, contradictions, consent
    next_services: list[Id] = []  # what usually follows


class Office(Model):
    """An office or the national system; two offices are never merged."""

    id: Id
    name: str
    label: Annotated[str, Field(max_length=24)]
    region: str | None  # None: the document does not name it
    aliases: list[str]
    source: Source
    contacts: OrNotStated[list[Contact]]
    remark: str | None = None


class Term(Model):
    """A glossary entry."""

    id: Id
    term: Annotated[str, Field(max_length=24)]  # for a button
    expansion: str | None = None
    aliases: list[str] = []
    facts: Annotated[list[Fact], Field(min_length=1)]
    see_also: list[Id] = []


class LegalNote(Model):
    """What replaced what. `subject` is the law as quoted in the documents."""

    id: Id
    subject: str
    facts: Annotated[list[Fact], Field(min_length=1)]


class Topic(Model):
    """A general subject with sourced facts: risk levels and what each yields, KBLI editions, routes that contradict.

    `group` "account": help with an account or OSS itself; the id is the intent's name with hyphens.
    """

    id: Id
    title: Annotated[str, Field(max_length=24)]  # for a button
    group: Literal["general", "account"] = "general"
    aliases: list[str] = []
    facts: Annotated[list[Fact], Field(min_length=1)]


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


class Stage(Model):
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
    stages: list[Stage]
    tracking: Fact
    emergency: Fact
    bodies: list[Body]
    ombudsman_hint: list[Fact]
    routes: Annotated[list[Route], Field(min_length=1)]

    def body(self, identity: str) -> Body | None:
        return next((one for one in self.bodies if one.id == identity), None)

    def route(self, identity: str) -> Route | None:
        return next((one for one in self.routes if one.id == identity), None)


class Knowledge(Model):
    documents: dict[str, Document]
    offices: dict[str, Office]
    services: dict[str, Service]
    terms: dict[str, Term]
    legal_notes: dict[str, LegalNote]
    topics: dict[str, Topic]
    complaints: ComplaintRules


Question.model_rebuild()
