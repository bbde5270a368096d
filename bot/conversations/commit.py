"""The end of a turn, in one statement: the message is handled, its replies are in the outbox, or none of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.files import keep
from bot.conversations.hiding import DRAFTING, drafting
from bot.conversations.notice import Notice
from bot.conversations.outbox import BATCH, Extra, put
from bot.conversations.people import People, Verdict
from bot.conversations.text import split_text
from bot.conversations.walls import belongs
from bot.dialogue.client import Spoken
from bot.dialogue.intents import INTENT_FAMILY
from bot.messages import Reply

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a message led to. `spoken` is there where the engine answered (so the person has been introduced).

    `verdict`: the answer waits for an officer, or a person answers instead.
    """

    outcome: str
    replies: list[Reply]
    spoken: Spoken | None = None
    verdict: Verdict | None = None


NOTED = Outcome("noted", [])
"""Written down, with nothing to say."""
_OF_PEOPLE = ("back_to_bot", "for_officer")  # outcomes that the officers' desk hears of

# Everything a turn changes, in one statement and one round trip: the message is handled, the replies are in the outbox,
# the engine's memory is kept. What a channel without a provider is told is sent by being stored (unless an officer has
# taken over: the conversation's row is locked and read again). The NOTIFY wakes whoever waits. Returned is what waits
# to be sent, at least one row.
_COMMIT = text(f"""
with handled as (
    update incoming_messages m set handled_at = now(), outcome = :outcome, understood = cast(:understood as jsonb),
        report_id = case when :outcome = 'for_officer' then report_id
            else coalesce(report_id, {DRAFTING.format(conversation="m.conversation_id")}) end
    where id = :message_id and handled_at is null returning conversation_id, received_at
), talk as (
    select c.id, c.channel, c.address, case when :back then 'bot' else c.owner end as owner,
        c.channel = any(:without_provider) as here
    from conversations c where c.id = (select conversation_id from handled) for update
), spoken as (
    insert into outgoing_messages
        (conversation_id, in_reply_to, author, text, buttons, sources, status, attempts, sent_at)
    select talk.id, :message_id, 'bot', reply->>'text', reply->'buttons', reply->'sources',
        case when :held then 'held' when not here then 'pending'
             when owner = 'officer' then 'suppressed' else 'sent' end,
        cast(here and not :held as integer), case when here and not :held then now() end
    from talk, jsonb_array_elements(cast(:replies as jsonb)) with ordinality as r(reply, n) order by n
    returning id, text, buttons, attempts, template, file, in_reply_to, created_at, author, status
), conversation as (
    update conversations c set
        introduced_at = case when :engine or cast(:notice as integer) is not null
            then coalesce(introduced_at, now()) else introduced_at end,
        outage_told_at = case when :engine then null else outage_told_at end,
        after_officer = case when :engine then null else after_officer end,
        owner = talk.owner,
        office = case when talk.owner = 'officer' then c.office else coalesce(nullif(:office, ''), c.office) end,
        menu = case when cast(:menu as jsonb) is not null then cast(:menu as jsonb)
                    when :spoke and menu is not null then menu || '{{"fresh": false}}' else menu end
    from talk where c.id = talk.id
), noticed as (
    insert into privacy_notices (conversation_id, version, message_id)
    select id, cast(:notice as integer), :message_id from talk where cast(:notice as integer) is not null
    on conflict do nothing
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
    select o.id, o.text, o.buttons, o.attempts, o.template, o.file, o.in_reply_to, o.created_at, o.author, o.doubtful,
        coalesce(o.next_at > now(), false) as waits
    from outgoing_messages o join talk on not here
    where o.conversation_id = talk.id and o.status in ('pending', 'sending')
    union all
    select id, text, buttons, attempts, template, file, in_reply_to, created_at, author, 0, false
    from spoken where status = 'pending'
)
select waiting.*, talk.id as conversation_id, talk.channel, talk.address,
    cast(extract(epoch from now() - (select received_at from handled)) as float) as waited,
    pg_notify('pandu_events', json_build_object('conversation', talk.id, 'handled', :message_id)::text) as told
from talk left join waiting on true order by waiting.id limit :batch
""")  # noqa: S608 (a constant of ours)


@dataclass(frozen=True, slots=True)
class Written:
    """What is to be sent now, in order (at most a batch; None: ask the outbox), and seconds since the message came."""

    to_send: list[Any] | None
    waited: float


