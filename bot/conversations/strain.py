"""The strain on a provider, seen from one process: one that hangs may not take every hand from the others.

A call to a silent provider holds the job that makes it for many seconds. While its calls fail one after the other, or
several hang, only a few try it at a time; the other messages wait in the queue.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.channels.base import TemporarySendError

PROBES = 2  # calls at a time to a provider that is in trouble
SIGNS = 3  # calls that failed in a row, or that hang now: then it is in trouble
LOOKS = 2  # after its return: what was just being put aside is met by the second
HANGS = 3.0  # seconds after which a call counts as hanging
PAUSE = 10.0  # seconds until what was not tried is looked at again
WAITING = TemporarySendError("network", "Layanan chat ini sedang tidak dapat dihubungi.", unknown=True)
"""Says nothing new of the message: where an earlier try may have been taken, that stays so."""


@dataclass(slots=True)
class Strain:
    """Of one provider."""

    failed: int = 0  # calls in a row
    left: set[int] = field(default_factory=set)  # messages that wait until it is back (returning.py)
    looks: int = 0  # at those that are left, as it answers again after it was in trouble
    _begun: list[float] = field(default_factory=list)

    @property
    def allows(self) -> bool:
        """Whether one more call may be begun."""
        if len(self._begun) < PROBES:
            return True
        hanging = sum(1 for begun in self._begun if time.monotonic() - begun > HANGS)
        return max(self.failed, hanging) < SIGNS

    @contextmanager
    def calling(self) -> Iterator[None]:
        """Around a call. A refusal for a while, with its time, is an answer, too."""
        begun = time.monotonic()
        self._begun.append(begun)
        try:
            yield
        except TemporarySendError as error:
            self.failed = self.failed + 1 if error.retry_after is None else 0
            raise
        else:
            self.looks = LOOKS if self.failed >= SIGNS else self.looks
            self.failed = 0
        finally:
            self._begun.remove(begun)
