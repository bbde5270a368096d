"""The kind of a file, read from its content: a name or a browser's word counts for nothing. Runs apart."""

from __future__ import annotations

import io
import warnings
import zipfile

from bot.files.apart import Died, Limits, TookTooLong, TookTooMuch, apart_from_loop

MAX_PIXELS = 60_000_000
LIMITS = Limits(seconds=20.0, cpu_seconds=5, memory=800_000_000)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PICTURES = {"JPEG": ("image/jpeg", ".jpg"), "MPO": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}
_OFFICE = {"word/document.xml": (_DOCX, ".docx"), "xl/workbook.xml": (_XLSX, ".xlsx")}
_WORK = f"{__name__}:answer"


async def kind_of(content: bytes) -> tuple[str, str] | None:
    """Media type and suffix; None for what is broken, hostile or of no kind that is sent. Not inside a transaction."""
    if content.startswith(b"%PDF-"):
        return ("application/pdf", ".pdf") if b"%%EOF" in content[-2048:] else None
    try:
        found = await apart_from_loop(_WORK, content, limits=LIMITS)
    except (TookTooLong, TookTooMuch, Died):
        return None
    return (found[0], found[1]) if found else None


def answer(content: bytes) -> tuple[str, str] | None:
    """The same in this process, for pictures and office files."""
    return _picture(content) or _office(content)


def _picture(content: bytes) -> tuple[str, str] | None:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what else is odd about it is nobody's concern
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return None
                picture.load()
                return _PICTURES[picture.format or ""]
    except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def _office(content: bytes) -> tuple[str, str] | None:
    """DOCX and XLSX: a zip archive with the parts that make it one; none with macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next((kind for part, kind in _OFFICE.items() if part in names), None)
