"""A kind of channel: what there is to know of it, connected or not, and how it is connected."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from bot.channels.base import Channel, OfficeGroups, Receive, Record
from bot.finding import Finding
from bot.settings import Settings

if TYPE_CHECKING:
    import httpx

    from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Wires:
    """What a channel may be connected with: it takes what it needs.

    `receive` is the inbox, `record` the receipts. `receiving` is false in a process that only sends. `groups` are those
    of offices; None: there are none.
    """

    settings: Settings
    database: Database
    receive: Receive
    record: Record
    receiving: bool = True
    groups: OfficeGroups | None = None


class ChannelKind(ABC):
    """One kind. What a channel does not say of itself is as written here."""

    name: str
    """In the database, in addresses of webhooks, in metrics and logs."""
    title: str
    """As people read it."""
    icon: str = "message-circle"
    """In the console: one of bot/console/static/icons.svg."""
    tone: str = ""
    """The icon's colour: good or calm."""
    address_called: str = ""
    """What an address there is, as the privacy page says it: "nomor …"."""
    caller: str = ""
    """Who calls our webhooks, as technicians know it; "" where nobody does."""
    without_address: str = ""
    """For technicians: how it works all the same where we have no public address; "" where it does not."""
    addresses: tuple[str, ...] = ()
    """The names of its settings that hold an address."""
    carriers: str = ""
    """Through whose hands messages go, for the same page; "" where they stay with us."""
    number_prefix: str = ""
    """What stands before the telephone number in an address, where the provider vouches for the number: whoever writes
    from a number that an office has checked sees that number's applications. "" where addresses are no such numbers."""
    groups: bool = False
    """Whether offices may name a group there (bot/channels/base.py: Announces)."""
    window: timedelta | None = None
    """How long after a person's message others than approved templates are delivered; None: for ever."""
    template_text: int = 900
    """Characters that an officer's words may have in an approved template."""
    local: bool = False
    """A page of ours, for trying: its addresses are nobody's, our own links open there, and any payload may be sent."""
    takes_pages: bool = True
    """Whether a web page can be sent as a file."""
    libraries: tuple[str, ...] = ()
    """Loggers of client libraries: they write tokens and whole messages, and are kept to warnings."""
    advice: ClassVar[Mapping[str, str]] = {}
    """For technicians: by the reason of a refusal (bot/refusals.py), what to do about many of them."""

    @abstractmethod
    def is_on(self, settings: Settings) -> bool:
        """Whether the settings connect it."""

    @abstractmethod
    def connect(self, wires: Wires) -> Channel:
        """The channel. Calls nobody yet."""

    def problems(self, settings: Settings) -> Iterable[str]:
        """Settings that would break later: one English sentence each on what to write."""
        return ()

    def how(self, settings: Settings) -> str:
        """For the terminal: how messages come in, or which settings are missing; "" where there is nothing to say."""
        return ""

    def takes_files(self, settings: Settings) -> bool:
        """Whether a file can be delivered with these settings."""
        return True

    def chat_link(self, settings: Settings, text: str) -> str:
        """An address that opens the chat with `text` ready to send; "" where none is known."""
        return ""

    def template(self, settings: Settings, use: str) -> str:
        """The approved template for `use` ("news", "reply"); "" where none is set."""
        return ""

    def template_setting(self, use: str) -> str:
        """The name of the setting that names the template."""
        return ""

    def group_link(self, settings: Settings, code: str) -> str:
        """Where a group is chosen in which `code` is said at once; "" where there is no such thing."""
        return ""

    def to_do(self, code: str) -> str:
        """For technicians: what to do where the provider's `code` means that the office's set-up is wrong; "" else."""
        return ""

    async def check(self, settings: Settings, client: httpx.AsyncClient) -> Finding | None:
        """What `pandu doctor` finds; None where there is nothing to look at."""
        return None

    async def mend(self, settings: Settings, client: httpx.AsyncClient) -> list[str]:
        """What `pandu doctor --fix` may mend: one English line for each thing that was mended, or could not be."""
        return []

    @property
    def hours(self) -> int:
        """The window's length; 0 without one."""
        return round(self.window / timedelta(hours=1)) if self.window else 0

    def address_of(self, number: str) -> str:
        """The address of a telephone number ("+62…"), where addresses are numbers."""
        return f"{self.number_prefix}{number}"

    def number_of(self, address: str) -> str:
        """The telephone number that the provider vouches for; "" where it does for none."""
        known = self.number_prefix and address.startswith(self.number_prefix)
        return address.removeprefix(self.number_prefix) if known else ""
