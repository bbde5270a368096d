"""Acts that tell an applicant something: the words are shown first, and for some seconds the act can be taken back.

The words come from doing the act and undoing all of it at once, so they are exactly those that would be sent.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications.models import Application
from bot.applications.posting import tell_officers
from bot.applications.service import Register, add_note, stages_of
from bot.audit.service import note
from bot.complaints.models import ComplaintEvent
from bot.complaints.office import tell_pages
from bot.console.access import AnyOfficer
from bot.console.acting import acting
from bot.console.desk import Desk, Here
from bot.conversations.holding import Hold, Said, hold
from bot.conversations.recall import (
    About,
    ChangedSince,
    Recalled,
    Rows,
    TooLate,
    images,
    keep,
    take_back,
    undo_of,
    unlink,
)
from bot.handoff.desk import tell
from bot.handoff.models import Note
from bot.handoff.reading.presence import save_draft
from bot.officers.signing_in import Signed

router = APIRouter()
ASK = "ask"  # the field of a form whose act is to be shown first
TOO_LATE = "Tidak bisa dibatalkan lagi: waktunya sudah lewat dan pesannya sudah dikirim."
E_STAGE_RECALLED = "Tahap “{stage}” ditarik kembali sebelum pemohon dikabari."
E_RECALLED = "{name} membatalkannya sebelum dikirim."
RECALLED = "Dibatalkan: tidak ada yang dikirim, dan keadaannya kembali seperti semula."
RECALLED_ALL = "Dibatalkan untuk {count} percakapan: tidak ada yang dikirim, dan keadaannya kembali seperti semula."
SOME_CHANGED = " {count} lainnya tidak: sesudahnya sudah ada perubahan lain, pesannya tetap dikirim."
CHANGED = "Tidak bisa dibatalkan: sesudahnya sudah ada perubahan lain. Pesannya tetap dikirim."


class Shown(Exception):
    """The act was only looked at: everything is undone."""

    def __init__(self, held: Hold) -> None:
        super().__init__()
        self.held = held


@dataclass(slots=True)
class Telling:
    """`act`: its id and until when it can be taken back, once it is done. `silent`: nobody is told anything, so nothing
    is asked."""

    act: tuple[int, datetime] | None = None
    silent: bool = False


@asynccontextmanager
async def telling(
    desk: Desk,
    session: AsyncSession,
    about: About,
    rows: Sequence[Rows],
    *,
    ask: bool,
    recallable: bool = True,
) -> AsyncIterator[Telling]:
    """Around an act. With `ask` ends with Shown, which must leave the session's block, too. `rows`: what it changes."""
    done = Telling()
    wait = recallable and desk.runtime.settings.recall_seconds > 0
    if not (ask or wait):
        yield done
        return
    before = await images(session, rows) if not ask else {}
    with hold(session) as held:
        yield done
    await session.flush()
    if ask and not done.silent:
        unlink(desk.runtime.settings.files_dir, held.files)
        raise Shown(held)
    if held.messages or held.jobs or about.batch is not None:
        done.act = await keep(desk.runtime, session, about, held, undo_of(before, await images(session, rows)))


def of_conversations(conversations: Sequence[int], incoming: Sequence[int] = ()) -> list[Rows]:
    """What acts on conversations change; `incoming`: messages whose answers wait for a yes."""
    ids, tables = tuple(conversations), ("handoffs", "call_backs", "held_answers", "surveys")
    rows = [Rows(one, "conversation_id = any(:keys)", ids) for one in tables]
    rows.append(Rows("conversations", "id = any(:keys)", ids, ("owner", "office", "after_officer")))
    return rows + ([Rows("outgoing_messages", "in_reply_to = any(:keys)", tuple(incoming))] if incoming else [])


def of_application(application_id: int) -> list[Rows]:
    tables, ids = ("application_events", "claim_codes"), (application_id,)
    return [Rows("applications", "id = any(:keys)", ids)] + [
        Rows(one, "application_id = any(:keys)", ids) for one in tables
    ]


def of_list(upload_id: int, references: Sequence[str]) -> list[Rows]:
    """What an uploaded list with these numbers changes."""
    keys = tuple(references)
    there = "application_id in (select a.id from applications a where a.reference = any(:keys))"
    upload = Rows("application_imports", "id = any(:keys)", (upload_id,), ("written_at",))
    return [upload, Rows("applications", "reference = any(:keys)", keys)] + [
        Rows(one, there, keys) for one in ("application_events", "application_contacts")
    ]


def of_report(report_id: int) -> list[Rows]:
    ids = (report_id,)
    return [Rows("complaints", "id = any(:keys)", ids), Rows("complaint_events", "complaint_id = any(:keys)", ids)]


