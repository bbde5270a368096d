"""Mending the knowledge from a conversation: a fact, or a question that gets an answer; the supervisor publishes."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from sqlalchemy import select

from actions.trial import play
from bot.answers import finding
from bot.answers.context import Context
from bot.answers.decision import facts_below
from bot.answers.passages import statements_of
from bot.console.access import AnyOfficer, Supervisor, read
from bot.console.desk import Desk, Here
from bot.console.drafts import today_of
from bot.console.rights import may_change, only_own
from bot.console.walls import WHY
from bot.console.why import asked_and_answered
from bot.conversations.hiding import staff_incoming
from bot.conversations.walls import seen_of
from bot.handoff.case import case_of
from bot.hearing import listen
from bot.hearing.words import STOP, key_of
from bot.knowledge.models import Knowledge
from bot.knowledge.statements import Statement
from bot.masking import mask_personal
from bot.officers.signing_in import Signed
from bot.standards import proposals
from bot.standards.mending import LEAST_ASKS, CannotMend, words_of
from bot.standards.service import DraftError, Overtaken
from bot.standards.tables import Proposal

SHORT = 24
_LEFT_OPEN = frozenset(
    ("lewat", "di", "ke", "dari", "untuk", "buat", "dengan", "dan", "atau", "yang", "pada", "secara")
)
_FILLS = re.compile(
    r"(?:ha+lo|hai|pak|bu|bapak|ibu|kak|min|admin|mas|mbak|maaf|permisi|tanya|mau|ingin|minta|tolong|selamat|pagi|siang|sore|"
    r"malam|saya|kami|aku|kalau|kalo|apa|apakah|bagaimana|gimana|berapa|kapan|mana|dong|ya|sih|kah|itu|ini)",
    re.IGNORECASE,
)
router = APIRouter(prefix="/knowledge")
ROOT = "/console/knowledge/proposals"
MOST_SOURCES = 12
Words = Annotated[str, Form(max_length=6000)]
Number = Annotated[int | None, Form()]


@router.get("/questions/new/{conversation}/{message}")
async def new(request: Request, desk: Here, signed: AnyOfficer, conversation: int, message: int) -> Response:
    """From an answer of an officer, or of Pandu: the question and the answer without personal data."""
    async with desk.session() as session:
        answer, question = await asked_and_answered(session, conversation, message)
        await read(session, signed, "conversation", conversation, desk)
        if question is None:  # an officer's words answer what was asked last before them
            theirs = staff_incoming.c
            query = select(staff_incoming).where(
                theirs.conversation_id == conversation,
                theirs.kind == "text",
                theirs.text != "",
                theirs.withheld.is_(False),
                theirs.received_at <= answer.created_at,
            )
            question = (await session.execute(query.order_by(theirs.id.desc()).limit(1))).first()
        case = await case_of(session, desk.knowledge, conversation, signed.sight)
    asked = mask_personal(question.text) if question else ""
    context = Context(office=case.office.id if case.office else None, service=case.service.id if case.service else None)
    typed = {
        "ask": asked,
        "short": _short(asked),
        "answer": mask_personal(answer.text) if answer.author == "officer" else "",
        "facts": [],
        "clause": "",
        "printed": "",
        "service": context.service or "",
    }
    sources = _sources(desk, asked, f"{asked} {typed['answer']}", context)
    return _question_page(request, desk, signed, typed, sources, conversation)


@router.post("/proposals")
async def propose(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    kind: Annotated[str, Form(pattern="^(fact|question)$")],
    fact: Annotated[str, Form(max_length=200)] = "",
    text: Words = "",
    value: Annotated[str, Form(max_length=300)] = "",
    conversation: Number = None,
) -> Response:
    form = await request.form()
    content: dict[str, Any] = {"fact": fact, "text": text.strip(), "value": value.strip()}
    if kind == "question":
        typed = _typed(form)
        content = _content(typed)
    title = _title(kind, content, desk.knowledge)
    today = today_of(desk)
    try:
        async with desk.session() as session:
            if conversation is not None and not await seen_of(session, signed.sight, [conversation]):
                raise HTTPException(404, WHY)
            row = await proposals.propose(
                session, kind, content, title, signed.actor, signed.officer.username, today, conversation
            )
            only_own(signed, row.office)
            number = row.id
    except DraftError as wrong:
        if kind == "question":
            sources = _sources(desk, typed["ask"], f"{typed['ask']} {typed['answer']}", Context(), typed["facts"])
            return _question_page(request, desk, signed, typed, sources, conversation, error=wrong.problems[0])
        return desk.done(request, ROOT, wrong.problems[0])
    return desk.done(request, f"{ROOT}/{number}", "Usulan tersimpan. Penyelia yang menerbitkannya.")


@router.get("/proposals")
async def overview(request: Request, desk: Here, signed: AnyOfficer) -> Response:
    async with desk.session() as session:
        waiting, decided = await proposals.waiting(session), await proposals.decided(session)
    return desk.page(
        request,
        signed,
        "proposals.html",
        section="knowledge",
        waiting=[one for one in waiting if may_change(signed, one.office)],
        decided=[one for one in decided if may_change(signed, one.office)],
    )


@router.get("/proposals/{number}")
async def proposal(request: Request, desk: Here, signed: AnyOfficer, number: int) -> Response:
    return await _page(request, desk, signed, await _row(desk, signed, number))


@router.post("/proposals/{number}")
async def revise(
    request: Request, desk: Here, signed: AnyOfficer, number: int, version: Annotated[int, Form()]
) -> Response:
    row = await _row(desk, signed, number)
    form = await request.form()
    content = (
        _content(_typed(form))
        if row.kind == "question"
        else row.content | {"text": str(form.get("text", "")).strip(), "value": str(form.get("value", "")).strip()}
    )
    try:
        async with desk.session() as session:
            changed = await proposals.revise(
                session, number, version, content, signed.officer.username, desk.now(), today_of(desk)
            )
            only_own(signed, changed.office)
    except DraftError as wrong:
        newest = await _row(desk, signed, number)
        status = 409 if isinstance(wrong, Overtaken) else 422
        return await _page(request, desk, signed, newest, content, error=wrong.problems[0], status=status)
    return desk.done(request, f"{ROOT}/{number}", "Usulan tersimpan.")


@router.post("/proposals/{number}/publish")
async def publish(
    request: Request, desk: Here, signed: Supervisor, number: int, version: Annotated[int, Form()]
) -> Response:
    row = await _row(desk, signed, number)
    try:
        async with desk.session() as session:
            by = signed.officer.username
            new = await proposals.publish(session, number, version, signed.actor, by, today_of(desk))
            published = new.id
    except DraftError as wrong:
        status = 409 if isinstance(wrong, Overtaken) else 422
        newest = await _row(desk, signed, number)
        return await _page(request, desk, signed, newest, row.content, error=wrong.problems[0], status=status)
    return desk.done(request, ROOT, f"Versi {published} terbit. Pandu menjawab dengannya paling lama satu menit lagi.")


@router.post("/proposals/{number}/decline")
async def decline(request: Request, desk: Here, signed: Supervisor, number: int) -> Response:
    await _row(desk, signed, number)
    try:
        async with desk.session() as session:
            await proposals.decline(session, number, signed.actor, desk.now())
    except DraftError as wrong:
        return desk.done(request, ROOT, wrong.problems[0])
    return desk.done(request, ROOT, "Usulan ditolak.")


# --- pages --------------------------------------------------------------------------------------------------------


async def _page(
    request: Request,
    desk: Desk,
    signed: Signed,
    row: Proposal,
    content: dict[str, Any] | None = None,
    *,
    error: str = "",
    status: int = 200,
) -> Response:
    shown = content or row.content
    is_open = row.publication_id is None and row.declined_at is None
    today = today_of(desk)
    problems: list[str] = []
    answer, before = "", None
    async with desk.session() as session:
        if is_open:
            problems = await proposals.problems(session, row, today)
            if not problems and row.kind == "question":
                known = await proposals.tried(session, row, today)
    if row.kind == "fact":
        try:
            before = words_of(desk.knowledge, row.content["fact"])
        except CannotMend:
            before = None
    elif is_open and not problems:
        office = row.office or ""
        (talk,) = await play(desk.runtime, known, [[row.content["ask"][0]]], office)
        answer = talk.turns[0].text
    return desk.page(
        request,
        signed,
        "proposal.html",
        section="knowledge",
        status=status,
        error=error,
        row=row,
        shown=shown,
        before=before,
        is_open=is_open,
        problems=problems,
        answer=answer,
        sources=_held(desk.knowledge, shown.get("facts", [])),
        held=statements_of(desk.knowledge),
        least=LEAST_ASKS,
        may_publish=signed.may("supervisor"),
        services=_services(desk, signed),
    )


def _question_page(
    request: Request,
    desk: Desk,
    signed: Signed,
    typed: dict[str, Any],
    sources: list[Statement],
    conversation: int | None,
    *,
    error: str = "",
) -> Response:
    return desk.page(
        request,
        signed,
        "question-new.html",
        section="knowledge",
        status=422 if error else 200,
        error=error,
        typed=typed,
        sources=sources,
        conversation=conversation,
        services=_services(desk, signed),
    )


async def _row(desk: Desk, signed: Signed, number: int) -> Proposal:
    async with desk.session() as session:
        row = await proposals.proposal(session, number)
    if row is None:
        raise HTTPException(404, "Tidak ada usulan ini.")
    only_own(signed, row.office)
    return row


def _typed(form: Any) -> dict[str, Any]:
    def said(name: str) -> str:
        return str(form.get(name, "")).replace("\r\n", "\n").strip()[:6000]

    names = ("ask", "short", "answer", "clause", "printed", "service")
    return {name: said(name) for name in names} | {"facts": [str(one)[:200] for one in form.getlist("facts")]}


def _content(typed: dict[str, Any]) -> dict[str, Any]:
    new = {"service": typed["service"], "clause": typed["clause"], "printed": typed["printed"]}
    return {
        "ask": [line.strip() for line in typed["ask"].splitlines() if line.strip()],
        "short": typed["short"],
        "answer": typed["answer"],
        "facts": typed["facts"],
        "new_fact": new if typed["printed"] else None,
    }


def _title(kind: str, content: dict[str, Any], knowledge: Knowledge) -> str:
    if kind == "question":
        return f"Jawaban baru: {content['short']}"
    statement = statements_of(knowledge).get(content["fact"])
    return f"Perbaikan: {statement.title or statement.text if statement else content['fact']}"


def _sources(desk: Desk, asked: str, said: str, context: Context, chosen: list[str] | None = None) -> list[Statement]:
    """Facts that may be the source, the likeliest first; those that were chosen stay."""
    knowledge = desk.knowledge
    found: dict[str, Statement] = {one.id: one for one in _held(knowledge, chosen or [])}
    for words in (asked, said):
        looked = finding.find(knowledge, listen(knowledge, words), context, desk.runtime.settings.office)
        for candidate in looked.candidates:
            found |= {one.id: one for one in facts_below(knowledge, candidate.passage.id)[:4] if one.stated}
    return list(found.values())[:MOST_SOURCES]


def _held(knowledge: Knowledge, facts: list[str]) -> list[Statement]:
    held = statements_of(knowledge)
    return [held[one] for one in facts if one in held]


def _services(desk: Desk, signed: Signed) -> list[tuple[str, str]]:
    """Services with a stored document that the officer may add to."""
    knowledge = desk.knowledge
    return [
        (one.id, f"{one.title} · {knowledge.offices[one.office].label}")
        for one in knowledge.services.values()
        if may_change(signed, one.office) and knowledge.documents[one.document].file
    ]


def _short(text: str) -> str:
    """What a question is about, in as many of its own words as a button holds: without asking, greeting and filling."""
    every = [word.strip(" ?.,!;:") for word in text.split()]
    about = [word for word in every if word and not _FILLS.fullmatch(word) and key_of(word.lower()) not in STOP]
    kept = ""
    for word in about or every:
        if len(f"{kept} {word}".strip()) > SHORT:
            break
        kept = f"{kept} {word}".strip()
    said = kept.split()
    while len(said) > 1 and said[-1].lower() in _LEFT_OPEN:
        said.pop()
    return (" ".join(said) or text[:SHORT]).strip().capitalize()
