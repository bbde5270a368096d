"""The words of a draft, found in their source."""

from __future__ import annotations

from bot.standards.marking import pieces
from bot.standards.work import Work, WorkLine

SOURCE = "Syarat:\n1. Fotokopi\n   KTP  pemohon\n2. NPWP\n3. Fotokopi KTP pemohon\n"


def _work(*printed: str) -> Work:
    return Work(title="Izin uji", requirements=[WorkLine(printed=one, text=one) for one in printed])


def test_the_whole_source_stays_and_white_space_may_differ() -> None:
    marked = pieces(SOURCE, _work("Fotokopi KTP pemohon", "NPWP"))
    assert "".join(one.text for one in marked) == SOURCE
    assert [(one.key, one.text) for one in marked if one.key] == [
        ("requirements-0", "Fotokopi\n   KTP  pemohon"),
        ("requirements-1", "NPWP"),
    ]


def test_a_line_that_stands_twice_is_marked_where_no_other_has_it() -> None:
    marked = {one.key: one.text for one in pieces(SOURCE, _work("Fotokopi KTP pemohon", "Fotokopi KTP pemohon"))}
    assert marked["requirements-0"] == "Fotokopi\n   KTP  pemohon"
    assert marked["requirements-1"] == "Fotokopi KTP pemohon"


def test_what_is_not_there_is_not_marked() -> None:
    assert [one.key for one in pieces(SOURCE, _work("Surat kuasa", "a "))] == [""]
    assert pieces("", _work("NPWP")) == []
