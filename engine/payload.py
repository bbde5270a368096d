"""The grammar of button payloads: `/intent` or `/intent{"entity": "value"}`. Without Rasa, so tests can import it."""

from __future__ import annotations

import json
import re
from typing import Any, Collection, Dict, List, Optional, Tuple

MAX_LENGTH = 200
NEVER = frozenset({"restart", "back", "session_start", "nlu_fallback", "EXTERNAL"})
"""Intents by which Rasa itself would erase or rewind a conversation, or which only its classifier may give."""

_PAYLOAD = re.compile(r"/([a-z][a-z0-9_]{0,63})(\{.*\})?", re.DOTALL | re.ASCII)


class PayloadRefused(ValueError):
    """The payload is malformed, or names an intent or entity that buttons may not name."""


def parse_payload(
    payload: str, intents: Collection[str], entities: Collection[str]
) -> Tuple[str, List[Dict[str, Any]]]:
    """Return the intent and its entities (`{"entity", "value"}`); raises PayloadRefused."""
    match = _PAYLOAD.fullmatch(payload) if len(payload) <= MAX_LENGTH else None
    if match is None:
        raise PayloadRefused("malformed payload")
    intent, values = match.groups()
    if intent in NEVER or intent not in intents:
        raise PayloadRefused("unknown intent")
    return intent, _entities(values, entities)


def _entities(values: Optional[str], allowed: Collection[str]) -> List[Dict[str, Any]]:
    if not values:
        return []
    try:
        parsed = json.loads(values, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise PayloadRefused("malformed payload values") from error
    found = []
    for entity, value in parsed.items():
        if entity not in allowed or not isinstance(value, (str, int)) or isinstance(value, bool):
            raise PayloadRefused("unknown entity or value")
        found.append({"entity": entity, "value": _clean(value)})
    return found


def _clean(value: Any) -> Any:
    """Half a surrogate pair, written as an escape, passes json.loads but can be stored nowhere."""
    if isinstance(value, str) and re.search("[\x00\ud800-\udfff]", value):
        raise PayloadRefused("unstorable value")
    return value


def _refuse(constant: str) -> Any:
    raise PayloadRefused(f"{constant} is no value")
