"""Importing the classification: the files' shapes, what is refused, and that processes notice."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kbli.classification import Shelf
from bot.kbli.importing import NotAClassification, import_file
from bot.kbli.models import KbliCode, KbliImport, KbliLink, KbliRisk
from bot.sheets import Unreadable
from bot.storage.database import Database

CODES = (
    "code,title,description,title_agrees\n"
    "56304,Aktivitas Kedai Minuman,Kelompok ini mencakup kedai.,1\n01111,Pertanian Jagung,Jagung.,1\n"
)
REGULATION = (
    "Kategori;Kode KBLI 2025;Judul KBLI;Uraian;Padanan KBLI 2020\n"
    "A;A;Pertanian;;\nA;01;Pertanian tanaman;;\nA;011;Semusim;;\nA;0111;Serealia;;\n"
    "A;01111;Pertanian Jagung;Jagung.;01111\nI;56102;Makanan Keliling;Tenda.;56103, 56104\n"
)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


async def count(session: AsyncSession, kind: type[object]) -> int:
    return await session.scalar(select(func.count()).select_from(kind)) or 0


async def test_codes_links_risks(session: AsyncSession, tmp_path: Path) -> None:
    report = await import_file(session, written(tmp_path, "kbli_2025.csv", CODES), "dewi")
    assert report.parts == {"kbli-2025": 2}
    links = "code_2020,code_2025,change,suspicious\n56304,56304,Tetap,0\n14111,17091,-,1\n"
    assert (await import_file(session, written(tmp_path, "l.csv", links), "dewi")).parts == {"links": 2}
    risks = "code,scale,risk\n56304,mikro,Rendah\n56304,Usaha Kecil,menengah rendah\n"
    assert (await import_file(session, written(tmp_path, "r.csv", risks), "dewi")).parts == {"risks": 2}
    assert [await count(session, one) for one in (KbliCode, KbliLink, KbliRisk, KbliImport)] == [2, 2, 2, 3]


async def test_again_replaces_and_the_other_edition_stays(session: AsyncSession, tmp_path: Path) -> None:
    path = written(tmp_path, "kbli_2025.csv", CODES)
    for _ in range(2):
        await import_file(session, path, "dewi")
    await import_file(session, written(tmp_path, "lama.csv", CODES), "dewi", 2020)
    assert await count(session, KbliCode) == 4


async def test_the_columns_of_the_regulation(session: AsyncSession, tmp_path: Path) -> None:
    report = await import_file(session, written(tmp_path, "lampiran 2025.csv", REGULATION), "dewi")
    assert report.parts == {"kbli-2025": 2, "links": 3} and report.skipped == 4


async def test_a_spreadsheet_took_the_zeros(session: AsyncSession, tmp_path: Path) -> None:
    text = "kode,judul\n1111,Jagung\n56304,Kedai\n"
    await import_file(session, written(tmp_path, "2025.csv", text), "dewi")
    assert set(await session.scalars(select(KbliCode.code))) == {"01111", "56304"}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("kbli.csv", CODES, "edition"),
        ("2025.csv", "nomor,apa\n1,2\n", "no columns"),
        ("2025.csv", "kode,judul\n56304,Kedai\n56304,Kedai\n", "stands twice"),
        ("2025.csv", "kode,judul\n5630A,Kedai\n", "no code"),
        ("2025.csv", "kode,judul\n56304,\n", "no title"),
        ("2025.csv", "kode,judul\nA,Pertanian\n", "no row"),
        ("2025.csv", "code,scale,risk\n56304,raksasa,Rendah\n", "unknown"),
        ("2025.csv", "code_2020,code_2025\nx,56304\n", "not two codes"),
    ],
)
async def test_refused(session: AsyncSession, tmp_path: Path, name: str, text: str, reason: str) -> None:
    with pytest.raises(NotAClassification, match=reason):
        await import_file(session, written(tmp_path, name, text), "dewi")
    assert await count(session, KbliCode) == 0


async def test_no_table(session: AsyncSession, tmp_path: Path) -> None:
    (tmp_path / "2025.csv").write_bytes(b"\0\1\2")
    with pytest.raises(Unreadable):
        await import_file(session, tmp_path / "2025.csv", "dewi")


async def test_every_process_reads_again_after_an_import(database: Database, tmp_path: Path) -> None:
    shelf = Shelf()
    assert await shelf.get(database) is None
    try:
        async with database.session() as session:
            await import_file(session, written(tmp_path, "kbli_2025.csv", CODES), "dewi")
        first = await shelf.get(database)
        assert first and set(first.codes) == {"56304", "01111"} and first is await shelf.get(database)
        async with database.session() as session:
            await import_file(session, written(tmp_path, "r.csv", "code,scale,risk\n56304,mikro,Rendah\n"), "dewi")
        second = await shelf.get(database)
        assert second and second.risks == {"56304": {"mikro": ("Rendah",)}}
    finally:
        async with database.session() as session:
            for kind in (KbliCode, KbliRisk, KbliImport):
                for row in (await session.scalars(select(kind))).all():
                    await session.delete(row)
