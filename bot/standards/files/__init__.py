"""Files of all kinds, brought to lines and cells."""

from __future__ import annotations

import io
import zipfile

from bot.standards.refusal import (
    BROKEN,
    EMPTY,
    MACROS,
    NO_STANDARD,
    OLD_OFFICE,
    TOO_BIG,
    UNKNOWN_KIND,
    UNPACKS_TOO_BIG,
    Refused,
)
from bot.standards.text import Line

MOST_BYTES = 20_000_000
MOST_UNPACKED = 60_000_000
MOST_XML = 12_000_000  # parsing takes some seconds
MOST_PARTS = 2_000
MOST_LINES = 20_000
MOST_CHARACTERS = 2_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div", b"<article", b"<main", b"<section")
_BINARY_SIGNS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"{\\rtf",
    b"\x7fELF",
    b"MZ",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
)


def lines_of(data: bytes, name: str) -> list[Line]:
    """The content of a file. `name` only tells CSV from text; everything else is told by the content itself."""
    if len(data) > MOST_BYTES:
        raise Refused(TOO_BIG)
    if not data.strip():
        raise Refused(EMPTY)
    lines = _read(data, name.lower())
    if len(lines) > MOST_LINES or sum(len(cell) for line in lines for cell in line.cells) > MOST_CHARACTERS:
        raise Refused(UNPACKS_TOO_BIG)
    if not any(line.text for line in lines):
        raise Refused(NO_STANDARD)
    return lines


def _read(data: bytes, name: str) -> list[Line]:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"%PDF-" in data[:1024]:
        from bot.standards.files.pdf import read_pdf

        return read_pdf(data)
    if head.startswith(b"PK"):
        return _read_zip(data)
    if head.startswith(_OLE):
        raise Refused(OLD_OFFICE)
    if head.startswith(_BINARY_SIGNS):
        raise Refused(UNKNOWN_KIND)
    from bot.standards.files.plain import decode, read_csv, read_text

    if head.lower().startswith(_HTML_SIGNS) or name.endswith((".html", ".htm", ".xhtml")):
        from bot.standards.files.page import read_html

        return read_html(data)
    text = decode(data)
    return read_csv(text) if name.endswith((".csv", ".tsv")) else read_text(text)


def _read_zip(data: bytes) -> list[Line]:
    """A zip's declared sizes bound what is unpacked: `zipfile` never yields more than a part declares."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(BROKEN) from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(UNPACKS_TOO_BIG)
    if any(part.file_size > MOST_XML for part in parts if part.filename.lower().endswith((".xml", ".rels"))):
        raise Refused(UNPACKS_TOO_BIG)
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused(MACROS)
    if "word/document.xml" in names:
        from bot.standards.files.word import read_docx

        return read_docx(data)
    if "xl/workbook.xml" in names:
        from bot.standards.files.sheet import read_xlsx

        return read_xlsx(data)
    raise Refused(UNKNOWN_KIND)
