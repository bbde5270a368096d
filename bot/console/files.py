"""Files of a conversation, for officers: what an applicant sent, and what an officer sent.

The type is read from the content, never believed; only pictures are shown in the page, everything else is a download.
"""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Response
from sqlalchemy import select

from bot.applications import delivery
from bot.applications.models import Application
from bot.applications.numbers import number_in
from bot.audit.service import note
from bot.console.access import AnyOfficer, read
from bot.console.desk import SECURITY_HEADERS, Here
from bot.handoff.desk import DeskError
from bot.handoff.reading.files import File, opened, received, sent

router = APIRouter()
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})


@router.get("/files/{file_id}")
async def received_file(desk: Here, signed: AnyOfficer, file_id: int) -> Response:
    try:
        async with desk.session() as session:
            place = await received(session, desk.runtime.settings.files_dir, file_id)
            await read(session, signed, "conversation", place.conversation_id, desk)
        return _answer(await opened(place))
    except DeskError as wrong:
        return Response(wrong.why, wrong.status, headers=SECURITY_HEADERS, media_type="text/plain")


@router.get("/sent-files/{message_id}")
async def sent_file(desk: Here, signed: AnyOfficer, message_id: int) -> Response:
    try:
        async with desk.session() as session:
            place = await sent(session, desk.runtime.settings.files_dir, message_id)
            await read(session, signed, "conversation", place.conversation_id, desk)
            if (number := number_in(place.filename)) and place.filename.startswith(delivery.RECEIPT):
                seen = select(Application.id).where(Application.number == number)
                for application in await session.scalars(seen):  # its claim code stands in it
                    await note(session, signed.actor, "application.receipt-seen", "application", application)
        return _answer(await opened(place))
    except DeskError as wrong:
        return Response(wrong.why, wrong.status, headers=SECURITY_HEADERS, media_type="text/plain")


def _answer(file: File) -> Response:
    how = "inline" if file.media_type in SHOWN else "attachment"
    headers = SECURITY_HEADERS | {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(file.filename)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=3600",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)
