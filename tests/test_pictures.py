"""Pictures of the documentation: compressed, and written anew only where they changed visibly."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bot.settings import ROOT
from scripts.pictures import keep


def shot(*boxes: tuple[int, int, int, int]) -> bytes:
    """A page with dark boxes."""
    page = Image.new("RGB", (400, 300), "white")
    for box in boxes:
        ImageDraw.Draw(page).rectangle(box, "navy")
    file = io.BytesIO()
    page.save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize(
    ("box", "is_written"), [((10, 10, 18, 18), False), ((10, 10, 60, 60), True)], ids=["a clock", "a button"]
)
def test_only_what_an_eye_sees_is_written(tmp_path: Path, box: tuple[int, int, int, int], is_written: bool) -> None:
    path = tmp_path / "page.png"
    keep(shot((100, 100, 300, 200)), path)
    before = path.read_bytes()
    keep(shot((100, 100, 300, 200), box), path)
    assert (path.read_bytes() != before) is is_written


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "images").glob("*.png")), ids=lambda path: path.name)
def test_a_picture_in_git_is_compressed(path: Path) -> None:
    assert Image.open(path).mode == "P"
