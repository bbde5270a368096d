"""The trial of a draft: asked as applicants ask, beside what is answered now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import StringConstraints

from actions.questions import EVERYWHERE
from actions.trial import MOST_TURNS, Talk, play
from bot.answers.payloads import parse
from bot.console.access import AnyOfficer
from bot.console.desk import Desk, Here
from bot.console.drafts import ROOT, row_of, today_of
from bot.console.knowledge import told
from bot.knowledge.models import Knowledge
from bot.officers.signing_in import Signed
from bot.standards import service, trials
from bot.standards.service import DraftError
from bot.standards.tables import StandardDraftRow
from bot.standards.trials import AskedTrial

router = APIRouter(prefix="/knowledge/drafts/{number}/try")
Verdict = Literal["same", "new", "changed", "elsewhere", "lacks", "broken"]
BROKEN: tuple[Verdict, ...] = ("elsewhere", "lacks", "broken")
VERDICTS = {
    "broken": ("jawabannya hilang", "bad"),
    "lacks": ("tidak memuat kata yang diminta", "bad"),
    "elsewhere": ("bukan dijawab dari draf ini", "bad"),
    "changed": ("berubah", "warn"),
    "new": ("baru terjawab", "good"),
    "same": ("tetap", "calm"),
}
Said = Annotated[list[Annotated[str, StringConstraints(max_length=400)]] | None, Form(max_length=MOST_TURNS)]


@dataclass(frozen=True, slots=True)
class Compared:
    """One question, the answer of today, the answer with the draft, and what that means."""

    asked: AskedTrial
    now: str
    then: str
    verdict: Verdict


@router.get("")
async def page(request: Request, desk: Here, signed: AnyOfficer, number: int) -> Response:
    return await _page(request, desk, signed, number)


@router.post("")
async def ask(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    number: int,
    said: Said = None,
    text: Annotated[str, Form(max_length=400)] = "",
    tap: Annotated[str, Form(max_length=250)] = "",
) -> Response:
    """`said`: what was said before, in order; `text` or `tap` (a button's payload) comes after it."""
    added = [tap] if _is_payload(tap) else [text.strip().lstrip("/")] if text.strip() else []
    turns = [one for one in (said or []) if not one.startswith("/") or _is_payload(one)]
    return await _page(request, desk, signed, number, said=[*turns, *added][-MOST_TURNS:])


@router.post("/questions")
async def compare(request: Request, desk: Here, signed: AnyOfficer, number: int) -> Response:
    """All questions, asked of today's knowledge and of the draft."""
    return await _page(request, desk, signed, number, comparing=True)


@router.post("/questions/new")
async def keep(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    number: int,
    text: Annotated[str, Form(max_length=400)] = "",
    holds: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    row = await row_of(desk, signed, number)
    try:
        async with desk.session() as session:
            await trials.keep(session, row.office or "", text, holds, signed.actor, signed.officer.username)
    except DraftError as wrong:
        return await _page(request, desk, signed, number, error=wrong.problems[0])
    return desk.done(request, f"{ROOT}/{number}/try#questions", "Pertanyaan uji tersimpan.")


@router.post("/questions/{question}/remove")
async def forget(request: Request, desk: Here, signed: AnyOfficer, number: int, question: int) -> Response:
    row = await row_of(desk, signed, number)
    async with desk.session() as session:
        if question in {one.id for one in await trials.kept(session, row.office or "")}:
            await trials.forget(session, question, signed.actor)
    return desk.done(request, f"{ROOT}/{number}/try#questions", "Pertanyaan uji dihapus.")


async def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    number: int,
    *,
    said: Sequence[str] = (),
    comparing: bool = False,
    error: str = "",
) -> Response:
    row = await row_of(desk, signed, number)
    try:
        async with desk.session() as session:
            known, tried = await service.tried(session, row, today_of(desk))
            kept = await trials.kept(session, known.services[tried].office)
    except DraftError as wrong:
        return desk.done(request, f"{ROOT}/{number}#problems", wrong.problems[0])
    here = known.services[tried]
    questions = [
        *trials.suggested(known, here),
        *(AskedTrial(one.text, holds=one.holds, kept=one.id) for one in kept),
    ]
    office = None if desk.runtime.settings.office else ""
    talk = (await play(desk.runtime, known, [said], office))[0] if said else Talk(())
    compared = await _compared(desk, known, questions, office) if comparing else []
    if comparing:
        await _remember(desk, row, compared)
    return desk.page(
        request,
        signed,
        "trial.html",
        section="knowledge",
        status=422 if error else 200,
        error=error,
        row=row,
        root=f"{ROOT}/{number}",
        service=here,
        told=told(known, here),
        talk=talk,
        said=list(said),
        questions=questions,
        compared=sorted(compared, key=lambda one: list(VERDICTS).index(one.verdict)),
        verdicts=VERDICTS,
        counts={name: sum(one.verdict == name for one in compared) for name in VERDICTS},
    )


async def _compared(
    desk: Desk, known: Knowledge, questions: Sequence[AskedTrial], office: str | None
) -> list[Compared]:
    talks = [[one.text] for one in questions]
    before = await play(desk.runtime, desk.knowledge, talks, office)
    after = await play(desk.runtime, known, talks, office)
    return [
        Compared(asked, now.turns[0].text, then.turns[0].text, _verdict(desk.knowledge, known, asked, now, then))
        for asked, now, then in zip(questions, before, after, strict=True)
    ]


def _verdict(held: Knowledge, known: Knowledge, asked: AskedTrial, now: Talk, then: Talk) -> Verdict:
    """`held` is today's knowledge: what it says of a region that it does not hold is no answer yet."""
    before, after = now.turns[0], then.turns[0]
    answered_before, answered = (any(reply.sources for reply in one.replies) for one in (before, after))
    if asked.holds and asked.holds.lower() not in " ".join(after.text.lower().split()):
        return "lacks"
    if answered_before and not answered:
        return "broken"
    if asked.service and not _about(known, after.decision.get("said", ""), asked.service):
        return "elsewhere"
    if before.text == after.text:
        return "same"
    elsewhere = before.decision.get("said") == EVERYWHERE
    missing = bool(asked.service) and asked.service not in held.services
    return "new" if answered and (elsewhere or missing or not answered_before) else "changed"


def _about(known: Knowledge, passage: str, wanted: str) -> bool:
    """Whether a passage is of the service, or of its office (contacts)."""
    parts = passage.split("/")
    own = known.services[wanted]
    return wanted in parts[:2] or (parts[:2] == ["office", own.office]) or passage in known.questions


async def _remember(desk: Desk, row: StandardDraftRow, compared: Sequence[Compared]) -> None:
    result = {
        "version": row.version,
        "asked": len(compared),
        "changed": sum(one.verdict == "changed" for one in compared),
        "broken": sum(one.verdict in BROKEN for one in compared),
    }
    async with desk.session() as session:
        kept = await service.draft(session, row.id)
        if kept is not None and kept.version == row.version:
            kept.trial = result


def _is_payload(text: str) -> bool:
    try:
        return bool(parse(text))
    except ValueError:
        return False
