"""The line about what takes long: which step, what is left, on a terminal and elsewhere."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from bot import progress
from bot.progress import Progress
from bot.settings import ROOT

STEPS = {"Preparing": 4.0, "Training": 30.0, "Starting": 10.0}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Nothing looks by itself, and time passes when it is told to."""
    monkeypatch.setattr(progress, "LOOK", 3600.0)
    monkeypatch.setenv("TERM", "xterm")
    return Clock()


def test_what_is_over_soon_is_not_told(clock: Clock) -> None:
    out = io.StringIO()
    shown = Progress(STEPS, out, clock)
    with shown.step("Preparing"):
        clock.now += 2.9
        shown.look()
    assert out.getvalue() == ""


def test_elsewhere_than_on_a_terminal_it_is_one_line_and_its_end(clock: Clock) -> None:
    out = io.StringIO()
    shown = Progress(STEPS, out, clock)
    with shown.step("Preparing"):
        clock.now += 1
    with shown.step("Training"):
        for _ in range(20):
            clock.now += 1
            shown.look()
    assert out.getvalue() == "  [2/3] Training: 3 s, about 37 s left\n  Training: done in 20 s\n"


def test_on_a_terminal_one_line_is_renewed_and_gone_before_anything_else(clock: Clock) -> None:
    out = Terminal()
    shown = Progress(STEPS, out, clock)
    with shown.step("Training"):
        for _ in range(4):
            clock.now += 1
            shown.look()
        shown.say("a word")
    gone = "\r\x1b[K"
    assert out.getvalue() == (
        f"{gone}  [1/3] Training: 3 s, about 41 s left"
        f"{gone}  [1/3] Training: 4 s, about 40 s left"
        f"{gone}a word\n  Training: done in 4 s\n"
    )


def test_a_terminal_that_is_narrow_or_dumb(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((20, 5)))
    monkeypatch.setattr(Terminal, "fileno", lambda self: 1)
    out = Terminal()
    shown = Progress(STEPS, out, clock)
    shown.begin("Training")
    clock.now += 3
    shown.look()
    assert out.getvalue() == "\r\x1b[K  [1/3] Training: 3", "never a second line, which could not be renewed"
    monkeypatch.setenv("TERM", "dumb")
    shown.look()
    assert "left\n" not in out.getvalue(), "told once"


def test_side_by_side_the_first_is_told_and_the_rest_counted(clock: Clock) -> None:
    shown = Progress(STEPS, io.StringIO(), clock)
    shown.begin("Training")
    shown.begin("Preparing")
    clock.now += 10
    assert shown.line("Training") == "[1/3] Training: 10 s, about 30 s left"
    shown.end("Preparing")
    shown.more("Training", 25)
    assert shown.line("Training") == "[2/3] Training: 10 s, about 55 s left"
    shown.end("Training")
    shown.begin("Starting")
    clock.now += 60
    assert shown.line("Starting") == "[3/3] Starting: 60 s, longer than usual"


def test_what_is_not_needed_does_not_count(clock: Clock) -> None:
    shown = Progress(STEPS, io.StringIO(), clock)
    shown.skip("Training")
    shown.begin("Preparing")
    assert shown.line("Preparing") == "[1/2] Preparing: 0 s, about 14 s left"


def test_a_step_that_fails_is_not_told_as_done(clock: Clock) -> None:
    out = Terminal()
    shown = Progress(STEPS, out, clock)
    with pytest.raises(ValueError, match="broken"), shown.step("Training"):
        clock.now += 5
        shown.look()
        raise ValueError("broken")
    assert out.getvalue().endswith("\r\x1b[K")
    assert not shown.look(), "nothing goes on"


def test_it_looks_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LOOK", 0.01)
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    out = io.StringIO()
    shown = Progress(STEPS, out)
    with shown.step("Training"):
        deadline = time.monotonic() + 10
        while "Training" not in out.getvalue():
            assert time.monotonic() < deadline
            time.sleep(0.01)


@pytest.mark.parametrize("ends", ["by a signal", "with who started it"])
def test_as_a_program_beside_an_installation(ends: str) -> None:
    """Any Python runs it, and no half a line stays."""
    program = f"exec {sys.executable} -I bot/progress.py 2 3 Installing 60"
    beside = subprocess.Popen(
        ["sh", "-c", program if ends == "by a signal" else f"({program}) & read line"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert beside.stdin is not None and beside.stderr is not None
    with beside.stdin, beside.stderr:
        assert re.fullmatch(r"  \[2/3\] Installing: \d+ s, about \d+ s left\n", beside.stderr.readline())
        if ends == "by a signal":
            beside.send_signal(signal.SIGTERM)
        else:
            beside.stdin.close()
        assert beside.stderr.read() == "", "ends, which closes it"
    assert beside.wait(10) == (0 if ends == "by a signal" else 1)
