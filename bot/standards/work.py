"""A draft on an officer's desk: what was printed beside what applicants shall read, part by part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from bot.standards.doubts import PER_STEP
from bot.standards.models import Contact as ReadContact
from bot.standards.models import Doubt, DraftModel, ServiceDraft

Actor = Literal["applicant", "system", "office"]
Channel = Literal[
    "place", "letter", "phone", "whatsapp", "email", "website", "facebook", "instagram", "lapor", "box", "app"
]
System = Literal["oss", "siinas", "office"]

_NAMED = re.compile(r"^(?:pemohon|pelaku\s+usaha|masyarakat|anda)\b", re.IGNORECASE)
_TOLD = re.compile(  # what somebody is told to do, or does to apply: the sentence names nobody
    r"^(?:mengisi|menyerahkan|mengajukan|mendaftar|mengupload|mengunggah|menunggu|login|masuk|klik|buka|pilih|upload|unggah|unduh"
    r"|download|isi|isilah|lengkapi|kirim|kirimkan|siapkan|bayar|tunggu|datang|ambil|ganti|mengganti)\b",
    re.IGNORECASE,
)
_SYSTEM = re.compile(r"^(?:sistem|oss|lembaga\s+oss|siinas|aplikasi|notifikasi)\b", re.IGNORECASE)
_OFFICE = re.compile(
    r"^((?:petugas|kepala|kasi|kabid|tim|dinas|bidang|front\s*office|back\s*office|customer\s+service|verifikator|staf|admin)"
    r"(?:\s+(?!meng|mem|men|mel|mer|akan|dan\b|wajib|di\b|login|klik|buka|pilih|upload|input|cetak)[\w/()]+){0,3})",
    re.IGNORECASE,
)
_SMALL = (
    "dan",
    "atau",
    "di",
    "ke",
    "dari",
    "untuk",
    "bagi",
    "yang",
    "dengan",
    "dalam",
    "pada",
    "atas",
    "oleh",
    "tentang",
)
_FOR_PEOPLE = re.compile(r"sarana|fasilitas|kompetensi|pengawasan|jumlah\s+pelaksana|jaminan|evaluasi", re.IGNORECASE)
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


class Further(DraftModel):
    """A part that standards have beside those that everybody asks for: facilities, competences, guarantees."""

    title: str
    lines: list[WorkLine]


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
    further: list[Further] = Field(default_factory=list)
    days: int | None = None  # promised, as the words of the duration say, or as an officer confirmed
    minutes: int | None = None
    doubts: list[Doubt] = Field(default_factory=list)


PARTS = ("requirements", "duration", "cost", "product", "legal_basis")


def begin(read: ServiceDraft) -> Work:
    """The draft as it was read, with guesses to be confirmed: who acts, short names."""
    title = calm(read.title or "Layanan tanpa judul")
    several = len(read.procedures or []) > 1
    ways = [
        Way(
            title=procedure.title or (f"{title} ({number})" if several else title),
            label=short(procedure.title or (f"Alur {number}" if several else "Langkah-langkah")),
            steps=[step_of(step) for step in procedure.steps],
        )
        for number, procedure in enumerate(read.procedures or [], start=1)
    ]
    days, minutes = counted([one.text for one in read.duration or []])
    return Work(
        title=title,
        label=short(title),
        kind=slug(title)[:40].strip("-"),
        aliases=title.lower(),
        office_name=read.office or "",
        decree=read.decree or "",
        document_short=short(f"Standar {title}", 60),
        requirements=[WorkLine(printed=one.text, text=one.text, whom=one.whom) for one in read.requirements or []],
        ways=ways,
        duration=_durations(read),
        days=days,
        minutes=minutes,
        cost=[WorkLine(printed=one.text, text=one.text) for one in read.cost or []],
        product=[WorkLine(printed=one, text=one) for one in read.product or []],
        legal_basis=[WorkLine(printed=one, text=one) for one in read.legal_basis or []],
        complaints=[_channel(one) for one in read.complaints or []],
        further=[_further(title, texts) for title, texts in read.other.items()],
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


def counted(durations: Sequence[str]) -> tuple[int | None, int | None]:
    """Days and minutes as printed; two sentences, or two figures, are for a person to tell apart."""
    if len(durations) != 1:
        return None, None
    days, minutes = _DAYS.findall(durations[0]), _MINUTES.findall(durations[0])
    return (int(days[0]) if len(days) == 1 else None, int(minutes[0]) if len(minutes) == 1 else None)


def short(text: str, most: int = 24) -> str:
    """Whole words, as many as a button holds; it does not end in the middle of a phrase."""
    kept: list[str] = []
    for word in text.split():
        if len(" ".join([*kept, word])) > most:
            break
        kept.append(word)
    while len(kept) > 1 and len(kept) < len(text.split()) and kept[-1].lower() in _SMALL:
        kept.pop()
    return " ".join(kept) or text[:most]


def _durations(read: ServiceDraft) -> list[WorkLine]:
    """Where every step has its time (an SOP's matrix), each is told with its step: alone it says nothing."""
    texts = [one.text for one in read.duration or []]
    steps = read.procedures[0].steps if read.procedures and len(read.procedures) == 1 else []
    if any(PER_STEP in doubt.reason for doubt in read.doubts) and len(texts) == len(steps):
        return [WorkLine(printed=text, text=f"Langkah {n}: {text}") for n, text in enumerate(texts, start=1)]
    return [WorkLine(printed=text, text=text) for text in texts]


def step_of(text: str) -> WorkLine:
    actor, label, inferred = actor_of(text)
    return WorkLine(printed=text, text=text, actor=actor, actor_label=label, inferred=inferred)


def actor_of(text: str) -> tuple[Actor, str, bool]:
    """Who acts, how they are called, and whether the sentence leaves it open."""
    if _SYSTEM.match(text):
        return "system", "Sistem", False
    if found := _OFFICE.match(text):
        return "office", _whole(found[1]), False
    if _NAMED.match(text) or _TOLD.match(text):
        return "applicant", "Anda", not _NAMED.match(text)
    return "office", "Petugas", True


def _further(title: str, texts: Sequence[str]) -> Further:
    """Parts that are not for applicants, such as tools and cross-references of an SOP, are left out unless wanted."""
    wanted = bool(_FOR_PEOPLE.search(title))
    return Further(title=calm(title), lines=[WorkLine(printed=text, text=text, kept=wanted) for text in texts])


def _whole(name: str) -> str:
    """Without a bracket that does not close, and what stands in it."""
    return name.strip() if name.count("(") == name.count(")") else name.partition("(")[0].strip()


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
