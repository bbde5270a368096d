"""The shape of `knowledge/`: every fact with its source, every gap recorded as not stated.

Trust marks (`Source.mark`): "S" a service document in knowledge/sources, "V" a primary text that was read,
"2nd" a secondary source (worded as such). Unverified facts are not stored at all.

Applicants read `text`, `label`, `title`, `summary` and `remark`: plain Indonesian. `printed` quotes the document.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from bot.knowledge.base import Fact as Fact
from bot.knowledge.base import Id as Id
from bot.knowledge.base import Model as Model
from bot.knowledge.base import Review
from bot.knowledge.base import Source as Source
from bot.knowledge.complaint_models import ComplaintRules
from bot.knowledge.privacy_models import PrivacyRules
from bot.knowledge.question_models import Matter, NationalFact, QuestionEntry, TriedWay, TroubleCard
from bot.knowledge.survey_models import SurveyRules

Actor = Literal["applicant", "system", "office"]


class Document(Model):
    """A text that facts come from. `file` is its stored copy under knowledge/, where there is one, and nowhere else."""

    id: str
    title: str
    short: str  # how the one-line source under an answer names it
    issuer: str | None = None  # None: not written in the document
    number: str | None = None
    date: str | None = None
    file: Annotated[str, Field(pattern=r"^sources/[A-Za-z0-9][A-Za-z0-9._-]*$")] | None = None
    url: str | None = None
    remark: str | None = None


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
    printed: str | None = None  # left out only where no text of the document is stored
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


class Kind(Model):
    """How questions name a kind of service; a kind that is not listed goes by the label of a service."""

    id: Id
    name: str


class OwnStandard(Fact):
    """That an office has a standard of its own for what a national guide tells, and what differs there."""

    office: Id
    service: Id


class Service(Model):
    """One service standard of one office, or one national guide."""

    id: Id
    office: Id
    title: str
    label: Annotated[str, Field(max_length=24)]  # for a button
    kind: Id  # "new", "expansion", "labour", or any other: services of one kind answer for each other's names
    document: str
    system: Literal["oss", "siinas", "office"]  # where people apply; "office": a counter or the office's own site
    aliases: list[str]  # how applicants call it
    summary: Fact
    applies_to: OrNotStated[Fact]
    requirements: OrNotStated[list[Requirement]]
    procedures: list[Procedure]  # none: the document does not tell the steps
    duration: OrNotStated[Duration]
    cost: OrNotStated[Fact]
    product: OrNotStated[list[Fact]]
    legal_basis: OrNotStated[list[LegalBasis]]
    complaints: OrNotStated[list[Contact]]
    sections: list[Section] = []
    cautions: list[Fact] = []  # said once with the checklist: order dependencies, contradictions, consent
    next_services: list[Id] = []  # what usually follows
    review: Review | None = None
    own_standards: list[OwnStandard] = []  # of a national guide: offices whose standard goes before it


class Office(Model):
    """An office or the national system; two offices are never merged."""

    id: Id
    name: str
    label: Annotated[str, Field(max_length=24)]
    region: str | None  # None: a national system, or the document does not name it
    national: bool = False  # a system that is the same everywhere (OSS, SIINas)
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

    `group` "account": help with an account or OSS itself; the id is the intent's name with hyphens. "oss": affairs of
    OSS that are the same everywhere; naming one by an alias is enough, whatever else the message asks.
    """

    id: Id
    title: Annotated[str, Field(max_length=24)]  # for a button
    group: Literal["general", "oss", "account"] = "general"
    aliases: list[str] = []
    facts: Annotated[list[Fact], Field(min_length=1)]


class Stage(Fact):
    """Where an application can stand, as the office's register knows it. `text`: what is happening now.

    `steps` are numbers of the procedure; `waits_for` names who has to act ("Anda" for the applicant); `next` lists the
    stages that may follow; `clock` says whether the promised time runs; `oss` are status codes of OSS that mean it.
    """

    id: Id
    title: Annotated[str, Field(max_length=40)]
    turn: Literal["applicant", "office", "system", "nobody"]
    waits_for: str
    steps: list[int] = []
    todo: Fact | None = None  # what the applicant does now
    clock: Literal["off", "runs"] = "off"
    next: list[Id] = []
    quiet: bool = False  # the office's own business: applicants get no news of it
    end: Literal["approved", "rejected"] | None = None
    oss: list[str] = []


class ProcedureStages(Model):
    """The stages of one procedure; an application starts in the first. `counting`: how its time is counted."""

    procedure: Id
    counting: list[Fact] = []
    stages: Annotated[list[Stage], Field(min_length=2)]

    @property
    def first_running(self) -> Stage | None:
        """Where the promised time begins to run."""
        return next((one for one in self.stages if one.clock == "runs"), None)

    def stage(self, stage: str) -> Stage | None:
        return next((one for one in self.stages if one.id == stage), None)


class ServiceStages(Model):
    """`id` is the service's."""

    id: Id
    procedures: Annotated[list[ProcedureStages], Field(min_length=1)]

    def of(self, procedure: str) -> ProcedureStages | None:
        return next((one for one in self.procedures if one.procedure == procedure), None)


class OssStatus(Fact):
    """A status code (kd_status) of OSS; `id` is the code, `text` its name."""

    id: Annotated[str, Field(pattern=r"^\d{2}$")]


class Knowledge(Model):
    documents: dict[str, Document]
    kinds: dict[str, Kind] = {}
    offices: dict[str, Office]
    services: dict[str, Service]
    terms: dict[str, Term]
    legal_notes: dict[str, LegalNote]
    topics: dict[str, Topic]
    stages: dict[str, ServiceStages] = {}
    oss_status: dict[str, OssStatus] = {}
    national: dict[str, NationalFact] = {}
    questions: dict[str, QuestionEntry] = {}
    troubles: dict[str, TroubleCard] = {}
    tried: dict[str, TriedWay] = {}
    matters: dict[str, Matter] = {}
    sources: dict[str, str] = {}  # texts of published documents by file name; those of files lie in sources/
    complaints: ComplaintRules
    privacy: PrivacyRules
    survey: SurveyRules

    def is_national_guide(self, service: Service) -> bool:
        """A guide to OSS, which is the same everywhere; the standards of offices tell parts of the same way."""
        return service.system == "oss" and self.offices[service.office].national


Question.model_rebuild()
