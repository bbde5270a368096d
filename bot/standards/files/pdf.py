"""PDF files: ruled tables as rows, everything else as lines."""

from __future__ import annotations

import io
import logging
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from bot.standards.refusal import BROKEN, PDF_LOCKED, PDF_SCAN, UNPACKS_TOO_BIG, Refused
from bot.standards.text import Line

MOST_PAGES = 120
_TABLE = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}


def read_pdf(data: bytes) -> list[Line]:
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > MOST_PAGES:
                raise Refused(UNPACKS_TOO_BIG)
            lines = [line for page in document.pages for line in _page(page)]
    except Refused:
        raise
    except MemoryError:
        raise
    except Exception as error:  # a broken PDF may fail anywhere in the parser
        raise Refused(PDF_LOCKED if _is_locked(error) else BROKEN) from error
    if not any(line.text for line in lines):
        raise Refused(PDF_SCAN)
    return lines


def _is_locked(error: Exception) -> bool:
    causes = [error, *error.args, error.__cause__] if isinstance(error, PdfminerException) else [error]
    return any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in causes)


def _page(page: Any) -> list[Line]:
    """Blocks from top to bottom; a gap of more than a line's height becomes a blank line."""
    tables = [table for table in page.find_tables(_TABLE) if len(table.rows) > 1 or len(table.columns) > 1]
    boxes = [table.bbox for table in tables]
    outside = page.filter(lambda thing: not any(_is_in(thing, box) for box in boxes))
    blocks: list[tuple[float, list[Line]]] = [(table.bbox[1], _rows(table)) for table in tables]
    bottom: float | None = None
    for line in outside.extract_text_lines(return_chars=False, strip=True):
        gap = bottom is not None and line["top"] - bottom > (line["bottom"] - line["top"])
        bottom = line["bottom"]
        blocks.append((line["top"], [Line(("",)), Line((line["text"],))] if gap else [Line((line["text"],))]))
    return [line for _, lines in sorted(blocks, key=lambda block: block[0]) for line in lines]


def _is_in(thing: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    """By its middle: a line right above a table may touch its border."""
    if "x0" not in thing or "top" not in thing:
        return False
    across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])


def _rows(table: Any) -> list[Line]:
    return [Line(tuple(cell or "" for cell in row)) for row in table.extract()]
