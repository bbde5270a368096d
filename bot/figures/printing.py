"""Reports on paper: letterhead, tables, bars, and who signs; as PDF, and as a picture of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fpdf.fonts import FontFace

from bot.dates import say_date
from bot.figures.charts import said
from bot.figures.models import Letterhead
from bot.figures.tables import Cell, Grid
from bot.paper import Paper

SCALE = 2.0  # of a picture: 144 dots an inch
MOST_PAGES = 6  # of a report in one picture
_WIDE = 9  # columns from which a table wants a wide page
_ROW = 5.2
_FOOT = 16


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars: (label, value ≥ 0). `most` is the value of a full bar."""

    title: str
    rows: Sequence[tuple[str, float]]
    most: float | None = None
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class PrintedReport:
    """`subtitle`: whose and of which time; `made`: the day it was made on; `signed`: with a place to sign."""

    title: str
    subtitle: str
    parts: Sequence[Grid | Bars | Words]
    made: date
    letterhead: Letterhead | None = None
    signed: bool = False

    @property
    def grids(self) -> list[Grid]:
        return [one for one in self.parts if isinstance(one, Grid)]


class _Page(Paper):
    def footer(self) -> None:
        self.set_y(-_FOOT + 4)
        self.style(7.5)
        self.write_line(f"Halaman {self.page_no()} dari {{nb}}", 4, "R")


def as_pdf(report: PrintedReport) -> bytes:
    """The report on A4, wide where a table has many columns. Slow: call it in a thread."""
    page = _Page(report.title, landscape=any(len(one.head) >= _WIDE for one in report.grids))
    page.set_margins(18, 16)
    page.set_auto_page_break(True, margin=_FOOT)
    page.add_page()
    if report.letterhead and report.letterhead.lines.strip():
        _letterhead(page, report.letterhead)
    page.style(14, "B")
    page.write_line(report.title, 7, "C")
    page.style(10)
    page.write_line(report.subtitle, 5.5, "C")
    page.ln(3)
    for part in report.parts:
        match part:
            case Grid():
                _grid(page, part)
            case Bars():
                _bars(page, part)
            case Words(text=text):
                page.style(9.5)
                page.write_line(text)
                page.ln(2)
    if report.signed:
        _signature(page, report)
    return bytes(page.output())


def as_png(pdf: bytes) -> bytes:
    """The first pages below each other as one picture."""
    import pypdfium2
    from PIL import Image

    document = pypdfium2.PdfDocument(pdf)
    pages = [document[number].render(scale=SCALE).to_pil() for number in range(min(len(document), MOST_PAGES))]
    whole = Image.new("RGB", (max(one.width for one in pages), sum(one.height for one in pages)), "white")
    top = 0
    for one in pages:
        whole.paste(one, (0, top))
        top += one.height
    target = io.BytesIO()
    whole.quantize(64).save(target, "PNG", optimize=True)
    return target.getvalue()


def _letterhead(page: Paper, head: Letterhead) -> None:
    lines = [one.strip() for one in head.lines.splitlines() if one.strip()]
    for number, one in enumerate(lines):
        page.style(13 if number < 2 else 9, "B" if number < 2 else "")
        page.write_line(one, 6.5 if number < 2 else 4.5, "C")
    top = page.get_y() + 1.5
    page.set_line_width(0.7)
    page.line(page.l_margin, top, page.w - page.r_margin, top)
    page.set_line_width(0.2)
    page.line(page.l_margin, top + 1, page.w - page.r_margin, top + 1)
    page.set_y(top + 5)


def _grid(page: Paper, grid: Grid) -> None:
    _heading(page, grid.title, 1 + min(len(grid.rows), 7))  # a short table stays whole
    if not grid.rows:
        page.style(9)
        page.write_line("Tidak ada data pada masa ini.")
        page.ln(2)
        return
    page.style(8.5)
    texts = [[shown(cell) for cell in row] for row in grid.rows]
    right = [all(isinstance(row[place], int | float | None) for row in grid.rows) for place in range(len(grid.head))]
    with page.table(
        col_widths=_widths(grid.head, texts),
        text_align=["RIGHT" if one else "LEFT" for one in right],
        line_height=_ROW,
        padding=(0.6, 1.4),
        num_heading_rows=1,
        headings_style=FontFace(emphasis="BOLD", fill_color=(236, 240, 245)),
        borders_layout="HORIZONTAL_LINES",
    ) as table:
        for cells in ([*grid.head], *texts):
            row = table.row()
            for cell in cells:
                row.cell(page.ready(cell))
    page.style(8)
    if grid.note:
        page.write_line(grid.note, 4.2)
    page.ln(3)


def _widths(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """As the longest words need it, none wider than six times the narrowest."""
    found = []
    for place, title in enumerate(head):
        longest = max([*(len(row[place]) for row in rows), max(map(len, title.split() or [""]))], default=1)
        found.append(max(7, min(42, longest + 2)))
    return found


def _bars(page: Paper, bars: Bars) -> None:
    _heading(page, bars.title, 2)
    full = bars.most or max((value for _, value in bars.rows), default=0) or 1
    label, room = 62.0, page.w - page.l_margin - page.r_margin - 62 - 18
    page.style(8.5)
    for name, value in bars.rows:
        if page.will_page_break(_ROW):
            page.add_page()
        top = page.get_y()
        page.cell(label, _ROW, page.ready(_cut(name)), align="R")
        page.set_fill_color(70, 105, 150)
        width = room * min(value, full) / full
        page.rect(page.l_margin + label + 2, top + 0.9, max(width, 0.2), _ROW - 1.8, style="F")
        page.set_x(page.l_margin + label + 3 + width)
        page.cell(18, _ROW, said(value, bars.digits), new_x="LMARGIN", new_y="NEXT")
    page.set_fill_color(255, 255, 255)
    if not bars.rows:
        page.write_line("Tidak ada data pada masa ini.")
    page.ln(3)


def _heading(page: Paper, text: str, rows: int) -> None:
    """A title that does not stand alone at the end of a page."""
    if page.will_page_break(8 + _ROW * rows):
        page.add_page()
    page.style(10.5, "B")
    page.write_line(text, 6)
    page.ln(0.8)


def _signature(page: Paper, report: PrintedReport) -> None:
    head = report.letterhead
    if page.will_page_break(50):
        page.add_page()
    page.ln(6)
    margin = page.l_margin
    page.set_left_margin(page.w - page.r_margin - 80)
    page.set_x(page.l_margin)
    page.style(9.5)
    place = f"{head.place}, " if head and head.place else ""
    page.write_line(f"{place}{say_date(report.made)}")
    page.write_line(head.position if head and head.position else "")
    page.ln(20)
    page.style(9.5, "B")
    page.write_line(head.signer if head and head.signer else "(................................................)")
    page.style(9.5)
    page.write_line(f"NIP {head.signer_number}" if head and head.signer_number else "NIP")
    page.set_left_margin(margin)


def shown(cell: Cell) -> str:
    """A cell as people read it."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return said(cell, 2)  # also "3,00": what stands below each other is read by its digits
    if isinstance(cell, int):
        return said(cell)
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H.%M}"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def _cut(label: str) -> str:
    return label if len(label) <= 38 else f"{label[:37].rstrip()}…"
