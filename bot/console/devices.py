"""Notifications on the officer's own devices: switched on, chosen, tried and switched off on the account's page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import JSONResponse

from bot.console.access import AnyOfficer
from bot.console.desk import SECURITY_HEADERS, Desk, Here
from bot.handoff.calling import words
from bot.handoff.calling.sending import post, signer
from bot.officers import devices
from bot.officers.models import CALL_KINDS
from bot.officers.service import OfficerError
from bot.refusals import refuse
from bot.webpush import Device

router = APIRouter()
Field = Annotated[str, Form(max_length=2000)]
NOT_TAKEN = "Layanan notifikasi peramban sedang tidak menerima. Coba lagi sebentar lagi."
NOT_ON = "Notifikasi belum aktif di perangkat ini."
EXAMPLE = {"kind": "example", "title": words.EXAMPLE, "body": words.EXAMPLE_BODY, "url": "/console", "tag": "contoh"}
EXAMPLE_SECONDS = 60


async def push_key(desk: Desk) -> str:
    """What a browser subscribes with; "" where no push service may be called."""
    if not desk.runtime.settings.push_services:
        return ""
    async with desk.session() as session:
        return (await signer(session, desk.runtime.settings.public_url)).public


@router.post("/account/devices")
async def switch_on(
    desk: Here,
    signed: AnyOfficer,
    endpoint: Field = "",
    p256dh: Field = "",
    auth: Field = "",
    kinds: Annotated[list[str] | None, Form(max_length=len(CALL_KINDS))] = None,
) -> Response:
    """This browser, with these kinds; again, with other kinds."""
    services = desk.runtime.settings.push_services
    try:
        async with desk.session() as session:
            await devices.switch_on(session, signed, Device(endpoint, p256dh, auth), kinds or (), services)
    except OfficerError as wrong:
        refuse("console", "no push service")
        return _answer({"error": str(wrong)}, 422)
    return _answer({"kinds": kinds or []})


@router.post("/account/devices/meet")
async def meet(desk: Here, signed: AnyOfficer, endpoint: Field = "") -> Response:
    """A browser that has a subscription says so once a session; `kinds` null: it is not this officer's."""
    async with desk.session() as session:
        return _answer({"kinds": await devices.meet(session, signed, endpoint)})


@router.post("/account/devices/off")
async def switch_off(desk: Here, signed: AnyOfficer, endpoint: Field = "") -> Response:
    async with desk.session() as session:
        await devices.switch_off(session, signed, endpoint)
    return _answer({"kinds": None})


@router.post("/account/devices/try")
async def try_it(desk: Here, signed: AnyOfficer, endpoint: Field = "") -> Response:
    """An example to this browser, at once, so that the officer sees whether it arrives."""
    async with desk.session() as session:
        device = await devices.own(session, signed, endpoint)
        own = await signer(session, desk.runtime.settings.public_url)
    if device is None:
        return _answer({"error": NOT_ON}, 422)
    taken = await post(device, EXAMPLE, own, EXAMPLE_SECONDS, desk.now())
    if taken.gone:
        async with desk.session() as session:
            await devices.switch_off(session, signed, endpoint)
        return _answer({"error": NOT_ON}, 422)
    return _answer({}) if 200 <= taken.status < 300 else _answer({"error": NOT_TAKEN}, 502)


def _answer(content: dict[str, object], status: int = 200) -> Response:
    return JSONResponse(content, status, headers=SECURITY_HEADERS)
