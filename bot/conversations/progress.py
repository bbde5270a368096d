"""The progress of a message to an applicant: what the provider said of it, at once and afterwards.

A status only moves forward, in whatever order receipts come: what was delivered or read has arrived, whether a failure
was told before or after. A receipt counts for the try it is about: what comes
(again, or late) about an earlier try of the same message changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot import metrics
from bot.channels.base import Receipt, SendError
from bot.conversations import optout
from bot.conversations.jobs import defer
from bot.storage.patience import until_back

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

NOTE_SECONDS = 600.0  # how long a process that holds a provider's yes waits for the database to write it down
MAX_ATTEMPTS = 12  # tries of a message that the provider takes and then fails to deliver
RANKS = ["pending", "sending", "sent", "delivered", "read"]

_FORWARD = text("""
update outgoing_messages set
    status = case when :status = 'failed' and status in ('pending', 'sending', 'sent') then 'failed'
                  when :status in ('delivered', 'read') and status = 'failed' and provider_id = :provider_id
                       and provider_id <> '' then :status
                  when :status <> 'failed' and status <> 'failed'
                       and array_position(:ranks, cast(:status as text)) > array_position(:ranks, status)
                       then :status else status end,
    past_provider_ids = case when :provider_id <> '' and provider_id not in ('', :provider_id)
        then past_provider_ids || to_jsonb(provider_id) else past_provider_ids end,
    provider_id = coalesce(nullif(:provider_id, ''), provider_id),
    error_code = case when :status = 'failed' then :error_code when status in ('pending', 'sending') then ''
        else error_code end,
    error = case when :status = 'failed' then :error when status in ('pending', 'sending') then '' else error end,
    next_at = null,
    sent_at = coalesce(sent_at, case when :status <> 'failed' then now() end)
where id = :id and status <> 'suppressed' and not jsonb_exists(past_provider_ids, :provider_id)
    and (:ours or :provider_id = '' or provider_id in ('', :provider_id))
returning conversation_id, pg_notify(
    'pandu_events', json_build_object('conversation', conversation_id, 'sent', id)::text) as told
""")
_CONVERSATION = text("select conversation_id from outgoing_messages where id = :id")
# A provider's "failed" may come before its answer to the call that sent the message.
_AGAIN = text("""
update outgoing_messages set
    status = 'pending', provider_id = '', error_code = :error_code, error = :error,
    past_provider_ids = case when :provider_id = '' then past_provider_ids
        else past_provider_ids || to_jsonb(cast(:provider_id as text)) end,
    next_at = now() + make_interval(
        secs => case when :wait = 0 then 0 else greatest(:wait, least(power(2, attempts), 900)) end)
where id = :id and status in ('sending', 'sent') and attempts < :most
    and not jsonb_exists(past_provider_ids, :provider_id) and (:provider_id = '' or provider_id in ('', :provider_id))
returning conversation_id, next_at
""")
# What may have been taken stays "sending", so that it is looked for where the provider can be asked.
_WAIT = text("""
update outgoing_messages set
    status = case when :unknown then status else 'pending' end, next_at = now() + make_interval(secs => :wait),
    error_code = :error_code, error = :error, doubtful = doubtful + cast(:doubtful as integer)
where id = :id and status in ('pending', 'sending')
returning conversation_id, next_at
""")


async def forward(runtime: Runtime, receipt: Receipt, patience: float = NOTE_SECONDS, *, ours: bool = True) -> None:
    """Write down how far a message is; waits for the database, since what is not written down would be sent again.

    `ours`: the answer to our own call, which is about the newest try.
    """
    known = _known(receipt) | {"status": receipt.status, "ranks": RANKS, "ours": ours}
    await until_back(lambda: runtime.database.run(_FORWARD, known), patience)


async def wait(runtime: Runtime, message_id: int, error: SendError, seconds: float, *, doubtful: bool) -> None:
    """The message stays in the queue and is tried again after `seconds`; what keeps it stands beside it."""
    given = {
        "id": message_id,
        "unknown": error.unknown,
        "wait": seconds,
        "error_code": error.code,
        "error": error.explanation,
        "doubtful": doubtful,
    }
    await _later(runtime, _WAIT, given)


async def record(runtime: Runtime, receipt: Receipt) -> None:
    """A provider's receipt. A failure that may pass (`retry`) puts the message back into the queue for a while."""
    metrics.sent.labels("receipt", receipt.status).inc()
    if receipt.retry:
        pause = 1.0 if receipt.retry_after is None else receipt.retry_after
        if await _later(runtime, _AGAIN, _known(receipt) | {"most": MAX_ATTEMPTS, "wait": pause}):
            return
    await forward(runtime, receipt, patience=0, ours=False)
    if receipt.status == "failed" and receipt.error_code in optout.BLOCKED_CODES:
        found = await runtime.database.run(_CONVERSATION, {"id": receipt.message_id})
        for row in found:
            await optout.note(runtime, row.conversation_id, "blocked")


def _known(receipt: Receipt) -> dict[str, Any]:
    return {
        "id": receipt.message_id,
        "provider_id": receipt.provider_id,
        "error_code": receipt.error_code,
        "error": receipt.explanation,
    }


async def _later(runtime: Runtime, statement: Any, given: dict[str, Any]) -> bool:
    """Changes the message and has its conversation woken when its time has come. False: it has gone further."""
    async with runtime.database.session() as session:
        row = (await session.execute(statement, given)).one_or_none()
        if row is None:
            return False
        await defer(runtime.jobs, session, "wake", at=row.next_at, conversation_id=row.conversation_id)
    return True
