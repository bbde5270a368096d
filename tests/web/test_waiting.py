"""Lines: turns by place, and places that a few cannot hold."""

from __future__ import annotations

from bot.waiting import Line


async def test_in_turns_by_place() -> None:
    line = Line(most=10, each=5)
    turns = [(place, line.join(place)) for place in ("a", "a", "a", "b", "c")]
    called = []
    while line.call():
        called += [place for place, turn in turns if turn and turn.done() and (place, id(turn)) not in called]
        turns = [(place, turn) for place, turn in turns if turn and not turn.done()]
    assert called == ["a", "b", "c", "a", "a"]
    assert not line.call()
    assert not line


async def test_when_it_is_full_the_place_with_the_most_makes_room() -> None:
    line = Line(most=6, each=4)
    crowd = [line.join("a") for _ in range(4)] + [line.join("b") for _ in range(2)]
    assert line.join("a") is None, "no more of one place"
    newcomer = line.join("c")
    assert newcomer is not None
    assert len(line) == 6
    last = crowd[3]
    assert last is not None
    assert last.done() and last.result() is False, "the last one of the longest"
    again = line.join("c")
    assert again is not None, "two of c, three of a"
    assert line.join("c") is None, "all have two: nobody takes another's place for a third"
    assert line.join("d") is not None, "but a first one still does"


async def test_who_goes_away_leaves_no_gap() -> None:
    line = Line(most=2, each=2)
    one, other = line.join("a"), line.join("a")
    assert one is not None
    assert other is not None
    line.leave("a", one)
    line.leave("a", one)
    other.cancel()
    assert len(line) == 1
    assert not line.call(), "who does not want to wait any longer is not called"
    assert not line
