"""Refusals, counted by place and reason; many of one kind within some minutes raise an alarm, whichever web process
refused them (they tell one another: bot/storage/refusals.py).

A check that refuses in silence loses messages: a token that was changed on one side only, a public address that differs
from the one in the provider's console. So whoever refuses says so here, and too much of it becomes an error in the log,
a line of `pandu doctor`, and `pandu_refusal_alarm` for Prometheus.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from bot import metrics

log = structlog.get_logger(__name__)

MINUTES = 10
SETTINGS_OF_BOTH_SIDES = "Compare the settings of both sides; run pandu doctor."
ADVICE = {
    ("actions", "wrong token"): "An engine has another PANDU_ENGINE_TOKEN than the web process.",
    ("connector", "wrong signature"): "An office's system signs with another secret than PANDU_COMPLAINT_CONNECTORS.",
    ("connector", "too old"): "An office's system has a wrong clock, or somebody replays its calls.",
    (
        "console",
        "wrong password",
    ): "Somebody guesses passwords of officers: pandu officers list, the console's audit log.",
    (
        "console",
        "too many tries",
    ): "Somebody guesses passwords of officers: pandu officers list, the console's audit log.",
    ("api", "wrong key"): "A system uses a revoked or mistyped API key: pandu apikeys list.",
}
"""What to do, where a refusal probably means that somebody's settings are wrong; the channels add theirs."""


@dataclass
class Alarm:
    """Raised while `limit` refusals of one kind or more, here and in other processes, lie within `seconds`."""

    limit: int = 20
    seconds: float = MINUTES * 60.0
    now: Callable[[], float] = time.monotonic
    _times: dict[tuple[str, str], deque[float]] = field(default_factory=dict)
    _logged: dict[tuple[str, str], float] = field(default_factory=dict)
    _untold: Counter[tuple[str, str]] = field(default_factory=Counter)
    others: dict[tuple[str, str], int] = field(default_factory=dict)
    """What the other processes refused within `seconds`, as they said last."""

    def heard(self, where: str, reason: str) -> bool:
        """Note one refusal. True when an alarm is due: at most one a kind within `seconds`."""
        kind, now = (where, reason), self.now()
        times = self._times.setdefault(kind, deque())
        times.append(now)
        while len(times) > self.limit:
            times.popleft()
        self._untold[kind] += 1
        return self.due(*kind)

    def due(self, where: str, reason: str) -> bool:
        """True when the alarm is raised and was not told within `seconds`; it counts as told from now on."""
        kind, now = (where, reason), self.now()
        if not self.raised(*kind) or now - self._logged.get(kind, -self.seconds) < self.seconds:
            return False
        self._logged[kind] = now
        return True

    def raised(self, where: str, reason: str) -> bool:
        """Whether too many refusals of this kind were noted lately."""
        wanted = self.limit - self.others.get((where, reason), 0)
        times = self._times.get((where, reason), ())
        return wanted <= 0 or (len(times) >= wanted and times[-wanted] >= self.now() - self.seconds)

    def to_tell(self) -> Counter[tuple[str, str]]:
        """What was noted here since this was asked last."""
        mine, self._untold = self._untold, Counter()
        return mine

    def not_told(self, mine: Counter[tuple[str, str]]) -> None:
        """Telling it failed: the next time, then."""
        self._untold += mine


alarm = Alarm()
"""As this process knows it. `create_app` sets its limit from PANDU_REFUSAL_ALARM."""


def refuse(where: str, reason: str) -> None:
    """Count a refusal. `where` and `reason` are words of ours, never anything that came in."""
    metrics.refused.labels(where, reason).inc()
    watch(where, reason)


def watch(where: str, reason: str) -> None:
    """Note for the alarm what is counted elsewhere (a webhook answered 200, but for nobody here)."""
    _show(where, reason)
    if alarm.heard(where, reason):
        _tell(where, reason)


def heard_of(others: dict[tuple[str, str], int]) -> None:
    """What the other processes refused lately: it counts for the alarm of this one."""
    alarm.others = others
    for where, reason in others:
        _show(where, reason)
        if alarm.due(where, reason):
            _tell(where, reason)


def _show(where: str, reason: str) -> None:
    metrics.refusal_alarm.labels(where, reason).set_function(lambda: float(alarm.raised(where, reason)))


def _tell(where: str, reason: str) -> None:
    log.error(
        "many calls are refused",
        where=where,
        reason=reason,
        count=alarm.limit,
        minutes=round(alarm.seconds / 60),
        advice=ADVICE.get((where, reason), SETTINGS_OF_BOTH_SIDES),
    )
