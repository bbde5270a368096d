"""Photos and documents that an applicant sends to do harm: to the worker, to a report (to an officer's
browser: tests/console/desk/test_hostile_files.py)."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import update

from bot.complaints import files
from bot.complaints.models import Complaint, ComplaintFile
from bot.conversations import files as fetching
from bot.conversations.models import StoredFile
from bot.conversations.runtime import Runtime
from bot.files import kinds, pictures
from bot.files.apart import Limits
from bot.messages import Attachment
from tests.helpers.runtime import RecordingChannel, message, receive, rows
from tests.hostile.hostile_files import HEAVY, SCRIPT, exif_with_script, many_scans

SHORT = Limits(seconds=20.0, cpu_seconds=2, memory=800_000_000)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real limits of processor time, only smaller."""
    monkeypatch.setattr(pictures, "LIMITS", SHORT)
    monkeypatch.setattr(kinds, "LIMITS", SHORT)


def _children_seconds() -> float:
    times = os.times()
    return times.children_user + times.children_system


@pytest.mark.parametrize("make", HEAVY, ids=lambda make: make.__name__)
async def test_what_takes_minutes_is_ended(make: Callable[[], bytes]) -> None:
    """In the reader of reports' pictures and in the reader of an officer's files, in a process of its own."""
    content, before = make(), _children_seconds()
    assert len(content) < 10_000_000
    try:
        assert len(await pictures.small(content, 400_000)) <= 400_000
    except pictures.NoPicture as refused:
        assert refused.why in (pictures.BROKEN, pictures.TOO_LARGE, pictures.OTHER)
    await kinds.kind_of(content)
    assert _children_seconds() - before < 8


async def test_a_photo_for_a_report_cannot_hold_the_turn(
    runtime: Runtime, channel: RecordingChannel, tmp_path: Path
) -> None:
    """The photo is fetched and made small while no transaction is open; the report says that it cannot be used."""
    bomb = many_scans()

    async def fetch(attachment: Attachment, limit: int) -> bytes:
        return bomb if attachment.reference == "bomb" else exif_with_script()

    channel.fetch = fetch  # type: ignore[method-assign]
    runtime.file_kept = files.copy_kept(runtime.database, runtime.settings.files_dir)
    for number, name in enumerate(("bomb", "right")):
        photo = Attachment("photo", name, "", "image/jpeg", 5, "")
        conversation = await receive(runtime, message("", str(number), kind="photo", attachments=(photo,)))
    stored = await rows(runtime, StoredFile)
    async with runtime.database.session() as session:
        report = Complaint(conversation_id=conversation, step="files")
        session.add(report)
        await session.flush()
        for one in stored:
            session.add(ComplaintFile(complaint_id=report.id, message_id=one.incoming_id, media_type="image/jpeg"))
    for one in stored:
        await fetching.fetch(runtime, one.id)
    bad, good = await rows(runtime, ComplaintFile)
    assert (bad.error, bad.path) == (files.BROKEN, "")
    copy = (runtime.settings.files_dir / good.path).read_bytes()
    assert SCRIPT not in copy and not Image.open(io.BytesIO(copy)).getexif()
    assert all(one.path for one in await rows(runtime, StoredFile)), "officers have the originals"


async def test_a_copy_that_was_left_is_made_later(runtime: Runtime, channel: RecordingChannel) -> None:
    photo = Attachment("photo", "x", "", "image/jpeg", 5, "")
    conversation = await receive(runtime, message("", "1", kind="photo", attachments=(photo,)))
    (stored,) = await rows(runtime, StoredFile)
    folder = runtime.settings.files_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "foto.jpg").write_bytes(exif_with_script())
    async with runtime.database.session() as session:
        report = Complaint(conversation_id=conversation, step="files")
        session.add(report)
        await session.flush()
        session.add(ComplaintFile(complaint_id=report.id, message_id=stored.incoming_id, media_type="image/jpeg"))
        await session.execute(update(StoredFile).values(path="foto.jpg"))
    await files.copy_left(runtime.database, folder)
    (copied,) = await rows(runtime, ComplaintFile)
    assert copied.path and (folder / copied.path).exists()
