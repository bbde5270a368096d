"""From the numbers of a run to docs/performance.md: a table, and pictures of latency and throughput."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
PANDU, RASA = "#0b6e4f", "#b4552d"
_QUANTILES = ("p50_ms", "p95_ms", "p99_ms")


def rows(result: dict[str, Any]) -> list[tuple[str, str, str]]:
    """What was measured: title, Pandu's figure, stock Rasa's ("–" where it was not measured)."""
    ours, theirs = result.get("pandu", {}), result.get("rasa", {})
    found: list[tuple[str, str, str]] = []

    def add(title: str, *path: str) -> None:
        pair = (_at(ours, path), _at(theirs, path))
        if pair != ("–", "–"):
            found.append((title, *pair))

    add("turns/s at saturation", "saturation", "turns_per_second")
    if "ratio" in result:
        found.append(("throughput, stock Rasa = 1", f"{result['ratio']:.1f}", "1"))
    add("p95 at saturation, ms", "saturation", "p95_ms")
    for rate in ours.get("rates", {}):
        for quantile in _QUANTILES:
            add(f"{quantile[:3]} at {rate} messages/s, ms", "rates", rate, quantile)
    add("processor seconds per 1,000 turns", "cpu_seconds_per_1000_turns")
    for part in ours.get("cpu_by_part", {}):
        add(f"– of which {part}", "cpu_by_part", part)
    add("memory (PSS), MB", "memory", "pss_mb")
    add("seconds from start to ready", "seconds_to_ready")
    add("p50 in a conversation of 10 messages, ms", "history", "10", "p50_ms")
    add("p50 in a conversation of 5,000 messages, ms", "history", "5000", "p50_ms")
    add("– ratio", "history", "ratio")
    for quantile in _QUANTILES:
        add(f"webhook acknowledged at 100/s, {quantile[:3]}, ms", "webhooks", quantile)
    for count in ours.get("stored", {}):
        add(f"turns/s with {int(count):,} messages stored", "stored", count, "saturation", "turns_per_second")
        add(f"p95 at 10 messages/s with {int(count):,} stored, ms", "stored", count, "at_10", "p95_ms")
    for count in ours.get("scale", {}):
        kind = "engine and worker" if count == "1" else "engines and workers"
        add(f"turns/s with {count} {kind} in processes of their own", "scale", count, "turns_per_second")
    return found


def _at(numbers: dict[str, Any], path: Sequence[str]) -> str:
    value: Any = numbers
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return "–" if value is None else f"{value:g}"


def write(result: dict[str, Any], docs: Path) -> list[Path]:
    """Renews the generated part of performance.md, its pictures, and the numbers they were made from."""
    page = docs / "performance.md"
    text = page.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(f"{before}{BEGIN}\n{_section(result)}\n{END}{after}")
    written = [page, docs / "performance.json"]
    written[1].write_text(json.dumps(result, indent=1) + "\n")
    for name, picture in pictures(result).items():
        path = docs / "images" / f"{name}.svg"
        path.write_text(picture)
        written.append(path)
    return written


def _section(result: dict[str, Any]) -> str:
    of = result["machine"]
    lines = [
        f"Measured on {result['date']}: {of['processors']} × {of['processor']}, {of['memory_gb']} GB, {of['system']}; "
        f"{result['size']:g} s for each figure under load; load average before the start {of['load_before']:g}.",
        "",
        "| | Pandu | stock Rasa 3.6.21 |",
        "| --- | ---: | ---: |",
        *(f"| {title} | {ours} | {theirs} |" for title, ours, theirs in rows(result)),
    ]
    for name in pictures(result):
        lines += ["", f"![{TITLES[name]}](images/{name}.svg)"]
    return "\n".join(lines)


TITLES = {"latency": "95 of 100 answers come within (ms)", "throughput": "Turns a second at saturation"}


def pictures(result: dict[str, Any]) -> dict[str, str]:
    """Name -> SVG, of what was measured."""
    ours, theirs = result.get("pandu", {}), result.get("rasa", {})
    found = {}
    if ours.get("rates") and theirs.get("rates"):
        groups = [
            (f"{rate}/s", [ours["rates"][rate]["p95_ms"], theirs["rates"][rate]["p95_ms"]]) for rate in ours["rates"]
        ]
        found["latency"] = bars(TITLES["latency"], groups)
    if "saturation" in ours and "saturation" in theirs:
        pair = [ours["saturation"]["turns_per_second"], theirs["saturation"]["turns_per_second"]]
        found["throughput"] = bars(TITLES["throughput"], [("", pair)])
    return found


def bars(title: str, groups: Sequence[tuple[str, Sequence[float]]]) -> str:
    """Horizontal bars, Pandu above stock Rasa in each group; as long as the figure, each with its figure."""
    most = max(value for _, values in groups for value in values)
    width, left, top, thick, gap = 640, 70, 58, 18, 16
    parts = []
    y = top
    for label, values in groups:
        parts.append(f'<text x="{left - 8}" y="{y + thick + 4}" text-anchor="end">{escape(label)}</text>')
        for value, colour in zip(values, (PANDU, RASA), strict=True):
            length = max(1.0, value / most * (width - left - 80))
            parts.append(f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{thick - 2}" fill="{colour}" rx="2"/>')
            parts.append(f'<text x="{left + length + 6:.1f}" y="{y + thick - 5}">{value:g}</text>')
            y += thick
        y += gap
    key = "".join(
        f'<rect x="{left + offset}" y="32" width="12" height="12" fill="{colour}"/>'
        f'<text x="{left + offset + 18}" y="42">{name}</text>'
        for offset, colour, name in ((0, PANDU, "Pandu"), (90, RASA, "stock Rasa 3.6.21"))
    )
    style = "text{font:13px system-ui,sans-serif;fill:#1c1c1c}.t{font-weight:600;font-size:15px}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" width="{width}" height="{y}" role="img" '
        f'aria-label="{escape(title)}"><style>{style}</style><rect width="{width}" height="{y}" fill="#fff"/>'
        f'<text x="{left}" y="20" class="t">{escape(title)}</text>{key}{"".join(parts)}</svg>\n'
    )


def curve(points: Sequence[tuple[float, float]], marked: Sequence[tuple[float, float, str]]) -> str:
    """Shares from 0 to 1, (coverage, accuracy), as a line from full coverage on; `marked` points carry their words."""
    width, height, left, top, side = 640, 400, 64, 24, 300
    across = width - left - 40

    def at(coverage: float, accuracy: float) -> tuple[float, float]:
        return left + across * coverage, top + side * (1 - accuracy)

    parts = []
    for tenth in range(0, 11, 2):
        share = tenth / 10
        (x, _), (_, y) = at(share, 0), at(0, share)
        parts.append(f'<path class="grid" d="M{left} {y:.1f}h{across}M{x:.1f} {top}v{side}"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{share:g}</text>')
        parts.append(f'<text x="{x:.1f}" y="{top + side + 18}" text-anchor="middle">{share:g}</text>')
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*one) for one in points))
    parts.append(f'<polyline points="{line}" fill="none" stroke="{PANDU}" stroke-width="2"/>')
    for coverage, accuracy, words in marked:
        x, y = at(coverage, accuracy)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{RASA}"/>')
        anchor = "end" if coverage > 0.8 else "middle"
        parts.append(f'<text x="{x:.1f}" y="{y - 12:.1f}" text-anchor="{anchor}">{escape(words)}</text>')
    parts.append(f'<text x="{left + across / 2}" y="{height - 28}" text-anchor="middle">coverage: answered</text>')
    parts.append(f'<text transform="translate(18 {top + side / 2}) rotate(-90)" text-anchor="middle">accuracy</text>')
    style = "text{font:13px system-ui,sans-serif;fill:#1c1c1c}.grid{stroke:#e4e7eb}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="coverage and accuracy"><style>{style}</style>'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )
