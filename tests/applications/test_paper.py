"""Names of every script that is written in here stand on a receipt."""

from __future__ import annotations

import logging
from datetime import date

import pypdfium2
import pytest

from bot import paper
from bot.applications.receipt import Claim, receipts
from bot.applications.service import NewApplication, Register, add
from bot.paper import FontsMissing, Paper

NAMES = [
    "Nguyễn Thị Bích Ngọc Contoh",
    "Rasyīd Ḥasan ʿAbdurraḥmān",
    "أحمد رشيد",
    "ꦧꦸꦢꦶꦱꦤ꧀ꦠꦺꦴꦱ",
    "陈小明",
    "陳大文",
    "Siti “Contoh” binti Budi – UD Maju ≤ 5",
    "Raden Ajeng " + "Contohwulandari " * 10 + "binti Contohningrat",
]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_stands_on_its_receipt(register: Register, name: str, caplog: pytest.LogCaptureFixture) -> None:
    new = NewApplication(
        service="kudus-iui", received_on=date(2026, 11, 2), reference="B/1", applicant=name, business="PT Contoh 林"
    )
    done = await add(register, new, "uji")
    with caplog.at_level(logging.WARNING, logger="fpdf"):
        pdf = receipts(register, [(done.application, Claim("ABCD-2345", date(2026, 12, 2), ""))])
    assert "?" not in text_of(pdf).replace("izin saya?", "") and not caplog.records
    assert len(pypdfium2.PdfDocument(pdf)) == 1
    written = "".join(text_of(pdf).split())
    assert "林" in written
    if name.isascii() or name.startswith(("Nguy", "Rasy", "陈", "陳")):
        assert "".join(name.split()) in written


def test_a_sign_that_no_font_has_is_told() -> None:
    page = Paper("uji")
    page.add_page()
    page.write_line("pabrik \U0001f3ed siap")
    assert page.lacking == {"\U0001f3ed"}
    assert "pabrik ? siap" in text_of(bytes(page.output()))


def test_missing_fonts_say_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(paper, "FONTS", tmp_path)
    with pytest.raises(FontsMissing, match="scripts/bootstrap"):
        Paper("uji")
