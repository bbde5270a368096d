"""The engine's working memory of a conversation: one short JSON document, which comes and goes with each turn.

Rasa's own stores keep every event for ever and replay them at each message, so a long conversation becomes slow.
Here a document holds the values of the slots and the events of the last turns only: the 5,000th message costs what the
10th did. Nothing is kept between requests, so any engine may serve any turn. The application stores the document
together with the turn's answer, so that both are kept or neither; what an applicant would miss is kept in the
application's own tables, never only here.
"""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Text

from rasa.shared.core.constants import ACTION_LISTEN_NAME, SESSION_START_METADATA_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

KEPT_TURNS = 1
"""Turns (an applicant's message and all that followed) whose events are kept: actions read what was said before."""
MAX_DOCUMENT = 64_000
"""Characters; of a larger document only the slots and the last listening are kept."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def restored(document: Text, sender_id: Text, domain: Domain) -> DialogueStateTracker:
    """Return the tracker that a document of `document_of` describes; raises what reading it raises."""
    tracker = empty(sender_id, domain)
    for event in deserialise_events(json.loads(document)["events"]):
        tracker.update(event, domain)
    return tracker


def empty(sender_id: Text, domain: Domain) -> DialogueStateTracker:
    """Return the tracker of a conversation that begins."""
    return DialogueStateTracker(sender_id, domain.slots)


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
