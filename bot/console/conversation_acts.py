"""Acts of an officer on a conversation: take it, answer, hand it on, give it back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.console.access import AnyOfficer, Supervisor, read
from bot.console.acting import acting
from bot.console.conversation import live_part, page
from bot.console.desk import Desk, Here
from bot.console.inbox import AskedList
from bot.console.snoozes import moment
from bot.console.telling import Shown, Telling, ask_page, of_conversations, telling
from bot.conversations.recall import About
from bot.handoff import notes
from bot.handoff.answering import approval, replying
from bot.handoff.desk import Act, DeskError
from bot.handoff.models import HeldAnswer
from bot.handoff.ownership import service
from bot.handoff.triage import labels, snoozing
from bot.officers.signing_in import Signed

router = APIRouter(prefix="/conversations/{conversation_id}")
Short = Annotated[str, Form(max_length=300)]
Text = Annotated[str, Form()]
Files = Annotated[list[UploadFile] | None, File()]


@dataclass(frozen=True, slots=True)
class At:
    """Where something is asked for. `since`: from which message on the page shows what changes; `ask`: what would be
    said is shown first."""

    request: Request
    desk: Desk
    signed: Signed
    id: int
    since: str
    ask: bool


def _at(
    request: Request, desk: Here, signed: AnyOfficer, conversation_id: int, since: Short = "", ask: Short = ""
) -> At:
    return At(request, desk, signed, conversation_id, since, bool(ask))


There = Annotated[At, Depends(_at)]


@dataclass(frozen=True, slots=True)
class Tells:
    """An act that the applicant hears of: its name in the audit log, and what is asked before it ("": nothing)."""

    action: str
    question: str = ""
    held: int | None = None  # the answer that waited for a yes


@router.post("/claim")
async def claim(at: There, step_in: Short = "") -> Response:
    tells = "Masuk ke percakapan? Pandu berhenti menjawab." if step_in else "Ambil percakapan ini?"
    return await _done(
        at,
        lambda act: service.claim(act, at.id, step_in=bool(step_in)),
        "Percakapan ini sekarang milik Anda.",
        tells=Tells("handoff.claimed", tells),
    )


@router.post("/release")
async def release(at: There) -> Response:
    return await _done(
        at,
        lambda act: service.release(act, at.id),
        "Percakapan kembali ke antrean.",
        tells=Tells("handoff.released", "Lepas ke antrean, untuk rekan?"),
    )


@router.post("/take-over")
async def take_over(at: There, _: Supervisor) -> Response:
    return await _done(
        at,
        lambda act: service.take_over(act, at.id),
        "Percakapan ini sekarang milik Anda.",
        tells=Tells("handoff.taken-over", "Ambil alih percakapan ini?"),
    )


@router.post("/give-back")
async def give_back(at: There) -> Response:
    return await _done(
        at,
        lambda act: service.give_back(act, at.id),
        "Percakapan kembali ke Pandu.",
        tells=Tells("handoff.given-back", "Kembalikan percakapan ke Pandu?"),
    )


@router.post("/close")
async def close(at: There) -> Response:
    return await _done(
        at,
        lambda act: service.close(act, at.id),
        "Percakapan ditutup.",
        tells=Tells("handoff.closed", "Tutup percakapan ini: urusannya selesai?"),
    )


@router.post("/renew")
async def renew(at: There) -> Response:
    """The officer is still there."""
    return await _done(at, lambda act: service.renew(act, at.id), "")


@router.post("/transfer")
async def transfer(at: There, to: Short = "", note: Text = "") -> Response:
    """`to`: "officer-3" or "team-2"."""
    officer_id, team_id = receiver(to)

    async def work(act: Act) -> None:
        await service.transfer(act, at.id, _lines(note), officer_id=officer_id, team_id=team_id)

    return await _done(
        at,
        work,
        "Percakapan sudah dialihkan.",
        trigger="transferred",
        tells=Tells("handoff.transferred", "Alihkan percakapan ini?"),
    )


@router.post("/snooze")
async def snooze(at: There, until: Short = "") -> Response:
    return await _done(
        at,
        lambda act: snoozing.snooze(act, at.id, moment(until)),
        "Percakapan ditunda.",
        trigger="snoozed",
    )


@router.post("/unsnooze")
async def unsnooze(at: There) -> Response:
    return await _done(at, lambda act: snoozing.unsnooze(act, at.id), "Percakapan kembali ke daftar.")


@router.post("/labels")
async def put_labels(at: There, label: Annotated[list[int] | None, Form()] = None) -> Response:
    """The labels that the conversation is to have, of those that the officer may set."""
    wanted = set(label or ())

    async def work(act: Act) -> None:
        has = {one.id for one in (await labels.of(act.session, [at.id], act.sight)).get(at.id, ())}
        for number in sorted(wanted ^ has):
            await labels.put(act, at.id, number, on=number in wanted)

    return await _done(at, work, "Label tersimpan.")


@router.post("/notes")
async def note(at: There, text: Text = "") -> Response:
    return await _done(at, lambda act: notes.add_note(act, at.id, _lines(text)), "", trigger="noted")


@router.post("/reply")
async def reply(
    at: There, text: Text = "", token: Short = "", template: Short = "", inserted: Short = "", files: Files = None
) -> Response:
    """`template`: as the channel's approved template. What was refused stays in the page's field.

    Sent at once, unless the officer wants it otherwise or something ready-made was put in with one key (`inserted`).
    """
    given = [(file.filename, await file.read()) for file in files or [] if file.filename]
    uploads: list[replying.Upload] = []

    async def before() -> None:
        uploads.extend(await replying.looked_at(given, at.desk.runtime.settings.max_attachment_bytes))

    async def work(act: Act) -> None:
        if template:
            await replying.reply_by_template(act, at.id, _lines(text), token)
        else:
            await replying.reply(act, at.id, _lines(text), uploads, token)

    waits = at.signed.officer.delays_replies or bool(inserted)
    tells = Tells("conversation.replied") if waits else None
    return await _done(at, work, "", before=before, trigger="sent", text=text, tells=tells)


@router.post("/messages/{message_id}/resend")
async def resend(at: There, message_id: int) -> Response:
    return await _done(
        at,
        lambda act: replying.resend(act, message_id),
        "Pesan dikirim ulang.",
        tells=Tells("message.resent", "Kirim ulang pesan ini?"),
    )


@router.post("/files/{file_id}/again")
async def fetch_again(at: There, file_id: int) -> Response:
    """A file of the applicant that could not be fetched."""
    return await _done(at, lambda act: replying.fetch_again(act, at.id, file_id), "Berkas diambil lagi.")


@router.post("/held/{held_id}/approve")
async def approve(at: There, held_id: int) -> Response:
    """Fields `text-ID`: the bubbles as the officer wants them."""
    form = await at.request.form()
    typed = {name: _lines(value) for name, value in form.items() if isinstance(value, str)}

    async def work(act: Act) -> None:
        held = await approval.held(act.session, act.now(), at.id)
        bubbles = [bubble for one in held if one.id == held_id for bubble in one.bubbles]
        texts = {bubble["id"]: typed.get(f"text-{bubble['id']}", bubble["text"]) for bubble in bubbles}
        changed = {bubble["id"] for bubble in bubbles if texts[bubble["id"]].strip() != bubble["text"].strip()}
        await approval.approve(act, held_id, {number: texts[number] for number in changed})

    return await _done(at, work, "Jawaban dikirim.", tells=Tells("answer.approved", "Kirim jawaban ini?", held_id))


@router.post("/held/{held_id}/reject")
async def reject(at: There, held_id: int) -> Response:
    """Nothing is sent; the officer answers instead."""

    async def work(act: Act) -> None:
        await approval.reject(act, held_id)
        await service.claim(act, at.id, step_in=True)

    return await _done(
        at,
        work,
        "Jawaban tidak dikirim. Percakapan ini milik Anda.",
        tells=Tells("answer.rejected", "Jangan kirim jawaban Pandu, dan ambil percakapan ini?", held_id),
    )


async def _done(
    at: At,
    work: Callable[[Act], Awaitable[object]],
    said: str,
    *,
    before: Callable[[], Awaitable[None]] | None = None,
    trigger: str = "",
    text: str | None = None,
    tells: Tells | None = None,
) -> Response:
    """Does it in one transaction, and shows the conversation as it is then; what went wrong is said there.

    `trigger` is the event the page hears of when it went well (with a new token for the next form); `text` goes back
    into the reply's field when it did not; `tells`: the applicant hears of it. `before` is done outside of the
    transaction.
    """
    error, status, done = "", 200, Telling()
    address = f"/console/conversations/{at.id}"
    try:
        if before:
            await before()
        async with at.desk.session() as session:
            if tells is None:
                await work(acting(at.desk, at.signed, session))
            else:
                about = About(at.signed.officer.id, tells.action, "conversation", at.id, address, at.id)
                rows = of_conversations([at.id], await _answered(session, tells.held))
                async with telling(at.desk, session, about, rows, ask=at.ask and bool(tells.question)) as done:
                    await work(acting(at.desk, at.signed, session))
    except Shown as shown:
        question = tells.question if tells else ""
        async with at.desk.session() as session:
            await read(session, at.signed, "conversation", at.id, at.desk)
        return await ask_page(at.request, at.desk, at.signed, shown.held, section="inbox", title=question, back=address)
    except DeskError as wrong:
        error, status, said = wrong.why, wrong.status, ""
    if at.request.headers.get("hx-request"):
        happened = {trigger: {"token": secrets.token_urlsafe(16)}} if trigger and not error else {}
        headers = {"HX-Trigger": json.dumps(happened)} if happened else None
        response = await live_part(
            at.desk,
            at.signed,
            at.id,
            at.since,
            error=error,
            said=said,
            status=status,
            headers=headers,
            recalls=at.desk.acts(at.request, done.act),
        )
        at.desk.keep_act(at.request, response, done.act)
        return response
    if error:
        return await page(at.request, at.desk, at.signed, at.id, AskedList(), error=error, status=status, text=text)
    return at.desk.done(at.request, address, said, done.act)


async def _answered(session: AsyncSession, held_id: int | None) -> list[int]:
    """The applicant's message that a waiting answer is for."""
    query = select(HeldAnswer.incoming_id).where(HeldAnswer.id == held_id)
    return list(await session.scalars(query)) if held_id is not None else []


def receiver(to: str) -> tuple[int | None, int | None]:
    """Officer and team of "officer-3" or "team-2"; at most one of the two."""
    kind, _, number = to.partition("-")
    chosen = int(number) if number.isascii() and number.isdecimal() and len(number) < 18 else None
    return (chosen if kind == "officer" else None, chosen if kind == "team" else None)


def _lines(text: str) -> str:
    """As it was typed: browsers send every line end as two characters."""
    return text.replace("\r\n", "\n").replace("\0", "")
