"""Channels for complaints, their values letter for letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.standards.items import is_intro, parse_items
from bot.standards.models import Contact, ContactKind
from bot.standards.text import squeeze

_EMAIL = re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_URL = re.compile(
    r"https?://[^\s,;\"'<>()]+|www\.[^\s,;\"'<>()]+|"
    r"(?<![\w.-])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:id|com|org|net|info|gov)\b(?:/[^\s,;\"'<>()]*)?"
)
_PHONE = re.compile(
    r"(?<![\w.@/])(?:\+\s?62|\(\s?\+?62\s?\)|\(\s?0\d{1,3}\s?\)|0\d{1,3})[\d\s.\u2013-]{4,16}\d(?![\w@])"
)
_SHORT_NUMBER = re.compile(
    r"(?:sms|call\s*cent(?:er|re)|hotline|telepon|telp\.?|hubungi)[^\d]{0,15}(?<!\d)(\d{3,6})(?!\d)", re.IGNORECASE
)
_SOCIAL = re.compile(
    r"\b(?:facebook|fb|instagram|ig|twitter|tiktok|youtube|x)\s{0,3}(?:\(?(?:page|fanpage|resmi)\)?)?\s{0,3}(?:[:=]\s{0,3}|(?=@))"
    r"(@?[^\s,;@][^,;\n]{0,120}?)(?=\s{1,3}(?:facebook|fb|instagram|ig|twitter|tiktok|youtube|e-?mail|website|web|telp|wa)\b|[,;]|$)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.])@[A-Za-z0-9_.]{3,}")
_WHATSAPP = re.compile(r"\b(?:wa|w\.a|whats?h?\s?app?|hp\s*/\s*wa|wa\s*/\s*sms|sms\s*/\s*wa)\b", re.IGNORECASE)
_OTHER_PHONE = re.compile(r"\b(?:tele?p(?:on|hone)?|tlp|fax|faks|faksimile|call|hotline|sms|hp)\b", re.IGNORECASE)
_BOX = re.compile(r"\bkotak\s+(?:saran|pengaduan|aduan|kritik)", re.IGNORECASE)
_STREET = re.compile(r"\b(?:alamat\s*:|jl\.?\s|jln\.?\s|jalan\s+[A-Z])", re.IGNORECASE)
_PLACE = re.compile(
    r"\b(?:ruang|loket|meja|kantor|gedung|mal|mpp|alamat|(?:datang|kunjungan|hadir)\b.{0,80}\blangsung)\b",
    re.IGNORECASE,
)
_WAY = re.compile(
    r"\b(?:surat|lisan|tertulis|langsung|kotak|online|offline|loket|lapor|sp4n|aplikasi|ulas|media|sms|telepon|telp|"
    r"e-?mail|website|web|whats?h?app|wa|facebook|instagram|twitter|petugas|unit)\b",
    re.IGNORECASE,
)
_CHANNEL_START = re.compile(
    r"\s{0,9}(?:e-?mail|website|web|telp|telepon|wa|whats?app|facebook|fb|instagram|ig|twitter|kotak|alamat|sms|call\s*center|"
    r"anda\s+juga\s+dapat|aplikasi|sp4n)\b",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?<=[a-z])(?=(?:E-?mail|Website|Telepon|Telp|Facebook|Instagram|WhatsApp|Twitter)\s*:)")
_STREET_VALUE = re.compile(r"(?:alamat\s*:\s*)?((?:jl\.?|jln\.?|jalan)\s.+|(?<=alamat).+)$", re.IGNORECASE)
_LAPOR_FURNITURE = re.compile(
    r"^(?:melalui lapor!?,? anda dapat|website lapor|unduh di |kunjungi website)", re.IGNORECASE
)


def contacts(lines: list[str], *, bare: bool = False, flat: bool = False) -> list[Contact]:
    """One entry for every value; a channel without a value once. What only introduces the list is left out."""
    found: list[Contact] = []
    for text in _entries(lines, bare=bare, flat=flat):
        for contact in _of(text):
            if not any(_same(contact, other) for other in found):
                found.append(contact)
    return found


def _same(first: Contact, second: Contact) -> bool:
    if first.value is None and second.value is None:
        return first.text.lower() == second.text.lower() or (first.kind == second.kind == "box")
    return first.kind == second.kind and (first.value or "").lower() == (second.value or "").lower()


def _entries(lines: list[str], *, bare: bool, flat: bool) -> Iterator[str]:

    apart: list[str] = []
    for line in lines:
        for piece in _GLUED.sub("\n", line).split("\n"):
            apart.extend(["", piece] if _CHANNEL_START.match(piece) else [piece])
    for item in parse_items(apart, bare=bare, flat=flat):
        for part in [item, *item.children]:
            text = squeeze(part.text if part is item else part.whole()).strip(";").strip()
            if text and not _LAPOR_FURNITURE.match(text):
                yield text


def _of(text: str) -> Iterator[Contact]:
    values = list(_values(text))
    if values:
        yield from (Contact(kind=kind, value=value, text=text) for kind, value in values)
        if _BOX.search(text):
            yield Contact(kind="box", text=text)
    elif _BOX.search(text):
        yield Contact(kind="box", text=text)
    elif is_intro(text) and not _is_short(text):
        return
    elif street := _STREET.search(text):
        value = _STREET_VALUE.search(text[street.start() :])
        yield Contact(kind="address", value=value[1].strip() if value else None, text=text)
    elif _PLACE.search(text):
        yield Contact(kind="address", text=text)
    elif (_WAY.search(text) or _is_short(text)) and not text.endswith(":"):
        yield Contact(kind="other", text=text)


def _is_short(text: str) -> bool:
    return len(text.split()) <= 4


def _values(text: str) -> Iterator[tuple[ContactKind, str]]:
    rest = text
    for found in _EMAIL.finditer(text):
        yield "email", found[0].rstrip(".-")
    rest = _EMAIL.sub(_blank, rest)
    for found in _SOCIAL.finditer(rest):
        yield "social", found[1].strip().rstrip(".")
    rest = _SOCIAL.sub(_blank, rest)
    for found in _URL.finditer(rest):
        yield "web", found[0].rstrip(".:")
    rest = _URL.sub(_blank, rest)
    for found in _HANDLE.finditer(rest):
        yield "social", found[0]
    for found in _PHONE.finditer(rest):
        if sum(character.isdigit() for character in found[0]) >= 7:
            yield _phone_kind(rest[: found.start()]), found[0].strip()
    for found in _SHORT_NUMBER.finditer(_PHONE.sub(_blank, rest)):
        yield "phone", found[1]


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _phone_kind(before: str) -> ContactKind:
    """By the nearest word before the number."""
    whatsapp = max((found.end() for found in _WHATSAPP.finditer(before)), default=-1)
    phone = max((found.end() for found in _OTHER_PHONE.finditer(before)), default=-1)
    return "whatsapp" if whatsapp > phone or (whatsapp == phone != -1) else "phone"
