"""An officer's words on their way to the applicant: text, files, templates; sending again what failed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from bot.channels.all import kind_of
from bot.conversations import files as stored_files
from bot.conversations.hiding import staff_incoming, staff_outgoing
from bot.conversations.holding import hold_of
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.conversations.outbox import Extra, put, wake
from bot.conversations.recall import let_go_before
from bot.conversations.sent_files import Checked, keep
from bot.conversations.text import split_text
from bot.handoff import wording
from bot.handoff.answering.canned import FIELDS
from bot.handoff.desk import Act, BadInput, DeskError, NoConversation, WindowClosed, tell
from bot.handoff.file_types import check
from bot.handoff.models import Handoff
from bot.handoff.ownership.callbacks import answered
from bot.handoff.ownership.service import introduction, owned, renew
from bot.handoff.reading.presence import forget_draft, look
from bot.handoff.window import window_left

MAX_TEXT = 4096
MAX_FILES = 5
_OPEN_FIELD = re.compile(r"\{(" + "|".join(FIELDS) + r")\}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that may be sent. Its kind was read from `content`, never believed."""

    kind: Checked
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """Ids of the outgoing messages (a long text is several). `repeated`: the same form had been sent before."""

    messages: tuple[int, ...]
    repeated: bool = False


async def looked_at(files: Sequence[tuple[str, bytes]], limit: int) -> list[Upload]:
    """Files as the browser sent them, by name. Raises BadInput: above MAX_FILES, or one that is no picture, PDF, DOCX
    or XLSX, or larger than `limit` bytes. Not inside a transaction."""
    if len(files) > MAX_FILES:
        raise BadInput(wording.TOO_MANY_FILES.format(most=MAX_FILES))
    return [Upload(await check(filename, content, limit), content) for filename, content in files]


async def reply(desk: Act, conversation_id: int, text: str, files: Sequence[Upload] = (), token: str = "") -> Sent:
    """Queues an officer's message; only the owner may. The same `token` (of the form) sends once.

    Raises NotYours, Closed, NoConversation, WindowClosed (see `reply_by_template`) and
    BadInput (nothing to send, above MAX_TEXT characters, a field like {nama} left open).
    """
    text = _checked(text, may_be_empty=bool(files))
    handoff = await owned(desk, conversation_id)
    if before := await _sent_before(desk, conversation_id, token):
        return before
    conversation = await _conversation(desk, conversation_id)
    if window_left(conversation.channel, conversation.last_incoming_at, desk.now()) == timedelta(0):
        raise _window_closed(conversation)
    if told := introduction(handoff, desk.name):
        await put(desk.session, conversation_id, told, "system")
    ids: list[int] = []
    channel = desk.runtime.channels.get(conversation.channel)
    for part in split_text(text, channel.max_text if channel else MAX_TEXT):
        ids.append(await _put(desk, conversation_id, part, token, len(ids), Extra()))
    for one in files:
        file = await keep(desk.runtime.settings.files_dir, one.kind, one.content)
        ids.append(await _put(desk, conversation_id, "", token, len(ids), Extra(file=file)))
    await _after(desk, handoff, len(ids))
    return Sent(tuple(ids))


async def reply_by_template(desk: Act, conversation_id: int, text: str, token: str = "") -> Sent:
    """The same through the channel's approved template ({{1}} officer, {{2}} text)."""
    text = " ".join(_checked(text).split())  # a template's variables have no line breaks
    kind = kind_of((await _conversation(desk, conversation_id)).channel)
    if len(text) > kind.template_text:
        raise BadInput(wording.BAD_TEXT_LENGTH.format(most=kind.template_text))
    if not kind.template(desk.runtime.settings, "reply"):
        raise DeskError(wording.NO_TEMPLATE.format(setting=kind.template_setting("reply")))
    handoff = await owned(desk, conversation_id)
    if before := await _sent_before(desk, conversation_id, token):
        return before
    template = {"template": "reply", "1": desk.name, "2": text}
    number = await _put(desk, conversation_id, text, token, 0, Extra(template=template))
    await _after(desk, handoff, 1)
    return Sent((number,))


async def resend(desk: Act, message_id: int) -> int:
    """Sends a failed message again as a new one; returns its id. Doing it twice sends once (the same id).

    Raises NotYours, Closed, WindowClosed, NoConversation (also for what is withheld); DeskError for a message that has
    not failed.
    """
    readable = select(staff_outgoing.c.id).where(staff_outgoing.c.id == message_id, ~staff_outgoing.c.withheld)
    old = await desk.session.get(Outgoing, message_id)
    if old is None or (await desk.session.execute(readable)).first() is None:
        raise NoConversation(wording.NO_MESSAGE)
    handoff = await owned(desk, old.conversation_id)
    await desk.session.refresh(old, ["status"])
    query = select(Outgoing.id).where(Outgoing.resend_of == message_id)
    if (again := (await desk.session.execute(query)).scalar_one_or_none()) is not None:
        return again
    if old.status != "failed":
        raise DeskError(wording.NOT_FAILED)
    conversation = await _conversation(desk, old.conversation_id)
    left = window_left(conversation.channel, conversation.last_incoming_at, desk.now())
    if left == timedelta(0) and not old.template:
        raise _window_closed(conversation)
    extra = Extra(old.template, old.file, desk.officer_id, resend_of=old.id, in_reply_to=old.in_reply_to)
    number = await put(desk.session, old.conversation_id, old.text, "officer", (), extra)
    await _after(desk, handoff, 1, first_reply=False, action="message.resent")
    return number


