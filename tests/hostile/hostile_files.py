"""Photos and documents that an applicant could send to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
PAGE = b"<!doctype html><html>" + SCRIPT + b"</html>"


def jpeg(side: int = 40, **how: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (side, side), (200, 180, 160)).save(made, "JPEG", **how)
    return made.getvalue()


def png(width: int, height: int, extra: bytes = b"") -> bytes:
    """Black and white, all white: 60 million pixels are 7 KB."""
    lines = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _part(b"IHDR", head) + extra + _part(b"IDAT", lines) + _part(b"IEND", b"")


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def many_scans() -> bytes:
    """A progressive JPEG in which one scan over the whole picture is repeated 3,000 times: minutes, in 300 KB."""
    made = io.BytesIO()
    Image.new("L", (5400, 5400), 128).save(made, "JPEG", progressive=True, quality=50)
    right = made.getvalue()
    scan = right[right.rfind(b"\xff\xc4", 0, right.rfind(b"\xff\xda")) : -2]
    return right[:-2] + scan * 3000 + b"\xff\xd9"


def a_million_parts() -> bytes:
    """Comments of no length before the picture."""
    right = jpeg()
    return right[:2] + b"\xff\xfe\x00\x02" * 1_200_000 + right[2:]


def many_chunks() -> bytes:
    return png(8, 8, _part(b"teSt", b"") * 400_000)


def endless_exif() -> bytes:
    """60,000 EXIF entries that all name the same 400 KB."""
    count, size = 60_000, 400_000
    entries = b"".join(struct.pack("<HHII", number + 1000, 1, size, 14 + count * 12) for number in range(count))
    exif = b"II*\0" + struct.pack("<IH", 8, count) + entries + bytes(4 + size)
    return png(8, 8, _part(b"eXIf", exif))


def huge() -> bytes:
    return png(30_000, 30_000)


def claims_more() -> bytes:
    """A header of 65,500 × 65,500 pixels with nothing behind it."""
    right = jpeg()
    place = right.index(b"\xff\xc0") + 5
    return right[:place] + struct.pack(">HH", 65_500, 65_500) + right[place + 4 :]


def webp_of_268_million() -> bytes:
    """A WebP of 16,383 × 16,383 pixels whose animation never comes."""
    side = (16_382).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + side + side + b"ANIM" + struct.pack("<I", 6) + bytes(6)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def word_of_90_000_parts() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(90_000):
            archive.writestr(f"{number:x}", b"")
    return made.getvalue()


def exif_with_script() -> bytes:
    """A right photo; its EXIF data hold scripts and a place."""
    exif = Image.Exif()
    exif[0x010E] = SCRIPT.decode()
    exif[0x013B] = "../../etc/passwd\0=cmd|' /C calc'!A0"
    exif[0x8825] = {1: "S", 2: (6.0, 48.0, 0.0)}
    return jpeg(exif=exif)


def photo_and_page() -> bytes:
    """A right JPEG that is a right web page as well."""
    right = jpeg()
    comment = b"-->" + PAGE + b"<!--"
    return right[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + right[2:] + PAGE


def photo_and_archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", PAGE)
        archive.writestr("word/vbaProject.bin", b"macro")
    return jpeg() + made.getvalue()


def pdf_and_page() -> bytes:
    return b"%PDF-1.7\n" + PAGE + b"\n1 0 obj <</OpenAction <</S /JavaScript /JS (app.alert(1))>>>> endobj\n%%EOF"


HEAVY: tuple[Callable[[], bytes], ...] = (
    many_scans,
    a_million_parts,
    many_chunks,
    endless_exif,
    huge,
    claims_more,
    webp_of_268_million,
    word_of_90_000_parts,
)
"""What takes minutes or gigabytes, or says so."""

DRESSED: dict[str, tuple[bytes, str, str]] = {
    "svg as a photo": (SVG, "image/jpeg", "application/octet-stream"),
    "svg": (SVG, "image/svg+xml", "application/octet-stream"),
    "page as a photo": (PAGE, "image/png", "application/octet-stream"),
    "page": (PAGE, "text/html", "application/octet-stream"),
    "photo and page": (photo_and_page(), "text/html", "image/jpeg"),
    "photo and archive": (photo_and_archive(), "application/zip", "image/jpeg"),
    "photo with scripts": (exif_with_script(), "image/jpeg", "image/jpeg"),
    "pdf and page": (pdf_and_page(), "text/html", "application/pdf"),
    "broken pdf": (
        b"%PDF-1.7\n" + b"1 0 obj << /Kids [1 0 R] >> endobj\n" * 50,
        "text/html",
        "application/octet-stream",
    ),
    "broken photo": (jpeg()[:200], "text/html", "application/octet-stream"),
}
"""Content, the type it is said to be, the type that an officer's browser is told."""
