"""Small charts as SVG text, made on the server: for pages, print and files.

Everything is drawn in `currentColor`, so a page's light or dark colours, and black on paper, apply by themselves; a
page may style the classes `bar`, `line`, `axis`, `value`, `label`. Each picture says in words what it shows (<title>,
<desc>). Numbers are written the Indonesian way.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from html import escape
from math import ceil, floor, log10

WIDTH = 640  # of a picture with days across
NARROW = 320  # of bars, each below its label: as wide as a phone shows without making the words smaller
_ROW = 40
_HEIGHT = 220  # of a picture with days across
_EDGE = 46
_LABEL = 40  # characters
_LABELS_ACROSS = 10
_FONT = 'font-family="system-ui, sans-serif" font-size="13"'


def said(value: float, digits: int = 0) -> str:
    """A number in Indonesian: 1.234,5."""
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))


def bars(
    title: str, rows: Sequence[tuple[str, float]], *, most: float | None = None, digits: int = 0, unit: str = ""
) -> str:
    """Horizontal bars, each below its label: (label, value ≥ 0). `most` is the value of a full bar."""
    full = most or max((value for _, value in rows), default=0) or 1
    room = NARROW - 62
    parts = []
    for number, (label, value) in enumerate(rows):
        top, width = _ROW * number, max(1.0, room * min(value, full) / full) if value else 0.0
        parts.append(
            f'<text class="label" x="0" y="{top + 14}">{_cut(label)}</text>'
            f'<rect class="bar" x="0" y="{top + 20}" width="{width:.1f}" height="13" rx="2" opacity="0.75"/>'
            f'<text class="value" x="{width + 8:.1f}" y="{top + 31}">{said(value, digits)}{escape(unit)}</text>'
        )
    words = "; ".join(f"{label}: {said(value, digits)}{unit}" for label, value in rows)
    return _picture("bars", title, words, _ROW * max(1, len(rows)), parts or [_nothing(_ROW, NARROW)], NARROW)


def columns(title: str, points: Sequence[tuple[str, float]], *, digits: int = 0) -> str:
    """Vertical columns, such as one a day from left to right: (label, value ≥ 0)."""
    top = nice(max((value for _, value in points), default=0))
    step = (WIDTH - _EDGE - 10) / max(1, len(points))
    parts = _scale(top, digits)
    for number, (label, value) in enumerate(points):
        height = (_HEIGHT - 2 * _EDGE) * value / top
        left = _EDGE + step * number
        parts.append(
            f'<rect class="bar" x="{left + step * 0.15:.1f}" y="{_HEIGHT - _EDGE - height:.1f}" '
            f'width="{step * 0.7:.1f}" height="{height:.1f}" opacity="0.75">'
            f"<title>{escape(label)}: {said(value, digits)}</title></rect>"
        )
    parts += _across([label for label, _ in points], step)
    return _picture("columns", title, _summary(points, digits), _HEIGHT, parts if points else [_nothing(_HEIGHT)])


def line(
    title: str,
    points: Sequence[tuple[str, float | None]],
    *,
    least: float = 0.0,
    most: float | None = None,
    digits: int = 0,
) -> str:
    """A line through points from left to right: (label, value or None for a gap), between `least` and `most`."""
    known = [(label, value) for label, value in points if value is not None]
    top = most or nice(max((value for _, value in known), default=0))
    step = (WIDTH - _EDGE - 10) / max(1, len(points))
    parts = _scale(top, digits, least)
    run: list[str] = []
    for number, (label, value) in enumerate([*points, ("", None)]):
        if value is None:
            parts += [f'<polyline class="line" points="{" ".join(run)}" fill="none" stroke="currentColor"/>'] * bool(
                run
            )
            run = []
            continue
        x = _EDGE + step * (number + 0.5)
        y = _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * (value - least) / (top - least)
        run.append(f"{x:.1f},{y:.1f}")
        parts.append(
            f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="3">'
            f"<title>{escape(label)}: {said(value, digits)}</title></circle>"
        )
    parts += _across([label for label, _ in points], step)
    return _picture("line", title, _summary(known, digits), _HEIGHT, parts if known else [_nothing(_HEIGHT)])


def nice(value: float) -> float:
    """Where a scale ends: the next 1, 2, 4, 5 or 10 times a power of ten at or above `value`; at least 4."""
    if value <= 4:
        return 4.0
    power = 10.0 ** floor(log10(value))
    return next(factor * power for factor in (1, 2, 4, 5, 10) if factor * power >= value)


def _picture(kind: str, title: str, words: str, height: float, parts: Sequence[str], width: int = WIDTH) -> str:
    key = "c" + sha256(f"{kind}{title}{words}".encode()).hexdigest()[:10]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {kind}" viewBox="0 0 {width} {height:g}" '
        f'preserveAspectRatio="xMinYMid meet" role="img" aria-labelledby="{key}t {key}d" fill="currentColor" {_FONT}>'
        f'<title id="{key}t">{escape(title)}</title><desc id="{key}d">{escape(words or "Belum ada data.")}</desc>'
        + "".join(parts)
        + "</svg>"
    )


def _scale(top: float, digits: int, least: float = 0.0) -> list[str]:
    """Three thin lines with their values: bottom, middle, top."""
    found = []
    for share in (0.0, 0.5, 1.0):
        y = _HEIGHT - _EDGE - (_HEIGHT - 2 * _EDGE) * share
        value = least + (top - least) * share
        found.append(
            f'<path class="axis" d="M{_EDGE} {y:g}H{WIDTH - 10}" stroke="currentColor" opacity="0.25"/>'
            f'<text class="label" x="{_EDGE - 6}" y="{y + 4:g}" text-anchor="end">{said(value, digits)}</text>'
        )
    return found


def _across(labels: Sequence[str], step: float) -> list[str]:
    """As many labels under the picture as there is room for."""
    every = ceil(len(labels) / _LABELS_ACROSS) or 1
    return [
        f'<text class="label" x="{_EDGE + step * (number + 0.5):.1f}" y="{_HEIGHT - _EDGE + 18}" '
        f'text-anchor="middle">{_cut(label)}</text>'
        for number, label in enumerate(labels)
        if number % every == 0
    ]


def _summary(points: Sequence[tuple[str, float]], digits: int) -> str:
    if not points:
        return ""
    high = max(points, key=lambda one: one[1])
    first, last = points[0], points[-1]
    return (
        f"Dari {first[0]} ({said(first[1], digits)}) sampai {last[0]} ({said(last[1], digits)}); "
        f"tertinggi {said(high[1], digits)} pada {high[0]}."
    )


def _nothing(height: float, width: int = WIDTH) -> str:
    return f'<text class="label" x="{width / 2:g}" y="{height / 2 + 4:g}" text-anchor="middle">Belum ada data.</text>'


def _cut(label: str) -> str:
    return escape(label if len(label) <= _LABEL else label[: _LABEL - 1].rstrip() + "…")