async def fetch_again(desk: Act, conversation_id: int, file_id: int) -> None:
    """Asks the provider once more for a file that could not be had.

    Raises NotYours, Closed, NoConversation (also for a file that is there, on its way, or withheld).
    """
    query = (
        select(StoredFile.id)
        .join(staff_incoming, staff_incoming.c.id == StoredFile.incoming_id)
        .where(StoredFile.id == file_id, ~staff_incoming.c.withheld)
    )
    await owned(desk, conversation_id)
    if (await desk.session.execute(query)).first() is None or not await stored_files.fetch_again(
        desk.runtime, desk.session, conversation_id, file_id
    ):
        raise NoConversation(wording.NO_MESSAGE)
    await renew(desk, conversation_id)


async def typing(desk: Act, conversation_id: int) -> None:
    """Colleagues see in their pages that the owner is typing. An act: renews the lease."""
    await look(desk, conversation_id, typing=True)
    await renew(desk, conversation_id)


async def show_typing(desk: Act, conversation_id: int) -> None:
    """The applicant sees "typing…", where the channel can show it and the officer has the conversation.

    Asks the provider: call it outside of a transaction that others wait for. Never raises.
    """
    query = (
        select(Conversation.channel, Conversation.address, Incoming.provider_id)
        .join(Handoff, Handoff.conversation_id == Conversation.id)
        .outerjoin(Incoming, Incoming.conversation_id == Conversation.id)
        .where(Conversation.id == conversation_id, Handoff.closed_at.is_(None), Handoff.officer_id == desk.officer_id)
        .order_by(Incoming.id.desc())
        .limit(1)
    )
    found = (await desk.session.execute(query)).one_or_none()
    channel = desk.runtime.channels.get(found.channel) if found else None
    if found is not None and channel is not None:
        await channel.typing(found.address, found.provider_id or "")


def _window_closed(conversation: Conversation) -> WindowClosed:
    kind = kind_of(conversation.channel)
    return WindowClosed(wording.WINDOW_CLOSED.format(hours=kind.hours, channel=kind.title))


def _checked(text: str, *, may_be_empty: bool = False) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text and not may_be_empty:
        raise BadInput(wording.EMPTY_REPLY)
    if len(text) > MAX_TEXT:
        raise BadInput(wording.BAD_TEXT_LENGTH.format(most=MAX_TEXT))
    if left := list(dict.fromkeys(one[0] for one in _OPEN_FIELD.finditer(text))):
        raise BadInput(wording.OPEN_FIELD.format(field=", ".join(left)))
    return text


async def _sent_before(desk: Act, conversation_id: int, token: str) -> Sent | None:
    """What the same form sent; the handoff is locked, so two at once come one after the other."""
    if not token:
        return None
    query = select(Outgoing.id).where(
        Outgoing.conversation_id == conversation_id,
        Outgoing.reply_token.in_([_numbered(conversation_id, token, n) for n in range(MAX_FILES + 20)]),
    )
    found = (await desk.session.scalars(query.order_by(Outgoing.id))).all()
    return Sent(tuple(found), repeated=True) if found else None


async def _put(desk: Act, conversation_id: int, text: str, token: str, number: int, extra: Extra) -> int:
    whole = replace(
        extra, officer_id=desk.officer_id, reply_token=_numbered(conversation_id, token, number) if token else ""
    )
    return await put(desk.session, conversation_id, text, "officer", (), whole)


def _numbered(conversation_id: int, token: str, number: int) -> str:
    """What the form says stands behind a beginning of ours: others ("copy:") mean something else."""
    return f"reply:{conversation_id}:{token[:100]}:{number}"


async def _after(
    desk: Act, handoff: Handoff, count: int, *, first_reply: bool = True, action: str = "conversation.replied"
) -> None:
    """What a reply changes besides the message itself."""
    conversation_id = handoff.conversation_id
    if first_reply:
        handoff.first_reply_at = handoff.first_reply_at or desk.now()
        handoff.asked_at, handoff.due_at, handoff.untold = None, None, False
        await answered(desk, conversation_id)
        if desk.officer_id is not None:
            await forget_draft(desk, conversation_id)
    await desk.session.flush()
    if hold_of(desk.session) is None:
        await let_go_before(desk.runtime, desk.session, conversation_id)
    await renew(desk, conversation_id)
    await desk.record(action, conversation_id, messages=count)
    await wake(desk.runtime, desk.session, conversation_id)
    await tell(desk.session, conversation_id, "replied", by=desk.officer_id)


async def _conversation(desk: Act, conversation_id: int) -> Conversation:
    conversation = await desk.session.get(Conversation, conversation_id, populate_existing=True)
    if conversation is None:
        raise NoConversation(wording.UNKNOWN)
    return conversation
