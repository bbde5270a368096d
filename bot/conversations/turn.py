"""A turn: everything a person sent and nobody handled yet is answered, strictly in order.

Runs as a job under the conversation's lock. Replies become outbox rows in the transaction that marks the
message handled, so a turn that is repeated after a crash neither loses nor doubles an answer.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text

from bot import metrics
from bot.conversations import outbox, wording
from bot.conversations.files import keep
from bot.conversations.menus import choose
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.text import split_text
from bot.dialogue.client import EngineUnavailable, Spoken, Understanding, UnknownPayload
from bot.dialogue.intents import INTENT_FAMILY
from bot.messages import Button, Reply, command_payload
from bot.storage.database import DATABASE_ERRORS

if TYPE_CHECKING:
    from bot.runtime import Runtime

log = structlog.get_logger()

OUTAGE_GRACE = 5.0  # seconds a message may wait for the engine before the person is told
ATTEMPTS = 3  # tries before a message that our own fault breaks is closed with an apology
_PAYLOAD = re.compile(r"/[a-z_]{1,60}(\{.{0,200}\})?")
_VISIBLE = re.compile(r"\w")
_NUMBER = re.compile(r"\s*\d{1,2}\s*[.)]?\s*")

_PENDING = text("""
select i.id, i.kind, i.text, i.payload, i.menu as menu_id, i.choice, i.attachments, i.received_at,
    c.channel, c.owner, c.introduced_at, c.outage_told_at, c.menu, m.state::text as memory
from incoming_messages i join conversations c on c.id = i.conversation_id
left join rasa_trackers m on m.sender_id = cast(c.id as text)
where i.conversation_id = :id and i.handled_at is null order by i.id limit :most
""")
_BUTTONS = text("select buttons from outgoing_messages where id = :menu and conversation_id = :id")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message led to. `spoken` is there where the engine answered (so the person has been introduced)."""

    outcome: str
    replies: list[Reply]
    spoken: Spoken | None = None


async def take_turn(runtime: Runtime, conversation_id: int, attempt: int = 0) -> None:
    """Handle the waiting messages of a conversation, then send what is to be sent.

    A message that arrives meanwhile has its own job.
    """
    to_send: list[Any] | None = None  # not known yet
    while pending := await _pending(runtime, conversation_id):
        if len(pending) > runtime.settings.flood_limit and pending[0].owner == "bot":
            await _close_flood(runtime, conversation_id)
            to_send = None
            continue
        for row in pending:
            started = time.perf_counter()
            try:
                outcome = await _answer(runtime, conversation_id, row)
            except EngineUnavailable:
                metrics.engine_down.inc()
                await _tell_outage(runtime, conversation_id, row)
                raise
            except DATABASE_ERRORS:
                raise
            except Exception:
                log.exception("turn failed", conversation=conversation_id, message=row.id, attempt=attempt)
                if attempt + 1 < ATTEMPTS:
                    raise
                outcome = Outcome("error", [wording.ERROR])
            to_send = await _commit(runtime, conversation_id, row, outcome)
            metrics.turns.labels(outcome.outcome).inc()
            metrics.turn_seconds.observe(time.perf_counter() - started)
            attempt = 0
            break  # read again: the menu, the owner and the queue may have changed
        if len(pending) == 1:
            break
    await outbox.deliver(runtime, conversation_id, to_send)


async def _pending(runtime: Runtime, conversation_id: int) -> list[Any]:
    most = runtime.settings.flood_limit + 1
    return await runtime.database.run(_PENDING, {"id": conversation_id, "most": most})


async def _answer(runtime: Runtime, conversation_id: int, row: Any) -> Outcome:
    if row.owner != "bot":
        if row.payload == wording.BACK_TO_BOT.payload or await _tapped(runtime, conversation_id, row) == "/back_to_bot":
            return Outcome("back_to_bot", [wording.BACK])
        button = choose(row.text, (wording.BACK_TO_BOT,)) if row.owner == "queue" and row.kind == "text" else None
        if button:
            return Outcome("back_to_bot", [wording.BACK])
        told = row.owner == "officer" or (row.menu or {}).get("text") == wording.WAITING.text
        return Outcome("for_officer", [] if told else [wording.WAITING])
    if row.kind == "payload":
        payload = row.payload or await _tapped(runtime, conversation_id, row)
        return await _by_payload(runtime, conversation_id, row, payload)
    if row.attachments and runtime.take_files and (taken := await _for_capability(runtime, conversation_id, row)):
        return Outcome("answered", taken)
    if row.kind != "text":
        return Outcome("answered", [wording.MEDIA.get(row.kind, wording.MEDIA["other"])])
    if not _VISIBLE.search(row.text):
        return Outcome("answered", [_vary(row, wording.EMPTY, wording.EMPTY_AGAIN)])
    return await _by_text(runtime, conversation_id, row)


