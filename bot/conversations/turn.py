"""A turn: everything a person sent and nobody handled yet is answered, strictly in order.

Runs as a job under the conversation's lock. Replies become outbox rows in the transaction that marks the
message handled, so a turn that is repeated after a crash neither loses nor doubles an answer.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text

from bot import metrics
from bot.channels.all import kind_of
from bot.conversations import album, outbox, signals, wording
from bot.conversations.commit import NOTED, Outcome, commit
from bot.conversations.files import keep
from bot.conversations.hiding import DRAFTING
from bot.conversations.jobs import NO_LEASE, Lease
from bot.conversations.menus import choose, is_number
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.notice import note_told
from bot.dialogue.client import EngineUnavailable, UnknownPayload
from bot.masking import mask_secrets
from bot.messages import COMMANDS, Button, Reply, command_payload
from bot.storage.database import DATABASE_ERRORS
from bot.storage.patience import is_away
from bot.trace import traced

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

NOTICED = 0.5  # seconds of thinking after which it is shown
OUTAGE_GRACE = 5.0  # seconds a message may wait for the engine before the person is told
ATTEMPTS = 3  # tries before a message that our own fault breaks is closed with an apology
_PAYLOAD = re.compile(r"/[a-z_]{1,60}(\{.{0,200}\})?")
_VISIBLE = re.compile(r"\w")
_NUMBER = re.compile(r"\s*\d{1,2}\s*(?:[.)]\s*)?")

_PENDING = text("""
select i.id, i.kind, i.text, i.payload, i.menu as menu_id, i.choice, i.attachments, i.received_at, i.edits,
    i.forwarded, i.quotes, i.quoted,
    case when i.quotes is not null then (select o.text from outgoing_messages o where o.id = i.quotes) end as our_words,
    i.provider_id, c.channel, c.address, c.owner, c.no_news, c.introduced_at, c.outage_told_at, c.menu, c.after_officer,
    m.state::text as memory
from incoming_messages i join conversations c on c.id = i.conversation_id
left join rasa_trackers m on m.sender_id = cast(c.id as text)
where i.conversation_id = :id and i.handled_at is null order by i.id limit :most
""")
_BUTTONS = text("select buttons from outgoing_messages where id = :menu and conversation_id = :id")
_OFFERED = text("""
select button ->> 'payload' as payload
from outgoing_messages o, jsonb_array_elements(o.buttons) button where o.conversation_id = :id order by o.id desc
""")
_FLOODED = text(
    f"""
with waiting as (
    select id from incoming_messages
    where conversation_id = :id and handled_at is null order by id desc offset 1 for update
)
update incoming_messages m set handled_at = now(), outcome = 'flood',
    report_id = {DRAFTING.format(conversation="m.conversation_id")}
