"""One application: its timeline, how its promise stands, and what officers do with it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from bot.applications import access, contacts, delivery, news, printing, status
from bot.applications.errors import Conflict, NotFound, RegisterError
from bot.applications.posting import tell_officers, wake
from bot.applications.service import Register, add_note, advance, find, stages_of, timeline
from bot.audit.service import note
from bot.console.access import AnyOfficer, read
from bot.console.desk import Desk, Here
from bot.console.register import ROOT, SECTION, TURN_NAMES, day_of, pdf_answer, register_at, row_of, sentence, today_at
from bot.console.telling import Shown, Telling, ask_page, of_application, telling
from bot.console.who import named, people
from bot.conversations import outbox
from bot.conversations.recall import About
from bot.officers.signing_in import Signed
from bot.slowly import Beside, with_slow

router = APIRouter(prefix="/applications")
Field = Annotated[str, Form(max_length=200)]
Long = Annotated[str, Form(max_length=1000)]


@router.get("/{number}")
async def one(request: Request, desk: Here, signed: AnyOfficer, number: str) -> Response:
    return await _one(request, desk, signed, number)


@router.post("/{number}/advance")
async def move(
    request: Request,
    desk: Here,
    signed: AnyOfficer,
    number: str,
    stage: Field = "",
    expected: Field = "",
    on: Field = "",
    reason: Long = "",
    correction: Field = "",
    ask: Field = "",
) -> Response:
    """Only ways of the procedure, or a correction with a reason. 409 when somebody else was quicker."""
    act = "application.corrected" if correction else "application.advanced"
    try:
        async with (
            register_at(desk, signed) as register,
            _telling(desk, signed, register, number, act, ask) as telling_it,
        ):
            done = await advance(
                register,
                number,
                stage,
                signed.actor,
                reason=reason,
                on=day_of(on),
                expected=expected,
                correction=bool(correction),
            )
            told = await news.queue(register, done.event, done.application)
            if told:
                await wake(desk.runtime, register.session)
            await tell_officers(register.session)
            await note(register.session, signed.actor, act, "application", done.application.id, stage=stage)
    except Shown as shown:
        title = f"Simpan tahap {number}?" if not correction else f"Betulkan catatan {number}?"
        return await _ask(request, desk, signed, number, shown, title)
    except RegisterError as wrong:
        typed = {"stage": stage, "reason": reason, "on": on, "correction": correction}
        return await _one(request, desk, signed, number, wrong=wrong, typed=typed)
    said = f"Kabarnya dikirim ke {told} chat." if told else "Tidak ada chat yang dikabari."
    return desk.done(request, f"{ROOT}/{number}", f"Tahap diperbarui. {said}", telling_it.act)


@router.post("/{number}/note")
async def write_note(request: Request, desk: Here, signed: AnyOfficer, number: str, words: Long = "") -> Response:
    """A note among the staff; applicants never read it."""
    try:
        async with register_at(desk, signed) as register:
            event = await add_note(register, number, words, signed.actor)
            await note(register.session, signed.actor, "application.noted", "application", event.application_id)
    except RegisterError as wrong:
        return await _one(request, desk, signed, number, wrong=wrong)
    return desk.done(request, f"{ROOT}/{number}", "Catatan disimpan.")


@router.post("/{number}/contacts")
async def add_contact(request: Request, desk: Here, signed: AnyOfficer, number: str, contact: Field = "") -> Response:
    """A number or address that the office has checked: it opens the status."""
    try:
        async with register_at(desk, signed) as register:
            added = await contacts.add(register, number, contact, signed.actor)
            act = "application.contact-added"
            await note(register.session, signed.actor, act, "application", added.application_id, kind=added.kind)
    except RegisterError as wrong:
        return await _one(request, desk, signed, number, wrong=wrong)
    return desk.done(request, f"{ROOT}/{number}#kontak", "Kontak ditambahkan.")


@router.post("/{number}/contacts/{contact_id}/remove")
async def remove_contact(request: Request, desk: Here, signed: AnyOfficer, number: str, contact_id: int) -> Response:
    try:
        async with register_at(desk, signed) as register:
            kind = await contacts.remove(register, number, contact_id)
            application = await find(register, number)
            act = "application.contact-removed"
            await note(register.session, signed.actor, act, "application", application.id, kind=kind)
    except RegisterError as wrong:
        return await _one(request, desk, signed, number, wrong=wrong)
    return desk.done(request, f"{ROOT}/{number}#kontak", "Kontak dihapus.")


@router.post("/{number}/receipt")
async def receipt(request: Request, desk: Here, signed: AnyOfficer, number: str) -> Response:
    """The receipt with a new claim code; a code of an earlier receipt that was not used ends."""

    async def printed(beside: Beside) -> Response:
        async with register_at(desk, signed) as register:
            application = await find(register, number)
            await note(register.session, signed.actor, "application.receipt", "application", application.id)
            named = application.number
            pdf, _ = await printing.printed(register, desk.runtime.settings, [application], signed.actor, beside)
        return pdf_answer(pdf, named)

    try:
        return await with_slow(printed)
    except RegisterError as wrong:
        return await _one(request, desk, signed, number, wrong=wrong)


@router.post("/{number}/receipt/send")
async def send_receipt(
    request: Request, desk: Here, signed: AnyOfficer, number: str, token: Field = "", ask: Field = ""
) -> Response:
    """The receipt as a file into every chat that sees the application. `token`: a double click sends once."""
    act = "application.receipt-sent"

    async def put(beside: Beside) -> tuple[int, Telling]:
        sent = 0
        async with (
            register_at(desk, signed) as register,
            _telling(desk, signed, register, number, act, ask) as telling_it,
        ):
            application = await find(register, number)
            for _, conversation in await access.audience(register, [application.id]):
                once = f"receipt:{token[:40]}:{conversation}"
                settings = desk.runtime.settings
                if await delivery.put_receipt(register, settings, application, conversation, once, beside):
                    await outbox.wake(desk.runtime, register.session, conversation)
                    sent += 1
            await note(register.session, signed.actor, act, "application", application.id)
        return sent, telling_it

    try:
        sent, telling_it = await with_slow(put)
    except Shown as shown:
        return await _ask(request, desk, signed, number, shown, "Kirim tanda terima ke chat?")
    except RegisterError as wrong:
        return await _one(request, desk, signed, number, wrong=wrong)
    said = f"Tanda terima dikirim ke {sent} chat." if sent else "Tidak ada chat yang bisa menerima berkas."
    return desk.done(request, f"{ROOT}/{number}", said, telling_it.act)


@router.post("/{number}/claim-code")
async def claim_code(request: Request, desk: Here, signed: AnyOfficer, number: str) -> Response:
    """A new claim code, to be told at the counter. It is on this answer and nowhere else."""

    async def made(beside: Beside) -> str:
        async with register_at(desk, signed) as register:
            application = await find(register, number)
            (one,) = await printing.codes(register, [application], signed.actor, beside)
            await note(register.session, signed.actor, "application.claim-code", "application", application.id)
        return one.code

    try:
        code = await with_slow(made)
    except RegisterError as wrong:
        return await _one(request, desk, signed, number, wrong=wrong)
    return await _one(request, desk, signed, number, code=code)


@asynccontextmanager
async def _telling(
    desk: Desk, signed: Signed, register: Register, number: str, act: str, ask: str
) -> AsyncIterator[Telling]:
    """Around an act that those hear of who see the application."""
    application = await find(register, number, lock=True)
    about = About(signed.officer.id, act, "application", application.id, f"{ROOT}/{application.number}")
    async with telling(desk, register.session, about, of_application(application.id), ask=bool(ask)) as done:
        yield done


async def _ask(request: Request, desk: Desk, signed: Signed, number: str, shown: Shown, title: str) -> Response:
    async with register_at(desk, signed) as register:
        await read(register.session, signed, "application", (await find(register, number)).id, desk)
    return await ask_page(request, desk, signed, shown.held, section=SECTION, title=title, back=f"{ROOT}/{number}")


async def _one(
    request: Request,
    desk: Desk,
    signed: Signed,
    number: str,
    *,
    wrong: RegisterError | None = None,
    typed: dict[str, str] | None = None,
    code: str = "",
) -> Response:
    """The page of one application; with `wrong`, why the last act was refused."""
    try:
        async with register_at(desk, signed) as register:
            application = await find(register, number)
            await read(register.session, signed, "application", application.id, desk)
            found = await status.standing_of(register, application)
            events = await timeline(register, application.id)
            values: dict[str, Any] = {
                "found": found,
                "events": list(reversed(events)),
                "people": await people(register.session, [one.actor for one in events]),
                "contacts": await contacts.listed(register, application.id),
                "told": await news.told(register.session, application.id),
                "chat": [one.text for one in status.status(register, found)],
                "error": sentence(await named(register.session, wrong.said)) if wrong else "",
            }
    except NotFound as missing:
        return desk.page(request, signed, "case-missing.html", section=SECTION, status=404, said=sentence(missing.said))
    stages = stages_of(desk.knowledge, application.service, application.procedure)
    return desk.page(
        request,
        signed,
        "application.html",
        section=SECTION,
        status=(409 if isinstance(wrong, Conflict) else 422) if wrong else 200,
        application=application,
        row=row_of(desk.knowledge, application, today_at(desk, application.office)),
        stages={stage.id: stage for stage in stages.stages},
        ways=[stages.stage(name) for name in found.stage.next],
        today=today_at(desk, application.office).isoformat(),
        typed={"stage": "", "reason": "", "on": "", "correction": "", **(typed or {})},
        code=code,
        token=secrets.token_hex(16),
        turn_names=TURN_NAMES,
        **values,
    )
