"""Pictures of strangers, made small and without what a phone writes into them (its place). Runs apart: a photo of
300 KB can hold thousands of scans of the whole picture, or a million parts."""

from __future__ import annotations

import base64
import io
import warnings

from bot.files.apart import Died, Limits, TookTooLong, TookTooMuch, apart_from_loop

LIMITS = Limits(seconds=20.0, cpu_seconds=5, memory=800_000_000)
MOST_PIXELS = 60_000_000  # of a JPEG, which is decoded at the size that is needed
MOST_PIXELS_WHOLE = 20_000_000  # of a PNG or WebP, whose every pixel lies in memory: 60 MB
TOO_LARGE, BROKEN, OTHER = "too large", "broken", "no picture"
_SIDES = (1600, 1200, 900, 640)
_QUALITIES = (80, 65, 50)
_WORK = f"{__name__}:answer"


class NoPicture(Exception):
    """Nothing can be made of it; `why` is TOO_LARGE, BROKEN or OTHER."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


async def small(content: bytes, limit: int) -> bytes:
    """The picture as a JPEG within `limit` bytes. Raises NoPicture. Not inside a transaction."""
    try:
        found = await apart_from_loop(_WORK, content, str(limit), limits=LIMITS)
    except (TookTooLong, TookTooMuch, Died):
        raise NoPicture(BROKEN) from None
    if "refused" in found:
        raise NoPicture(found["refused"])
    return base64.b64decode(found["jpeg"])


def answer(content: bytes, limit: str) -> dict[str, str]:
    """`made` for the process apart."""
    try:
        return {"jpeg": base64.b64encode(made(content, int(limit))).decode()}
    except NoPicture as error:
        return {"refused": error.why}


def made(content: bytes, limit: int) -> bytes:
    """The same in this process."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
            most = MOST_PIXELS if opened.format in ("JPEG", "MPO") else MOST_PIXELS_WHOLE
            if opened.width * opened.height > most:
                raise NoPicture(TOO_LARGE)
            opened.draft("RGB", (_SIDES[0], _SIDES[0]))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (NoPicture, MemoryError):
        raise
    except Exception as error:  # a broken picture fails anywhere in the library, in many ways
        raise NoPicture(BROKEN if _looks_like_picture(content) else OTHER) from error
    for side in _SIDES:
        picture.thumbnail((side, side))
        for quality in _QUALITIES:
            target = io.BytesIO()
            picture.save(target, "JPEG", quality=quality, optimize=True)
            if target.tell() <= limit:
                return target.getvalue()
    raise NoPicture(TOO_LARGE)


def _looks_like_picture(content: bytes) -> bool:
    return content[:3] == b"\xff\xd8\xff" or content[:8] == b"\x89PNG\r\n\x1a\n" or content[8:12] == b"WEBP"
