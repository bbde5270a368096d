"""Tables and reports as files. What is downloaded about people is noted by who asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from fastapi import Response

from bot.console.desk import SECURITY_HEADERS
from bot.figures.printing import PrintedReport, as_pdf, as_png
from bot.figures.tables import XLSX, Grid, as_csv, as_xlsx

TableKind = Literal["xlsx", "csv"]
PaperKind = Literal["xlsx", "pdf", "png"]


async def table(grids: Sequence[Grid], kind: TableKind, name: str) -> Response:
    """Tables as a workbook; as CSV the first of them."""
    if kind == "xlsx":
        return _file(await asyncio.to_thread(as_xlsx, grids), f"{name}.xlsx", XLSX)
    return csv_file(as_csv(grids[0].head, grids[0].rows), f"{name}.csv")


async def paper(report: PrintedReport, kind: PaperKind, name: str) -> Response:
    """A report as a workbook of its tables, to print, or as a picture."""
    if kind == "xlsx":
        return await table(report.grids, "xlsx", name)
    pdf = await asyncio.to_thread(as_pdf, report)
    if kind == "pdf":
        return _file(pdf, f"{name}.pdf", "application/pdf", "inline")
    return _file(await asyncio.to_thread(as_png, pdf), f"{name}.png", "image/png")


def csv_file(text: str, name: str) -> Response:
    """The mark at its beginning tells spreadsheets that it is UTF-8."""
    return _file(("\ufeff" + text).encode(), name, "text/csv; charset=utf-8")


def _file(content: bytes, name: str, media_type: str, how: str = "attachment") -> Response:
    headers = SECURITY_HEADERS | {"Content-Disposition": f'{how}; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
