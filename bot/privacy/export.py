"""The copy of what is kept about one conversation: as JSON for programs, as HTML and plain text for people."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.applications import access
from bot.applications.errors import NotFound
from bot.applications.models import Application, ApplicationContact, ApplicationLook
from bot.applications.service import Register, stage_of
from bot.complaints.models import Complaint, ComplaintEvent, ComplaintPart
from bot.conversations.models import Conversation, Incoming, Outgoing, StoredFile
from bot.conversations.text import split_text
from bot.dialogue.models import RasaTracker
from bot.guides.models import GuideProgress
from bot.handoff.models import CallBack, Handoff
from bot.handoff.triage.models import ConversationLabel, Label
from bot.knowledge.models import Knowledge
from bot.masking import mask_email, mask_phone
from bot.privacy import wording
from bot.privacy.models import NoticeShown, PrivacyRequest
from bot.privacy.service import LOOKS, reads_of
from bot.survey.models import AnswerCheck, Survey, SurveyAnswer
from bot.understanding.models import UnknownMessage

TEXT_PAGE = 3000
"""Characters of one bubble of the plain text."""

NOT_SHOWN = {
    "application_news": "its messages are among the messages",
    "application_news_mutes": "a switch without content",
    "claim_codes": "only hashes, and secret",
    "conversation_notes": "officers' words among themselves: whether to show them is for the office to say",
    "conversation_viewers": "who has the page open at this moment; what was read is in the audit log",
    "held_answers": "their text is among the messages",
    "knowledge_proposals": "an office's draft of an answer: its question is masked, and goes with the person",
    "recallable_acts": "for seconds: what an officer may still take back; its messages are among the messages",
    "reply_drafts": "not said yet",
}
"""Tables that refer to conversations and are not in the copy, each with its reason."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CopySection:
    """One kind of data; `rows` have the same keys, in Indonesian."""

    id: str
    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Copy:
    made_at: str
    zone: str
    sections: list[CopySection]

    def count(self, section: str) -> int:
        return next(len(one.rows) for one in self.sections if one.id == section)


@dataclass(frozen=True, slots=True)
class Looking:
    """What a section reads with. `when` writes a moment as the office's clock shows it."""

    session: AsyncSession
    knowledge: Knowledge
    conversation: int
    now: datetime
    zone: str

    def when(self, moment: datetime | None) -> str:
        return f"{moment.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M}" if moment else ""


async def gather(session: AsyncSession, knowledge: Knowledge, conversation_id: int, now: datetime, zone: str) -> Copy:
    """Everything that is kept about the conversation. `zone`: name of the office's time zone."""
    looking = Looking(session, knowledge, conversation_id, now, zone)
    sections = [CopySection(key, title, await read(looking)) for key, (title, read) in SECTIONS.items()]
    return Copy(looking.when(now), zone, sections)


def as_json(copy: Copy) -> str:
    data = {one.id: [dict(row) for row in one.rows] for one in copy.sections}
    return json.dumps({"dibuat": copy.made_at, "zona_waktu": copy.zone, **data}, ensure_ascii=False, indent=1)


def as_html(copy: Copy) -> str:
    """One page that needs nothing else: no scripts, no pictures from elsewhere."""
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
    )
    return templates.get_template("copy.html").render(copy=copy)


def as_texts(copy: Copy) -> list[str]:
    """Plain text in pieces for a chat, in order and complete."""
    parts = [f"Data yang disimpan Pandu tentang percakapan ini, {copy.made_at} ({copy.zone})."]
    for section in copy.sections:
        lines = [f"• {_line(row)}" for row in section.rows] or ["tidak ada"]
        parts.append("\n".join([f"{section.title.upper()}", *lines]))
    return split_text("\n\n".join(parts), TEXT_PAGE)


def _line(row: Row) -> str:
    return "; ".join(f"{key.replace('_', ' ')}: {value}" for key, value in row.items() if value)


# --- the sections ---


