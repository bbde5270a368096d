"""Pictures for docs/images: compressed, and written anew only where they changed visibly."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops

COLOURS = 96
_SEEN = 40
"""Of 255: the least difference of a pixel that an eye notices."""
_SHARE = 0.004
"""Of all pixels: less than this differs between two days, as clocks on the page go on."""


def keep(shot: bytes, path: Path) -> None:
    """Write a screenshot, unless the picture that is there shows the same."""
    new = Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS)
    if path.is_file() and not differs(new, Image.open(path)):
        print(f"{path} (unchanged)")
        return
    new.save(path, optimize=True)
    print(path)


def differs(one: Image.Image, other: Image.Image) -> bool:
    """Whether an eye sees that these are not the same picture."""
    if one.size != other.size:
        return True
    difference = ImageChops.difference(one.convert("L"), other.convert("L"))
    return sum(difference.histogram()[_SEEN:]) > _SHARE * one.width * one.height
