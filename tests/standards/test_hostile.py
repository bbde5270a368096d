"""Files that must not be read end in one sentence, soon, and keep nothing."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image
from typer.testing import CliRunner

from bot.commands.main import app
from bot.standards import refusal
from bot.standards.files import MOST_BYTES
from bot.standards.reading import read_data, read_path
from bot.standards.refusal import Refused
from tests.standards import kinds


def _zip(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _added(data: bytes, name: str, content: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def _scan() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(picture, "PNG")
    document = FPDF()
    document.add_page()
    document.image(picture, w=150)
    return bytes(document.output())


def _many_cells() -> bytes:
    """A sheet that is small on disk and holds two million cells."""
    row = b"<row>" + b'<c t="n"><v>1</v></c>' * 100 + b"</row>"
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with zipfile.ZipFile(io.BytesIO(kinds.sheet())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet + row * 20_000 + b"</sheetData></worksheet>"
    return _zip(parts)


RECIPE = b"Nasi goreng\n\n1. Nasi\n2. Telur\n\n1. Panaskan minyak\n2. Masukkan nasi\n"
FILES = {
    "empty.txt": (lambda: b" \n ", refusal.EMPTY),
    "recipe.txt": (lambda: RECIPE, refusal.NO_STANDARD),
    "letter.txt": (lambda: b"Kepada Yth. Kepala Dinas, mohon izin tidak masuk kerja.\n" * 3, refusal.NO_STANDARD),
    "noise.txt": (lambda: bytes(range(256)) * 40, refusal.UNKNOWN_KIND),
    "picture.pdf": (lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 500, refusal.UNKNOWN_KIND),
    "locked.pdf": (lambda: kinds.pdf("rahasia"), refusal.PDF_LOCKED),
    "broken.pdf": (lambda: kinds.pdf()[:400], refusal.BROKEN),
    "scan.pdf": (_scan, refusal.PDF_SCAN),
    "old.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 2000, refusal.OLD_OFFICE),
    "macro.docx": (lambda: _added(kinds.word(), "word/vbaProject.bin", b"x"), refusal.MACROS),
    "macro.xlsx": (lambda: _added(kinds.sheet(), "xl/vbaProject.bin", b"x"), refusal.MACROS),
    "broken.docx": (lambda: _zip({"word/document.xml": b"<w:document"}), refusal.BROKEN),
    "broken.xlsx": (lambda: _zip({"xl/workbook.xml": b"<workbook"}), refusal.BROKEN),
    "half.docx": (lambda: kinds.word()[:3000], refusal.BROKEN),
    "other.zip": (lambda: _zip({"a.txt": b"Persyaratan"}), refusal.UNKNOWN_KIND),
    "bomb.xlsx": (lambda: _added(kinds.sheet(), "xl/media/x.bin", b"0" * 80_000_000), refusal.UNPACKS_TOO_BIG),
    "cells.xlsx": (_many_cells, refusal.UNPACKS_TOO_BIG),
    "script.html": (lambda: b"<!doctype html><html><script>alert('Persyaratan')</script></html>", refusal.HTML_EMPTY),
    "big.txt": (lambda: b"Persyaratan\n" * (MOST_BYTES // 10), refusal.TOO_BIG),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_ends_in_one_sentence(name: str) -> None:
    make, sentence = FILES[name]
    with pytest.raises(Refused) as refused:
        read_data(make(), name)
    assert str(refused.value) == sentence


def test_a_reader_that_takes_too_long_is_killed() -> None:
    started = time.monotonic()
    with pytest.raises(Refused) as refused:
        read_data(kinds.pdf(), "slow.pdf", seconds=0.05)
    assert str(refused.value) == refusal.TOO_LONG
    assert time.monotonic() - started < 5


def test_entities_of_a_document_are_not_expanded() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        f'<!ENTITY {chr(97 + n)}1 "{f"&{chr(96 + n)}1;" * 10 if n else "&a;" * 10}">'.encode() for n in range(20)
    )
    document = bomb + b"]><w:document>&t1;</w:document>"
    with pytest.raises(Refused):
        read_data(_zip({"word/document.xml": document, "[Content_Types].xml": b"<Types/>"}), "bomb.docx")


def test_scripts_of_a_page_are_neither_run_nor_read() -> None:
    page = kinds.page().replace(b"<h2>", b"<script>document.write('Biaya: 5 juta')</script><h2 onclick='x()'>")
    told = read_data(page, "page.html").model_dump_json()
    assert "5 juta" not in told and "onclick" not in told


@pytest.mark.parametrize(
    "text", ["Persyaratan " + "1 a. " * 20_000, "(" * 50_000, "1. " * 30_000 + "izin", "Biaya: " + "a b " * 20_000]
)
def test_odd_texts_are_read_in_time(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(Refused):
        read_data(text.encode(), "odd.txt", seconds=20)
    assert time.monotonic() - started < 15


def test_the_command_prints_json_and_fails_with_a_sentence(tmp_path: Path) -> None:
    good, bad = tmp_path / "standar.docx", tmp_path / "bukan.txt"
    good.write_bytes(kinds.word())
    bad.write_text("Halo", "utf-8")
    runner = CliRunner()
    told = runner.invoke(app, ["standards", "read", str(good), "--json"])
    assert told.exit_code == 0 and '"layout": "table"' in told.stdout
    assert runner.invoke(app, ["standards", "read", "-", "--json"], input=kinds.text()).exit_code == 0
    for file in (bad, tmp_path / "tidak-ada.txt"):
        failed = runner.invoke(app, ["standards", "read", str(file), "--json"])
        assert (failed.exit_code, failed.stdout) == (1, "")
        assert failed.stderr.strip() in (refusal.NO_STANDARD, refusal.NOT_THERE)


def test_a_file_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_path(tmp_path)
    assert str(refused.value) == refusal.NOT_THERE
