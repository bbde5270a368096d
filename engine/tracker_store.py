"""Rasa's working memory of a conversation: one short JSON document in PostgreSQL.

Rasa's own SQL store keeps every event for ever and replays them at each message, so a long conversation becomes slow.
Here a document holds the values of the slots and the events of the last turns only: the 5,000th message costs what the
10th did. Nothing is cached between requests, so any engine may serve any turn. What an applicant would miss is kept in
the application's own tables, never only here.

The application sends the document along with a turn and stores what comes back together with the turn's answer, so that
both are kept or neither. That document is made and read here; the store itself is for the stock `rasa` command.

Without PANDU_DATABASE_URL (the stock `rasa shell`) documents live in this process.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any, Dict, Iterable, List, Optional, Protocol, Text

from psycopg_pool import AsyncConnectionPool
from rasa.core.brokers.broker import EventBroker
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_TURNS = 1
"""Turns (an applicant's message and all that followed) whose events are kept: actions read what was said before."""
MAX_DOCUMENT = 64_000
"""Characters; of a larger document only the slots and the last listening are kept."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class PanduTrackerStore(TrackerStore):
    """Keeps trackers in table `rasa_trackers`, or in this process when no database is configured."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        url = os.environ.get("PANDU_DATABASE_URL")
        self._documents: _Documents = _PostgresDocuments(url) if url else _MemoryDocuments()

    async def retrieve(self, sender_id: Text) -> Optional[DialogueStateTracker]:
        """Return the tracker with the slots and last turns of a conversation, or None when there is none."""
        document = await self._documents.read(sender_id)
        return None if document is None else self.restored(sender_id, document)

    def restored(self, sender_id: Text, document: Dict[Text, Any]) -> DialogueStateTracker:
        """Return the tracker that a document (see `document_of`) describes."""
        tracker = self.init_tracker(sender_id)
        for event in deserialise_events(document["events"]):
            tracker.update(event, self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Replace the conversation's document."""
        await self.stream_events(tracker)
        await self._documents.write(tracker.sender_id, document_of(tracker))

    async def create_tracker(self, sender_id: Text, append_action_listen: bool = True) -> DialogueStateTracker:
        """Return an empty tracker; unlike Rasa's it is not written yet, so that a failed first turn leaves nothing."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def keys(self) -> Iterable[Text]:
        """Return the ids of all conversations."""
        return await self._documents.keys()

    async def close(self) -> None:
        """Give the connections back."""
        await self._documents.close()


def document_of(tracker: DialogueStateTracker) -> Text:
    """Return the JSON document of a tracker: `{"version": 1, "events": [...]}`, replaying which restores it.

    The first events set the slots (and the active loop) that the dropped turns had set.
    """
    events = list(tracker.events)
    text = _dump(_kept(tracker, events, KEPT_TURNS))
    if len(text) > MAX_DOCUMENT:
        text = _dump(_kept(tracker, events, 0))
    return text


def _kept(tracker: DialogueStateTracker, events: List[Event], turns: int) -> List[Event]:
    start = _start_of_last_turns(events, turns)
    kept = events[start:]
    if start == 0:
        return kept
    set_later = {event.key for event in kept if isinstance(event, SlotSet)}
    remembered: List[Event] = [
        SlotSet(name, slot.value, timestamp=kept[0].timestamp)
        for name, slot in tracker.slots.items()
        if name not in set_later and name != SESSION_START_METADATA_SLOT and slot.value != slot.initial_value
    ]
    if tracker.active_loop and not any(isinstance(event, ActiveLoop) for event in kept):
        remembered.append(ActiveLoop(tracker.active_loop.name, timestamp=kept[0].timestamp))
    return remembered + kept


def _start_of_last_turns(events: List[Event], turns: int) -> int:
    """Index of the `action_listen` before the `turns`-th last message of the applicant; 0 when there are fewer."""
    seen = 0
    if turns == 0:
        return max(len(events) - 1, 0)
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], UserUttered):
            seen += 1
            if seen == turns:
                return _listening_before(events, index)
    return 0


def _listening_before(events: List[Event], index: int) -> int:
    for before in range(index - 1, -1, -1):
        event = events[before]
        if isinstance(event, ActionExecuted):
            return before if event.action_name == ACTION_LISTEN_NAME else index
        if not isinstance(event, SlotSet):
            return index
    return index


def _dump(events: List[Event]) -> Text:
    as_dicts = [_remembered(event.as_dict()) for event in events]
    text = json.dumps({"version": 1, "events": as_dicts}, ensure_ascii=False)
    if _UNSTORABLE.search(text) or "\\u0000" in text:
        # PostgreSQL's jsonb takes neither NUL nor half a surrogate pair
        text = json.dumps({"version": 1, "events": _storable(as_dicts)}, ensure_ascii=False)
    return text


def _remembered(event: Dict[Text, Any]) -> Dict[Text, Any]:
    """Return the event without how an answer came about: the message's own row keeps that."""
    custom = (event.get("data") or {}).get("custom") if event.get("event") == "bot" else None
    if isinstance(custom, dict) and "decision" in custom:
        custom = {key: value for key, value in custom.items() if key != "decision"}
        return {**event, "data": {**event["data"], "custom": custom}}
    return event


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {_storable(key): _storable(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable(entry) for entry in value]
    return value


class _Documents(Protocol):
    async def read(self, sender_id: Text) -> Optional[Dict[Text, Any]]: ...

    async def write(self, sender_id: Text, document: Text) -> None: ...

    async def keys(self) -> List[Text]: ...

    async def close(self) -> None: ...


class _MemoryDocuments:
    def __init__(self) -> None:
        self._texts: Dict[Text, Text] = {}

    async def read(self, sender_id: Text) -> Optional[Dict[Text, Any]]:
        text = self._texts.get(sender_id)
        return None if text is None else json.loads(text)

    async def write(self, sender_id: Text, document: Text) -> None:
        self._texts[sender_id] = document

    async def keys(self) -> List[Text]:
        return list(self._texts)

    async def close(self) -> None:
        self._texts.clear()


_READ = "SELECT state FROM rasa_trackers WHERE sender_id = %s"
_WRITE = (
    "INSERT INTO rasa_trackers (sender_id, state) VALUES (%s, %s::jsonb) "
    "ON CONFLICT (sender_id) DO UPDATE SET state = excluded.state, updated_at = now()"
)


class _PostgresDocuments:
    def __init__(self, url: Text) -> None:
        self._pool = AsyncConnectionPool(
            url.replace("postgresql+psycopg://", "postgresql://"),
            min_size=1,
            max_size=4,
            open=False,
            timeout=DEFAULT_REQUEST_TIMEOUT / 30,
            kwargs={"autocommit": True, "application_name": "pandu-engine"},
        )
        self._opened = False

    async def _opened_pool(self) -> AsyncConnectionPool:
        if not self._opened:  # a pool belongs to the event loop that opens it, and there is none yet at __init__
            self._opened = True
            await self._pool.open()
        return self._pool

    async def read(self, sender_id: Text) -> Optional[Dict[Text, Any]]:
        pool = await self._opened_pool()
        async with pool.connection() as connection:
            row = await (await connection.execute(_READ, (sender_id,))).fetchone()
        return None if row is None else row[0]

    async def write(self, sender_id: Text, document: Text) -> None:
        pool = await self._opened_pool()
        async with pool.connection() as connection:
            await connection.execute(_WRITE, (sender_id, document))

    async def keys(self) -> List[Text]:
        pool = await self._opened_pool()
        async with pool.connection() as connection:
            return [
                row[0] for row in await (await connection.execute("SELECT sender_id FROM rasa_trackers")).fetchall()
            ]

    async def close(self) -> None:
        if self._opened:
            await self._pool.close()
