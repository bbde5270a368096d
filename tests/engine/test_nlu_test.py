"""`pandu nlu test`: the counting, on answers written by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue import nlu_test
from bot.dialogue.nlu_test import UnusableFile, as_text, evaluate, read_rows


def understood(*names: str, direct: bool = True) -> dict[str, Any]:
    ranking = [{"name": name, "confidence": 0.5} for name in names]
    return {"intent": names[0] if direct and names else "nlu_fallback", "confidence": 0.5, "ranking": ranking}


def write(folder: Path, *rows: Any) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n", "utf-8")
    return path


def test_the_figures(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"id": "a", "text": "halo", "family": "greet", "domain": "x"},
        {"id": "b", "text": "otp tidak masuk", "family": "account_problem", "also": ["complaint"], "domain": "x"},
        {"id": "c", "text": "capek", "family": "account_problem", "also": ["complaint", "other"], "domain": "y"},
        {"id": "d", "text": "pagi", "family": "greet"},
    )
    answers = [
        understood("start", "thanks"),
        understood("otp_not_received"),
        understood("complaint", "ask_cost"),
        understood("thanks", "deny", "greet", direct=False),
    ]
    report = evaluate(read_rows(path), lambda texts: answers[: len(texts)])
    assert (report.n, report.strict, report.lenient, report.top3) == (4, 0.5, 0.75, 1.0)
    assert (report.direct_share, report.direct_right, report.right) == (0.75, 1.0, 0.75)
    assert report.macro_f1 == pytest.approx(2 / 3, abs=1e-4)
    assert report.confusions == [{"family": "greet", "predicted": "thanks", "count": 1}]
    assert report.slices["domain"] == {
        "x": {"n": 2, "strict": 1.0, "lenient": 1.0},
        "y": {"n": 1, "strict": 0.0, "lenient": 1.0},
    }
    assert "75.0%" in as_text(report)


def test_an_answer_without_any_guess_is_out_of_scope(tmp_path: Path) -> None:
    path = write(tmp_path, {"text": "?", "family": "out_of_scope"})
    report = evaluate(read_rows(path), lambda texts: [understood()])
    assert (report.strict, report.direct_share, report.direct_right, report.right) == (1.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("row", [{"text": "x"}, {"text": "x", "family": "nonsense"}, {"text": 1, "family": "greet"}, 5])
def test_an_unusable_line_is_named(tmp_path: Path, row: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, {"text": "halo", "family": "greet"}, row)
    with pytest.raises(UnusableFile, match="line 2"):
        read_rows(path)
    assert nlu_test.run(path, as_json=True) == 2
    assert "line 2" in capsys.readouterr().err


def test_json_holds_the_agreed_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class FakeEngine:
        def __enter__(self) -> Any:
            return lambda texts: [understood("greet") for _ in texts]

        def __exit__(self, *_: Sequence[object]) -> None:
            pass

    monkeypatch.setattr(nlu_test, "parsing_engine", FakeEngine)
    assert nlu_test.run(write(tmp_path, {"text": "halo", "family": "greet"}), as_json=True) == 0
    assert set(json.loads(capsys.readouterr().out)) == {
        "n", "strict", "lenient", "macro_f1", "direct_share", "direct_right", "right", "top3", "confusions", "slices"
    }  # fmt: skip
