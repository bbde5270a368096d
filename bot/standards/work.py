"""A draft on an officer's desk: what was printed beside what applicants shall read, part by part."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import Field

from bot.standards.models import Contact as ReadContact
from bot.standards.models import Doubt, DraftModel, ServiceDraft

Actor = Literal["applicant", "system", "office"]
Channel = Literal[
    "place", "letter", "phone", "whatsapp", "email", "website", "facebook", "instagram", "lapor", "box", "app"
]
System = Literal["oss", "siinas", "office"]

_APPLICANT = re.compile(
    r"^(?:pemohon|pelaku\s+usaha|masyarakat|anda|mengisi|menyerahkan|mengajukan|mendaftar|login|klik|buka|pilih|upload|unggah)\b",
    re.IGNORECASE,
)
_SYSTEM = re.compile(r"^(?:sistem|oss|lembaga\s+oss|siinas|aplikasi|notifikasi)\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"^((?:petugas|kepala|kasi|kabid|tim|dinas|bidang|front\s*office|back\s*office|customer\s+service|verifikator|staf|admin)"
    r"(?:\s+(?!meng|mem|men|mel|mer|akan|dan\b|wajib|di\b)[\w/()]+){0,3})",
    re.IGNORECASE,
)
_SMALL = ("dan", "atau", "di", "ke", "untuk", "bagi", "yang", "dengan", "dalam", "pada", "atas", "oleh")
_DAYS = re.compile(r"(?<!\d)(\d{1,5})\s{0,3}(?:\([^()]{0,80}\)\s{0,3})?hari", re.IGNORECASE)
_MINUTES = re.compile(r"(?<!\d)(\d{1,5})\s{0,3}(?:\([^()]{0,80}\)\s{0,3})?menit", re.IGNORECASE)


class WorkLine(DraftModel):
    """`printed` as the document says it, `text` as applicants read it; a line that is not `kept` is left out."""

    printed: str
    text: str
    kept: bool = True
    whom: str | None = None
    actor: Actor = "office"
    actor_label: str = ""
    inferred: bool = False  # the sentence does not name who acts


class Way(DraftModel):
    title: str
    label: str = Field(max_length=24)
    steps: list[WorkLine]


class Channeled(DraftModel):
    kind: Channel
    label: str
    value: str | None = None
    kept: bool = True


class Work(DraftModel):
    """Everything a service needs to become knowledge. A part without kept lines is "tidak disebutkan"."""

    title: str
    label: str = ""
    kind: str = ""
    system: System = "office"
    aliases: str = ""  # commas between them
    office: str = ""  # id of an office that is known, or empty for a new one
    office_name: str = ""
    office_region: str = ""
    office_aliases: str = ""
    document_short: str = ""
    decree: str = ""
    requirements: list[WorkLine] = Field(default_factory=list)
    ways: list[Way] = Field(default_factory=list)
    duration: list[WorkLine] = Field(default_factory=list)
    cost: list[WorkLine] = Field(default_factory=list)
    product: list[WorkLine] = Field(default_factory=list)
    legal_basis: list[WorkLine] = Field(default_factory=list)
    complaints: list[Channeled] = Field(default_factory=list)
    doubts: list[Doubt] = Field(default_factory=list)


PARTS = ("requirements", "duration", "cost", "product", "legal_basis")


def begin(read: ServiceDraft) -> Work:
    """The draft as it was read, with guesses to be confirmed: who acts, short names."""
    title = calm(read.title or "Layanan tanpa judul")
    several = len(read.procedures or []) > 1
    ways = [
        Way(
            title=procedure.title or (f"{title} ({number})" if several else title),
            label=_short(procedure.title or (f"Alur {number}" if several else "Langkah-langkah")),
            steps=[_step(step) for step in procedure.steps],
        )
        for number, procedure in enumerate(read.procedures or [], start=1)
    ]
    return Work(
        title=title,
        label=_short(title),
        kind=slug(title)[:40].strip("-"),
        aliases=title.lower(),
        office_name=read.office or "",
        decree=read.decree or "",
        document_short=f"Standar {title}"[:60],
        requirements=[WorkLine(printed=one.text, text=one.text, whom=one.whom) for one in read.requirements or []],
        ways=ways,
        duration=[WorkLine(printed=one.text, text=one.text) for one in read.duration or []],
        cost=[WorkLine(printed=one.text, text=one.text) for one in read.cost or []],
        product=[WorkLine(printed=one, text=one) for one in read.product or []],
        legal_basis=[WorkLine(printed=one, text=one) for one in read.legal_basis or []],
        complaints=[_channel(one) for one in read.complaints or []],
        doubts=read.doubts,
    )


def calm(title: str) -> str:
    """A title in capitals as people write it; short words in brackets are abbreviations and stay."""
    if not title.isupper():
        return title
    words = [
        word if word.startswith("(") or "/" in word else word.lower() if word.lower() in _SMALL else word.capitalize()
        for word in title.split()
    ]
    return " ".join(words)


def slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "layanan"


def days_of(text: str) -> int | None:
    """As printed; two figures are for a person to tell apart."""
    found = _DAYS.findall(text)
    return int(found[0]) if len(found) == 1 else None


def minutes_of(text: str) -> int | None:
    found = _MINUTES.findall(text)
    return int(found[0]) if len(found) == 1 else None


def _short(text: str, most: int = 24) -> str:
    """Whole words, as many as a button holds."""
    kept = ""
    for word in text.split():
        if len(f"{kept} {word}".strip()) > most:
            break
        kept = f"{kept} {word}".strip()
    return kept or text[:most]


def _step(text: str) -> WorkLine:
    actor, label, inferred = actor_of(text)
    return WorkLine(printed=text, text=text, actor=actor, actor_label=label, inferred=inferred)


def actor_of(text: str) -> tuple[Actor, str, bool]:
    """Who acts, how they are called, and whether the sentence leaves it open."""
    if _SYSTEM.match(text):
        return "system", "Sistem", False
    if found := _OFFICE.match(text):
        return "office", found[1].strip(), False
    if _APPLICANT.match(text):
        return "applicant", "Anda", not text.lower().startswith(("pemohon", "pelaku usaha", "masyarakat"))
    return "office", "Petugas", True


def _channel(read: ReadContact) -> Channeled:
    kinds: dict[str, Channel] = {"web": "website", "address": "place", "phone": "phone", "email": "email", "box": "box"}
    kind: Channel = kinds.get(read.kind, "whatsapp" if read.kind == "whatsapp" else "letter")
    lowered = read.text.lower()
    if read.kind == "social":
        kind = "instagram" if "instagram" in lowered or (read.value or "").startswith("@") else "facebook"
    elif read.kind == "other" and "lapor" in lowered:
        kind = "lapor"
    elif read.kind == "other" and "surat" not in lowered:
        kind = "place"
    return Channeled(
        kind=kind, label=_CHANNEL_LABELS[kind] if read.value or len(read.text) > 60 else read.text, value=read.value
    )


_CHANNEL_LABELS: dict[Channel, str] = {
    "place": "Datang langsung",
    "letter": "Surat",
    "phone": "Telepon",
    "whatsapp": "WhatsApp",
    "email": "E-mail",
    "website": "Situs web",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "lapor": "LAPOR!",
    "box": "Kotak saran",
    "app": "Aplikasi",
}
CHANNELS = tuple(_CHANNEL_LABELS.items())
