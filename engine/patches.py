"""Changes to Rasa that no extension point allows. Applied once by engine.serve, before a model is loaded."""

from __future__ import annotations

import functools
from typing import Any, Dict, Optional, Text, Type

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


def apply() -> None:
    """Apply every patch of this file."""
    _cache_action_result_validator()
    _cache_event_types()


def _cache_action_result_validator() -> None:
    """Build the validator of action answers once.

    RemoteAction._validate_action_result calls jsonschema.validate, which checks the (constant) schema itself and builds
    a validator at every action: 30 of the 37 ms of a stock turn.
    """
    from jsonschema.validators import validator_for

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def _validate_action_result(self: RemoteAction, result: Dict[Text, Any]) -> bool:
        validator.validate(result)
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
