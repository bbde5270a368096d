"""The channel: one small interface, and the errors a send can end with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from bot.messages import Attachment, IncomingMessage, OutgoingMessage

if TYPE_CHECKING:
    from fastapi import APIRouter

Kind = Literal["transient", "setup", "limit", "person", "content", "final"]
"""Why a message is not taken: passes by itself; the office's set-up, for the technician; a limit; the person (blocked,
opted out, no such number); the content, which may go plainer; anything else."""
WAITING_KINDS = frozenset({"transient", "setup", "limit"})
UNREAD = (ValueError, TypeError, KeyError, AttributeError)
"""What client libraries raise over an answer that is no JSON, or JSON but not what is documented."""


class SendError(Exception):
    """The provider did not take a message.

    `code` is the provider's own (or a short word of ours); `explanation` is Indonesian, for officers.
    """

    permanent = False

    def __init__(self, code: str, explanation: str, retry_after: float | None = None, *, unknown: bool = False) -> None:
        super().__init__(f"{code}: {explanation}")
        self.code = code
        self.explanation = explanation
        self.retry_after = retry_after  # seconds, where the provider names them
        self.unknown = unknown  # the provider may have taken the message all the same


class TemporarySendError(SendError):
    """Try again later: network, 429, 5xx."""


class PermanentSendError(SendError):
    """Never try again: blocked by the person, number not known there, refused content."""

    permanent = True


@dataclass(frozen=True, slots=True)
class Ignored:
    """A webhook that is well-formed but is no message for us, with the reason (logged and counted)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's word on one of our messages. `message_id` is our id."""

    message_id: int
    status: str  # "sent" | "delivered" | "read" | "failed"
    provider_id: str = ""
    error_code: str = ""
    explanation: str = ""
    retry: bool = False  # status "failed", but the same message may be sent again (rate limit, refused menu)
    retry_after: float | None = None  # seconds; None: soon, and later with every try


class Channel(Protocol):
    """One way to reach applicants. Sending returns the provider's message id or raises SendError."""

    name: str
    has_provider: bool  # False: stored is sent (the simulator), there is nobody to ask
    max_text: int  # characters in one message; longer text is split at sentences by the outbox
    messages_per_second: float  # for the whole channel
    seconds_per_chat: float  # shortest time between two messages to one address

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def send(self, message: OutgoingMessage) -> str: ...

    async def typing(self, address: str, message: str = "") -> None:
        """Shows that an answer is being written; `message` is the provider's id of the newest message from there."""
        ...

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        """The attachment's bytes, at most `limit`; raises SendError."""
        ...


@runtime_checkable
class TakesCalls(Protocol):
    """A channel whose provider calls us: its webhooks."""

    def router(self) -> APIRouter: ...


@runtime_checkable
class LooksBack(Protocol):
    """A channel whose provider can be asked what it has taken from us, and what it holds for us."""

    async def find_sent(self, message: OutgoingMessage, since: datetime, known: Collection[str]) -> str | None:
        """The provider's id of this very message, sent after `since` and none of `known`; None when there is none.

        Raises SendError when the provider does not say.
        """
        ...

    async def missed(self, since: datetime, until: datetime) -> list[IncomingMessage]:
        """What people sent between these times, as the provider keeps it, oldest first. Raises SendError."""
        ...


@runtime_checkable
class Forgets(Protocol):
    """A channel whose provider keeps messages, and deletes one when it is asked to."""

    async def forget(self, provider_id: str, *, media: bool) -> None:
        """The provider keeps this message no longer, nor its files where it has `media`. Raises SendError."""
        ...


@runtime_checkable
class Tidies(Protocol):
    """A channel that leaves things at its provider which are of no use after a while."""

    async def tidy(self) -> int:
        """Deletes some of them; returns how many. Never raises because of the provider."""
        ...


@runtime_checkable
class Announces(Protocol):
    """A channel that can speak in an office's own group."""

    async def announce(self, address: str, text: str) -> str:
        """Says it there; returns the group's address, which may have changed. Raises SendError."""
        ...


class OfficeGroups(Protocol):
    """The groups that offices named, as a channel sees them; it leaves every other one."""

    async def join(self, channel: str, address: str, code: str) -> str | None:
        """What to say in the group that `code` names; None when it names none."""
        ...

    async def knows(self, channel: str, address: str) -> bool: ...

    async def moved(self, channel: str, address: str, to: str) -> None:
        """The group has another address; "": we were removed from it."""
        ...


class Receive(Protocol):
    """The inbox, as a channel sees it: returns when the message is stored; False for a repeated delivery."""

    async def __call__(self, message: IncomingMessage) -> bool: ...


class Record(Protocol):
    """The outbox, as a channel sees it: a receipt moves a message's status forward only."""

    async def __call__(self, receipt: Receipt) -> None: ...
