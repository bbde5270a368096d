"""The kinds of channels that there are."""

from __future__ import annotations

from collections.abc import Iterable

from bot import refusals
from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wires
from bot.channels.simulator.kind import Simulator
from bot.channels.telegram.kind import Telegram
from bot.channels.whatsapp.kind import WhatsApp
from bot.settings import Settings

ALL: dict[str, ChannelKind] = {kind.name: kind for kind in (WhatsApp(), Telegram(), Simulator())}
"""By name, in the order in which people are offered them. A new channel is one more here."""


class Gone(ChannelKind):
    """A channel that stands in the database and that this version does not have."""

    def __init__(self, name: str) -> None:
        self.name = self.title = name

    def is_on(self, settings: Settings) -> bool:
        return False

    def connect(self, wires: Wires) -> Channel:
        raise NotImplementedError(self.name)


def kind_of(name: str) -> ChannelKind:
    """The kind of that name."""
    return ALL.get(name) or Gone(name)


def numbered() -> list[ChannelKind]:
    """The kinds whose addresses are telephone numbers that the provider vouches for."""
    return [kind for kind in ALL.values() if kind.number_prefix]


def numbered_title() -> str:
    """Their titles, as a sentence names them."""
    return " atau ".join(kind.title for kind in numbered())


def addresses_of(numbers: Iterable[str]) -> list[tuple[str, str]]:
    """(channel, address) of every place where somebody with one of these telephone numbers would write from."""
    known = list(numbers)
    return [(kind.name, kind.address_of(number)) for kind in numbered() for number in known]


def by_title() -> list[ChannelKind]:
    """All of them in the order in which technicians read them."""
    return sorted(ALL.values(), key=lambda kind: kind.title)


def callers() -> str:
    """Who calls our webhooks, as a sentence for technicians names them."""
    return " and ".join(kind.caller for kind in by_title() if kind.caller)


def chat_link(settings: Settings, text: str) -> str:
    """An address that opens a chat with `text` ready to send, on the first channel that has one; "" without any."""
    links = (kind.chat_link(settings, text) for kind in ALL.values() if kind.is_on(settings))
    return next((link for link in links if link), "")


def advise_technicians() -> None:
    """What to do about refused webhooks is known to this process's alarm from now on."""
    for kind in ALL.values():
        refusals.ADVICE.update({(kind.name, reason): advice for reason, advice in kind.advice.items()})


def with_groups(settings: Settings) -> ChannelKind | None:
    """The channel on which offices name a group; None where it is off."""
    return next((kind for kind in ALL.values() if kind.groups and kind.is_on(settings)), None)
