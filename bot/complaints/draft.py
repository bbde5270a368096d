"""The text of a report, made from the person's own facts. Nothing is added, so the same facts give the same text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.complaints import checks
from bot.complaints.dates import read_date
from bot.complaints.facts import Facts
from bot.complaints.language import first_sentence, plain, tidy
from bot.complaints.routing import route_of
from bot.dates import say_date
from bot.knowledge.models import Knowledge, NotStated

TITLE = 100
BODY = 1500
_GREETING = re.compile(
    r"^(?:(?:halo|hallo|hai|permisi|min|admin|kak|pak|bapak|bu|ibu|assalamu\W?alaikum|selamat|"
    r"pagi|siang|sore|malam)\b[\s,.!]*)+",
    re.IGNORECASE,
)
_COUNTED = "tanpa hari libur nasional, cuti bersama, dan hari tutup kantor yang tercatat"
_OPENING = {
    "pengaduan": "Saya menyampaikan pengaduan tentang {what}.",
    "aspirasi": "Saya menyampaikan usul tentang {what}.",
    "informasi": "Saya meminta informasi tentang {what}.",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """The text as it would be sent."""

    title: str
    body: str


def write(knowledge: Knowledge, facts: Facts, today: date) -> Draft:
    """Title (at most 100 characters) and body: what it is about, the story, when, where, what is hoped for."""
    story = told(facts, today)
    about = [_opening(facts)]
    if facts.number:
        about.append(f"Nomor permohonan: {facts.number}.")
    circumstances = [
        f"Waktu kejadian: {facts.when_text}." if facts.when_text else "",
        f"Tempat: {_place(facts)}." if facts.get("place") else "",
        late_sentence(knowledge, facts, today) if facts.get("late") == "ya" else "",
    ]
    hope = _shown(facts, facts.get("hope"))
    closing = f"Yang saya harapkan: {hope if facts.get('words') == 'ya' else _lower(tidy(hope))}" if hope else ""
    paragraphs = [" ".join(filter(None, about)), story, "\n".join(filter(None, circumstances)), closing]
    return Draft(_title(facts, story), "\n\n".join(filter(None, paragraphs)))


def told(facts: Facts, today: date) -> str:
    """The story: tidied unless the person keeps their own wording; in order of time where every message is dated."""
    parts = _in_order(list(facts.story), today)
    shown = [_shown(facts, part) for part in parts]
    return "\n".join(shown) if facts.get("words") == "ya" else " ".join(tidy(part) for part in shown)


def late_sentence(knowledge: Knowledge, facts: Facts, today: date) -> str:
    """How long the service should take by its standard and how many working days passed; empty when not known.

    From the register where it knows the application; else only for complaints about slowness, with a stated duration
    and a date of the person.
    """
    service = facts.service
    if service is None or isinstance(service.duration, NotStated):
        return ""
    document = knowledge.documents[service.duration.source.document].short
    promise = f"Waktu menurut {document}: {service.duration.text.rstrip('.')}."
    if facts.get("over"):
        return f"{promise} {_late_by_register(facts)}" if int(facts.get("over")) else ""
    if not facts.when or route_of(knowledge.complaints, facts.told).id != "delay" or not service.duration.days:
        return ""
    passed = facts.calendar.between(facts.when, today)
    if passed <= service.duration.days:
        return ""
    return f"{promise} Sejak {say_date(facts.when)} sampai {say_date(today)} sudah {passed} hari kerja ({_COUNTED})."


def _late_by_register(facts: Facts) -> str:
    over = f"terlewati {facts.get('over')} hari kerja ({_COUNTED})"
    if not facts.get("over_due"):
        return f"Menurut catatan permohonan di kantor, waktu itu {over}."
    due, as_of = (say_date(date.fromisoformat(facts.get(name))) for name in ("over_due", "over_on"))
    return f"Menurut catatan permohonan di kantor, batasnya {due} dan pada {as_of} sudah {over}."


def _opening(facts: Facts) -> str:
    where = f" di {facts.office_name}" if facts.office_name else ""
    what = f"{_service(facts) or 'pelayanan'}{where}"
    return _OPENING.get(facts.get("kind"), _OPENING["pengaduan"]).format(what=what)


def _title(facts: Facts, story: str) -> str:
    """The first sentence, then service and office as far as there is room."""
    if title := facts.get("title"):
        return _shown(facts, title)[:TITLE]
    opening = _GREETING.sub("", story)
    opening = opening[:1].upper() + opening[1:] if facts.get("words") != "ya" else opening
    about = ", ".join(filter(None, (_service(facts), facts.office_name)))
    for ending in (about, facts.office_name, _service(facts)):
        if ending and len(ending) <= TITLE - 53:
            return f"{first_sentence(opening, TITLE - 3 - len(ending))} - {ending}"
    return first_sentence(opening, TITLE)


def _place(facts: Facts) -> str:
    place = _shown(facts, facts.get("place")).rstrip(". ")
    return place if facts.get("words") == "ya" else tidy(place).rstrip(".")


def _service(facts: Facts) -> str:
    """The service without its region, which the office's name says."""
    region = facts.office.region if facts.office else None
    return facts.service_name.removesuffix(f" di {region}").removesuffix(f" {region}")


def _in_order(parts: list[str], today: date) -> list[str]:
    """Sorted by date only when every message names an exact one; otherwise as told."""
    dates = [read_date(plain(part), today) for part in parts]
    days = [day for day, exact in dates if day and exact]
    if len(parts) < 2 or len(days) != len(parts):
        return parts
    return [part for _, part in sorted(zip(days, parts, strict=True), key=lambda pair: pair[0])]


def _shown(facts: Facts, text: str) -> str:
    if facts.get("personal") != "biarkan":
        text = checks.masked(text)
    return checks.without_insults(text) if facts.get("insults") == "hapus" else text


def _lower(text: str) -> str:
    first, _, _ = text.partition(" ")
    return text if first.isupper() or first[1:] != first[1:].lower() else text[:1].lower() + text[1:]