async def commit(runtime: Runtime, conversation_id: int, row: Any, outcome: Outcome) -> Written:
    """Write down what a message led to. A message that is handled already changes nothing."""
    unspoken = outcome is NOTED or runtime.notice is None or row.introduced_at is not None
    notice = None if unspoken or runtime.notice is None else runtime.notice()
    apart = notice is not None and _answers_later(row, outcome)
    if row.attachments or outcome.verdict or apart or outcome.outcome in _OF_PEOPLE:
        async with runtime.database.session() as session:
            await keep(runtime, session, row.id, row.attachments)
            if notice is not None and apart:
                await put(session, conversation_id, notice.text, "system", (), Extra(in_reply_to=row.id))
            if runtime.people is not None:
                outcome = await _with_people(runtime.people, session, conversation_id, row, outcome)
            changes = _changes(runtime, row, _noticed(outcome, notice, apart), notice)
            found = list((await session.execute(_COMMIT, changes)).all())
    else:
        found = await runtime.database.run(_COMMIT, _changes(runtime, row, _noticed(outcome, notice, apart), notice))
    if not found:
        return Written(None, 0.0)
    return Written([one for one in found if one.id is not None], found[0].waited)


def _answers_later(row: Any, outcome: Outcome) -> bool:
    """Whether the bot says nothing itself now: an officer does, or looks at the answer first."""
    held = outcome.verdict is not None and outcome.verdict.act == "approve"
    return held or not outcome.replies or row.owner == "officer"


def _noticed(outcome: Outcome, notice: Notice | None, apart: bool) -> Outcome:
    """With the notice before the first reply, where that does not tell it."""
    if notice is None or apart or notice.told(outcome.replies):
        return outcome
    return replace(outcome, replies=[Reply(notice.text), *outcome.replies])


async def _with_people(
    people: People, session: AsyncSession, conversation_id: int, row: Any, outcome: Outcome
) -> Outcome:
    """What the officers' desk has to do in the same transaction. What is said to a report is no question to them."""
    if outcome.verdict is not None and await drafting(session, conversation_id):
        return replace(outcome, verdict=None)
    if outcome.outcome == "back_to_bot":
        await people.back_to_bot(session, conversation_id)
    elif outcome.outcome == "for_officer":
        await people.wrote(session, conversation_id, row.kind, row.text)
    elif outcome.verdict is not None and outcome.verdict.act == "approve":
        if not await people.hold(session, conversation_id, row.id, outcome.verdict):
            return replace(outcome, verdict=None)
    elif outcome.verdict is not None and outcome.spoken is not None:
        await belongs(session, conversation_id, _office(outcome.spoken))
        told = await people.hand_over(session, conversation_id, outcome.spoken.understood)
        replies = [told] if told else outcome.replies
        return replace(outcome, outcome="for_officer" if told else outcome.outcome, replies=replies, verdict=None)
    return outcome


def _changes(runtime: Runtime, row: Any, outcome: Outcome, notice: Notice | None) -> dict[str, Any]:
    replies, held, spoken = outcome.replies, outcome.verdict is not None, outcome.spoken
    with_buttons = next((reply for reply in reversed(replies) if reply.buttons), None)
    menu = None
    if with_buttons is not None and not held:
        menu = json.dumps(
            {"text": with_buttons.text, "buttons": [asdict(button) for button in with_buttons.buttons], "fresh": True}
        )
    return {
        "message_id": row.id,
        "outcome": outcome.outcome,
        "understood": json.dumps(_public(spoken)) if spoken else None,
        "replies": json.dumps(_bubbles(replies, runtime.channels[row.channel].max_text)),
        "engine": spoken is not None,
        "memory": spoken.memory if spoken else None,
        "back": outcome.outcome == "back_to_bot",
        "menu": menu,
        "spoke": bool(replies) and not held,
        "held": held,
        "office": _office(spoken),
        "notice": notice.version if notice else None,
        "without_provider": runtime.without_provider,
        "batch": BATCH,
    }


def _office(spoken: Spoken | None) -> str:
    """The office that was meant, as far as the answer's record says so."""
    return str(((spoken.decision if spoken else None) or {}).get("office") or "")


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


def _public(spoken: Spoken) -> dict[str, Any]:
    understood = spoken.understood
    return {
        "intent": understood.intent,
        "family": INTENT_FAMILY.get(understood.intent, "out_of_scope"),
        "confidence": round(understood.confidence, 4),
        "ranking": understood.ranking[:3],
        **({"decision": spoken.decision} if spoken.decision else {}),
    }
