"""The system user of the embedded database."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.processes import owner


def test_two_that_start_at_once_make_one_user(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    both_missed_it = threading.Barrier(2, timeout=30)

    def known(_: str) -> str:
        if made:
            return made[0]
        if owner_missing.acquire(blocking=False):
            both_missed_it.wait()
        raise KeyError

    def useradd(*_: Any, **__: Any) -> subprocess.CompletedProcess[str]:
        made.append(f"user {len(made)}")
        return subprocess.CompletedProcess([], 0, "", "")

    owner_missing = threading.Semaphore(2)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: "/usr/sbin/useradd")
    monkeypatch.setattr(pwd, "getpwnam", known)
    monkeypatch.setattr(subprocess, "run", useradd)
    with ThreadPoolExecutor(2) as at_once:
        found: list[object] = [one.result() for one in [at_once.submit(owner.database_user) for _ in range(2)]]
    assert found == ["user 0", "user 0"] and len(made) == 1
