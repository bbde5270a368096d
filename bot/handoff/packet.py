"""Five lines above the transcript: who, what about, what was asked, what the bot tried, what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.knowledge.models import Knowledge


@dataclass(frozen=True, slots=True)
class Packet:
    """Each a sentence or two of Indonesian, ready to show after its title; `lines` pairs them with titles."""

    who: str
    about: str
    asked: str
    tried: str
    missing: str

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Siapa", self.who),
            ("Layanan", self.about),
            ("Ditanyakan", self.asked),
            ("Jawaban Pandu", self.tried),
            ("Belum ada", self.missing),
        )


async def packet(session: AsyncSession, knowledge: Knowledge, conversation_id: int) -> Packet:
    """Of the open handoff, or of the conversation as it is. Numbers are masked. Raises NoConversation."""
    raise NotImplementedError
