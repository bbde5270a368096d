"""The inbox: a message is stored, once, with its job, in one transaction, before any thinking."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text

from bot import metrics
from bot.conversations.erased import ABOUT_ERASED, KNOWN, hashes
from bot.conversations.jobs import QUEUE_TURN
from bot.conversations.optout import BY_PROVIDER
from bot.masking import mask_secrets
from bot.messages import Attachment, IncomingMessage
from bot.trace import trace_of

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

MAX_TEXT = 20_000
MAX_QUOTED = 4_000
EDITED_SOON = 20  # messages back in a conversation among which an edit that came before its original is looked for
MAX_FIELD = 2_000  # of an attachment: longer than any address of a provider
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

# What was erased is not stored again: it counts as a repeated delivery.
# One round trip: find or make the conversation (its row lock keeps a person's messages in order), store the message,
# queue its turn. A statement is a transaction: all of it or nothing.
# An edit whose original is not there stands for it: further edits replace it, and the original, when it comes after all
# (providers may deliver the two by different ways), is only written down.
# A channel's window runs from a message's own time: its repeated delivery, or being fetched late, moves nothing.
# A new message is there for its turn before it is on the disk (2 to 4 ms on a small machine): what the turn writes
# comes after it in PostgreSQL's log, so no answer is ever on the disk, or sent, without its message. A repeated
# delivery waits for the disk, and so for the first one's.
_STORE = text(
    f"""
with erased as ({KNOWN}), conversation as (
    insert into conversations (channel, address, profile_name, last_incoming_at)
    select :channel, :address, :profile_name, least(coalesce(:sent_at, now()), now())
    where not exists (select from erased)
    on conflict (channel, address) do update set
        last_incoming_at = case
            when exists (select from incoming_messages where channel = :channel and provider_id = :provider_id)
            then conversations.last_incoming_at
            else greatest(conversations.last_incoming_at, excluded.last_incoming_at) end,
        profile_name = case when conversations.channel_name is null
            then coalesce(nullif(excluded.profile_name, ''), conversations.profile_name)
            else conversations.profile_name end,
        channel_name = case when conversations.channel_name is not null
            then coalesce(nullif(excluded.profile_name, ''), conversations.channel_name) end
    returning id
), original as (
    select max(i.id) as id from conversation join incoming_messages i on i.conversation_id = conversation.id
    where :edits <> '' and i.ref = :edits and i.edits is null
), overtaken as (
    select now() as at from conversation, lateral (select ref, sent_at from incoming_messages
        where conversation_id = conversation.id order by id desc limit {EDITED_SOON}) newest
    where :ref <> '' and newest.ref = :ref and newest.sent_at > cast(:sent_at as timestamptz)
    limit 1
), message as (
    insert into incoming_messages
        (conversation_id, channel, provider_id, kind, text, payload, menu, choice, attachments, sent_at, ref, forwarded,
            quotes, quoted, edits, handled_at, outcome)
    select conversation.id, :channel, :provider_id, :kind, :text, :payload, :menu, :choice,
        cast(:attachments as jsonb), :sent_at,
        case when original.id is null and :edits <> '' then :edits else :ref end, :forwarded,
        case when :reply_to <> '' then (select max(o.id) from outgoing_messages o
            where o.conversation_id = conversation.id and o.provider_id = :reply_to) end,
        case when exists ({ABOUT_ERASED}) then '' when :quoted <> '' or :reply_to = '' then :quoted else coalesce((
            select i.text from incoming_messages i where i.channel = :channel and i.provider_id = :reply_to
                and i.conversation_id = conversation.id), '') end,
        original.id, overtaken.at, case when overtaken.at is not null then 'noted' end
    from conversation cross join original left join overtaken on true
    on conflict (channel, provider_id) do nothing
    returning id, conversation_id
)
select id, conversation_id, {QUEUE_TURN} as job, set_config('synchronous_commit', 'off', true) as waits from message
"""  # noqa: S608 (a constant of ours)
)
# A commit that waits for the disk (and for standby servers, where there are any) waits for all that came before it.
_ON_DISK = text("select pg_logical_emit_message(true, 'pandu', 'stored')")


def clean(value: str, limit: int = MAX_TEXT) -> str:
    """Text that PostgreSQL and a phone can hold: no NUL or other control characters, no lone surrogates."""
    return _CONTROL.sub("", value[:limit]).encode("utf-8", "replace").decode("utf-8")


def _clean_fields(attachment: Attachment) -> dict[str, Any]:
    """jsonb takes neither NUL nor half a surrogate pair; who sends a file chooses its name, with secrets in it, too."""
    cleaned = {
        name: clean(value, MAX_FIELD) if isinstance(value, str) else value for name, value in asdict(attachment).items()
    }
    return cleaned | {"filename": mask_secrets(cleaned["filename"])}


async def store(runtime: Runtime, message: IncomingMessage, *, until_on_disk: bool = True) -> tuple[int, int] | None:
    """Store the message and queue its turn. Returns (message id, conversation id); None for a repeated delivery,
    and for what was erased (erased.py).

    On return the message survives any crash. Only who waits for its turn anyway may do without (`until_on_disk`): the
    turn's own commit brings both to the disk.
    """
    address, provider_id = clean(message.address, 200), clean(message.provider_id, 200)
    found = await runtime.database.run(
        _STORE,
        {
            **hashes(message.channel, provider_id, address),
            "channel": message.channel,
            "address": address,
            "provider_id": provider_id,
            "profile_name": mask_secrets(clean(message.profile_name, 200)),
            "kind": message.kind,
            "text": mask_secrets(clean(message.text)),
            "payload": f"{BY_PROVIDER}{message.wish}" if message.wish else mask_secrets(clean(message.payload, 1000)),
            "menu": message.menu,
            "choice": message.choice,
            "attachments": json.dumps([_clean_fields(item) for item in message.attachments]),
            "sent_at": message.sent_at,
            "about_at": message.about_at,
            "ref": clean(message.ref, 200),
            "forwarded": message.forwarded,
            "reply_to": "" if message.kind == "payload" else clean(message.reply_to, 200),
            "quoted": mask_secrets(clean(message.quoted, MAX_QUOTED)),
            "edits": clean(message.edits, 200),
        },
    )
    if not found:
        metrics.repeated.labels(message.channel).inc()
        return None
    if until_on_disk:
        await runtime.database.run(_ON_DISK)
    row = found[0]
    metrics.received.labels(message.channel, message.kind).inc()
    trace = trace_of(row.conversation_id, row.id)
    log.info("received", trace=trace, channel=message.channel, kind=message.kind)
    return row.id, row.conversation_id
