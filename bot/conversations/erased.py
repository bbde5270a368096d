"""Erased messages, which must not come back: providers deliver and list messages again that nobody here knows any more.

Kept are keyed hashes of the erased messages' ids and of the erased people's addresses (`erased_messages`,
`erased_people`); the inbox stores nothing that they name. Where the provider can delete what it keeps, its id of a
message stays beside the hash until the provider has done so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Forgets, SendError
from bot.conversations.models import Conversation, ErasedMessage, ErasedPerson, Incoming, Outgoing
from bot.storage.keyring import keyring

if TYPE_CHECKING:
    from bot.conversations.runtime import Runtime

log = structlog.get_logger()

CLOCKS = timedelta(seconds=60)  # by which the provider's clock and ours may differ
GIVE_UP_AFTER = timedelta(days=7)
MOST = 500  # messages asked for in one run
LONGEST_WAIT = timedelta(hours=6)

ABOUT_ERASED = f"""
    select from erased_people where hash = any(:person_hashes)
        and cast(:about_at as timestamptz) < erased_at + interval '{CLOCKS.total_seconds():.0f} seconds'
"""
"""SQL: rows for a message that answers or replaces one from before its writer was erased."""
KNOWN = f"""
    select from erased_messages where hash = any(:message_hashes)
    union all
    select from erased_people where hash = any(:person_hashes) and cast(:sent_at as timestamptz) < erased_at
    union all
    select from ({ABOUT_ERASED}) about where :edits <> ''
"""  # noqa: S608 (a constant of ours)
"""SQL: rows for a message that was erased, or sent before its writer was, or that is a later state of such a one (also
without an act of the person: some providers tell every change of a message's fields); wants what `hashes` returns."""

_WAITING = text("""
select hash, channel, provider_id, media, tries, now() - erased_at > :give_up as given_up from erased_messages
where provider_id <> '' and next_at <= now() order by next_at limit :most
""")
_DONE = text("update erased_messages set provider_id = '' where hash = :hash")
_LATER = text("update erased_messages set tries = tries + 1, next_at = now() + :wait where hash = :hash")


def hashes(channel: str, provider_id: str, address: str) -> dict[str, list[str]]:
    """Under every key of ours, so that a change of keys lets nothing back in."""
    return {
        "message_hashes": keyring().keyed_hashes(f"message {channel} {provider_id}"),
        "person_hashes": keyring().keyed_hashes(_person(channel, address)),
    }


def person_hashes(channel: str, address: str) -> list[str]:
    return keyring().keyed_hashes(_person(channel, address))


async def note_messages(session: AsyncSession, conversation_id: int) -> None:
    """Notes every message of a conversation that is about to be deleted, with its provider's id."""
    channel = select(Conversation.channel).where(Conversation.id == conversation_id)
    ours = select(Outgoing.provider_id, Outgoing.file.is_not(None)).where(Outgoing.conversation_id == conversation_id)
    past_id = func.jsonb_array_elements_text(Outgoing.past_provider_ids)
    past = select(past_id, Outgoing.file.is_not(None)).where(Outgoing.conversation_id == conversation_id)
    theirs = select(Incoming.provider_id, Incoming.attachments != []).where(Incoming.conversation_id == conversation_id)
    name = (await session.execute(channel)).scalar_one_or_none()
    found = [(key, file) for query in (ours, past, theirs) for key, file in await session.execute(query)]
    if name is None:
        return
    rows = {
        hashes(name, one, "")["message_hashes"][0]: {"channel": name, "provider_id": one, "media": media}
        for one, media in found
        if one
    }
    if rows:
        noted = insert(ErasedMessage).on_conflict_do_nothing()
        await session.execute(noted, [{"hash": key, **row} for key, row in rows.items()])


async def note_person(session: AsyncSession, channel: str, address: str, until: datetime) -> None:
    """Of this person nothing is stored any more that was sent before `until`, as far as the provider says when."""
    noted = insert(ErasedPerson).values(hash=person_hashes(channel, address)[0], erased_at=until - CLOCKS)
    changed = noted.on_conflict_do_update(index_elements=["hash"], set_={"erased_at": noted.excluded.erased_at})
    await session.execute(changed)


async def ask_providers(runtime: Runtime) -> int:
    """Asks for deletion of what is due; returns how many messages the providers keep no longer.

    A provider that is away is asked again, later and later, for a week.
    """
    count = 0
    for row in await runtime.database.run(_WAITING, {"most": MOST, "give_up": GIVE_UP_AFTER}):
        count += await _ask(runtime, row)
    if count:
        log.info("deleted at the provider", count=count)
    return count


async def _ask(runtime: Runtime, row: Any) -> bool:
    channel = runtime.channels.get(row.channel)
    if isinstance(channel, Forgets) and not row.given_up:
        try:
            await channel.forget(row.provider_id, media=row.media)
        except SendError as error:
            if not error.permanent:
                wait = min(timedelta(minutes=2**row.tries), LONGEST_WAIT)
                await runtime.database.run(_LATER, {"hash": row.hash, "wait": wait})
                return False
            log.warning("the provider does not delete a message", channel=row.channel, code=error.code)
    elif row.given_up:
        log.warning("a message could not be deleted at the provider", channel=row.channel)
    await runtime.database.run(_DONE, {"hash": row.hash})
    return isinstance(channel, Forgets) and not row.given_up


def _person(channel: str, address: str) -> str:
    return f"person {channel} {address}"
