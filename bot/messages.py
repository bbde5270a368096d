"""The messages that travel through Pandu: what came in, what is answered, what goes out.

Channels translate between these and their provider; capabilities only build `Reply`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

MessageKind = Literal[
    "text",
    "payload",
    "photo",
    "document",
    "voice",
    "video",
    "sticker",
    "location",
    "contact",
    "other",
    "reaction",  # to a message of ours; `text` is the sign
    "left",  # the person has blocked us
    "back",  # and unblocked
]


COMMANDS = {  # what people may type after a slash, on any channel: (payload, what a menu shows beside it)
    "start": ("/start", "Mulai dan kenali layanan ini"),
    "menu": ("/show_menu", "Lihat menu utama"),
    "bantuan": ("/help", "Cara memakai layanan ini"),
    "status": ("/track_status", "Cek status permohonan"),
    "berhenti": ("/guide_stop", "Hentikan panduan yang berjalan"),
}
COMMANDS_IN_ENGLISH = {
    "start": "Start and get to know this service",
    "menu": "Show the main menu",
    "bantuan": "How to use this service",
    "status": "Check an application",
    "berhenti": "Stop the running guide",
}
_COMMAND = re.compile(r"/([a-z]+)(?:@\w+)?(?:\s|$)", re.IGNORECASE)


def command_payload(text: str) -> str:
    """The payload of a typed command ("/menu", "/start@PanduBot abc"); empty when the text is none."""
    found = _COMMAND.match(text)
    return COMMANDS.get(found[1].lower(), ("", ""))[0] if found else ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the applicant sent. `reference` is the provider's: an id or an address there."""

    kind: MessageKind
    reference: str
    filename: str = ""
    media_type: str = ""
    size: int | None = None  # bytes, where the provider says it
    group: str = ""  # of an album, where the provider names it


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One update of a provider, translated.

    `address` is where an answer goes (a chat's id, a number, a name); `provider_id` is unique within the
    channel, so that a repeated delivery is recognised.
    A tapped button arrives as kind "payload": either `payload` (the button's own), or `menu`, the id of our
    outgoing message that carried it together with the button's zero-based `choice`.
    """

    channel: str
    address: str
    provider_id: str
    kind: MessageKind
    text: str = ""
    payload: str = ""
    menu: int | None = None
    choice: int | None = None
    attachments: tuple[Attachment, ...] = ()
    profile_name: str = ""
    sent_at: datetime | None = None
    reply_to: str = ""  # the provider's id of the message that this one answers or whose button was tapped
    quoted: str = ""  # the words that it answers, where the provider tells them
    ref: str = ""  # the provider's id of this message in its chat, where that is not `provider_id`
    edits: str = ""  # the `ref` of the message that this one replaces
    about_at: datetime | None = None  # when the message that it answers or replaces was written, where told
    forwarded: bool = False
    wish: Literal["", "stop", "start"] = ""  # about news, as the provider understood it


@dataclass(frozen=True, slots=True)
class Button:
    """`title` has at most 24 characters (every channel shows them), `payload` ("/intent…") at most 200."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class SourceRef:
    """Where a stated fact stands: `document` is the readable name, `clause` the place in it."""

    document: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One bubble. The text already ends with its one-line source where it states a fact."""

    text: str
    buttons: tuple[Button, ...] = ()
    sources: tuple[SourceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file on its way to an applicant. `path` is readable here; `url` is public and expires ("" without an address
    of ours); `kind` is "photo" or "document"."""

    path: Path
    filename: str
    media_type: str
    kind: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A reply on its way to one address. `id` is our own message id (also given to the provider's status callback)."""

    id: int
    channel: str
    address: str
    text: str
    buttons: tuple[Button, ...] = field(default_factory=tuple)
    window_open: bool = True  # still within the channel's window since the applicant's last message
    # For when the window is closed: variables of the approved template; "template": "reply" names an officer's.
    template: dict[str, str] | None = None
    file: OutgoingFile | None = None  # then `text` is its caption, mostly empty