def sentences(held: Hold) -> list[tuple[Said, int]]:
    """The different messages, each with how many conversations get it."""
    found: dict[tuple[str, tuple[str, ...], str], list[Said]] = {}
    for one in held.said:
        found.setdefault((one.text, one.buttons, one.file), []).append(one)
    return [(alike[0], len(alike)) for alike in found.values()]


async def ask_page(
    request: Request,
    desk: Desk,
    signed: Signed,
    held: Hold,
    *,
    section: str,
    title: str,
    back: str,
    target: str = "#live",
    undone: Sequence[tuple[str, str]] = (),
) -> Response:
    """The words, and a form that does it; a dialog for htmx, a page for everybody else.

    `target`: where the dialog's answer is shown; `undone`: names of those with whom it cannot be done, and why.
    """
    form = await request.form()
    values: dict[str, Any] = {
        "title": title,
        "sentences": sentences(held),
        "more": held.uncounted,
        "undone": undone,
        "target": target,
        "fields": [(name, value) for name, value in form.multi_items() if isinstance(value, str) and name != ASK],
        "address": request.url.path,
        "back": back,
        "seconds": desk.runtime.settings.recall_seconds,
    }
    if request.headers.get("hx-request"):
        headers = {"HX-Retarget": "#asking", "HX-Reswap": "innerHTML"}
        return desk.part("ask.html", headers=headers, **values)
    return desk.page(request, signed, "ask-page.html", section=section, **values)


@router.post("/acts/{act_id}/recall")
async def recall(request: Request, desk: Here, signed: AnyOfficer, act_id: int) -> Response:
    """Only whose act it was, and only while it waits."""
    try:
        async with desk.session() as session:
            recalled, changed = await take_back(session, signed.officer.id, act_id, desk.runtime.settings.files_dir)
            for done in recalled:
                await note(session, signed.actor, "act.recalled", done.subject, done.subject_id, act=done.action)
                await _tell_pages(desk, signed, session, done)
    except TooLate:
        return _back(request, desk, act_id, "", TOO_LATE)
    except ChangedSince:
        return _back(request, desk, act_id, "", CHANGED)
    said = RECALLED if len(recalled) == 1 else RECALLED_ALL.format(count=len(recalled))
    return _back(
        request, desk, act_id, recalled[0].address, said + (SOME_CHANGED.format(count=changed) if changed else "")
    )


def _back(request: Request, desk: Desk, act_id: int, address: str, said: str) -> Response:
    response = desk.done(request, address or _from(request), said)
    desk.forget_act(request, response, act_id)
    return response


def _from(request: Request) -> str:
    """The page on which the button was pressed, when it is one of ours."""
    _, _, path = request.headers.get("referer", "").partition(request.url.netloc)
    return path if path.startswith("/console") and "//" not in path and path.isprintable() else "/console"


_OWNER = text("""
select c.owner, h.officer_id from conversations c
left join handoffs h on h.conversation_id = c.id and h.closed_at is null where c.id = :id
""")


async def _tell_pages(desk: Desk, signed: Signed, session: AsyncSession, done: Recalled) -> None:
    await _keep_history(desk, signed, session, done)
    act = acting(desk, signed, session)
    if done.said and done.conversation_id is not None:
        await save_draft(act, done.conversation_id, done.said)
    for one in {*done.conversations, *([done.conversation_id] if done.conversation_id is not None else [])}:
        event = E_RECALLED.format(name=signed.officer.name)
        session.add(Note(conversation_id=one, officer_id=signed.officer.id, kind="event", text=event))
        owner = (await session.execute(_OWNER, {"id": one})).one()
        await tell(session, one, "recalled", owner=owner.owner, officer=owner.officer_id)
    await tell_officers(session)
    await tell_pages(session)


async def _keep_history(desk: Desk, signed: Signed, session: AsyncSession, done: Recalled) -> None:
    """What was put back stands in the history of the application or report, for officers."""
    register = Register(session, desk.knowledge, desk.zone, desk.now, signed.sight)
    for table, number, was in done.undone:
        if table == "complaints":
            session.add(
                ComplaintEvent(complaint_id=number, kind="recalled", author=signed.actor, created_at=desk.now())
            )
        elif table == "applications" and "stage" in was:
            application = await session.get_one(Application, number, populate_existing=True)
            stages = stages_of(desk.knowledge, application.service, application.procedure)
            stage = stages.stage(was["stage"])
            words = E_STAGE_RECALLED.format(stage=stage.title if stage else was["stage"])
            await add_note(register, application.number, words, signed.actor)
