"""Messages of an act, noted while it is done: to be shown first, or kept back for some seconds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

_KEY = "hold"


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the person would read it. `buttons` are titles, `file` a name."""

    conversation_id: int
    text: str
    buttons: tuple[str, ...] = ()
    file: str = ""


@dataclass(slots=True)
class Hold:
    """`messages` were stored as "held"; `jobs` (name, arguments) are queued when they are let go; `files` were written
    for them, relative to the files folder; `uncounted` more people are told something alike.
    """

    said: list[Said] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    jobs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    uncounted: int = 0

    def stored(
        self, message_id: int, conversation_id: int, text: str, buttons: Sequence[str], file: dict[str, Any] | None
    ) -> None:
        self.messages.append(message_id)
        self.said.append(Said(conversation_id, text, tuple(buttons), file["filename"] if file else ""))
        if file:
            self.files.append(file["path"])


@contextmanager
def hold(session: AsyncSession) -> Iterator[Hold]:
    """What is put into the outbox in the block is held back."""
    held = session.info[_KEY] = Hold()
    try:
        yield held
    finally:
        del session.info[_KEY]


def hold_of(session: AsyncSession) -> Hold | None:
    """The hold under which the session's work is done."""
    return session.info.get(_KEY)
