"""A morning at an invented front office: officers, and conversations in every state. For pages, not for figures.

What the bot says here comes from knowledge/, like everywhere.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from PIL import Image
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.conversations.runtime import Runtime
from bot.handoff import notes
from bot.handoff.answering import canned
from bot.handoff.desk import Act
from bot.handoff.models import CallBack, Handoff, HeldAnswer, Rule
from bot.handoff.ownership import hours, service
from bot.handoff.reading import presence
from bot.knowledge.load import get_knowledge
from bot.officers import service as officers
from bot.officers.models import Officer
from tests.helpers.hiring import hire

PASSWORD = "jalan-kudus-hujan-sore"
SERVICE = "kudus-iui"


@dataclass(frozen=True, slots=True)
class Staff:
    sari: Officer
    rina: Officer
    wati: Officer  # supervisor
    agus: Officer  # administrator


@dataclass(slots=True)
class Stage:
    """Adds people and what they say, some minutes before `now`."""

    session: AsyncSession
    runtime: Runtime
    now: datetime
    count: int = 0

    async def person(self, name: str, channel: str, minutes: float, **columns: Any) -> int:
        self.count += 1
        address = {"whatsapp": f"whatsapp:+6281200000{self.count:03}", "telegram": f"90000{self.count:03}"}
        conversation = Conversation(
            channel=channel,
            address=address.get(channel, f"contoh-{self.count}"),
            profile_name=name,
            last_incoming_at=self.now - timedelta(minutes=minutes),
            **columns,
        )
        self.session.add(conversation)
        await self.session.flush()
        return conversation.id

    async def asks(self, conversation_id: int, text: str, minutes: float, intent: str = "", **columns: Any) -> int:
        self.count += 1
        at = self.now - timedelta(minutes=minutes)
        message = Incoming(
            conversation_id=conversation_id,
            channel="simulator",
            provider_id=f"contoh-{self.count}",
            kind=columns.pop("kind", "text"),
            text=text,
            received_at=at,
            handled_at=at,
            outcome=columns.pop("outcome", "answered"),
            understood={"intent": intent, "confidence": 0.94} if intent else None,
            **columns,
        )
        self.session.add(message)
        await self.session.flush()
        return message.id

    async def says(self, conversation_id: int, text: str, minutes: float, author: str = "bot", **columns: Any) -> int:
        at = self.now - timedelta(minutes=minutes)
        columns = {"status": "read", "sent_at": at} | columns
        message = Outgoing(conversation_id=conversation_id, author=author, text=text, created_at=at, **columns)
        self.session.add(message)
        await self.session.flush()
        return message.id

    async def waits(self, conversation_id: int, minutes: float, kind: str, reason: str, **columns: Any) -> None:
        await service.request_person(self.session, conversation_id, reason, kind=kind, **columns)  # type: ignore[arg-type]
        await self.session.flush()
        found = Handoff.__table__.update().where(Handoff.conversation_id == conversation_id)
        since = self.now - timedelta(minutes=minutes)
        await self.session.execute(found.values(queued_at=since, created_at=since, asked_at=since))

    def desk(self, officer: Officer) -> Act:
        return Act(self.session, self.runtime, officer, lambda: self.now)


async def staff(session: AsyncSession) -> Staff:
    """Invented officers who have changed their first password to PASSWORD, and a team."""
    made = []
    people = (("sari", "Sari", "officer"), ("rina", "Rina", "officer"), ("wati", "Wati", "supervisor"))
    for username, name, role in (*people, ("agus", "Agus", "administrator")):
        made.append(await hire(session, username, name, role, PASSWORD))
    await officers.save_team(session, None, "Perizinan industri", "kudus", [made[0].id, made[1].id], "system")
    return Staff(*made)


async def morning(session: AsyncSession, runtime: Runtime, people: Staff, now: datetime) -> dict[str, int]:
    """Conversations by the first name of who leads them."""
    stage = Stage(session, runtime, now)
    found = {
        "siti": await _siti(stage),
        "budi": await _budi(stage),
        "dewi": await _dewi(stage, people),
        "eko": await _eko(stage, people),
        "maya": await kept_back(stage, "Maya Contoh"),
    }
    await _others(stage, people)
    await _house(stage, people)
    return found


async def _siti(stage: Stage) -> int:
    """Asked, was answered with sources, then wants a person."""
    iui = get_knowledge().services[SERVICE]
    siti = await stage.person("Siti Contoh", "whatsapp", 7)
    await stage.asks(siti, "assalamualaikum, mau tanya izin usaha industri di kudus", 16, "ask_procedure")
    await stage.says(
        siti, iui.summary.text, 16, buttons=[{"title": one, "payload": "/x"} for one in ("Syarat", "Biaya")]
    )
    await stage.asks(siti, "syaratnya apa aja ya bu?", 14, "ask_requirements")
    needs = "\n".join(f"{number}. {one.text}" for number, one in enumerate(iui.requirements, 1))  # type: ignore[arg-type]
    source = [{"document": "SOP D.V.1 Kabupaten Kudus", "clause": "A, Kelengkapan"}]
    await stage.says(siti, f"Syarat Izin Usaha Industri di Kudus:\n{needs}", 14, sources=source)
    await stage.asks(siti, "data saya di oss beda sama ktp, bisa dibantu orangnya langsung?", 8, "talk_to_human")
    await stage.asks(siti, "saya di kantor sampai jam 3", 7)
    await stage.waits(siti, 8, "requested", "Pemohon meminta petugas.", office="kudus", service=SERVICE)
    return siti


async def _budi(stage: Stage) -> int:
    """Angry, on Telegram, with markup in his words."""
    budi = await stage.person("Budi <b>Contoh</b>", "telegram", 21)
    await stage.asks(budi, "sudah 3 minggu belum ada kabar!! <script>alert(1)</script>", 23, "complaint")
    await stage.says(budi, "Maaf atas pengalaman Anda. Petugas akan membantu di sini.", 23)
    await stage.asks(budi, "kecewa saya", 21, "complaint")
    await stage.waits(budi, 21, "anger", "Pemohon kecewa.", office="kudus")
    return budi


async def _dewi(stage: Stage, people: Staff) -> int:
    """With Sari: a file each way, a note that names her, a message that failed, thirty minutes of window left."""
    dewi = await stage.person("Dewi Contoh", "whatsapp", 23.5 * 60)
    await stage.asks(dewi, "Selamat pagi, gagal unggah berkas di OSS", 23.6 * 60, "upload_failed")
    await stage.says(dewi, "Petugas akan membantu Anda.", 23.6 * 60, "system")
    await stage.waits(dewi, 23.6 * 60, "failures", "Pandu dua kali tidak memahami.", office="kudus", service=SERVICE)
    await service.claim(stage.desk(people.sari), dewi)
    photo = await stage.asks(
        dewi, "", 23.5 * 60, kind="photo", attachments=[{"kind": "photo", "reference": "x", "filename": "layar.jpg"}]
    )
    stage.session.add(_stored(stage, photo))
    await stage.says(dewi, "Terima kasih, Bu. Layarnya sudah saya lihat.", 50, "officer", officer_id=people.sari.id)
    await stage.says(
        dewi,
        "Ukuran berkasnya coba dikecilkan dulu, lalu unggah ulang.",
        48,
        "officer",
        officer_id=people.sari.id,
        status="failed",
        error_code="63016",
        error="WhatsApp menolak pesan ini karena pemohon belum membalas dalam 24 jam.",
    )
    await notes.add_note(stage.desk(people.rina), dewi, "@sari berkas serupa kemarin bisa setelah diubah ke PDF.")
    await presence.look(stage.desk(people.rina), dewi)
    return dewi


def _stored(stage: Stage, incoming_id: int) -> StoredFile:
    picture = io.BytesIO()
    Image.linear_gradient("L").resize((480, 320)).save(picture, "JPEG")
    folder = stage.runtime.settings.files_dir
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"contoh-{incoming_id}.jpg").write_bytes(picture.getvalue())
    return StoredFile(
        incoming_id=incoming_id,
        kind="photo",
        reference="x",
        filename="layar.jpg",
        media_type="image/jpeg",
        size=len(picture.getvalue()),
        path=f"contoh-{incoming_id}.jpg",
    )


async def _eko(stage: Stage, people: Staff) -> int:
    eko = await stage.person("Eko Contoh", "telegram", 3)
    await stage.asks(eko, "apakah bisa lewat kantor kecamatan?", 5)
    await stage.waits(eko, 5, "requested", "Pemohon meminta petugas.", office="kudus", service=SERVICE)
    await service.claim(stage.desk(people.rina), eko)
    await stage.asks(eko, "baik bu, saya tunggu", 3)
    return eko


async def kept_back(stage: Stage, name: str) -> int:
    """The bot has her; its answer waits for a yes. (The rule has ended since: it would hold for everybody.)"""
    iui = get_knowledge().services[SERVICE]
    maya = await stage.person(name, "whatsapp", 2)
    question = await stage.asks(maya, "biaya izin usaha industri di kudus berapa?", 2, "ask_cost")
    rule = Rule(act="approve", topic="ask_cost", ended_at=stage.now)
    stage.session.add(rule)
    await stage.session.flush()
    stage.session.add(
        HeldAnswer(
            conversation_id=maya,
            incoming_id=question,
            rule_id=rule.id,
            expires_at=stage.now + timedelta(minutes=8),
        )
    )
    text = f"{getattr(iui.cost, 'text', 'Tidak disebutkan dalam standar pelayanan ini.')}"
    await stage.says(maya, text, 2, status="held", sent_at=None, in_reply_to=question)
    await stage.says(maya, "Jawaban sedang diperiksa petugas.", 2, "system")
    return maya


async def _others(stage: Stage, people: Staff) -> None:
    names = ("Rahmat", "Tuti", "Joko", "Lestari", "Hendra", "Yuni", "Bambang", "Ratna")
    kinds = ("requested", "failures", "requested", "survey", "complaint", "requested", "topic", "requested")
    texts = (
        "kalau PT perorangan caranya sama?",
        "gimana ini kok balik ke awal terus",
        "mau tanya soal perluasan",
        "belum jelas bu",
        "lampirannya sudah saya kirim",
        "nomor antrian saya berapa",
        "minta tolong dicek",
        "oke",
    )
    for number, (name, kind, text) in enumerate(zip(names, kinds, texts, strict=True)):
        minutes = 12 + number * 9
        person = await stage.person(f"{name} Contoh", ("whatsapp", "telegram")[number % 2], minutes)
        await stage.asks(person, text, minutes)
        await stage.waits(person, minutes, kind, "Pemohon meminta petugas.", office=("kudus", "magetan")[number % 2])
        if number > 4:
            await service.claim(stage.desk((people.sari, people.rina)[number % 2]), person)
        if number > 5:
            await service.close(stage.desk((people.sari, people.rina)[number % 2]), person)
    late = await stage.person("Wahyu Contoh", "whatsapp", 15 * 60)
    await stage.asks(late, "bisa ditelepon besok pagi?", 15 * 60)
    await stage.waits(late, 15 * 60, "requested", "Pemohon meminta petugas.", office="kudus")
    begin = stage.now - timedelta(minutes=30)
    wanted = {"wanted_from": begin, "wanted_until": begin + timedelta(hours=4)}
    stage.session.add(CallBack(conversation_id=late, office="kudus", question="bisa ditelepon besok pagi?", **wanted))


async def _house(stage: Stage, people: Staff) -> None:
    desk = stage.desk(people.wati)
    await canned.save(
        desk, None, "Salam", "Selamat datang, {nama}. Saya {petugas} dari {kantor}. Apa yang bisa dibantu?"
    )
    await canned.save(
        desk,
        None,
        "Minta nomor permohonan",
        "Mohon kirim nomor permohonan Anda, {nama}. Nomornya ada di tanda terima.",
        office="kudus",
    )
    await canned.save(desk, None, "Penutup", "Terima kasih, {nama}. Permohonan {nomor_permohonan} kami pantau.")
    week = {day: [(time(8), time(12)), (time(13), time(15, 30))] for day in range(4)} | {4: [(time(8), time(11, 30))]}
    await hours.set_hours(desk, "kudus", week)
    await hours.close_day(desk, "kudus", (stage.now + timedelta(days=9)).date(), "Hari jadi kota (contoh)")
