"""Word documents: paragraphs and tables in the order of the document."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import Any

from docx import Document
from docx.document import Document as Opened
from docx.oxml.exceptions import InvalidXmlError
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from bot.standards.refusal import BROKEN, BROKEN_PARTS, Refused
from bot.standards.text import Line


def read_docx(data: bytes) -> list[Line]:
    try:
        document = Document(io.BytesIO(data))
        return _Body(document).lines()
    except (*BROKEN_PARTS, InvalidXmlError) as error:
        raise Refused(BROKEN) from error


class _Body:
    """Counts the items of Word's own lists, whose numbers stand nowhere in the text."""

    def __init__(self, document: Opened) -> None:
        self._document = document
        self._counts: dict[tuple[int, int], int] = defaultdict(int)

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        for block in self._document.iter_inner_content():
            if isinstance(block, Table):
                lines.extend(self._rows(block))
            else:
                lines.extend(Line((part,)) for part in self._paragraph(block).split("\n"))
        return lines

    def _rows(self, table: Table) -> list[Line]:
        rows = []
        for row in table.rows:
            seen: list[object] = []
            cells = []
            for cell in row.cells:  # a merged cell is listed once a column
                if cell._tc in seen:
                    continue
                seen.append(cell._tc)
                cells.append(self._cell(cell))
            rows.append(Line(tuple(cells)))
        return rows

    def _cell(self, cell: _Cell) -> str:
        parts: list[str] = []
        for block in cell.iter_inner_content():
            if isinstance(block, Table):
                parts.extend(line.text for line in self._rows(block))
            else:
                parts.append(self._paragraph(block))
        return "\n".join(part for part in parts if part.strip())

    def _paragraph(self, paragraph: Paragraph) -> str:
        text = paragraph.text.replace("\t", " ")
        return self._mark(paragraph) + text if text.strip() else ""

    def _mark(self, paragraph: Paragraph) -> str:
        properties: Any = paragraph._p.pPr
        numbering = None if properties is None else properties.numPr
        style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
        if numbering is None or numbering.numId is None or numbering.numId.val == 0:
            if style.startswith("list bullet"):
                return "\u2022 "
            if not style.startswith("list number"):
                self._counts.clear() if style.startswith("heading") else None
                return ""
            place = (-1, 0)
        else:
            place = (numbering.numId.val, 0 if numbering.ilvl is None else numbering.ilvl.val)
        self._counts[place] += 1
        for other in [key for key in self._counts if key[0] == place[0] and key[1] > place[1]]:
            del self._counts[other]
        number = self._counts[place]
        return f"{chr(96 + number)}. " if place[1] % 2 and number <= 26 else f"{number}. "
