"""Title, office and decree, from what stands above the components."""

from __future__ import annotations

import re

from bot.standards.labels import DECREE, OFFICE, TITLE
from bot.standards.marks import split_mark
from bot.standards.models import ServiceDraft
from bot.standards.text import squeeze

_STANDARD = re.compile(
    r"^(?:standa(?:r|rt|rd)\s+(?:operasional\s+prosedur|pelayanan)(?:\s+publik)?)\b\s*[:\-\u2013]?\s*", re.IGNORECASE
)
_OFFICE = re.compile(
    r"^(?:pemerintah\s+(?:kabupaten|kota|provinsi|daerah|desa)|dinas|badan|kantor|kecamatan|kelurahan|sekretariat|satuan\s+polisi|"
    r"rsud|rumah\s+sakit|puskesmas|dpmptsp|dpm-?ptsp|disperindag|bpptsp|bpkad|balai|kementerian|inspektorat|mal\s+pelayanan)\b",
    re.IGNORECASE,
)
_ON = re.compile(r"^(?:pada|di(?:\s+lingkungan)?)\s+", re.IGNORECASE)
_UNIT = re.compile(r"^(?:bidang|seksi|sub|unit|loket|bagian|upt)\b", re.IGNORECASE)
_DECREE = re.compile(
    r"^(?:no|nomor)\.?\s*(?:sk|keputusan)\s*[:.]\s*(\S.*)$|^(?:lampiran\s+)?(?:no|nomor)\.?\s*:\s*(\S.*)$|^nomor\s+(\S+\s+tahun\s+\d{4})$",
    re.IGNORECASE,
)
_DECREE_INLINE = re.compile(r"\bkeputusan\b.{0,300}?\bnomor\s{0,3}:?\s{0,3}(\S+(?:\s+tahun\s+\d{4})?)", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"^(?:lampiran\b|tanggal\b|tentang\b|nomor\b|no\.?\s*sk|keputusan\b|peraturan\b|beranda|home|menu|cari|search|https?:|www\.)",
    re.IGNORECASE,
)


def is_office(text: str) -> bool:
    return bool(_OFFICE.match(text))


def read_heading(service: ServiceDraft, lines: list[str], labelled: dict[str, list[str]]) -> None:
    """`labelled`: what stands after labels like "Jenis Pelayanan" and "Satuan Kerja"."""
    kept = [squeeze(line) for line in lines if squeeze(line)]
    service.decree = _first(labelled.get(DECREE)) or _decree(kept)
    titles, offices = _standards(kept)
    plain = [line for line in kept if not _DECREE.match(line) and not _NO_TITLE.match(line)]
    names = [text for line in plain if is_office(text := split_mark(line)[1])]
    service.office = _office(_first(labelled.get(OFFICE)), [*offices, *names], service)
    service.title = _first(labelled.get(TITLE)) or _first(titles)
    if service.title is None:
        rest = [text for line in plain if not _STANDARD.match(line) and not is_office(text := split_mark(line)[1])]
        service.title = _best_title(rest)


def _first(texts: list[str] | None) -> str | None:
    found = next((text for line in texts or [] if (text := split_mark(squeeze(line))[1].strip(" :"))), None)
    return found or None


def _decree(lines: list[str]) -> str | None:
    for line in lines:
        found = _DECREE.match(line) or _DECREE_INLINE.search(line)
        if found is not None:
            return next(group for group in found.groups() if group).strip()
    return None


def _standards(lines: list[str]) -> tuple[list[str], list[str]]:
    """What follows the words "Standar Pelayanan": a title, or an office."""
    titles: list[str] = []
    offices: list[str] = []
    for at, line in enumerate(lines):
        found = _STANDARD.match(split_mark(line)[1])
        if found is None:
            continue
        rest = _ON.sub("", split_mark(line)[1][found.end() :].strip(" :"))
        if not rest and at + 1 < len(lines):
            rest = split_mark(lines[at + 1])[1]
            if _NO_TITLE.match(lines[at + 1]) or _DECREE.match(lines[at + 1]):
                continue
        if rest:
            (offices if is_office(rest) else titles).append(rest)
    return titles, offices


def _office(labelled: str | None, named: list[str], service: ServiceDraft) -> str | None:
    bodies = [name for name in named if not name.lower().startswith("pemerintah")]
    name = _first(bodies) or _first(named)
    if labelled is None:
        return name
    if name is not None and _UNIT.match(labelled):
        service.other["Unit"] = [labelled]
        return name
    return labelled


def _best_title(lines: list[str]) -> str | None:
    """The first line that could be one: words, no sentence."""
    usable = [line for line in lines if 2 <= len(line.split()) <= 30 and not line.endswith((".", ";", ","))]
    return split_mark(usable[0])[1] if usable else None
