"""From the lines of a file to drafts: which layout it is, and who reads it."""

from __future__ import annotations

import re

from bot.standards import columns, headings, labelled, matrix, sippn
from bot.standards.doubts import raise_doubts
from bot.standards.models import Layout, ServiceDraft, StandardDraft
from bot.standards.oneline import break_lines
from bot.standards.refusal import NO_STANDARD, Refused
from bot.standards.sections import Sections, cut
from bot.standards.text import Line

_VOCABULARY = re.compile(
    r"\b(?:ktp|npwp|nib|oss|pemohon|permohonan|petugas|izin|ijin|perizinan|persyaratan|formulir|akta|akte|dinas|pelayanan|"
    r"layanan|foto\s*kopi|foto\s*copy|surat|berkas|rekomendasi|sertifikat|akun|pendaftaran|pengaduan)\b",
    re.IGNORECASE,
)


def read_lines(lines: list[Line]) -> StandardDraft:
    """Drafts of every service in the file; raises `Refused` where there is no standard."""
    layout, services = _read(lines)
    services = [service for service in services if service.stated() or service.other]
    if not _is_standard(services, lines):
        raise Refused(NO_STANDARD)
    raise_doubts(services, lines)
    return StandardDraft(layout=layout, services=services)


def _read(lines: list[Line]) -> tuple[Layout, list[ServiceDraft]]:
    if matrix.is_matrix(lines):
        return "matrix", matrix.services(lines)
    head = columns.head_of(lines)
    if head is not None:
        return "table", columns.services(lines, head)
    lines, broken = break_lines(lines)
    sections = cut(lines)
    kinds = {section.component for section in sections.main}
    footprint = sippn.has_footprint(lines)
    if len(kinds) > 2 or (len(kinds) == 2 and not footprint):
        return labelled.layout(sections, lines, broken=broken), labelled.services(sections, broken=broken)
    if footprint:
        return "sippn", sippn.services(lines)
    return _unlabelled(lines, sections)


def _unlabelled(lines: list[Line], sections: Sections) -> tuple[Layout, list[ServiceDraft]]:
    titled = headings.services(sections)
    if titled is not None:
        return "unknown", titled
    if sections.main:
        return "labels", labelled.services(sections, broken=False)
    return "sippn", sippn.services(lines)


def _is_standard(services: list[ServiceDraft], lines: list[Line]) -> bool:
    """At least two components of one service, in the words of public services."""
    words = {found.lower() for line in lines for cell in line.cells for found in _VOCABULARY.findall(cell)}
    stated = max((len(service.stated()) for service in services), default=0)
    listed = any(len(service.procedures or []) > 1 for service in services)
    return len(words) > 2 and (stated > 1 or (stated == 1 and listed and len(words) > 4))
