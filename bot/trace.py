"""One name for all that happens to a message, in every log line from the webhook to the send.

"c17m42": the incoming message 42 of conversation 17, both as in the database. Nothing has to be carried along for it:
every process that works on a message knows both numbers. "c17o99" is a message of ours that answers none.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bound_contextvars


def trace_of(conversation_id: int, message_id: int | None, outgoing_id: int | None = None) -> str:
    """The name of an incoming message's way; where there is none, of the outgoing message's."""
    return f"c{conversation_id}o{outgoing_id}" if message_id is None else f"c{conversation_id}m{message_id}"


@contextmanager
def traced(conversation_id: int, message_id: int | None) -> Iterator[None]:
    """Log lines written inside carry the name as `trace`."""
    with bound_contextvars(trace=trace_of(conversation_id, message_id)):
        yield
