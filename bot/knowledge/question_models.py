"""Facts that hold everywhere, question entries that rest on facts, trouble cards, and the words for what was tried."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.base import Fact, Id, Model, Review

System = Literal["oss", "siinas", "lapor", "office", "other"]
"""Whose affair a sentence is. "other": Dukcapil, tax, AHU, banks, SIMBG, INSW, BPJPH, police, …"""

StatementId = Annotated[str, Field(pattern=r"^[a-z0-9]+([-/][a-z0-9]+)*$")]
"""The id of a statement: of a national fact, or a place in another file (`bot.knowledge.statements`)."""

SAY = 520
"""Characters of an answer before its source line: one bubble of a phone."""


class NationalFact(Fact):
    """One sentence that is the same in all Indonesia. `review`: when somebody should look whether it is still true."""

    id: Id
    system: System = "oss"
    review: Review | None = None


class AwaitedReply(Model):
    """What people may say to the question an answer ends with ("*" ends a beginning), and what it leads to."""

    says: Annotated[list[str], Field(min_length=1)]
    to: StatementId


class QuestionEntry(Model):
    """What people ask, and the answer in our words.

    `ask`: wordings as people type them. `answer` says no number, name or menu that `facts` do not hold. `short` names
    the entry on a button. `next`: entries, cards or guides ("guide/kudus-iui", "guide/pariaman-…/mandiri") whose
    buttons stand below. `awaits`: the answer ends by asking for the trade, so what is said next is looked up as one; or
    for the region, whose "duration" or "services" are told then. `replies`: it ends by asking something else, and these
    are heard next.
    """

    id: Id
    short: Annotated[str, Field(max_length=24)]
    ask: Annotated[list[str], Field(min_length=3)]
    answer: Annotated[str, Field(max_length=SAY)]
    facts: Annotated[list[StatementId], Field(min_length=1)]
    system: System = "oss"
    next: list[StatementId] = []
    awaits: Literal["trade", "duration", "services"] | None = None
    replies: list[AwaitedReply] = []
    review: Review | None = None


class TriedWay(Model):
    """Something people say they have done already: `says` are the words for it, `name` how a reply names it."""

    id: Id
    name: str  # "ganti perangkat": completes "… sudah Anda coba"
    says: Annotated[list[str], Field(min_length=1)]


class Matter(Model):
    """An affair that is none of ours, by what people say of it. It is heard where a message names nothing of licences.

    `answer` says whose it is and whom to turn to, and rests on `facts` where it states any; or an `entry` answers.
    """

    id: Id
    says: Annotated[list[str], Field(min_length=1)]
    answer: Annotated[str, Field(max_length=SAY)] = ""
    facts: list[StatementId] = []
    entry: Id | None = None


class TroubleStep(Model):
    """One thing to do. `tried`: ids of tried ways; who has tried them all is not told this step again."""

    text: Annotated[str, Field(max_length=300)]
    facts: Annotated[list[StatementId], Field(min_length=1)]
    tried: list[Id] = []


class TroubleCard(Model):
    """A trouble as people meet it: its signs, whose it is, what to do in order, and what when that was tried.

    `first` answers who has tried nothing; `last` who has tried every step that can be tried: it names whose the trouble
    is and hands over. Between them Pandu names what was tried and says the next untried steps. `message` is ready to
    paste (placeholders in <…>). `intents`: what the dialogue engine calls it.
    """

    id: Id
    title: Annotated[str, Field(max_length=24)]
    system: System
    signs: Annotated[list[str], Field(min_length=6)]
    near: list[Id] = []
    intents: list[str] = []
    whose: Annotated[str, Field(max_length=200)]
    steps: Annotated[list[TroubleStep], Field(min_length=1)]
    first: Annotated[str, Field(max_length=SAY)]
    last: Annotated[str, Field(max_length=SAY)]
    facts: Annotated[list[StatementId], Field(min_length=1)]
    message: Annotated[str, Field(max_length=300)] | None = None
    unknown: list[str] = []
    next: list[StatementId] = []
    general: bool = False
    """A feeling without a matter: said only where nothing else fits."""
    person: bool = False
    """A person is offered at once: money was asked, data leaked, desks contradict each other."""
