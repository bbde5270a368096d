"""Rules about answers: topics that wait for an officer's yes, or that a person answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from bot.console.access import Supervisor
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.console.notices import moment, offices_for, services_for
from bot.handoff.answering import approval
from bot.handoff.answering.topics import TOPICS, topic_title
from bot.handoff.desk import DeskError
from bot.officers.signing_in import Signed

router = APIRouter()
ADDRESS = "/console/rules"
ACTS = {"approve": "Tunggu persetujuan petugas", "hand_over": "Serahkan kepada petugas"}
NOT_RULED = frozenset({"talk_to_human"})  # asking for a person is no answer of the bot
EMPTY = {"act": "approve", "topic": "", "below": "", "office": "", "service": "", "ends": ""}
Named = Annotated[str, Query(max_length=60)]
Field = Annotated[str, Form(max_length=100)]


@router.get("/rules")
async def rules(request: Request, desk: Here, signed: Supervisor, office: Named = "", service: Named = "") -> Response:
    return await _page(request, desk, signed, typed=EMPTY | {"office": office, "service": service})


@router.post("/rules")
async def add(
    request: Request,
    desk: Here,
    signed: Supervisor,
    act: Field = "",
    topic: Field = "",
    below: Field = "",
    office: Field = "",
    service: Field = "",
    ends: Field = "",
) -> Response:
    """`below`: a percentage, or nothing. `ends`: date and time, or nothing."""
    if service in desk.knowledge.services and not office:
        office = desk.knowledge.services[service].office
    typed = {"act": act, "topic": topic, "below": below, "office": office, "service": service, "ends": ends}
    until = moment(desk, ends, office)
    if ends.strip() and until is None:
        return await _page(request, desk, signed, error="Tulis tanggal dan jam berakhirnya.", typed=typed)
    if (office and office not in desk.knowledge.offices) or (service and service not in desk.knowledge.services):
        return await _page(request, desk, signed, error="Kantor atau layanan itu tidak dikenal.", typed=typed)
    try:
        share = float(below.replace(",", ".").removesuffix("%")) / 100 if below.strip() else None
    except ValueError:
        return await _page(request, desk, signed, error="Tulis keyakinan sebagai angka, misalnya 60.", typed=typed)
    try:
        async with desk.session() as session:
            await approval.add_rule(acting(desk, signed, session), act, topic, share, office, service, until)
    except DeskError as wrong:
        return await _page(request, desk, signed, error=wrong.why, typed=typed)
    return desk.done(request, ADDRESS, "Aturan berlaku.")


@router.post("/rules/{rule_id}/end")
async def end(request: Request, desk: Here, signed: Supervisor, rule_id: int) -> Response:
    try:
        async with desk.session() as session:
            await approval.end_rule(acting(desk, signed, session), rule_id)
    except DeskError as wrong:
        return await _page(request, desk, signed, error=wrong.why)
    return desk.done(request, ADDRESS, "Aturan tidak berlaku lagi.")


async def _page(
    request: Request, desk: Desk, signed: Signed, *, error: str = "", typed: dict[str, str] | None = None
) -> Response:
    async with desk.session() as session:
        found = await approval.rules(session, signed.sight)
    return desk.page(
        request,
        signed,
        "rules.html",
        section="rules",
        status=422 if error else 200,
        error=error,
        found=found,
        acts=ACTS,
        topics={topic: title for topic, title in TOPICS.items() if topic not in NOT_RULED},
        topic_title=topic_title,
        minutes=desk.runtime.settings.approval_minutes,
        typed=typed or EMPTY,
        offices=offices_for(desk, signed),
        services=services_for(desk, signed),
    )