async def _profile(looking: Looking) -> list[Row]:
    one = await looking.session.get_one(Conversation, looking.conversation)
    return [
        {
            "kanal": one.channel,
            "alamat": one.address,
            "nama": one.profile_name,
            "percakapan_sejak": looking.when(one.created_at),
            "pesan_terakhir": looking.when(one.last_incoming_at),
        }
    ]


async def _notices(looking: Looking) -> list[Row]:
    query = select(NoticeShown).where(NoticeShown.conversation_id == looking.conversation).order_by(NoticeShown.id)
    return [
        {"versi": str(one.version), "ditunjukkan": looking.when(one.shown_at)}
        for one in await looking.session.scalars(query)
    ]


async def _messages(looking: Looking) -> list[Row]:
    """Both directions, in the order of time."""
    ours = Incoming.conversation_id == looking.conversation
    incoming = (
        await looking.session.execute(
            select(Incoming.received_at, Incoming.kind, Incoming.text, Incoming.payload, Incoming.understood).where(
                ours
            )
        )
    ).all()
    query = select(Outgoing.created_at, Outgoing.author, Outgoing.text, Outgoing.status)
    outgoing = (await looking.session.execute(query.where(Outgoing.conversation_id == looking.conversation))).all()
    authors = {"bot": "Pandu", "system": "Pandu", "officer": "petugas"}
    rows = [
        (at, {"dari": "Anda", "isi": text or payload or f"[{kind}]", "dipahami": (understood or {}).get("intent", "")})
        for at, kind, text, payload, understood in incoming
    ]
    rows += [(at, {"dari": authors[author], "isi": text, "keadaan": status}) for at, author, text, status in outgoing]
    empty = {"dari": "", "isi": "", "dipahami": "", "keadaan": ""}
    return [{"waktu": looking.when(at), **empty, **row} for at, row in sorted(rows, key=lambda one: one[0])]


async def _files(looking: Looking) -> list[Row]:
    query = select(StoredFile).join(Incoming, Incoming.id == StoredFile.incoming_id).order_by(StoredFile.id)
    found = await looking.session.scalars(query.where(Incoming.conversation_id == looking.conversation))
    return [
        {
            "diterima": looking.when(one.created_at),
            "nama": one.filename or one.kind,
            "jenis": one.media_type,
            "ukuran": f"{one.size} byte" if one.size else "",
            "disimpan": "ya" if one.path else "tidak",
        }
        for one in found
    ]


async def _guides(looking: Looking) -> list[Row]:
    query = select(GuideProgress).where(GuideProgress.conversation_id == looking.conversation)
    services = looking.knowledge.services
    return [
        {
            "layanan": services[one.service].title if one.service in services else one.service,
            "jalur": one.procedure,
            "langkah": str(one.step),
            "jawaban": _pairs(one.answers),
            "keadaan": one.status,
            "diubah": looking.when(one.updated_at),
        }
        for one in await looking.session.scalars(query.order_by(GuideProgress.id))
    ]


async def _applications(looking: Looking) -> list[Row]:
    """Those that this chat may see; contacts masked, as they may be somebody else's."""
    rows: list[Row] = []
    for one in await access.mine(_register(looking), looking.conversation):
        query = select(ApplicationContact).where(ApplicationContact.application_id == one.id)
        contacts = [
            mask_phone(contact.value) if contact.kind == "phone" else mask_email(contact.value)
            for contact in await looking.session.scalars(query.order_by(ApplicationContact.id))
        ]
        rows.append(
            {
                "nomor": one.number,
                "nomor_kantor": one.reference or "",
                "kantor": one.office,
                "layanan": one.service,
                "pemohon": one.applicant,
                "usaha": one.business,
                "diterima": one.received_on.isoformat(),
                "tahap": _stage(looking.knowledge, one),
                "kontak_tercatat": ", ".join(contacts),
            }
        )
    return rows


async def _looks(looking: Looking) -> list[Row]:
    query = select(ApplicationLook).where(ApplicationLook.conversation_id == looking.conversation)
    return [
        {"waktu": looking.when(one.at), "hasil": one.outcome}
        for one in await looking.session.scalars(query.order_by(ApplicationLook.id))
    ]


