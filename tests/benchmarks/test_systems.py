"""Waiting for programs under measurement: one that has ended is told at once, not after the whole patience."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.systems import free_port, wait_for


def test_any_of_the_processes_that_ends_ends_the_wait() -> None:
    url = f"http://127.0.0.1:{free_port()}/health/ready"
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as lives:
        try:
            with subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"]) as ended:
                ended.wait()
                with pytest.raises(RuntimeError, match="ended with 3"):
                    wait_for(url, 50, lives, ended)
        finally:
            lives.kill()
