"""The outbox: one row a message, sent in order by whoever holds the conversation's lock.

A row moves pending → sending → sent → delivered → read, or ends as failed or suppressed (progress.py).
While its provider is away a message waits, and those after it; each is tried until it is of no use (late.py).
Whoever owns the conversation is checked again in the statement that claims a row: the bot never talks over an officer.
A row found in "sending" belongs to a process that died in the middle of a send, or to a send whose answer never came.
Where the provider lets us look (a list of its messages) we look; otherwise it is sent again: a doubled message is
better than a lost one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import text

from bot import metrics
from bot.channels.advice import CHANNEL_OFF, INTERNAL
from bot.channels.all import kind_of
from bot.channels.base import Channel, LooksBack, PermanentSendError, Receipt, SendError, TemporarySendError
from bot.conversations import late, optout, progress, strain, wording
from bot.conversations.holding import hold_of
from bot.conversations.jobs import NO_LEASE, Lease, conversation_lock, defer
from bot.messages import Button, OutgoingFile, OutgoingMessage
from bot.storage.database import DATABASE_ERRORS
from bot.storage.patience import is_away
from bot.trace import trace_of

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

LONGEST_PAUSE = 120.0  # seconds between two tries of a message while its provider is away
DOUBTFUL_PAUSES = (5.0, 60.0, 600.0, 1800.0, 3600.0)
"""Seconds after a try that the provider may have taken, where it cannot be asked; after these it counts as failed."""
BATCH = 20
FINISH_SECONDS = 3.0  # for a send under way when the worker is asked to stop
NO_CHANNEL = TemporarySendError(CHANNEL_OFF, "Kanal ini sedang tidak aktif. Hubungi tim teknis.")
CLOCKS = timedelta(minutes=10)  # by which the provider's clock and ours may differ

# What waits to be sent. Channels without a provider have nobody to be sent to: in the same statement, stored is sent.
_OPEN = text("""
with stored as (
    update outgoing_messages o set
        status = case when o.author = 'bot' and c.owner = 'officer' then 'suppressed' else 'sent' end,
        attempts = attempts + 1,
        sent_at = now()
    from conversations c
    where o.conversation_id = :id and c.id = o.conversation_id and o.status in ('pending', 'sending')
        and c.channel = any(:without_provider)
    returning o.id
), told as (
    select pg_notify('pandu_events', json_build_object('conversation', cast(:id as bigint), 'sent', max(id))::text)
    from stored having count(*) > 0
)
select o.id, o.text, o.buttons, o.attempts, o.template, o.file, o.in_reply_to, o.created_at,
    o.author, o.doubtful, coalesce(o.next_at > now(), false) as waits, c.id as conversation_id, c.channel, c.address
from outgoing_messages o join conversations c on c.id = o.conversation_id
where o.conversation_id = :id and o.status in ('pending', 'sending') and c.channel <> all(:without_provider)
    and (select count(*) from told) >= 0
order by o.id limit :batch
""")

# A bot's message to a conversation that an officer owns is suppressed instead of sent, and a job that was given to
# another worker meanwhile may send nothing any more. Where nobody can be asked after a crash, the claim need not be on
# disk before the provider is called: a row found "pending" or "sending" is sent again either way.
_CLAIM = text("""
update outgoing_messages o set
    status = case when o.author = 'bot' and c.owner = 'officer' then 'suppressed' else 'sending' end,
    attempts = attempts + 1
from conversations c, (select id, status from outgoing_messages where id = :id for update) was
where o.id = was.id and c.id = o.conversation_id and o.status in ('pending', 'sending') and (
    cast(:job as bigint) is null or exists(
        select from procrastinate_jobs
        where id = :job and status = 'doing' and attempts = :attempts and worker_id is not distinct from :worker)
)
returning o.status, was.status = 'sending' as broken_off,
    cast(:window as interval) is null or now() - c.last_incoming_at < :window as window_open,
    set_config('synchronous_commit', case when :asked then 'on' else 'off' end, true) as waits
""")

# The claim of an open message fails only when the job was given to somebody else, or nobody has it now.
_STILL_OPEN = text("select 1 from outgoing_messages where id = :id and status in ('pending', 'sending')")

# Not its own present one: it stands there when the provider's receipt came since it was claimed.
_KNOWN = text("""
select provider_id from outgoing_messages
where conversation_id = :id and id <> :message and provider_id <> ''
    and created_at > cast(:since as timestamptz) - interval '1 day'
union all
select jsonb_array_elements_text(past_provider_ids) from outgoing_messages
where conversation_id = :id and past_provider_ids <> '[]'
    and created_at > cast(:since as timestamptz) - interval '1 day'
