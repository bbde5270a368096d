"""Attachments: shrunk without their place, refused with a reason, deleted with the draft."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.complaints import files, incoming
from bot.complaints.desk import Reports, story_of
from bot.complaints.files import Refused, prepare, shrink
from bot.complaints.models import ComplaintFile
from bot.conversations.models import Incoming, StoredFile
from bot.files import pictures
from bot.messages import Reply
from bot.settings import Settings
from tests.complaints.conftest import Person

PDF = b"%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF"


def picture(width: int = 3000, height: int = 2000, kind: str = "JPEG") -> bytes:
    """A noisy photo, as large as one of a phone, with the place in its EXIF data."""
    image = Image.effect_noise((width, height), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (7.0, 39.0, 0.0)}
    target = io.BytesIO()
    image.save(target, kind, **({"exif": exif, "quality": 95} if kind == "JPEG" else {}))
    return target.getvalue()


async def send(
    person: Person, attachment: dict[str, Any], content: bytes | None, error: str = "", caption: str = ""
) -> str:
    """One message with one attachment, as the turn would hand it over; then the file is fetched."""
    row = Incoming(
        conversation_id=person.chat.conversation,
        channel="simulator",
        provider_id=f"berkas-{len(person.messages)}",
        kind=attachment["kind"],
        text=caption,
        attachments=[attachment],
    )
    person.session.add(row)
    await person.session.flush()
    person.messages.append(row.id)
    plain = person.desk()
    desk = Reports(plain.session, plain.knowledge, plain.conversation, row.id, plain.now, plain.files)
    replies = await incoming.attach(desk, [attachment], 5_000_000)
    stored = StoredFile(incoming_id=row.id, kind=attachment["kind"], reference="x", error=error)
    person.session.add(stored)
    await person.session.flush()
    if content is not None:
        stored.path = f"{stored.id}.bin"
        (person.files / stored.path).write_bytes(content)
        await copied(person, row.id, content)
    await person.session.flush()
    return replies[-1].text if replies else ""


async def copied(person: Person, message: int, content: bytes) -> None:
    """What follows a fetched file, in the test's own transaction."""
    query = select(ComplaintFile).where(ComplaintFile.message_id == message)
    for file in (await person.session.scalars(query)).all():
        try:
            made, suffix = (
                (content, ".pdf")
                if content.startswith(b"%PDF")
                else (pictures.made(content, files.MOST_PICTURE), ".jpg")
            )
            await files.note_copy(person.session, person.files, file.id, made, suffix, "")
        except pictures.NoPicture as error:
            await files.note_copy(person.session, person.files, file.id, b"", "", error.why)


def attached(
    kind: str = "photo", media_type: str = "image/jpeg", name: str = "", size: int | None = None
) -> dict[str, Any]:
    return {"kind": kind, "reference": "x", "filename": name, "media_type": media_type, "size": size}


async def drafted(person: Person) -> None:
    await person.say("petugasnya galak", "complaint", office="magetan")
    await person.tap("Buat laporan")
    for title in ("Selesai", "Lewati", "Kemarin", "Lewati", "Lewati"):
        await person.tap(title)
    assert "foto atau dokumen" in person.chat.last.text


async def test_files_are_taken_and_all_together_stay_small(person: Person) -> None:
    await drafted(person)
    for _ in range(3):
        assert "terima" in await send(person, attached(), picture())
    await send(person, attached("document", "application/pdf", "surat.pdf"), PDF)
    made = await prepare(person.desk(), await person.report())
    assert [one.error for one in made] == [""] * 4
    assert sum(one.size or 0 for one in made) <= files.TOTAL
    with Image.open(person.files / made[0].path) as copy:
        assert not copy.getexif() and max(copy.size) <= 1600


@pytest.mark.parametrize(
    ("attachment", "why"),
    [
        (attached("document", "application/zip", "a.zip"), files.WRONG_TYPE),
        (attached("document", "application/vnd.ms-excel", "a.xls"), files.WRONG_TYPE),
        (attached("video", "video/mp4", "a.mp4"), files.WRONG_TYPE),
        (attached("voice", "audio/ogg"), files.WRONG_TYPE),
        (attached("document", "application/pdf", "a.pdf", 200_000_000), files.TOO_LARGE),
    ],
)
async def test_refused_at_once(person: Person, attachment: dict[str, Any], why: str) -> None:
    await drafted(person)
    assert why in await send(person, attachment, None)
    assert await person.session.scalar(select(func.count(ComplaintFile.id))) == 0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (PDF.replace(b"/Root", b"/Encrypt 2 0 R /Root"), files.ENCRYPTED),
        (PDF + b"x" * files.TOTAL, files.TOO_LARGE),
        (b"\xff\xd8\xff broken", files.BROKEN),
        (b"MZ not a picture", files.WRONG_TYPE),
        (b"", files.WRONG_TYPE),
    ],
)
async def test_refused_when_opened(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "berkas"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        await shrink(path, "image/jpeg")
    assert refused.value.why == why


async def test_what_cannot_be_fetched_is_told_in_the_preview(person: Person) -> None:
    await drafted(person)
    await send(person, attached(), None, error="404")
    for title in ("Anonim", "Lewati", "LAPOR!"):
        if "Selesai" in person.chat.last.buttons:
            await person.tap("Selesai")
        await person.tap("Lewati") if "foto atau" in person.chat.last.text else None
        await person.tap(title)
    assert "1 berkas tidak bisa dipakai" in person.chat.last.text


async def test_cancel_deletes_files_too(person: Person) -> None:
    await drafted(person)
    await send(person, attached(), picture(800, 600))
    await prepare(person.desk(), await person.report())
    assert len(list(person.files.iterdir())) == 2
    await person.say("batal")
    await person.tap("Ya, hapus laporan")
    assert list(person.files.iterdir()) == []
    assert await person.session.scalar(select(func.count(StoredFile.id))) == 0


async def test_without_a_draft_files_are_nobodys(person: Person) -> None:
    assert await send(person, attached(), None) == ""
    await drafted(person)
    person.later(days=2)
    assert await send(person, attached(), None) == "", "a draft that was left alone takes nothing"


async def test_words_under_a_photo_belong_to_the_story(person: Person) -> None:
    await drafted(person)
    said = await send(person, attached(), picture(300, 200), caption="loketnya tutup jam 10 pagi")
    assert "saya tambahkan ke cerita" in said
    row = await person.report()
    story = await story_of(person.desk(), row)
    assert [one.text for one in story][-1] == "loketnya tutup jam 10 pagi"
    revision = row.answers["revision"]
    await send(person, attached(), picture(300, 200), caption="loketnya tutup jam 10 pagi")
    row = await person.report()
    assert len(await story_of(person.desk(), row)) == len(story) and row.answers["revision"] == revision


async def test_a_threat_under_a_photo_stops_everything(person: Person) -> None:
    await drafted(person)
    row = Incoming(
        conversation_id=person.chat.conversation,
        channel="simulator",
        provider_id="ancaman",
        kind="photo",
        text="ini orang yang bawa pisau ke saya",
        attachments=[attached()],
    )
    person.session.add(row)
    await person.session.flush()
    called: list[str] = []

    async def ask(_: AsyncSession, conversation: int, said: str, reason: str) -> Reply:
        called.append(f"{conversation == person.chat.conversation} {reason[:7]}")
        return Reply(said)

    take = incoming.take_files(Settings(_env_file=None), ask)
    (said,) = await take(person.session, person.chat.conversation, row.id, [attached()])
    assert "110" in said.text and called == ["True DARURAT"]
    assert (await person.report()).status == "paused"
