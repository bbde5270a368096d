"""The type of a file, read from its content: a name or a browser's word counts for nothing."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from pathlib import Path

from PIL import Image

from bot.conversations.sent_files import Checked
from bot.handoff import wording
from bot.handoff.desk import BadInput

MAX_PIXELS = 60_000_000
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PICTURES = {"JPEG": ("image/jpeg", ".jpg"), "PNG": ("image/png", ".png")}
_OFFICE = {"word/document.xml": (_DOCX, ".docx"), "xl/workbook.xml": (_XLSX, ".xlsx")}
_UNSAFE = re.compile(r"[^\w .()-]+")


def check(filename: str, content: bytes, limit: int) -> Checked:
    """What a file is, by its content. Raises BadInput: empty, above `limit` bytes, or of no kind that is sent."""
    if not content:
        raise BadInput(wording.EMPTY_FILE.format(name=_shown(filename)))
    if len(content) > limit:
        raise BadInput(wording.BIG_FILE.format(name=_shown(filename), most=f"{limit / 1_000_000:g}"))
    found = _picture(content) or _pdf(content) or _office(content)
    if found is None:
        raise BadInput(wording.WRONG_FILE.format(name=_shown(filename)))
    media_type, suffix = found
    kind = "photo" if media_type.startswith("image/") else "document"
    return Checked(_safe(filename, suffix), media_type, suffix, kind)


def _picture(content: bytes) -> tuple[str, str] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what else is odd about it is nobody's concern
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=list(_PICTURES)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    return None
                picture.load()
                return _PICTURES[picture.format or ""]
    except (OSError, ValueError, SyntaxError, KeyError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None


def _pdf(content: bytes) -> tuple[str, str] | None:
    whole = content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
    return ("application/pdf", ".pdf") if whole else None


def _office(content: bytes) -> tuple[str, str] | None:
    """DOCX and XLSX: a zip archive with the parts that make it one; none with macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any(name.endswith("vbaProject.bin") for name in names):
        return None
    return next((kind for part, kind in _OFFICE.items() if part in names), None)


def _safe(filename: str, suffix: str) -> str:
    stem = Path(filename.replace("\\", "/")).name
    stem = stem[: -len(Path(stem).suffix)] if Path(stem).suffix else stem
    return (_UNSAFE.sub("_", stem).strip(" ._")[:80] or "berkas") + suffix


def _shown(filename: str) -> str:
    return _UNSAFE.sub("_", Path(filename.replace("\\", "/")).name)[:80] or "berkas"