async def _for_capability(runtime: Runtime, conversation_id: int, row: Any) -> list[Reply]:
    """Attachments that a capability waits for, such as those of a report."""
    assert runtime.take_files is not None
    async with runtime.database.session() as session:
        return await runtime.take_files(session, conversation_id, row.id, row.attachments)


async def _by_text(runtime: Runtime, conversation_id: int, row: Any) -> Outcome:
    if payload := command_payload(row.text):
        return await _by_payload(runtime, conversation_id, row, payload)
    menu = row.menu or {}
    buttons = tuple(Button(**item) for item in menu.get("buttons", ()))
    number = bool(_NUMBER.fullmatch(row.text))
    if buttons and (menu["fresh"] or not number) and (button := choose(row.text, buttons)):
        return await _by_payload(runtime, conversation_id, row, button.payload)
    if number:
        return Outcome("answered", [Reply(wording.STALE_MENU, buttons)] if buttons else [wording.NO_MENU])
    # A leading slash would make Rasa take typed text for a payload.
    spoken = row.text.strip().lstrip("/").strip() or row.text
    return await _by_engine(runtime, conversation_id, row, text=spoken)


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
    }
    spoken = await runtime.engine.turn(conversation_id, metadata=metadata, memory=row.memory or "", **said)
    return Outcome("answered", spoken.replies, spoken)


def _vary(row: Any, first: Reply, second: Reply) -> Reply:
    """Never the same non-answer twice in a row."""
    return second if row.menu and row.menu.get("text") == first.text else first


async def _tapped(runtime: Runtime, conversation_id: int, row: Any) -> str:
    """The payload behind a tapped button of one of our own messages; empty when there is none."""
    if row.menu_id is None or row.choice is None:
        return ""
    found = await runtime.database.run(_BUTTONS, {"menu": row.menu_id, "id": conversation_id})
    buttons = found[0].buttons if found else []
    return str(buttons[row.choice]["payload"]) if 0 <= row.choice < len(buttons) else ""


# Everything a turn changes, in one statement and one round trip: the message is handled, the replies are in the outbox,
# the engine's memory is kept. What a channel without a provider is told is sent by being stored (unless an officer has
# taken over: the conversation's row is locked and read again). The NOTIFY wakes whoever waits. Returned is what waits
# to be sent, at least one row.
_COMMIT = text("""
with handled as (
    update incoming_messages set handled_at = now(), outcome = :outcome, understood = cast(:understood as jsonb)
    where id = :message_id and handled_at is null returning conversation_id
), talk as (
    select c.id, c.channel, c.address, case when :back then 'bot' else c.owner end as owner,
        c.channel = any(:without_provider) as here
    from conversations c where c.id = (select conversation_id from handled) for update
), spoken as (
    insert into outgoing_messages
        (conversation_id, in_reply_to, author, text, buttons, sources, status, attempts, sent_at)
    select talk.id, :message_id, 'bot', reply->>'text', reply->'buttons', reply->'sources',
        case when not here then 'pending' when owner = 'officer' then 'suppressed' else 'sent' end,
        cast(here as integer), case when here then now() end
    from talk, jsonb_array_elements(cast(:replies as jsonb)) with ordinality as r(reply, n) order by n
    returning id, text, buttons, attempts, template, status
), conversation as (
    update conversations c set
        introduced_at = case when :engine then coalesce(introduced_at, now()) else introduced_at end,
        outage_told_at = case when :engine then null else outage_told_at end,
        owner = talk.owner,
        menu = case when cast(:menu as jsonb) is not null then cast(:menu as jsonb)
                    when :spoke and menu is not null then menu || '{"fresh": false}' else menu end
    from talk where c.id = talk.id
), remembered as (
    insert into rasa_trackers (sender_id, state)
    select cast(id as text), cast(:memory as jsonb) from talk where cast(:memory as jsonb) is not null
    on conflict (sender_id) do update set state = excluded.state, updated_at = now()
), older as (
    update outgoing_messages o set
        status = case when o.author = 'bot' and talk.owner = 'officer' then 'suppressed' else 'sent' end,
        attempts = attempts + 1, sent_at = now()
    from talk where here and o.conversation_id = talk.id and o.status in ('pending', 'sending')
), waiting as (
    select o.id, o.text, o.buttons, o.attempts, o.template from outgoing_messages o join talk on not here
    where o.conversation_id = talk.id and o.status in ('pending', 'sending')
    union all
    select id, text, buttons, attempts, template from spoken where status = 'pending'
)
select waiting.*, talk.channel, talk.address,
    pg_notify('pandu_events', json_build_object('conversation', talk.id, 'handled', :message_id)::text) as told
from talk left join waiting on true order by waiting.id limit :batch
""")


