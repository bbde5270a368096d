"""Sheets whose columns are the components: one service a row."""

from __future__ import annotations

from bot.standards.components import fill
from bot.standards.heading import read_heading
from bot.standards.labels import HEAD_COMPONENTS, TITLE, FoundLabel, label_of
from bot.standards.models import MAIN, ServiceDraft
from bot.standards.text import Line, squeeze, sub_lines

_NAME_HEADS = {
    "nama",
    "layanan",
    "pelayanan",
    "izin",
    "perizinan",
    "jenis",
    "judul",
    "nama standar",
    "standar pelayanan",
}


def head_of(lines: list[Line]) -> int | None:
    """The row whose cells are labels of at least three components, with a filled row below."""
    for at, line in enumerate(lines[:-1]):
        if not line.is_row:
            continue
        kinds = [found.component for cell in line.cells if (found := label_of(squeeze(cell))) is not None]
        main = {kind for kind in kinds if kind in MAIN}
        if len(main) >= 3 and len(main) * 2 > len(line.filled) - 2 and lines[at + 1].is_row:
            return at
    return None


def services(lines: list[Line], head: int) -> list[ServiceDraft]:
    labels = [_column(cell) for cell in lines[head].cells]
    above = [line.text for line in lines[:head]]
    return [_service(labels, line, above) for line in lines[head + 1 :] if len(line.filled) > 1]


def _column(cell: str) -> FoundLabel | None:
    text = squeeze(cell)
    if text.lower() in _NAME_HEADS:
        return FoundLabel(TITLE, text, ("",), 1)
    return label_of(text) or (FoundLabel("other", text, ("",), 1) if len(text) > 2 else None)


def _service(labels: list[FoundLabel | None], line: Line, above: list[str]) -> ServiceDraft:
    service = ServiceDraft()
    heads: dict[str, list[str]] = {}
    for label, cell in zip(labels, line.cells, strict=False):
        if label is None or not squeeze(cell):
            continue
        if label.component in HEAD_COMPONENTS:
            heads.setdefault(label.component, [squeeze(cell)])
        else:
            fill(service, label.component, cell_lines(cell), label.label)
    read_heading(service, above, heads)
    return service


def cell_lines(cell: str) -> list[str]:
    """Lines of a cell; one line with several semicolons is a list."""
    lines = sub_lines(cell)
    if len(lines) == 1 and lines[0].count(";") > 1:
        return [f"\u2022 {part}" for part in lines[0].split(";") if part.strip()]
    return lines
