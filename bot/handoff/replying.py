"""An officer's words on their way to the applicant: text, files, templates; sending again what failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.handoff.desk import Desk

MAX_TEXT = 4096
MAX_FILES = 5


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it. Its type is read from `content`, never believed."""

    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Sent:
    """Ids of the outgoing messages (a long text is several). `repeated`: the same form had been sent before."""

    messages: tuple[int, ...]
    repeated: bool = False


async def reply(desk: Desk, conversation_id: int, text: str, files: Sequence[Upload] = (), token: str = "") -> Sent:
    """Queues an officer's message; only the owner may. The same `token` (of the form) sends once.

    Raises NotYours, Closed, NoConversation, WindowClosed (WhatsApp after 24 hours: see `reply_by_template`) and
    BadInput (nothing to send, above MAX_TEXT characters or MAX_FILES, a field like {nama} left open, or a file that is
    no picture, PDF, DOCX or XLSX, or larger than the setting).
    """
    raise NotImplementedError


async def reply_by_template(desk: Desk, conversation_id: int, text: str, token: str = "") -> Sent:
    """The same through WhatsApp's approved template (PANDU_WHATSAPP_REPLY_TEMPLATE: {{1}} officer, {{2}} text)."""
    raise NotImplementedError


async def resend(desk: Desk, message_id: int) -> int:
    """Sends a failed message again as a new one; returns its id. Doing it twice sends once (the same id).

    Raises NotYours, Closed, WindowClosed; DeskError for a message that has not failed.
    """
    raise NotImplementedError


async def typing(desk: Desk, conversation_id: int) -> None:
    """The applicant sees "typing…" where the channel can show it; colleagues see it in the page. Renews the lease."""
    raise NotImplementedError


def window_left(channel: str, last_incoming_at: datetime, now: datetime) -> timedelta | None:
    """How long messages without a template may still go out; zero when over; None where the channel has no limit."""
    raise NotImplementedError