async def _reports(looking: Looking) -> list[Row]:
    rows: list[Row] = []
    query = select(Complaint).where(Complaint.conversation_id == looking.conversation).order_by(Complaint.id)
    for one in await looking.session.scalars(query):
        parts = select(ComplaintPart).where(ComplaintPart.complaint_id == one.id).order_by(ComplaintPart.id)
        events = select(ComplaintEvent).where(ComplaintEvent.complaint_id == one.id).order_by(ComplaintEvent.id)
        happened = [
            " ".join(filter(None, (looking.when(each.created_at), each.kind, each.text)))
            for each in await looking.session.scalars(events)
        ]
        rows.append(
            {
                "mulai": looking.when(one.created_at),
                "keadaan": one.status,
                "nomor_pelacakan": one.tracking_id or "",
                "judul": one.title,
                "isi": one.body,
                "cerita": "\n".join(each.text for each in await looking.session.scalars(parts)),
                "jawaban": _pairs(one.answers),
                "kejadian": "\n".join(happened),
            }
        )
    return rows


async def _handoffs(looking: Looking) -> list[Row]:
    query = select(Handoff).where(Handoff.conversation_id == looking.conversation).order_by(Handoff.id)
    return [
        {"waktu": looking.when(one.created_at), "sebab": one.reason} for one in await looking.session.scalars(query)
    ]


async def _labels(looking: Looking) -> list[Row]:
    query = select(ConversationLabel.created_at, Label.name).join(Label, Label.id == ConversationLabel.label_id)
    rows = await looking.session.execute(query.where(ConversationLabel.conversation_id == looking.conversation))
    return [{"waktu": looking.when(one.created_at), "label": one.name} for one in rows]


async def _reads(looking: Looking) -> list[Row]:
    """Every look at the conversation, its reports and its applications, by role and hour, without names."""
    session = looking.session
    reports = select(Complaint.id, Complaint.created_at).where(Complaint.conversation_id == looking.conversation)
    named = [("conversation", looking.conversation, "percakapan")]
    named += [
        ("complaint", one.id, f"laporan {looking.when(one.created_at)}") for one in await session.execute(reports)
    ]
    own = await access.mine(_register(looking), looking.conversation)
    named += [("application", one.id, f"permohonan {one.number}") for one in own]
    rows: list[tuple[datetime, Row]] = []
    for subject, number, name in named:
        for one in await reads_of(session, subject, number, LOOKS):
            what = wording.LOOKS[one.act.partition(".")[2]].format(what=name)
            rows.append((one.at, {"oleh": wording.ROLES.get(one.role, "petugas"), "apa": what}))
    by_others = select(
        ApplicationLook.at, ApplicationLook.application_id, ApplicationLook.outcome, ApplicationLook.actor
    ).where(ApplicationLook.application_id.in_([one.id for one in own]), ApplicationLook.actor != "conversation")
    numbers = {one.id: one.number for one in own}
    for at, application, outcome, actor in await session.execute(by_others):
        what = wording.LOOKS["listed" if outcome == "listed" else "read"]
        who = wording.SYSTEM if actor.startswith("api:") else wording.ROLES["officer"]
        rows.append((at, {"oleh": who, "apa": what.format(what=f"permohonan {numbers[application or 0]}")}))
    return [{"waktu": looking.when(at), **row} for at, row in sorted(rows, key=lambda one: one[0], reverse=True)]


async def _surveys(looking: Looking) -> list[Row]:
    query = (
        select(
            Survey, func.jsonb_object_agg(SurveyAnswer.element, SurveyAnswer.score).filter(SurveyAnswer.element != "")
        )
        .outerjoin(SurveyAnswer, SurveyAnswer.survey_id == Survey.id)
        .where(Survey.conversation_id == looking.conversation)
        .group_by(Survey.id)
        .order_by(Survey.id)
    )
    return [
        {
            "sesudah": {"handoff": "percakapan dengan petugas", "licence": "izin terbit"}[one.occasion],
            "diundang": looking.when(one.invited_at),
            "jawaban": _pairs(answers),
            "keadaan": one.status,
        }
        for one, answers in (await looking.session.execute(query))
    ]