where id in (select id from waiting) returning id, attachments
"""  # noqa: S608 (a constant of ours)
)
_TYPED = frozenset(payload for payload, _ in COMMANDS.values()) | {wording.BACK_TO_BOT.payload}
"""Payloads that a typed command has (a client's menu), and the way back to the bot: they need no button."""


async def take_turn(runtime: Runtime, conversation_id: int, lease: Lease = NO_LEASE) -> None:
    """Handle the waiting messages of a conversation, then send what is to be sent.

    A message that arrives meanwhile has its own job.
    """
    attempt = lease.attempts
    to_send: list[Any] | None = None  # not known yet
    while pending := await _pending(runtime, conversation_id):
        if len(pending) > runtime.settings.flood_limit and pending[0].owner == "bot":
            await _close_flood(runtime, conversation_id, pending[0])
            to_send = None
            continue
        edited = {later.edits for later in pending}
        if replaced := next((row for row in pending if row.id in edited), None):  # what replaces it will be answered
            to_send = (await commit(runtime, conversation_id, replaced, NOTED)).to_send
            continue
        together = album.of(pending) if pending[0].owner == "bot" else pending[:1]
        with traced(conversation_id, pending[0].id):
            to_send = await _handle(runtime, conversation_id, album.as_one(together), attempt, lease)
            for row in together[1:]:
                outcome = await _joined(runtime, conversation_id, row)
                to_send = (await commit(runtime, conversation_id, row, outcome)).to_send
        attempt = 0  # and read again: the menu, the owner and the queue may have changed
        if len(pending) == len(together):
            break
    await outbox.deliver(runtime, conversation_id, to_send, lease)


async def _handle(runtime: Runtime, conversation_id: int, row: Any, attempt: int, lease: Lease) -> list[Any] | None:
    """Answer one message. Returns what is to be sent now; None: not known."""
    started = time.perf_counter()
    try:
        outcome = await _answer(runtime, conversation_id, row)
    except EngineUnavailable:
        metrics.engine_down.inc()
        runtime.without_engine.add(conversation_id)
        if attempt or not await runtime.engine.healthy():  # else another engine answers in a second
            await _tell_outage(runtime, conversation_id, row, lease)
        raise
    except DATABASE_ERRORS:
        raise
    except Exception as error:
        if is_away(error):
            raise
        log.exception("turn failed", conversation=conversation_id, message=row.id, attempt=attempt)
        if attempt + 1 < ATTEMPTS:
            raise
        outcome = Outcome("error", [wording.ERROR])
    runtime.without_engine.discard(conversation_id)
    written = await commit(runtime, conversation_id, row, outcome)
    seconds = time.perf_counter() - started
    metrics.turns.labels(outcome.outcome).inc()
    metrics.turn_seconds.observe(seconds)
    metrics.answer_seconds.observe(written.waited)
    intent = outcome.spoken.understood.intent if outcome.spoken else None
    log.info(
        "handled", outcome=outcome.outcome, intent=intent, seconds=round(seconds, 3), waited=round(written.waited, 3)
    )
    return written.to_send


async def _pending(runtime: Runtime, conversation_id: int) -> list[Any]:
    most = runtime.settings.flood_limit + 1
    return await runtime.database.run(_PENDING, {"id": conversation_id, "most": most})


async def _answer(runtime: Runtime, conversation_id: int, row: Any) -> Outcome:
    row, outcome = await signals.read(runtime, conversation_id, row)
    if outcome is not None:
        return outcome
    if row.owner != "bot":
        return await _for_officer(runtime, conversation_id, row)
    if row.kind == "payload":
        return await _by_payload(runtime, conversation_id, row, await _tapped(runtime, conversation_id, row))
    if row.attachments and runtime.take_files and (taken := await _for_capability(runtime, conversation_id, row)):
        return Outcome("answered", _not_repeated(row, taken))
    if row.attachments and _VISIBLE.search(row.text):
        return await _by_caption(runtime, conversation_id, row)
    if row.kind != "text":
        return await _without_words(runtime, conversation_id, row)
    if not _VISIBLE.search(row.text):
        return Outcome("answered", [_vary(row, wording.EMPTY, wording.EMPTY_AGAIN)])
    return await _by_text(runtime, conversation_id, row)


async def _for_officer(runtime: Runtime, conversation_id: int, row: Any) -> Outcome:
    """A person has the conversation, or it waits for one: the bot only says how the queue stands, or comes back."""
    waiting = row.owner == "queue"
    payload = await _tapped(runtime, conversation_id, row)
    menu = row.menu or {}
    if waiting and row.kind == "text" and ((menu.get("fresh") and row.edits is None) or not is_number(row.text)):
        buttons = tuple(Button(**item) for item in menu.get("buttons", ()))
        offered = any(button.payload == wording.BACK_TO_BOT.payload for button in buttons)
        button = choose(row.text, buttons if offered else (wording.BACK_TO_BOT,))
        payload = button.payload if button else ""
    if payload == wording.BACK_TO_BOT.payload:
        return Outcome("back_to_bot", [wording.BACK])
    if waiting and runtime.people is not None:
        async with runtime.database.session() as session:
            replies = await runtime.people.while_waiting(session, conversation_id, row.id, payload, row.text)
        if replies:
            return Outcome("for_officer", replies)
    told = not waiting or menu.get("text") == wording.WAITING.text
    return Outcome("for_officer", [] if told else [wording.WAITING])


async def _for_capability(runtime: Runtime, conversation_id: int, row: Any) -> list[Reply]:
    """Attachments that a capability waits for, such as those of a report."""
    assert runtime.take_files is not None
    async with runtime.database.session() as session:
        return await runtime.take_files(session, conversation_id, row.id, row.attachments)


async def _by_caption(runtime: Runtime, conversation_id: int, row: Any) -> Outcome:
    """What is written under a file is answered as if it had come alone, after the word that the file came."""
    outcome = await _by_text(runtime, conversation_id, row)
    kinds = album.kinds(row)
    if not kinds or not outcome.replies:
        return outcome
    first, *others = outcome.replies
    told = replace(first, text=f"{wording.files_came(kinds)}\n\n{first.text}")
    return replace(outcome, replies=[told, *others])


async def _without_words(runtime: Runtime, conversation_id: int, row: Any) -> Outcome:
    kinds = album.kinds(row)
    if kinds and await album.follows(runtime, conversation_id, row):
        return Outcome("answered", [])
    if len(kinds) > 1:
        return Outcome("answered", [wording.album(kinds)])
    return Outcome("answered", [wording.MEDIA.get(row.kind, wording.MEDIA["other"])])


async def _joined(runtime: Runtime, conversation_id: int, row: Any) -> Outcome:
    """The further files of an album, which its first one's answer was for, too; a report takes each by itself."""
    taken = await _for_capability(runtime, conversation_id, row) if runtime.take_files else []
    return Outcome("answered", _not_repeated(row, taken))


def _not_repeated(row: Any, replies: list[Reply]) -> list[Reply]:
    """Several files one after another are not told the same again and again."""
    menu = row.menu or {}
    same = bool(menu.get("fresh")) and len(replies) == 1 and replies[0].text == menu.get("text")
    return [] if same else replies


async def _by_text(runtime: Runtime, conversation_id: int, row: Any) -> Outcome:
    if payload := command_payload(row.text):
        return await _by_payload(runtime, conversation_id, row, payload)
    buttons, fresh = await _offered(runtime, conversation_id, row)
    number = is_number(row.text)
    if number and await signals.narrates(runtime, conversation_id):
        return await _by_engine(runtime, conversation_id, row, text=row.text)
    if buttons and (fresh or not number) and (button := choose(row.text, buttons)):
        return await _by_payload(runtime, conversation_id, row, button.payload)
    if buttons and number:
        return Outcome("answered", [Reply(wording.STALE_MENU, buttons)])
    if _NUMBER.fullmatch(row.text):
        return Outcome("answered", [wording.NO_MENU])
    # A leading slash would make Rasa take typed text for a payload.
    spoken = row.text.strip().lstrip("/").strip() or row.text
    return await _by_engine(runtime, conversation_id, row, text=spoken)


async def _offered(runtime: Runtime, conversation_id: int, row: Any) -> tuple[tuple[Button, ...], bool]:
    """The menu that a typed text may choose from, and whether a number does: that of the message which it answers, else
    the newest. An edited number was about an earlier one.
    """
    quoted = {"menu": row.quotes, "id": conversation_id}
    found = await runtime.database.run(_BUTTONS, quoted) if row.quotes is not None else []
    menu = {"buttons": found[0].buttons, "fresh": True} if found and found[0].buttons else row.menu or {}
    buttons = tuple(Button(**item) for item in menu.get("buttons", ()))
    return buttons, bool(menu.get("fresh")) and row.edits is None


async def _by_payload(runtime: Runtime, conversation_id: int, row: Any, payload: str) -> Outcome:
    if payload == wording.BACK_TO_BOT.payload:
        return Outcome("answered", [wording.BACK])
    if not _PAYLOAD.fullmatch(payload):
        return Outcome("answered", [wording.OLD_BUTTON])
    try:
        return await _by_engine(runtime, conversation_id, row, payload=payload)
    except UnknownPayload:
        return Outcome("answered", [wording.OLD_BUTTON])


async def _by_engine(runtime: Runtime, conversation_id: int, row: Any, **said: str) -> Outcome:
    metadata = {
        "message_id": row.id,
        "first_contact": row.introduced_at is None,
        "channel": row.channel,
        "privacy_url": runtime.privacy_url,
        **({"after_officer": row.after_officer} if row.after_officer else {}),
        **({"quoted": words} if (words := signals.quoted(row)) else {}),
        **({"forwarded": True} if row.forwarded else {}),
        **({"replaces": row.replaces} if row.edits is not None else {}),
    }
    with runtime.while_thinking(conversation_id), _typing(runtime, row):
        spoken = await runtime.engine.turn(conversation_id, metadata=metadata, memory=row.memory or "", **said)
    # a rule may want an officer to see it first
    verdict = await runtime.people.verdict(spoken) if runtime.people is not None else None
    return Outcome("answered", spoken.replies, spoken, verdict)


@contextmanager
def _typing(runtime: Runtime, row: Any) -> Iterator[None]:
    """The person sees that an answer is being written, where it takes long enough to be noticed."""
    task = asyncio.create_task(_show_typing(runtime, row))
    try:
        yield
    finally:
        task.cancel()


async def _show_typing(runtime: Runtime, row: Any) -> None:
    await asyncio.sleep(NOTICED)
    with suppress(Exception):  # a courtesy
        await runtime.channels[row.channel].typing(row.address, row.provider_id)


def _vary(row: Any, first: Reply, second: Reply) -> Reply:
    """Never the same non-answer twice in a row."""
    return second if row.menu and row.menu.get("text") == first.text else first


async def _tapped(runtime: Runtime, conversation_id: int, row: Any) -> str:
    """The payload behind a tapped button of one of our own messages; empty when there is none.

    Where the provider tells the payload itself, it counts when a message of ours to this person carried it, as it was
    masked on its way in. Our own page for trying may tell any.
    """
    if row.payload:
        if kind_of(row.channel).local or row.payload in _TYPED:
            return str(row.payload)
        offered = await runtime.database.run(_OFFERED, {"id": conversation_id})
        return next((one.payload for one in offered if mask_secrets(one.payload) == row.payload), "")
    if row.menu_id is None or row.choice is None:
        return ""
    found = await runtime.database.run(_BUTTONS, {"menu": row.menu_id, "id": conversation_id})
    buttons = found[0].buttons if found else []
    return str(buttons[row.choice]["payload"]) if 0 <= row.choice < len(buttons) else ""


async def _tell_outage(runtime: Runtime, conversation_id: int, row: Any, lease: Lease) -> None:
    """Once an outage, kindly, and only when the wait is long enough to be noticed."""
    waited = (datetime.now(UTC) - row.received_at).total_seconds()
    if row.outage_told_at is not None or waited < OUTAGE_GRACE:
        return
    async with runtime.database.session() as session:
        conversation = await session.get(Conversation, conversation_id)
        assert conversation is not None
        conversation.outage_told_at = datetime.now(UTC)
        words = await _with_notice(runtime, session, conversation_id, row, wording.OUTAGE.text)
        session.add(Outgoing(conversation_id=conversation_id, author="bot", text=words))
    await outbox.deliver(runtime, conversation_id, lease=lease)


async def _with_notice(runtime: Runtime, session: AsyncSession, conversation_id: int, row: Any, words: str) -> str:
    """`words`, after the notice about data where this is the first reply."""
    if runtime.notice is None or row.introduced_at is not None:
        return words
    notice = runtime.notice()
    await note_told(session, conversation_id, notice, row.id)
    return notice.before(words)


async def _close_flood(runtime: Runtime, conversation_id: int, row: Any) -> None:
    """More messages than anyone reads answers to: all are kept, the newest is answered. `row` is the first."""
    async with runtime.database.session() as session:
        words = await _with_notice(runtime, session, conversation_id, row, wording.FLOOD.text)
        closed = await session.execute(_FLOODED, {"id": conversation_id})
        rows = sorted(closed, key=lambda one: one.id)
        for one in rows:
            await keep(runtime, session, one.id, one.attachments)
        if rows:
            extra = outbox.Extra(in_reply_to=rows[-1].id)
            await outbox.put(session, conversation_id, words, "bot", (), extra)
    metrics.turns.labels("flood").inc()
