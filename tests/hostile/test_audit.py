"""`make audit`, for which "could not look" is not "nothing found"."""

from __future__ import annotations

import json

import pytest

from scripts import audit
from scripts.audit import asked_about, judge

FINE = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}
UNKNOWN = {"name": "c", "skip_reason": "not found on PyPI"}


@pytest.mark.parametrize(
    ("found", "code", "said"),
    [
        ([FINE], 0, "1 packages looked up, 0 vulnerable, 0 unknown"),
        ([FINE, BAD, UNKNOWN], 1, "b 2: PYSEC-1, fixed in 3"),
        ([FINE, UNKNOWN], 2, "nothing is known about c"),
        (None, 2, "not audited (no network)"),
    ],
)
def test_what_follows_from_an_answer(
    found: list[object] | None, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    output = "" if found is None else json.dumps({"dependencies": found})
    assert judge("application", output, "…\nno network") == code
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("program", ["not-there-at-all", "false"])
def test_a_program_that_is_missing_or_fails_is_no_verdict(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "EXPORT", [program])
    assert judge("application", *asked_about(audit.ROOT)) == 2
