"""The process in which one file is read: from standard input, answered with one JSON value."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Sequence

from bot.files.apart import OUT_OF_MEMORY

_PARENTS_DEATH = 1  # PR_SET_PDEATHSIG


def main(arguments: Sequence[str]) -> int:
    work, memory, cpu_seconds, *further = arguments
    _limit(int(memory), int(cpu_seconds))
    try:
        data = sys.stdin.buffer.read()
        module, _, name = work.partition(":")
        answer = getattr(importlib.import_module(module), name)(data, *further)
        sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _limit(memory: int, cpu_seconds: int) -> None:
    """No files are written, little memory and time are had; the parent also watches the clock, and takes it along."""
    if sys.platform == "linux":  # before all else: a parent that dies first takes nobody along
        ctypes.CDLL(None).prctl(_PARENTS_DEATH, signal.SIGKILL)
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
