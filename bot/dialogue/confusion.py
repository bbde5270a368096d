"""A picture of what was taken for what: families down, guesses across, as SVG that any browser shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from xml.sax.saxutils import escape

from bot.dialogue.intents import FAMILIES

_CELL, _LEFT, _TOP, _RIGHT, _BOTTOM = 26, 158, 150, 60, 44
_STYLE = """
  text{font:11px system-ui,sans-serif;fill:#1f2933}
  .small{font-size:10px;fill:#52606d}
  .count{font-size:10px;text-anchor:middle}
  .light{fill:#fff}
  .line{stroke:#e4e7eb;stroke-width:1}
"""


def drawn(pairs: Sequence[tuple[str, str, bool]]) -> str:
    """The picture of (family, guess, whether a fair reader could have guessed so) triples; families that occur only.

    Green: the family itself. Grey-green: another family that a fair reader could choose. Red: wrong. The darker, the
    larger the share of the row; the number is the count.
    """
    counts, fair = Counter((a, b) for a, b, _ in pairs), Counter((a, b) for a, b, right in pairs if right)
    names = [name for name in FAMILIES if any(name in pair[:2] for pair in pairs)]
    rows = Counter(a for a, _, _ in pairs)
    place = {name: number * _CELL for number, name in enumerate(names)}
    side = len(names) * _CELL
    parts = [_grid(place, side), *_labels(names, place, rows, side)]
    for (family, guess), count in sorted(counts.items()):
        parts.append(_cell(place[guess], place[family], count, count / rows[family], _kind(family, guess, fair)))
    width, height = _LEFT + side + _RIGHT, _TOP + side + _BOTTOM
    wrong = sum(not right for _, _, right in pairs)
    note = f"{len(pairs)} messages; rows: what was meant; columns: what was understood; red: {wrong} wrong"
    parts.append(f'<text class="small" x="12" y="{height - 16}">{escape(note)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{escape(note)}"><style>{_STYLE}</style>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _kind(family: str, guess: str, fair: Counter[tuple[str, str]]) -> str:
    if family == guess:
        return "right"
    return "fair" if fair[family, guess] else "wrong"


def _cell(x: int, y: int, count: int, share: float, kind: str) -> str:
    colour = {"right": "#127a4b", "fair": "#6b9080", "wrong": "#c0392b"}[kind]
    strength = 0.18 + 0.82 * share
    left, top, middle = _LEFT + x + 1, _TOP + y + 1, _CELL // 2
    text = "count light" if strength > 0.55 else "count"
    return (
        f'<rect x="{left}" y="{top}" width="{_CELL - 2}" height="{_CELL - 2}" rx="3" '
        f'fill="{colour}" fill-opacity="{strength:.2f}"/>'
        f'<text class="{text}" x="{_LEFT + x + middle}" y="{_TOP + y + middle + 4}">{count}</text>'
    )


def _grid(place: dict[str, int], side: int) -> str:
    edges = [*place.values(), side]
    return "".join(f'<path class="line" d="M{_LEFT} {_TOP + at}h{side}M{_LEFT + at} {_TOP}v{side}"/>' for at in edges)


def _labels(names: Sequence[str], place: dict[str, int], rows: Counter[str], side: int) -> list[str]:
    found = []
    for name in names:
        across, down = _LEFT + place[name] + _CELL // 2 + 4, _TOP + place[name] + _CELL // 2 + 4
        found.append(f'<text x="{_LEFT - 8}" y="{down}" text-anchor="end">{name}</text>')
        found.append(f'<text transform="translate({across} {_TOP - 8}) rotate(-60)">{name}</text>')
        found.append(f'<text class="small" x="{_LEFT + side + 8}" y="{down}">n = {rows[name]}</text>')
    return found
