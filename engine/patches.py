"""Changes to Rasa that no extension point allows. Applied once by engine.serve, before a model is loaded."""

from __future__ import annotations

import functools
from typing import Any, Dict, Optional, Text, Type

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


def apply() -> None:
    """Apply every patch of this file."""
    _check_action_results_plainly()
    _cache_event_types()


def _check_action_results_plainly() -> None:
    """Look at an action's answer once, by hand.

    RemoteAction._validate_action_result calls jsonschema.validate, which checks the (constant) schema itself and builds
    a validator at every action: 30 of the 37 ms of a stock turn. Even with a validator at hand, walking through the
    schema of all events is a tenth of our turn; reading the events afterwards finds an unknown one as well.
    """

    def _validate_action_result(self: RemoteAction, result: Dict[Text, Any]) -> bool:
        events, responses = result.get("events", []), result.get("responses", [])
        if not isinstance(events, list) or not isinstance(responses, list):
            raise ValueError("events and responses must be lists")
        if not all(isinstance(event, dict) and isinstance(event.get("event"), str) for event in events):
            raise ValueError("an event must be an object with its type")
        if not all(isinstance(response, dict) for response in responses):
            raise ValueError("a response must be an object")
        return True

    RemoteAction._validate_action_result = _validate_action_result


def _cache_event_types() -> None:
    """Look an event's class up in a table.

    Event.resolve_by_type walks the tree of all event classes for every event that is read: a fifth of a turn's time,
    even with a short tracker.
    """
    find = Event.resolve_by_type

    @functools.lru_cache(maxsize=64)
    def resolve_by_type(type_name: Text, default: Optional[Type[Event]] = None) -> Optional[Type[Event]]:
        return find(type_name, default)

    Event.resolve_by_type = staticmethod(resolve_by_type)
