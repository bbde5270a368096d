"""Operating procedures as a matrix: activities down, who acts and the measures (needs, time, output) across."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from bot.standards.components import fill, tidy
from bot.standards.furniture import is_furniture
from bot.standards.heading import read_heading
from bot.standards.labels import HEAD_COMPONENTS, TITLE, label_of
from bot.standards.marks import split_mark
from bot.standards.models import Procedure, Requirement, ServiceDraft, Stated
from bot.standards.text import Line, squeeze, sub_lines

_ACTIVITY = re.compile(r"\b(?:kegiatan|aktivitas|uraian\s+(?:kegiatan|prosedur)|langkah)\b", re.IGNORECASE)
_MEASURE = re.compile(r"\b(?:mutu\s+baku|pelaksana|kelengkapan)\b", re.IGNORECASE)
_UNDER_HEAD = re.compile(
    r"\b(?:kelengkapan|persyaratan/?)\b.{0,300}?\bwaktu\b|\bwaktu\b.{0,300}?\boutput\b", re.IGNORECASE
)
_TIME = re.compile(
    r"^(?:\u00b1\s*)?(?:maks\.?\s*|maksimal\s*)?\d+(?:[.,]\d+)?(?:\s*[-\u2013]\s*\d+)?\s*(?:detik|menit|jam|hari|minggu|bulan|mnt|hr)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\d{1,2}[.)]?$")
_DECISION = re.compile(r"^(?:ya|tidak|y|t|v|x|\u221a|[\u2190-\u21ff\u25a0-\u25ff]+)$", re.IGNORECASE)
_BULLET = re.compile(r"[\u2022\u25aa\u25cf\u25e6\uf0b7]|(?:^|\n)[^\S\n]{0,20}-\s")
_META = re.compile(
    r"^(?:nomor\s+sop|tanggal\s+(?:pembuatan|revisi|efektif|pengesahan)|disahkan\s+oleh|nama\s+sop)", re.IGNORECASE
)


def is_matrix(lines: list[Line]) -> bool:
    return any(_is_head(line) for line in lines)


def _is_head(line: Line) -> bool:
    return (
        line.is_row and bool(_ACTIVITY.search(line.text)) and bool(_MEASURE.search(line.text)) and len(line.text) < 300
    )


def services(lines: list[Line]) -> list[ServiceDraft]:
    found = [_service(above, body) for above, body in _parts(lines)]
    for before, service in itertools.pairwise(found):
        service.office = service.office or before.office
        service.decree = service.decree or before.decree
    return found


def _parts(lines: list[Line]) -> Iterator[tuple[list[Line], list[Line]]]:
    """What stands above each matrix, and the matrix."""
    above: list[Line] = []
    body: list[Line] = []
    inside = False
    for line in lines:
        if not line.text or is_furniture(line.text):
            continue
        if _is_head(line):
            inside = True
            continue
        if inside and _ends(line):
            yield above, body
            above, body, inside = [], [], False
        (body if inside else above).append(line)
    if inside:
        yield above, body


def _ends(line: Line) -> bool:
    if not line.is_row:
        return not _TIME.match(line.text) and (line.text.isupper() or len(line.text.split()) < 12)
    return bool(_META.match(line.filled[0].strip())) or any(_META.match(cell.strip()) for cell in line.filled[1:2])


def _service(above: list[Line], body: list[Line]) -> ServiceDraft:
    service = ServiceDraft()
    heads: dict[str, list[str]] = {}
    loose: list[str] = []
    for label, value in _labelled(above, loose):
        found = label_of(label)
        if found is None or not squeeze(value):
            continue
        if found.component in HEAD_COMPONENTS:
            heads.setdefault(found.component, [squeeze(value).lstrip(": ")])
        else:
            fill(service, found.component, sub_lines(value), squeeze(label).rstrip(" :"))
    titled = [line for line in loose if split_mark(line)[0]]
    if titled:
        heads[TITLE] = titled[-1:]
    read_heading(service, loose, heads)
    _steps(service, body)
    return service


def _labelled(lines: list[Line], loose: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of label and value: side by side, or a row of labels above a row of values. The rest is `loose`."""
    waiting: list[str] = []
    for line in lines:
        cells = line.filled
        if waiting:
            yield from zip(waiting, cells, strict=False)
            waiting = []
        elif len(cells) > 1 and all(label_of(squeeze(cell)) for cell in cells):
            waiting = [squeeze(cell) for cell in cells]
        elif len(cells) > 1:
            *outside, label, value = cells
            yield squeeze(label), value
            loose.extend(squeeze(cell) for cell in outside)
        else:
            loose.append(line.text)


def _steps(service: ServiceDraft, body: list[Line]) -> None:
    steps: list[str] = []
    times: list[Stated] = []
    needs: list[str] = []
    outputs: list[list[str]] = []
    for line in body:
        activity, rest = _activity(line)
        if not activity:
            continue
        steps.append(activity)
        at = next((n for n, cell in enumerate(rest) if _TIME.match(squeeze(cell))), None)
        before, after = (rest, []) if at is None else (rest[:at], rest[at + 1 :])
        if at is not None:
            times.append(Stated(text=squeeze(rest[at])))
        needs.extend(_bulleted(before[-1]) if before else [])
        outputs.append(_bulleted(after[0]) if after else [])
    service.procedures = [Procedure(steps=steps)] if steps else None
    _measures(service, times, needs, outputs)


def _measures(service: ServiceDraft, times: list[Stated], needs: list[str], outputs: list[list[str]]) -> None:
    if times:
        service.duration = times
        service.doubt("duration", "Waktu tertulis per langkah; jumlah keseluruhannya tidak disebutkan di dokumen.")
    if needs:
        service.requirements = [Requirement(text=text) for text in dict.fromkeys(needs)]
        service.doubt(
            "requirements", "Diambil dari kolom kelengkapan, termasuk alat kerja petugas; pilih yang dibawa pemohon."
        )
    last = next((output for output in reversed(outputs) if output), None)
    if last:
        service.product = last
        service.doubt("product", "Diambil dari keluaran langkah terakhir; dokumen tidak menyebut produk tersendiri.")
    every = [text for output in outputs for text in output]
    if every:
        service.other["Output"] = list(dict.fromkeys(every))


def _activity(line: Line) -> tuple[str, list[str]]:
    """The text of the step and the cells after it, without the signs of the flow chart."""
    cells = [cell for cell in line.filled if not _DECISION.match(cell.strip())]
    if not cells or _UNDER_HEAD.search(line.text):
        return "", []
    if _NUMBER.match(cells[0].strip()) and len(cells) > 1:
        return tidy(squeeze(cells[1])), cells[2:]
    marks, text = split_mark(squeeze(cells[0]))
    if marks and marks[-1].number > 0 and len(cells) > 1:
        return tidy(text), cells[1:]
    return "", []


def _bulleted(cell: str) -> list[str]:
    parts = _BULLET.split(cell)
    return [text for part in parts if (text := tidy(split_mark(squeeze(part))[1])) and not _DECISION.match(text)]
