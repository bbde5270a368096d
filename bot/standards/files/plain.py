"""Plain text and CSV."""

from __future__ import annotations

import csv
import io
import re

from bot.standards.refusal import UNKNOWN_KIND, Refused
from bot.standards.text import Line

_BREAKING_TAG = re.compile(r"</?(?:ol|ul|li|p|br|div|tr|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_OTHER_TAG = re.compile(
    r"</?(?:b|i|u|em|strong|span|a|font|td|th|table|tbody|thead|sup|sub|img)\b[^<>]{0,300}>", re.IGNORECASE
)
_RULE = re.compile(r"[|\s:+=-]+")
_CELL_BREAK = "\x1e"
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1d\x1f\x7f]")


def decode(data: bytes) -> str:
    """UTF-8 or UTF-16 by its mark, else the Windows code page of older office programs."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data:
        raise Refused(UNKNOWN_KIND)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_text(text: str) -> list[Line]:
    """Tabs part cells. Tags that stand in the text of a converted page part the lines of a cell."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    text = _OTHER_TAG.sub(" ", _BREAKING_TAG.sub(_CELL_BREAK, text))
    lines = []
    for raw in text.split("\n"):
        cells = [_cell(cell) for cell in _cells(raw)]
        filled = [cell for cell in cells if cell.strip()]
        if len(cells) > 1 and len(filled) > 1:
            lines.append(Line(tuple(cells)))
        else:
            lines.extend(Line((part,)) for part in (filled[0] if filled else "").split("\n"))
    return lines


def _cells(raw: str) -> list[str]:
    """Tabs, or the upright strokes of a table written as text; a stroke at the end alone only ends its cell."""
    line = raw.strip()
    if line.startswith("|") and line.count("|") > 1:
        return [] if _RULE.fullmatch(line) else line.strip("|").split("|")
    return (raw.rstrip().removesuffix("|") if line.endswith("|") else raw).split("\t")


def _cell(text: str) -> str:
    return "\n".join(part for part in text.split(_CELL_BREAK) if part.strip()) if _CELL_BREAK in text else text


def read_csv(text: str) -> list[Line]:
    delimiter = max(";\t,", key=lambda sign: sum(line.count(sign) > 1 for line in text.split("\n")[:200]))
    reader = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter, skipinitialspace=True)
    try:
        return [Line(tuple(row)) for row in reader]
    except csv.Error:
        return read_text(text)
