"""`make chaos` in small: two SIGKILLs and an outage of Telegram under load; a ledger outside misses nothing."""

from __future__ import annotations

from benchmarks.chaos.gate import PHASES
from benchmarks.chaos.page import as_json, passed, whatsapp_doubled
from benchmarks.chaos.run import chaos
from benchmarks.chaos.stage import Plan
from tests.helpers.system import TRAINED


async def test_a_worker_and_the_database_are_killed_telegram_is_away_and_nothing_is_lost() -> None:
    plan = Plan(
        messages=500,
        kills=2,
        outages=1,
        outage_seconds=4.0,
        files=0.1,
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
    assert len(counts.doubled) <= sum(one.in_flight for one in result.kills) + result.taken_in_silence
    assert [(one.channel, sorted(one.phases)) for one in result.away.outages] == [("telegram", sorted(PHASES))]
    assert result.away.messages > 0, "written to Telegram while it was away"
    assert len(result.files) > 10 and result.away.files_lost == [] and counts.claims == []
    assert counts.officer_messages > 0
