"""Lines of those who wait, in turns by place: nobody stands before all others by coming a thousand times."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque


class Line:
    """`each`: who may wait from one place; `most`: altogether. When it is full, a place that has much fewer in it takes
    the last one's of the place that has the most: a few places cannot hold it all."""

    def __init__(self, most: int, each: int) -> None:
        self.most, self.each = most, each
        self._waiting: OrderedDict[str, deque[asyncio.Future[bool]]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def join(self, place: str) -> asyncio.Future[bool] | None:
        """Becomes True when it is one's turn, False when one has to go; None where there is no room."""
        mine = len(self._waiting.get(place, ()))
        if mine >= self.each or (self._count >= self.most and not self._room_for(mine)):
            return None
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(place, deque()).append(turn)
        self._count += 1
        return turn

    def call(self) -> bool:
        """The next one's turn; False where nobody waits."""
        while self._waiting:
            place, waiting = self._waiting.popitem(last=False)
            turn = waiting.popleft()
            self._count -= 1
            if waiting:
                self._waiting[place] = waiting  # behind all others
            if not turn.done():
                turn.set_result(True)
                return True
        return False

    def leave(self, place: str, turn: asyncio.Future[bool]) -> None:
        """Who waited is called, or does not want to wait any longer."""
        waiting = self._waiting.get(place)
        if waiting is not None and turn in waiting:
            waiting.remove(turn)
            self._count -= 1
            if not waiting:
                del self._waiting[place]

    def _room_for(self, mine: int) -> bool:
        place = max(self._waiting, key=lambda one: len(self._waiting[one]), default="")
        if len(self._waiting.get(place, ())) <= mine + 1:
            return False
        last = self._waiting[place][-1]
        self.leave(place, last)
        if not last.done():
            last.set_result(False)
        return True
