"""Reading a handed-in file in a process of its own, which is killed when it takes too long or too much.

Small files can unpack to anything, and a parser written in C keeps its thread until it is done. So no parser of such a
file runs in the web process or the worker, nor while a transaction is open.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.storage.transaction import in_transaction

SECONDS = 40.0
CPU_SECONDS = 30
MEMORY = 1_200_000_000  # bytes of addresses, of which a parser really uses about half
MOST_OUTPUT = 40_000_000
_PIECE = 1 << 16
OUT_OF_MEMORY = 3  # the child's exit code
_BY_LIMIT = {9, 24}  # SIGKILL, SIGXCPU
_REPOSITORY = Path(__file__).resolve().parents[2]
_long = ThreadPoolExecutor(2, "apart")
_short = ThreadPoolExecutor(2, "apart-short")  # a photo does not wait for a workbook
_SHORT = 20.0


class TookTooLong(Exception):
    """It was killed when its time was over."""


class TookTooMuch(Exception):
    """It needed more memory than it may have, or answered with more than anybody reads."""


class Died(Exception):
    """It ended without an answer."""


@dataclass(frozen=True, slots=True)
class Limits:
    seconds: float = SECONDS
    cpu_seconds: int = CPU_SECONDS
    memory: int = MEMORY


def apart(work: str, data: bytes, *arguments: str, limits: Limits = Limits()) -> Any:
    """What `work` ("module:function") returns for `data` and the arguments, as JSON carries it.

    Raises TookTooLong, TookTooMuch, Died. Nothing of the file stands on the command line.
    """
    command = [
        *(sys.executable, "-m", "bot.files.child", work),
        *(str(limits.memory), str(limits.cpu_seconds), *arguments),
    ]
    late = threading.Event()
    with subprocess.Popen(  # noqa: S603  # our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # libraries complain at length about what strangers wrote
        cwd=_REPOSITORY,
        env={"PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"},
        start_new_session=True,  # whatever it began ends with it
    ) as child:
        feeding = threading.Thread(target=_feed, args=(child, data), daemon=True)
        clock = threading.Timer(limits.seconds, _stop, (child, late))
        feeding.start()
        clock.start()
        try:
            said = _taken(child)
            if len(said) > MOST_OUTPUT:
                _end(child)
            ended = child.wait()
        finally:
            clock.cancel()
            _end(child)
            feeding.join()
    if ended == OUT_OF_MEMORY or len(said) > MOST_OUTPUT:
        raise TookTooMuch
    if late.is_set() or -ended in _BY_LIMIT:
        raise TookTooLong
    try:
        return json.loads(said)
    except (ValueError, RecursionError) as error:
        raise Died from error


def _stop(child: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Also those that it began, which would keep its output open."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _feed(child: subprocess.Popen[bytes], data: bytes) -> None:
    """From a thread of its own: it answers perhaps before it has read all."""
    assert child.stdin
    with suppress(OSError), child.stdin as pipe:
        pipe.write(data)


def _taken(child: subprocess.Popen[bytes]) -> bytearray:
    """Its answer; no more of it than shows that it is too long."""
    assert child.stdout
    taken = bytearray()
    while more := os.read(child.stdout.fileno(), min(_PIECE, MOST_OUTPUT + 1 - len(taken))):
        taken += more
    return taken


async def apart_from_loop(work: str, data: bytes, *arguments: str, limits: Limits = Limits()) -> Any:
    """The same without keeping the event loop; two at once, others wait. Not inside a transaction."""
    if in_transaction():
        raise RuntimeError("a file is read inside a transaction")
    pool = _short if limits.seconds <= _SHORT else _long
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: apart(work, data, *arguments, limits=limits))
