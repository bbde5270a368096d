"""Cases fed to a target, and measured: failures, the slowest case, growth of memory."""

from __future__ import annotations

import faulthandler
import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import psutil

from tests.hostile.fuzzing.targets import Target

SLOW = 2.0  # seconds of processor time for one case: a failure, however busy the machine is
LATE = 30.0  # seconds by the clock: a failure, too
STUCK = 120.0  # seconds for one case after which the process ends with a traceback
WARM = 0.3  # share of the cases after which memory is first looked at
GROWTH = 32.0  # MB from then on that are borne: allocators keep what they had at the peak
SHOWN = 5


@dataclass(slots=True)
class Result:
    """`seconds`: of processor time of the slowest case; `growth`: MB from the warm state to the end."""

    name: str
    cases: int = 0
    wanted: int = 0
    seconds: float = 0.0
    slowest: str = ""
    growth: float = 0.0
    took: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        return bool(self.failures) or self.growth > GROWTH or self.cases < self.wanted

    def line(self) -> str:
        return (
            f"{self.name:<20} {self.cases:>7} cases  {len(self.failures):>3} failures  slowest {self.seconds:6.3f} s  "
            f"memory {self.growth:+6.1f} MB  {self.took:6.0f} s"
        )


async def attack(target: Target, cases: int, seed: int, seconds: float) -> Result:
    """`cases` cases, the same for the same seed; fewer when `seconds` are over (a failure)."""
    source = Random(f"{seed} {target.name}")
    result = Result(target.name, wanted=cases)
    begin, warm = time.monotonic(), 0.0
    for number in range(cases):
        faulthandler.dump_traceback_later(STUCK, exit=True)
        if number == int(cases * WARM):
            warm = _megabytes()
        case = target.make(source)
        await _one(target, case, result)
        if time.monotonic() - begin > seconds:
            break
    faulthandler.cancel_dump_traceback_later()
    result.growth = max(0.0, _megabytes() - warm)
    result.took = time.monotonic() - begin
    return result


def report(results: Sequence[Result], say: Callable[[str], None]) -> int:
    """Say the sum and every failure; 1 when there is one."""
    slowest = max(results, key=lambda one: one.seconds)
    say(
        f"{sum(one.cases for one in results)} cases, {sum(len(one.failures) for one in results)} failures, "
        f"slowest {slowest.seconds:.3f} s ({slowest.name}), memory +{sum(one.growth for one in results):.1f} MB, "
        f"{sum(one.took for one in results):.0f} s"
    )
    for result in results:
        for failure in result.failures[:SHOWN]:
            say(f"  {result.name}: {failure}")
        if result.growth > GROWTH:
            say(f"  {result.name}: memory grew by {result.growth:.0f} MB")
        if result.cases < result.wanted:
            say(f"  {result.name}: only {result.cases} of {result.wanted} cases in time")
    return int(any(one.failed for one in results))


async def _one(target: Target, case: object, result: Result) -> None:
    begin, asked = time.process_time(), time.perf_counter()
    try:
        await target.feed(case)
    except Exception as error:
        result.failures.append(f"{type(error).__name__}: {error} after {case!r}"[:600])
    took, waited = time.process_time() - begin, time.perf_counter() - asked
    result.cases += 1
    if took > result.seconds:
        result.seconds, result.slowest = took, repr(case)[:300]
    if took > SLOW or waited > LATE:
        result.failures.append(f"{took:.1f} s, by the clock {waited:.1f} s, for {case!r}"[:600])


def _megabytes() -> float:
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6
