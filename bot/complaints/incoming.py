"""Photos and documents that come in while a report is made: they are for the report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints import files, service, wording
from bot.complaints.desk import Reports, drafting
from bot.complaints.emergency import AskPerson, emergency
from bot.complaints.routing import emergency_in
from bot.conversations.files import KEPT_KINDS
from bot.conversations.models import Incoming
from bot.knowledge.load import get_knowledge
from bot.messages import Reply

if TYPE_CHECKING:
    from bot.conversations.runtime import TakeFiles
    from bot.settings import Settings


def take_files(settings: Settings, ask_person: AskPerson) -> TakeFiles:
    """What `Runtime.take_files` calls."""

    async def take(
        session: AsyncSession, conversation: int, message: int, attachments: list[dict[str, Any]]
    ) -> list[Reply]:
        desk = Reports(
            session,
            get_knowledge(),
            conversation,
            message,
            datetime.now(UTC),
            settings.files_dir,
            settings.timezone,
        )
        if emergency_in(desk.knowledge.complaints, await _caption(desk)):
            return [await emergency(desk, ask_person)]
        return await attach(desk, attachments, settings.max_attachment_bytes)

    return take


async def attach(desk: Reports, attachments: list[dict[str, Any]], limit: int) -> list[Reply]:
    """Takes the attachment for the open draft; empty when there is no draft that was touched lately."""
    row = await drafting(desk)
    if row is None or desk.now - row.updated_at > service.IDLE:
        return []
    if attachments[0]["kind"] not in KEPT_KINDS:
        return await service.show(desk, row, files.KEPT_OUT.format(why=files.WRONG_TYPE))
    told = await files.take(desk, row, attachments, limit)
    row.updated_at = desk.now
    if caption := await _caption(desk):
        told = f"{told} {await service.add_words(desk, row, caption)}"
    if row.step == "files":
        note = wording.FILES_MORE.format(note=told)
        return [Reply(note, (await service.show(desk, row))[0].buttons)]
    return await service.show(desk, row, told)


async def _caption(desk: Reports) -> str:
    """What the person wrote under the photo."""
    message = await desk.session.get(Incoming, desk.message) if desk.message else None
    return message.text.strip() if message and message.conversation_id == desk.conversation else ""