""")


async def deliver(
    runtime: Runtime, conversation_id: int, rows: list[Any] | None = None, lease: Lease = NO_LEASE
) -> None:
    """Send a conversation's open messages in order, up to one that has to wait; whoever made it wait has it woken.

    `rows` are the first ones, where the caller has them at hand (as `_OPEN` returns them).
    """
    if rows is None:
        rows = await _open_rows(runtime, conversation_id)
    while rows:
        if any(late.is_late(row) for row in rows) and await _drop_late(runtime, conversation_id):
            rows = await _open_rows(runtime, conversation_id)
        for row in rows:
            if row.waits or not await _send(runtime, row, lease):
                return
        rows = await _open_rows(runtime, conversation_id) if len(rows) == BATCH else []


async def _drop_late(runtime: Runtime, conversation_id: int) -> bool:
    """Gives up what is of no use any more, and queues the word of it."""
    async with runtime.database.session() as session:
        told = await late.drop(runtime, session, conversation_id)
        if told is not None:
            said, first, question = told
            extra = Extra(reply_token=f"{late.TOKEN}{first}", in_reply_to=question)
            await put(session, conversation_id, said, "system", (wording.MENU,), extra)
    return True


async def _open_rows(runtime: Runtime, conversation_id: int) -> list[Any]:
    given = {"id": conversation_id, "batch": BATCH, "without_provider": runtime.without_provider}
    return await runtime.database.run(_OPEN, given)


async def _send(runtime: Runtime, row: Any, lease: Lease) -> bool:
    """False: this message has to wait, and what comes after it, too."""
    channel = runtime.channels.get(row.channel)
    if channel is None:
        await progress.wait(runtime, row.id, NO_CHANNEL, LONGEST_PAUSE, doubtful=False)
        return False
    await runtime.paces[row.channel].wait(row.address)
    if not runtime.strains[row.channel].allows:
        runtime.strains[row.channel].left.add(row.id)
        await progress.wait(runtime, row.id, strain.WAITING, strain.PAUSE, doubtful=False)
        return False
    asked = isinstance(channel, LooksBack)
    claim = {"id": row.id, "job": lease.job, "attempts": lease.attempts, "worker": lease.worker}
    limits = {"window": kind_of(row.channel).window, "asked": asked}
    found = await runtime.database.run(_CLAIM, claim | limits)
    if not found and await runtime.database.run(_STILL_OPEN, {"id": row.id}):
        await wake_now(runtime, row.conversation_id)  # whoever has the lock next sends it, and what comes after it
        return False
    if not found or found[0].status == "suppressed":
        metrics.sent.labels(row.channel, found[0].status if found else "gone").inc()
        return True
    buttons = tuple(Button(**item) for item in row.buttons)
    window, file = found[0].window_open, _file(runtime, row)
    message = OutgoingMessage(row.id, row.channel, row.address, row.text, buttons, window, row.template, file)
    # Whoever stops us must not part the provider's yes from our note of it.
    sending = asyncio.create_task(_hand_over(runtime, channel, row, message, broken_off=found[0].broken_off))
    try:
        return await asyncio.shield(sending)
    except asyncio.CancelledError:
        await asyncio.wait({sending}, timeout=FINISH_SECONDS)
        raise


async def _hand_over(
    runtime: Runtime, channel: Channel, row: Any, message: OutgoingMessage, *, broken_off: bool
) -> bool:
    """Give one message to the provider and write down what it said. False: it has to wait."""
    try:
        with runtime.strains[row.channel].calling():
            taken = await _already_sent(runtime, channel, row, message) if broken_off else None
            provider_id = taken if taken is not None else await channel.send(message)
    except SendError as error:
        return await _refused(runtime, channel, row, error)
    except DATABASE_ERRORS:
        raise
    except Exception as error:
        if is_away(error):
            raise
        log.exception("could not send", trace=_trace(row), message=row.id)
        return await _refused(runtime, channel, row, _our_fault())
    runtime.strains[row.channel].left.discard(row.id)
    metrics.sent.labels(row.channel, "sent").inc()
    log.info("sent", trace=_trace(row), message=row.id, channel=row.channel)
    await progress.forward(runtime, Receipt(row.id, "sent", provider_id))
    return True


async def _refused(runtime: Runtime, channel: Channel, row: Any, error: SendError) -> bool:
    """Failed for good, or to be tried again later: then False."""
    metrics.sent.labels(row.channel, "permanent" if error.permanent else "temporary").inc()
    doubtful = error.unknown and (error.code == INTERNAL or not isinstance(channel, LooksBack))
    if error.permanent or (doubtful and row.doubtful >= len(DOUBTFUL_PAUSES)):
        runtime.strains[row.channel].left.discard(row.id)
        log.warning("not sent", trace=_trace(row), message=row.id, channel=row.channel, code=error.code)
        await progress.forward(runtime, Receipt(row.id, "failed", "", error.code, error.explanation))
        if error.code in optout.BLOCKED_CODES:
            await optout.note(runtime, row.conversation_id, "blocked")
        return True
    if error.retry_after is None and error.code != INTERNAL:
        runtime.strains[row.channel].left.add(row.id)
    pause = DOUBTFUL_PAUSES[row.doubtful] if doubtful else min(2.0 ** min(row.attempts + 1, 10), LONGEST_PAUSE)
    await progress.wait(runtime, row.id, error, error.retry_after or pause, doubtful=doubtful)
    return False


def _our_fault() -> SendError:
    return TemporarySendError(INTERNAL, "Kesalahan di sistem kami. Hubungi tim teknis.", unknown=True)


async def _already_sent(runtime: Runtime, channel: Channel, row: Any, message: OutgoingMessage) -> str | None:
    """The provider's id of a message whose send was broken off, where the provider has it after all.

    Where it will not say, the message counts as not sent.
    """
    if not isinstance(channel, LooksBack):
        return None
    since = row.created_at - CLOCKS
    known = await runtime.database.run(_KNOWN, {"id": row.conversation_id, "message": row.id, "since": since})
    try:
        found = await channel.find_sent(message, since, {one.provider_id for one in known})
    except PermanentSendError as error:
        log.error("cannot look for broken-off sends", channel=row.channel, code=error.code)
        return None
    log.info("looked for a broken-off send", trace=_trace(row), message=row.id, found=found is not None)
    metrics.looked_up.labels(row.channel, "found" if found else "not found").inc()
    return found


def _trace(row: Any) -> str:
    return trace_of(row.conversation_id, row.in_reply_to, row.id)


def _file(runtime: Runtime, row: Any) -> OutgoingFile | None:
    if row.file is None:
        return None
    path = runtime.settings.files_dir / row.file["path"]
    url = runtime.file_url(row.id) if runtime.settings.public_url else ""
    return OutgoingFile(path, row.file["filename"], row.file["media_type"], row.file["kind"], url)


@dataclass(frozen=True, slots=True)
class Extra:
    """What only some messages have, as in the model: `template`, `file`, `officer_id`, `reply_token`, …"""

    template: dict[str, str] | None = None
    file: dict[str, Any] | None = None
    officer_id: int | None = None
    reply_token: str = ""
    resend_of: int | None = None
    in_reply_to: int | None = None
    sources: Sequence[Any] = ()


_PUT = text("""
insert into outgoing_messages
    (conversation_id, author, text, buttons, template, file, officer_id, reply_token, resend_of, in_reply_to, sources,
    status)
