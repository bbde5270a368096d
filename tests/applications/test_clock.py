"""Working days and promises."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.applications.clock import reckon
from bot.working_days import Calendar, is_known, unknown_years

PLAIN = Calendar()
DAYS = st.dates(date(2025, 1, 1), date(2027, 6, 30))


def test_holidays_and_cuti_bersama_do_not_count() -> None:
    assert not PLAIN.works(date(2026, 12, 25))  # Natal
    assert not PLAIN.works(date(2026, 12, 24))  # cuti bersama
    assert not PLAIN.works(date(2026, 11, 22))  # Sunday
    assert PLAIN.works(date(2026, 12, 23))
    assert PLAIN.after(date(2026, 12, 23), 1) == date(2026, 12, 28)
    assert not Calendar(frozenset({date(2026, 12, 23)})).works(date(2026, 12, 23))


def test_years_without_a_settled_list_are_named() -> None:
    assert is_known(2026) and is_known(2027)
    assert unknown_years(date(2028, 5, 1)) == [2028, 2029]
    assert unknown_years(date(2026, 11, 22)) == []


@given(DAYS, st.integers(0, 60))
def test_after_and_between_agree(start: date, days: int) -> None:
    end = PLAIN.after(start, days)
    assert PLAIN.between(start, end) == days
    assert days == 0 or PLAIN.works(end)


@given(DAYS, st.integers(0, 200), st.integers(0, 200))
def test_days_add_up(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(first), start + timedelta(first + second)
    assert PLAIN.between(start, middle) + PLAIN.between(middle, end) == PLAIN.between(start, end)


def test_a_promise_runs_from_its_start() -> None:
    found = reckon(PLAIN, 5, [(date(2026, 11, 2), False), (date(2026, 11, 16), True)], date(2026, 11, 18))
    assert (found.started, found.elapsed, found.left, found.over) == (date(2026, 11, 16), 2, 3, 0)
    assert found.due_on == date(2026, 11, 23)


def test_a_pause_does_not_count() -> None:
    marks = [(date(2026, 11, 9), True), (date(2026, 11, 11), False), (date(2026, 11, 16), True)]
    paused = reckon(PLAIN, 5, marks[:2], date(2026, 11, 13))
    assert (paused.running, paused.elapsed, paused.due_on) == (False, 2, None)
    again = reckon(PLAIN, 5, marks, date(2026, 11, 17))
    assert (again.elapsed, again.due_on) == (3, date(2026, 11, 19))


def test_a_promise_that_never_started_or_is_broken() -> None:
    assert reckon(PLAIN, 5, [(date(2026, 11, 2), False)], date(2026, 11, 18)).started is None
    late = reckon(PLAIN, 5, [(date(2026, 11, 2), True)], date(2026, 11, 18))
    assert (late.due_on, late.over, late.left) == (date(2026, 11, 9), 7, 0)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[tuple[date, bool]], date]:
    day = draw(DAYS)
    marks = []
    for _ in range(draw(st.integers(1, 8))):
        marks.append((day, draw(st.booleans())))
        day += timedelta(draw(st.integers(0, 20)))
    return marks, day


@given(histories(), st.integers(1, 30))
def test_whatever_the_history(history: tuple[list[tuple[date, bool]], date], promised: int) -> None:
    marks, today = history
    found = reckon(PLAIN, promised, marks, today)
    assert 0 <= found.elapsed <= PLAIN.between(marks[0][0], today)
    assert found.left + found.elapsed - found.over == promised
    assert found.running == marks[-1][1]
    assert (found.started is None) == (not any(runs for _, runs in marks))
    assert (found.due_on is not None) == found.running
    if found.running and found.left > 0:
        assert found.due_on is not None and found.due_on >= today
        assert PLAIN.between(today, found.due_on) == found.left
    elif found.over > 0 and found.running:
        assert found.due_on is not None and found.due_on < today


def test_what_ran_out_before_a_pause_stays_run_out() -> None:
    marks = [(date(2026, 11, 2), True), (date(2026, 11, 6), False), (date(2026, 11, 20), True)]
    found = reckon(PLAIN, 2, marks, date(2026, 11, 20))
    assert (found.over, found.due_on) == (2, date(2026, 11, 4))
