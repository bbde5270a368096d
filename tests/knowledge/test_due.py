"""Facts due for a second reading: by date, by document, and as the command tells it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bot.commands.work.due import tell
from bot.errors import CannotRun
from bot.knowledge.due import NO_DATE, due, resting_on
from bot.knowledge.models import Knowledge

LONG_AGO, FAR = date(2020, 1, 1), date(2100, 1, 1)


def test_nothing_is_due_before_the_first_date(knowledge: Knowledge) -> None:
    assert due(knowledge, LONG_AGO) == [], "every national fact and guide has a review date"


def test_a_fact_is_due_on_its_day_and_not_the_day_before(knowledge: Knowledge) -> None:
    ids = {until: {one.id for one in due(knowledge, until)} for until in (date(2027, 1, 30), date(2027, 1, 31))}
    assert "akun-wa-oss" not in ids[date(2027, 1, 30)]
    assert "akun-wa-oss" in ids[date(2027, 1, 31)]


def test_everything_is_due_in_the_end_oldest_first(knowledge: Knowledge) -> None:
    found = due(knowledge, FAR)
    facts = {one.id for one in found if one.kind == "fact"}
    assert facts == set(knowledge.national)
    assert {one.id for one in found if one.kind == "guide"} >= {"oss-nib", "oss-akun", "lkpm"}
    assert [one.review for one in found] == sorted(one.review for one in found)


def test_what_has_no_date_is_due_at_once(knowledge: Knowledge) -> None:
    undated = knowledge.national["akun-wa-oss"].model_copy(update={"review": None})
    changed = knowledge.model_copy(update={"national": {**knowledge.national, "akun-wa-oss": undated}})
    assert [(one.id, one.review) for one in due(changed, LONG_AGO)] == [("akun-wa-oss", NO_DATE)]


def test_a_fact_names_the_entries_that_change_with_it(knowledge: Knowledge) -> None:
    found = {one.id: one for one in due(knowledge, FAR)}
    assert "lkpm-cara" in found["lkpm-hanya-oss"].said_in
    assert "lkpm-macet" in found["akun-wa-oss"].said_in


def test_everything_that_rests_on_a_document(knowledge: Knowledge) -> None:
    ids = {one.id for one in resting_on(knowledge, "pp-28-2025")}
    national = {one.id for one in knowledge.national.values() if one.source.document == "pp-28-2025"}
    assert national <= ids
    assert "oss-nib/step/utama/14" in ids
    assert not any(one.startswith("magetan") for one in {one.id for one in resting_on(knowledge, "S3")})


def test_the_command_lists_by_document_and_says_by_its_code_that_work_waits() -> None:
    lines: list[str] = []
    assert tell(LONG_AGO, "", as_json=False, say=lines.append) == 0
    assert lines == ["0 due until 2020-01-01"]
    assert tell(date(2027, 1, 31), "", as_json=False, say=lines.append) == 1
    assert any(line.startswith("  2027-01-31  fact   akun-wa-oss: ") for line in lines)
    assert any("said in: " in line for line in lines)
    lines.clear()
    assert tell(LONG_AGO, "permenperin-37-2025", as_json=True, say=lines.append) == 0
    assert {"oss-pemenuhan/step/utama/4"} <= {one["id"] for one in json.loads(lines[0])}
    with pytest.raises(CannotRun, match="no document nix"):
        tell(FAR, "nix", as_json=False)
