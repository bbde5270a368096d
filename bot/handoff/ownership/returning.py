"""Back to the bot without starting again: what the officer's talk leaves behind, and the words at the end of it."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.payloads import button
from bot.conversations.models import Conversation, Outgoing
from bot.conversations.wording import MENU
from bot.handoff import wording
from bot.handoff.case import case_of
from bot.handoff.models import Handoff
from bot.knowledge.load import get_knowledge
from bot.messages import Button

MOST_SAID = 400  # characters of the officer's last words that are kept for the bot


async def remember(session: AsyncSession, handoff: Handoff, name: str) -> None:
    """Leaves a note for the bot's next turn: who spoke, about which service, the last words.

    `{"officer": "Rina", "office": "kudus", "service": "kudus-iui", "said": "…"}`; it travels as `after_officer` in the
    turn's metadata and goes when the bot has spoken.
    """
    query = select(Outgoing.text).where(
        Outgoing.conversation_id == handoff.conversation_id,
        Outgoing.author == "officer",
        Outgoing.text != "",
        Outgoing.created_at >= handoff.created_at,
    )
    said = (await session.execute(query.order_by(Outgoing.id.desc()).limit(1))).scalar_one_or_none()
    case = await case_of(session, get_knowledge(), handoff.conversation_id)
    left = {
        "officer": name,
        "office": case.office.id if case.office else "",
        "service": case.service.id if case.service else "",
        "said": (said or "")[:MOST_SAID],
    }
    change = update(Conversation).where(Conversation.id == handoff.conversation_id).values(after_officer=left)
    await session.execute(change.execution_options(synchronize_session=False))


async def farewell(session: AsyncSession, handoff: Handoff, told: str, name: str) -> tuple[str, list[Button]]:
    """`told` with the officer's name and the service at hand, and that service's menu."""
    query = select(Conversation.after_officer["service"].astext).where(Conversation.id == handoff.conversation_id)
    service = get_knowledge().services.get((await session.execute(query)).scalar_one_or_none() or "")
    about = wording.ABOUT.format(service=service.title) if service else ""
    return told.format(name=name, about=about), service_menu(service.id if service else "")


def service_menu(service: str) -> list[Button]:
    """What one usually asks next about a service; without one, the ways in."""
    if not service:
        return [MENU, button("Cek status permohonan", "track_status")]
    return [
        button("Syarat izin", "ask_requirements", service=service),
        button("Dipandu per langkah", "guide_start", service=service),
        button("Cek status permohonan", "track_status"),
        MENU,
    ]
