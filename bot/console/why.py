"""Reasons for one answer: what was heard, found and decided for a message, and the facts the answer came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import finding
from bot.answers.context import Context
from bot.answers.decision import explained, facts_below
from bot.answers.indexes import passage_of
from bot.answers.passages import Passage
from bot.answers.saying import title_of
from bot.console.access import AnyOfficer, read
from bot.console.desk import Desk, Here
from bot.console.rights import may_change
from bot.console.words import MEANINGS
from bot.conversations.hiding import staff_incoming, staff_outgoing
from bot.handoff.case import remembered
from bot.hearing import listen
from bot.knowledge.models import Knowledge
from bot.knowledge.statements import Statement
from bot.officers.signing_in import Signed
from bot.standards.mending import CannotMend, words_of

router = APIRouter(prefix="/conversations/{conversation_id}/why/{message_id}")
OUTCOMES = {
    "sure": ("yakin: jawaban diberikan", "good"),
    "between": ("ragu: jawaban diberikan dengan pilihan lain", "warn"),
    "unsure": ("tidak yakin: Pandu bertanya balik", "bad"),
}
HEARD = {
    "offices": "Kantor",
    "regions": "Daerah lain",
    "services": "Layanan",
    "kinds": "Jenis layanan",
    "guides": "Panduan nasional",
    "ways": "Alur",
    "system": "Sistem",
    "other": "Sistem lain",
    "aspects": "Yang ditanyakan",
    "tone": "Nada",
    "wish": "Keinginan",
    "tried": "Sudah dicoba",
    "codes": "KBLI",
    "intent": "Maksud menurut mesin",
}
VALUES = {
    "calm": "tenang",
    "angry": "marah",
    "tired": "lelah",
    "desperate": "putus asa",
    "praising": "memuji",
    "know": "ingin tahu",
    "mend": "ingin kendalanya selesai",
    "status": "ingin tahu status",
    "person": "ingin bicara dengan petugas",
    "report": "ingin melapor",
    "vent": "ingin mengeluh",
    "praise": "ingin memuji",
    "duration": "lama",
    "cost": "biaya",
    "who": "siapa",
    "next": "sesudahnya",
    "before": "sebelumnya",
    "where": "di mana",
    "how-many": "berapa",
    "must": "wajib atau tidak",
    "may": "boleh atau tidak",
    "requirement": "syarat",
    "procedure": "langkah",
    "legal": "dasar hukum",
    "contact": "kontak",
    "product": "hasil",
    "compare": "perbandingan",
    "list": "daftar lengkap",
    "oss": "OSS",
    "siinas": "SIINas",
    "lapor": "SP4N-LAPOR!",
    "office": "kantor",
    "other": "sistem lain",
}
"""Words of bot/hearing/heard.py, as officers read them."""
MOST_FACTS = 30


@dataclass(frozen=True, slots=True)
class Fact:
    """A statement below an answer; `words` is empty where it cannot be mended, `why` says why."""

    statement: Statement
    words: dict[str, str]
    why: str
    own: bool


@router.get("")
async def why(
    request: Request, desk: Here, signed: AnyOfficer, conversation_id: int, message_id: int, error: str = ""
) -> Response:
    """`message_id`: of Pandu's answer."""
    return await page(request, desk, signed, conversation_id, message_id)


async def page(
    request: Request,
    desk: Desk,
    signed: Signed,
    conversation_id: int,
    message_id: int,
    *,
    error: str = "",
) -> Response:
    knowledge = desk.knowledge
    async with desk.session() as session:
        answer, question = await asked_and_answered(session, conversation_id, message_id)
        await read(session, signed, "conversation", conversation_id, desk)
        decision = (question.understood or {}).get("decision") if question else None
        again = decision is None and question is not None and bool(question.text)
        if question is not None and again:
            decision = await _recomputed(session, desk, conversation_id, question.text)
    decision = decision or {}
    said = decision.get("said", "")
    return desk.page(
        request,
        signed,
        "why.html",
        section="inbox",
        status=422 if error else 200,
        error=error,
        conversation=conversation_id,
        answer=answer,
        question=question.text if question else "",
        decision=decision,
        again=again,
        outcome=OUTCOMES.get(decision.get("outcome", "")),
        heard=_heard(knowledge, decision.get("heard", {})),
        candidates=[
            (one, _name(knowledge, passage_of(knowledge, one["passage"]), one["passage"]))
            for one in decision.get("candidates", ())
        ],
        said=_name(knowledge, passage_of(knowledge, said), said) if said else "",
        facts=_facts(knowledge, signed, said),
        resting=_resting(knowledge, said),
        office=decision.get("office", ""),
        service=decision.get("service", ""),
    )


async def asked_and_answered(session: AsyncSession, conversation_id: int, message_id: int) -> tuple[Any, Any]:
    """One message of ours as staff may read it, and the one it answers. 404 where there is none, or it is withheld."""
    ours, theirs = staff_outgoing.c, staff_incoming.c
    query = select(staff_outgoing).where(ours.id == message_id, ours.conversation_id == conversation_id)
    answer = (await session.execute(query)).one_or_none()
    if answer is None or answer.withheld:
        raise HTTPException(404, "Tidak ada pesan ini.")
    found = select(staff_incoming).where(theirs.id == answer.in_reply_to, theirs.conversation_id == conversation_id)
    question = (await session.execute(found)).one_or_none()
    return answer, None if question is None or question.withheld else question


async def _recomputed(session: AsyncSession, desk: Desk, conversation_id: int, text: str) -> dict[str, Any]:
    """Of an answer without a record: how the question would be decided now."""
    memory = await remembered(session, conversation_id)
    context = Context(office=memory.office, service=memory.service, region=memory.region)
    heard = listen(desk.knowledge, text)
    found = finding.find(desk.knowledge, heard, context, desk.runtime.settings.office)
    said = {"said": found.best.passage.id} if found.best and found.outcome != "unsure" else {}
    return explained(found) | said | {"office": memory.office or "", "service": memory.service or ""}


def _heard(knowledge: Knowledge, heard: dict[str, Any]) -> list[tuple[str, str]]:
    names = VALUES | MEANINGS | {one.id: one.label for one in knowledge.offices.values()}
    names |= {one.id: one.label for one in knowledge.services.values()}
    shown = []
    for key, title in HEARD.items():
        if value := heard.get(key):
            several = value if isinstance(value, list | tuple) else [value]
            shown.append((title, ", ".join(names.get(str(one), str(one)) for one in several)))
    return shown


def _name(knowledge: Knowledge, passage: Passage | None, identity: str) -> str:
    if passage is None:
        return f"{identity} (tidak berlaku lagi)"
    return title_of(knowledge, passage) or identity


def _facts(knowledge: Knowledge, signed: Signed, said: str) -> list[Fact]:
    found = []
    for one in facts_below(knowledge, said)[:MOST_FACTS] if said else ():
        own = may_change(signed, one.office)
        try:
            found.append(Fact(one, words_of(knowledge, one.id), "", own))
        except CannotMend as wrong:
            found.append(Fact(one, {}, str(wrong), own))
    return found


def _resting(knowledge: Knowledge, said: str) -> Sequence[str]:
    """Other entries that say the same facts."""
    mine = {one.id for one in facts_below(knowledge, said)} if said else set()
    return [one.short for one in knowledge.questions.values() if one.id != said and mine & set(one.facts)][:12]
