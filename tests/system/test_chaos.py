"""`make chaos` in small: two SIGKILLs under load, and a ledger outside that misses nothing."""

from __future__ import annotations

from benchmarks.chaos.page import as_json, passed, whatsapp_doubled
from benchmarks.chaos.run import Plan, chaos
from tests.helpers.system import TRAINED


async def test_a_worker_and_the_database_are_killed_and_nothing_is_lost() -> None:
    plan = Plan(
        messages=500,
        kills=2,
        people=60,
        seconds=120,
        officer_pause=3.0,
        webs=1,
        engines=1,
        victims=("worker", "postgresql"),
        models=TRAINED,
    )
    result = await chaos(plan, say=lambda line: None)
    counts = result.counts
    assert passed(result), as_json(result)
    assert counts.messages >= 500
    assert sorted(result.by_kind) == ["postgresql", "worker"]
    assert (counts.lost, counts.reordered, counts.over_officer, whatsapp_doubled(result)) == ([], 0, 0, 0)
    assert len(counts.doubled) <= sum(one.in_flight for one in result.kills)
    assert counts.officer_messages > 0
