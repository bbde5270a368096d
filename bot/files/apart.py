"""Reading a handed-in file in a process of its own, which is killed when it takes too long or too much.

Small files can unpack to anything, and a parser written in C keeps its thread until it is done. So no parser of such a
file runs in the web process or the worker, nor while a transaction is open.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.storage.transaction import in_transaction

SECONDS = 40.0
CPU_SECONDS = 30
MEMORY = 1_200_000_000  # bytes of addresses, of which a parser really uses about half
MOST_OUTPUT = 40_000_000
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
    try:
        done = subprocess.run(  # noqa: S603  # our own module
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries complain at length about what strangers wrote
            timeout=limits.seconds,
            cwd=_REPOSITORY,
            env={"PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLong from error
    if done.returncode == OUT_OF_MEMORY or len(done.stdout) > MOST_OUTPUT:
        raise TookTooMuch
    if -done.returncode in _BY_LIMIT:
        raise TookTooLong
    try:
        return json.loads(done.stdout)
    except ValueError as error:
        raise Died from error


async def apart_from_loop(work: str, data: bytes, *arguments: str, limits: Limits = Limits()) -> Any:
    """The same without keeping the event loop; two at once, others wait. Not inside a transaction."""
    if in_transaction():
        raise RuntimeError("a file is read inside a transaction")
    pool = _short if limits.seconds <= _SHORT else _long
    return await asyncio.get_running_loop().run_in_executor(pool, lambda: apart(work, data, *arguments, limits=limits))
