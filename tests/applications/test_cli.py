"""`pandu applications` as an officer's technician uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.applications.numbers import claim_code_in, number_in
from bot.commands.work import applications as work
from bot.conversations.runtime import Runtime
from bot.errors import CannotRun

SAMPLE = Path(__file__).parents[2] / "docs" / "contoh-permohonan.csv"


@pytest.fixture
async def desk(runtime: Runtime) -> AsyncIterator[Runtime]:
    async with runtime.database.session() as session:
        await session.execute(text("truncate applications, api_keys, office_closed_days cascade"))
    yield runtime
    async with runtime.database.session() as session:
        await session.execute(text("truncate applications, api_keys, office_closed_days cascade"))


async def test_from_the_sample_list_to_the_receipt(
    desk: Runtime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await work.import_list(desk, SAMPLE, "sari", True, False) == 0
    assert "Nothing was written: this was a preview" in capsys.readouterr().out
    assert await work.import_list(desk, SAMPLE, "sari", False, False) == 0
    assert "0 wrong" in capsys.readouterr().out
    await work.show_list(desk, "magetan", "", 5)
    number = number_in(capsys.readouterr().out)
    assert number
    await work.show_one(desk, number, "sari")
    said = capsys.readouterr().out
    assert "Tahap:" in said and "Next: " in said
    out = tmp_path / "tanda.pdf"
    await work.print_receipt(desk, number, out, "sari")
    assert claim_code_in(capsys.readouterr().out)
    assert out.read_bytes().startswith(b"%PDF-") and out.read_bytes().count(b"/Type /Page\n") == 1


async def test_adding_advancing_and_what_is_due(desk: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    await work.add_one(desk, {"service": "kudus-iui", "phones": ["081234567890"], "stage": "visitasi"}, "sari")
    number = number_in(capsys.readouterr().out) or ""
    await work.show_due(desk, "")
    assert "No promise is about to break" in capsys.readouterr().out
    await work.advance_one(desk, number.lower(), "validasi", "sari", "", "", "", False)
    assert "is now in stage validasi" in capsys.readouterr().out
    with pytest.raises(CannotRun, match="no way from validasi"):
        await work.advance_one(desk, number, "akun", "sari", "", "", "", False)
    with pytest.raises(CannotRun, match="mistyped"):
        await work.advance_one(desk, number[:-1] + "0", "terbit", "sari", "", "", "", False)
    with pytest.raises(CannotRun, match="no date"):
        await work.advance_one(desk, number, "terbit", "sari", "", "kemarin", "", False)
    await work.advance_one(desk, number, "visitasi", "sari", "salah catat", "", "validasi", True)


async def test_a_closed_day_moves_the_promise(desk: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    await work.add_one(desk, {"service": "kudus-iui", "stage": "visitasi"}, "sari")
    await work.show_list(desk, "", "", 1)
    before = capsys.readouterr().out.split("due ")[1].strip()
    await work.close_day(desk, "kudus", before, "upacara")
    capsys.readouterr()
    await work.show_list(desk, "", "", 1)
    after = capsys.readouterr().out.split("due ")[1].strip()
    assert date.fromisoformat(after) > date.fromisoformat(before)
    with pytest.raises(CannotRun, match="no office"):
        await work.close_day(desk, "jakarta", before, "x")


async def test_keys(desk: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    await work.add_key(desk, "sistem", "kudus")
    key = capsys.readouterr().out.splitlines()[0]
    await work.list_keys(desk)
    listed = capsys.readouterr().out
    assert "sistem" in listed and key not in listed
    with pytest.raises(CannotRun, match="already"):
        await work.add_key(desk, "sistem", "")
    await work.revoke_key(desk, "sistem")
    with pytest.raises(CannotRun, match="no key in use"):
        await work.revoke_key(desk, "sistem")


async def test_a_file_that_is_no_list_is_one_sentence(desk: Runtime, tmp_path: Path) -> None:
    wrong = tmp_path / "x.csv"
    wrong.write_text("nama;umur\nBudi;3\n")
    with pytest.raises(CannotRun, match=r"x.csv: missing column: nomor, layanan, tanggal_masuk"):
        await work.import_list(desk, wrong, "sari", False, False)
