"""The simulator as a channel: what is stored is sent; pages and terminals read it from the database."""

from __future__ import annotations

from bot.channels.base import PermanentSendError
from bot.messages import Attachment, OutgoingMessage


class SimulatorChannel:
    """Has no provider, so there is nothing to call and nothing to wait for."""

    name = "simulator"
    has_provider = False
    max_text = 4096
    messages_per_second = 1_000_000.0
    seconds_per_chat = 0.0

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def send(self, message: OutgoingMessage) -> str:
        return f"simulator-{message.id}"

    async def typing(self, address: str, message: str = "") -> None:
        return None

    async def fetch(self, attachment: Attachment, limit: int) -> bytes:
        raise PermanentSendError("no_files", "Simulator tidak menyimpan berkas.")