async def _helpful(looking: Looking) -> list[Row]:
    query = select(AnswerCheck).where(AnswerCheck.conversation_id == looking.conversation).order_by(AnswerCheck.id)
    return [
        {"ditanya": looking.when(one.asked_at), "soal": one.topic, "jawaban": _WORDS[one.helpful]}
        for one in await looking.session.scalars(query)
    ]


_WORDS = {True: "ya", False: "belum", None: ""}


async def _unknown(looking: Looking) -> list[Row]:
    query = select(UnknownMessage).join(Incoming, Incoming.id == UnknownMessage.message_id)
    found = await looking.session.scalars(
        query.where(Incoming.conversation_id == looking.conversation).order_by(UnknownMessage.id)
    )
    return [{"waktu": looking.when(one.written_at), "salinan": one.text} for one in found]


async def _memory(looking: Looking) -> list[Row]:
    """The values that the dialogue engine remembers (region, service, topic)."""
    tracker = await looking.session.get(RasaTracker, str(looking.conversation))
    events = tracker.state.get("events", []) if tracker else []
    slots = {one["name"]: one.get("value") for one in events if one.get("event") == "slot"}
    return [{"nama": str(name), "nilai": str(value)} for name, value in slots.items() if value is not None]


async def _requests(looking: Looking) -> list[Row]:
    query = select(PrivacyRequest).where(PrivacyRequest.conversation_id == looking.conversation)
    kinds = {"export": "salinan", "erase": "penghapusan"}
    return [
        {"waktu": looking.when(one.asked_at), "permintaan": kinds[one.kind], "keadaan": one.status}
        for one in await looking.session.scalars(query.order_by(PrivacyRequest.id))
    ]


async def _call_backs(looking: Looking) -> list[Row]:
    query = select(CallBack).where(CallBack.conversation_id == looking.conversation).order_by(CallBack.id)
    return [
        {"ditulis": looking.when(one.created_at), "pertanyaan": one.question, "selesai": looking.when(one.done_at)}
        for one in await looking.session.scalars(query)
    ]


SECTIONS: dict[str, tuple[str, Callable[[Looking], Awaitable[list[Row]]]]] = {
    "percakapan": ("Percakapan", _profile),
    "pemberitahuan": ("Pemberitahuan tentang data yang ditunjukkan", _notices),
    "pesan": ("Pesan", _messages),
    "berkas": ("Berkas", _files),
    "panduan": ("Panduan", _guides),
    "permohonan": ("Permohonan yang terhubung", _applications),
    "permohonan_dilihat": ("Kapan permohonan dilihat dari sini", _looks),
    "laporan": ("Laporan", _reports),
    "permintaan_petugas": ("Permintaan bicara dengan petugas", _handoffs),
    "label": ("Label dari petugas", _labels),
    "dibaca_petugas": ("Petugas dan sistem kantor yang melihat data ini", _reads),
    "survei": ("Survei kepuasan", _surveys),
    "jawaban_membantu": ("Apakah jawaban membantu", _helpful),
    "tidak_dipahami": ("Pesan yang disimpan untuk belajar, tanpa identitas", _unknown),
    "ingatan": ("Ingatan kerja", _memory),
    "hubungi_kembali": ("Permintaan dihubungi kembali", _call_backs),
    "permintaan_data": ("Permintaan salinan dan penghapusan", _requests),
}
"""Key in the JSON -> title, and what reads it. A capability that keeps something new adds a line here."""


def _register(looking: Looking) -> Register:
    return Register(looking.session, looking.knowledge, ZoneInfo(looking.zone), lambda: looking.now)


def _stage(knowledge: Knowledge, application: Application) -> str:
    try:
        return stage_of(knowledge, application).title
    except NotFound:
        return application.stage


def _pairs(answers: Mapping[str, object] | None) -> str:
    return "; ".join(f"{key}: {value}" for key, value in (answers or {}).items() if value not in ("", None))
