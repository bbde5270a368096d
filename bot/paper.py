"""Pages to print, in every script that names are written in here: Latin with all its marks, Arabic, Javanese, Chinese.

The fonts come with the Node packages of bot/web. Each is put into a document only when its letters occur, and the
shaping that joins Arabic and stacks Javanese letters is switched on for those texts only: with Chinese it is slow.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from fpdf import FPDF
from fpdf.fonts import TTFFont

from bot.settings import ROOT
from bot.slowly import Slow

FONTS = ROOT / "bot" / "web" / "node_modules"
_NOTO = "@expo-google-fonts/noto-sans"
_FILES = {
    ("noto", ""): f"{_NOTO}/400Regular/NotoSans_400Regular.ttf",
    ("noto", "B"): f"{_NOTO}/700Bold/NotoSans_700Bold.ttf",
    ("noto", "I"): f"{_NOTO}/400Regular_Italic/NotoSans_400Regular_Italic.ttf",
    ("arabic", ""): "@expo-google-fonts/noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
    ("javanese", ""): "@expo-google-fonts/noto-sans-javanese/400Regular/NotoSansJavanese_400Regular.ttf",
    ("chinese", ""): "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff",
}
_LETTERS = {
    "arabic": re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]"),
    "javanese": re.compile(r"[\ua980-\ua9df]"),
    "chinese": re.compile(r"[\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"),
}
_JOINED = ("arabic", "javanese")
_OTHERWISE = str.maketrans({"≤": "<=", "≥": ">=", "→": ">", "✓": "v", "\u200b": ""})

Style = Literal["", "B", "I"]

papers = Slow("papers", most=60, each=4)
"""Where pages for one person are made."""


class FontsMissing(RuntimeError):
    """The Node packages of bot/web are not installed, or are of a version before."""


class Paper(FPDF):  # type: ignore[misc]
    """A document in Indonesian; `write_line` says everything that is said on it.

    `lacking`: signs that no font here has, such as pictures; "?" stands for them.
    """

    def __init__(self, title: str, *, landscape: bool = False, size: tuple[float, float] | str = "A4") -> None:
        super().__init__(orientation="landscape" if landscape else "portrait", format=size)
        self.set_title(title)
        self.set_lang("id")
        self._scripts: list[str] = []
        self._known: set[int] = {ord("\n")}
        self.lacking: set[str] = set()
        for style in ("", "B", "I"):
            self._add("noto", style)
        self.set_font("noto", size=10)

    def style(self, size: float, style: Style = "") -> None:
        """How what follows is written."""
        self.set_font("noto", style, size)

    def ready(self, text: str) -> str:
        """The text as it can be printed; its fonts are put into the document."""
        clean = text.translate(_OTHERWISE)
        found = [name for name, letters in _LETTERS.items() if letters.search(clean)]
        for name in found:
            if name not in self._scripts:
                self._add(name, "")
                self._scripts.append(name)
                self.set_fallback_fonts(list(self._scripts), exact_match=False)
        self.set_text_shaping(any(name in _JOINED for name in found))
        lacking = {sign for sign in clean if ord(sign) not in self._known}
        self.lacking |= lacking
        return clean.translate({ord(sign): "?" for sign in lacking}) if lacking else clean

    def write_line(self, text: str, height: float = 5, align: Literal["L", "C", "R"] = "L") -> None:
        """A paragraph from the left margin."""
        self.multi_cell(0, height, self.ready(text), align=align, new_x="LMARGIN", new_y="NEXT")

    def _add(self, family: str, style: str) -> None:
        path: Path = FONTS / _FILES[family, style]
        if not path.is_file():
            raise FontsMissing(f"{path} is missing: run scripts/bootstrap")
        self.add_font(family, style, path)
        font = self.fonts[family + style]
        assert isinstance(font, TTFFont)
        self._known |= set(font.cmap)
