"""The simulator as a kind of channel."""

from __future__ import annotations

from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wires
from bot.settings import Settings


class Simulator(ChannelKind):
    """Always connected; whether its page is there is another setting (`Settings.simulator_on`)."""

    name = "simulator"
    title = "Simulator"
    icon = "smartphone"
    local = True

    def is_on(self, settings: Settings) -> bool:
        return True

    def connect(self, wires: Wires) -> Channel:
        from bot.channels.simulator.channel import SimulatorChannel

        return SimulatorChannel()
