"""Messages that were not understood, group by group: what did they mean? Two keys label a group."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from bot.audit.service import note
from bot.console.access import Supervisor, read
from bot.console.desk import SECURITY_HEADERS, Here
from bot.console.words import MEANINGS
from bot.figures import charts
from bot.understanding.collect import collect, people_key
from bot.understanding.gain import latest, request_measure, sorted_out, verdict
from bot.understanding.service import (
    LABELS,
    NOTHING,
    Group,
    UnknownLabel,
    export,
    given,
    groups,
    label,
    labelled,
    unlabel,
)

router = APIRouter()
OFFERED = 4  # meanings with a key of their own


@router.get("/understanding")
async def understanding(
    request: Request, desk: Here, signed: Supervisor, at: Annotated[int, Query(ge=0, le=10_000)] = 0
) -> Response:
    """The group at position `at`; groups of most people come first."""
    async with desk.session() as session:
        await collect(session, people_key(desk.runtime.settings))
        found, ready = await groups(session, sight=signed.sight), await labelled(session, signed.sight)
        measured, marked = await latest(session), await given(session, signed.sight)
        await read(session, signed, "message-list", 0, desk)
    at = min(at, max(len(found) - 1, 0))
    one = found[at] if found else None
    gains = sorted_out(measured) if measured else []
    return desk.page(
        request,
        signed,
        "understanding.html",
        section="understanding",
        one=one,
        at=at,
        total=len(found),
        people=sum(group.people for group in found),
        offered=_offered(one) if one else [],
        labels=sorted(LABELS, key=lambda intent: MEANINGS[intent]),
        nothing=NOTHING,
        titles=MEANINGS | {NOTHING: "tidak ada yang perlu dipelajari"},
        given=marked,
        ready=ready,
        said=charts.said,
        measured=measured,
        better=gains,
        verdict=verdict(gains) if gains else "",
    )


@router.post("/understanding/label")
async def give_label(
    request: Request,
    desk: Here,
    signed: Supervisor,
    number: Annotated[int, Form()],
    intent: Annotated[str, Form(max_length=60)] = "",
    alone: Annotated[str, Form(max_length=5)] = "",
    at: Annotated[int, Form(ge=0)] = 0,
) -> Response:
    address = f"/console/understanding?at={at}"
    try:
        async with desk.session() as session:
            count = await label(session, number, intent, alone=bool(alone), sight=signed.sight)
    except UnknownLabel:
        return desk.done(request, address, "Kelompok ini sudah diberi label, atau maknanya belum dipilih.")
    return desk.done(request, address, f"{count} pesan diberi label.")


@router.post("/understanding/unlabel")
async def take_label(request: Request, desk: Here, signed: Supervisor, number: Annotated[int, Form()]) -> Response:
    """The messages that were labelled at once with this one wait for a label again."""
    async with desk.session() as session:
        count = await unlabel(session, number, signed.sight)
    said = f"Label {count} pesan dibatalkan." if count else "Label itu sudah dibatalkan."
    return desk.done(request, "/console/understanding#label", said)


@router.get("/understanding/export")
async def export_file(desk: Here, signed: Supervisor) -> Response:
    """What was labelled, as examples for Rasa."""
    async with desk.session() as session:
        text = await export(session, signed.sight)
        await note(session, signed.actor, "understanding.exported", "message-list", 0)
    headers = SECURITY_HEADERS | {"Content-Disposition": 'attachment; filename="contoh-pesan.yml"'}
    return Response(text or "# Belum ada pesan berlabel.\n", media_type="application/yaml", headers=headers)


@router.post("/understanding/measure")
async def measure(request: Request, desk: Here, signed: Supervisor) -> Response:
    async with desk.session() as session:
        fresh = await request_measure(session, desk.runtime, signed.actor)
    said = "Pengukuran dimulai; hasilnya muncul di sini." if fresh else "Pengukuran sedang berjalan."
    return desk.done(request, "/console/understanding#manfaat", said)


def _offered(one: Group) -> list[str]:
    """The likeliest meanings: what applicants chose, then the engine's ranking."""
    return [intent for intent in one.guesses if intent in LABELS][:OFFERED]