values (:id, :author, :text, cast(:buttons as jsonb), cast(:template as jsonb), cast(:file as jsonb), :officer_id,
    :reply_token, :resend_of, :in_reply_to, cast(:sources as jsonb), :status)
returning id
""")
_NOTHING_MORE = Extra()


async def put(
    session: AsyncSession,
    conversation_id: int,
    message: str,
    author: str,
    buttons: Sequence[Button] = (),
    extra: Extra = _NOTHING_MORE,
) -> int:
    """Stores a message for the outbox; whoever delivers next sends it. Returns its id.

    For what is said within a turn, whose end delivers; everybody else wants `say`. With `buttons`, a typed "1" or
    title now means one of them. Under a hold (holding.py) it waits until it is let go.
    """
    held = hold_of(session)
    stored = await session.execute(
        _PUT,
        {
            "id": conversation_id,
            "author": author,
            "text": message,
            "buttons": json.dumps(_shown(buttons)),
            "template": json.dumps(extra.template) if extra.template else None,
            "file": json.dumps(extra.file) if extra.file else None,
            "officer_id": extra.officer_id,
            "reply_token": extra.reply_token,
            "resend_of": extra.resend_of,
            "in_reply_to": extra.in_reply_to,
            "sources": json.dumps(list(extra.sources)),
            "status": "held" if held else "pending",
        },
    )
    number = int(stored.scalar_one())
    if held is not None:
        held.stored(number, conversation_id, message, [button.title for button in buttons], extra.file)
    elif buttons:
        await offer(session, conversation_id, message, _shown(buttons))
    return number


async def offer(session: AsyncSession, conversation_id: int, message: str, buttons: list[dict[str, str]]) -> None:
    """A typed "1" or title now means a button of this message."""
    menu = {"text": message, "buttons": buttons, "fresh": True}
    await session.execute(
        text("update conversations set menu = cast(:menu as jsonb) where id = :id"),
        {"id": conversation_id, "menu": json.dumps(menu)},
    )


def _shown(buttons: Sequence[Button]) -> list[dict[str, str]]:
    return [{"title": button.title, "payload": button.payload} for button in buttons]


async def say(
    runtime: Runtime,
    session: AsyncSession,
    conversation_id: int,
    message: str,
    author: str,
    buttons: Sequence[Button] = (),
    template: dict[str, str] | None = None,
    *,
    extra: Extra = _NOTHING_MORE,
) -> int:
    """Queue a message that is no answer to a turn: an officer's, or news. Sent after what waits already.

    `template` holds the variables of the approved template for when the window is over; files and more go into
    `extra`. Returns the message's id.
    """
    whole = replace(extra, template=template) if template else extra
    message_id = await put(session, conversation_id, message, author, buttons, whole)
    await wake(runtime, session, conversation_id)
    return message_id


async def wake_now(runtime: Runtime, conversation_id: int) -> None:
    """The time of a message that waited has come."""
    async with runtime.database.session() as session:
        await wake(runtime, session, conversation_id)


async def wake(runtime: Runtime, session: AsyncSession, conversation_id: int) -> None:
    """Have what waits in a conversation delivered once the session's transaction is committed."""
    await defer(
        runtime.jobs, session, "deliver", lock=conversation_lock(conversation_id), conversation_id=conversation_id
    )
