"""Pages of the national catalogue of services: no headings, a fixed order."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.standards.components import fill, without_copies
from bot.standards.contacts import contacts
from bot.standards.furniture import is_footer, is_furniture
from bot.standards.heading import read_heading
from bot.standards.items import is_intro, parse_items
from bot.standards.marks import Mark, split_mark
from bot.standards.models import Requirement, ServiceDraft, Stated
from bot.standards.text import Line, squeeze

_COST = re.compile(
    r"^(?:tidak\s{1,3}(?:ada\s{1,3}|di)?(?:pungut|kenakan|dikenakan)?\s{0,3}(?:biaya|tarif|retribusi|pungutan)|tanpa\s+(?:biaya|dipungut)|gratis|"
    r"nol\s+rupiah|biaya\b|rp\.?\s?\d|bebas\s+biaya|dikenakan\s+(?:biaya|tarif|retribusi)|tarif\b|besaran\s+(?:biaya|retribusi|tarif)|retribusi\b)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"^(?:(?:maksimal|maks\.?|paling\s+lama|paling\s+lambat|selama|estimasi)\s+)?\d+(?:\s*\(\w+(?:\s\w+)?\))?(?:\s*[-\u2013]\s*\d+)?\s*"
    r"(?:hari|jam|menit|minggu|bulan|tahun)\b|^(?:jangka\s+)?waktu\b|^lama\s+(?:waktu|proses|penyelesaian)|^penyelesaian\b.{0,200}\bhari\b",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    r"\b(?:pengaduan|aduan|keluhan|kotak\s+saran|sp4n|lapor!|call\s*center|whats?app|hotline)\b|@[\w-]+\.\w|^(?:datang\s+|kunjungan\s+)?(?:secara\s+)?langsung\b|"
    r"\btele?p(?:on)?\b|\bwa\s*[:.]",
    re.IGNORECASE,
)
_ACTOR = re.compile(
    r"^(?:pemohon|petugas|pelaku\s+usaha|customer|cs\b|kasi\b|kepala|tim\b|front\s*office|back\s*office|staf|operator|masyarakat|"
    r"dinas\b|sistem\b|oss\b|verifikator|bidang\b|penerbitan|pengajuan|pemeriksaan|verifikasi|proses|login|klik|mendaftar|datang)",
    re.IGNORECASE,
)
_VARIANT = re.compile(
    r"^(?:izin|ijin|surat|tanda|rekomendasi|persetujuan|pelayanan|layanan|sertifikat|pendaftaran)\b", re.IGNORECASE
)


@dataclass
class Block:
    """Lines without a gap between them; a new list begins a new block."""

    lines: list[str]
    marks: list[Mark]

    @property
    def is_list(self) -> bool:
        return len(self.marks) > 0

    @property
    def text(self) -> str:
        return squeeze(" ".join(self.lines))


def has_footprint(lines: list[Line]) -> bool:
    texts = [line.text.lower() for line in lines]
    return any(
        is_footer(text) or text.startswith(("no. sk", "anda juga dapat menyampaikan pengaduan")) for text in texts
    )


def services(lines: list[Line]) -> list[ServiceDraft]:
    texts = [squeeze(line.text) for line in lines if not is_furniture(squeeze(line.text))]
    head, body = _head(texts)
    service = ServiceDraft()
    read_heading(service, head, {})
    _read(service, _blocks(body))
    return _variants(service)


def _head(texts: list[str]) -> tuple[list[str], list[str]]:
    """Title and decree stand before the first list."""
    start = next((at for at, text in enumerate(texts) if split_mark(text)[0]), len(texts))
    return texts[:start], texts[start:]


def _blocks(texts: list[str]) -> list[Block]:
    blocks: list[Block] = []
    gap = True
    for at, text in enumerate(texts):
        if not text:
            gap = True
            continue
        marks = split_mark(text)[0]
        if not blocks or _begins(blocks[-1], text, marks, gap=gap, following=texts[at + 1 :]):
            blocks.append(Block([], []))
        blocks[-1].lines.append(text)
        blocks[-1].marks.extend(marks[-1:])
        gap = False
    return blocks


def _begins(block: Block, text: str, marks: list[Mark], *, gap: bool, following: list[str]) -> bool:
    first = split_mark(block.lines[0])[0]
    if not block.is_list:
        return gap or bool(marks)
    if not marks:
        return gap or bool(_DURATION.match(text) or _COST.match(text))
    if gap and marks[-1].number > 1 and marks[-1].follows(block.marks[-1]):
        return False
    bulleted = bool(first) and first[0].style == "bullet"
    if bulleted != (marks[0].style == "bullet"):
        return True
    if gap and marks[0].style == "bullet":
        return True
    begins = marks[0].number == 1 and marks[0].style not in ("bullet", "lower", "upper")
    return begins and (gap or (len(marks) > 1 and first[:1] == marks[:1]))


def _read(service: ServiceDraft, blocks: list[Block]) -> None:
    cost = next((at for at, b in enumerate(blocks) if not b.is_list and _COST.match(b.text)), None)
    if cost is None:
        cost = next((at for at, b in enumerate(blocks) if at > 1 and _COST.match(split_mark(b.text)[1])), len(blocks))
    _before_cost(service, blocks[:cost])
    if cost < len(blocks):
        _after_cost(service, blocks[cost:])
    elif blocks:
        service.doubt("cost", "Biaya tidak ditemukan di tempatnya; periksa apakah teksnya lengkap.")


def _before_cost(service: ServiceDraft, blocks: list[Block]) -> None:
    lists = [block for block in blocks if block.is_list and not _is_duration(block)]
    if len(lists) == 1 and blocks and _looks_like_steps(lists[0]):
        service.doubt("requirements", "Tempat persyaratan tidak berisi; daftar pertama berupa langkah.")
        requirements: list[Block] = []
    else:
        requirements = lists[:1]
    steps = False
    for block in blocks:
        if block in requirements:
            fill(service, "requirements", block.lines, "")
        elif _is_duration(block):
            fill(service, "duration", block.lines, "")
        elif block.is_list:
            steps = True
            fill(service, "procedures", block.lines, "")
        elif steps and not is_intro(block.text):
            service.other.setdefault("Catatan", []).append(block.text)
        elif not service.requirements and not is_intro(block.text):
            service.requirements = [*(service.requirements or []), Requirement(text=block.text)]
    _check_steps(service, requirements)


def _check_steps(service: ServiceDraft, requirements: list[Block]) -> None:
    count = len(service.procedures or [])
    service.procedures = without_copies(service.procedures or [], service) or None
    if count > 1 and service.duration is None:
        service.doubt("duration", "Tempat jangka waktu berisi langkah; jangka waktu tidak disebutkan.")
    if requirements and _looks_like_steps(requirements[0]):
        service.doubt("requirements", "Sebagian persyaratan berbunyi seperti langkah; periksa letaknya.")


def _is_duration(block: Block) -> bool:
    return len(block.lines) <= 4 and bool(_DURATION.match(split_mark(block.lines[0])[1]))


def _looks_like_steps(block: Block) -> bool:
    marked = [split_mark(line)[1] for line in block.lines if split_mark(line)[0]]
    return len(marked) > 1 and sum(bool(_ACTOR.match(text)) for text in marked) * 2 > len(marked)


def _after_cost(service: ServiceDraft, blocks: list[Block]) -> None:
    """Cost, perhaps with its details; product; complaints up to the fixed lines."""
    service.cost = [Stated(text=split_mark(blocks[0].text)[1])]
    rest = blocks[1:]
    complaint = next((at for at, block in enumerate(rest) if _is_complaint(block)), len(rest))
    product = rest[:complaint]
    while len(product) > 1 and _COST.match(split_mark(product[0].text)[1]):
        service.cost.extend(Stated(text=item.whole()) for item in parse_items(product.pop(0).lines))
    for block in product:
        fill(service, "product", block.lines, "")
    lines: list[str] = []
    for block in rest[complaint:]:
        if block.lines[0].lower().startswith("isu dan keluhan"):
            break
        lines.extend([*(line for line in block.lines if not is_footer(line)), ""])
    fill(service, "complaints", lines, "")


def _is_complaint(block: Block) -> bool:
    texts = [split_mark(line)[1] for line in block.lines]
    return any(_COMPLAINT.search(text) for text in texts) or any(contact.value for contact in contacts(texts))


# --- several services on one page ---------------------------------------------------------------------------------


def _variants(service: ServiceDraft) -> list[ServiceDraft]:
    """Requirements of "A. Izin …" and "B. Izin …" with one procedure are two services."""
    names = list(dict.fromkeys(r.whom for r in service.requirements or [] if r.whom))
    every = all(r.whom for r in service.requirements or [])
    if len(names) < 2 or not every or not all(_VARIANT.match(name) and name.isupper() for name in names):
        return [service]
    found = []
    for name in names:
        own = service.model_copy(deep=True)
        own.title = name
        own.requirements = [Requirement(text=r.text) for r in service.requirements or [] if r.whom == name]
        own.doubt(
            "title",
            f"Satu halaman memuat {len(names)} layanan dengan satu alur bersama; periksa bagian mana milik siapa.",
        )
        found.append(own)
    return found