async def _commit(runtime: Runtime, conversation_id: int, row: Any, outcome: Outcome) -> list[Any]:
    """Write down what a message led to. Returns what is to be sent now, in order (at most a batch)."""
    replies, spoken = outcome.replies, outcome.spoken
    with_buttons = next((reply for reply in reversed(replies) if reply.buttons), None)
    menu = None
    if with_buttons is not None:
        menu = json.dumps(
            {"text": with_buttons.text, "buttons": [asdict(button) for button in with_buttons.buttons], "fresh": True}
        )
    changes = {
        "message_id": row.id,
        "outcome": outcome.outcome,
        "understood": json.dumps(_public(spoken.understood)) if spoken else None,
        "replies": json.dumps(_bubbles(replies, runtime.channels[row.channel].max_text)),
        "engine": spoken is not None,
        "memory": spoken.memory if spoken else None,
        "back": outcome.outcome == "back_to_bot",
        "menu": menu,
        "spoke": bool(replies),
        "without_provider": runtime.without_provider,
        "batch": outbox.BATCH,
    }
    if row.attachments:
        async with runtime.database.session() as session:
            await keep(runtime, session, row.id, row.attachments)
            found = list((await session.execute(_COMMIT, changes)).all())
    else:
        found = await runtime.database.run(_COMMIT, changes)
    return [one for one in found if one.id is not None]


def _bubbles(replies: list[Reply], limit: int) -> list[dict[str, Any]]:
    """Replies as outbox rows; what is too long for the channel is split, the buttons stay with the last part."""
    rows: list[dict[str, Any]] = []
    for reply in replies:
        parts = split_text(reply.text, limit)
        rows.extend({"text": part, "buttons": [], "sources": []} for part in parts)
        if parts:
            rows[-1]["buttons"] = [asdict(button) for button in reply.buttons]
            rows[-1]["sources"] = [asdict(source) for source in reply.sources]
    return rows


def _public(understood: Understanding) -> dict[str, Any]:
    return {
        "intent": understood.intent,
        "family": INTENT_FAMILY.get(understood.intent, "out_of_scope"),
        "confidence": round(understood.confidence, 4),
        "ranking": understood.ranking[:3],
    }


async def _tell_outage(runtime: Runtime, conversation_id: int, row: Any) -> None:
    """Once an outage, kindly, and only when the wait is long enough to be noticed."""
    waited = (datetime.now(UTC) - row.received_at).total_seconds()
    if row.outage_told_at is not None or waited < OUTAGE_GRACE:
        return
    async with runtime.database.session() as session:
        conversation = await session.get(Conversation, conversation_id)
        assert conversation is not None
        conversation.outage_told_at = datetime.now(UTC)
        session.add(Outgoing(conversation_id=conversation_id, author="system", text=wording.OUTAGE.text))
    await outbox.deliver(runtime, conversation_id)


async def _close_flood(runtime: Runtime, conversation_id: int) -> None:
    """More messages than anyone reads answers to: all are kept, the newest is answered."""
    async with runtime.database.session() as session:
        await session.execute(
            text("""
            with waiting as (
                select id from incoming_messages
                where conversation_id = :id and handled_at is null order by id desc offset 1 for update
            ), closed as (
                update incoming_messages set handled_at = now(), outcome = 'flood'
                where id in (select id from waiting) returning id
            )
            insert into outgoing_messages (conversation_id, in_reply_to, author, text)
            select :id, max(id), 'bot', :text from closed having count(*) > 0
            """),
            {"id": conversation_id, "text": wording.FLOOD.text},
        )
    metrics.turns.labels("flood").inc()
