"""/health/ready and the metrics: every dependency that answers need."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from bot.channels.base import TemporarySendError
from bot.conversations.runtime import Runtime
from bot.web import health
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import RecordingChannel, message, receive, working
from tests.helpers.until import until


async def asked(runtime: Runtime) -> tuple[int, dict[str, Any], dict[str, float]]:
    """Status and body of /health/ready, and pandu_up by part."""
    app = FastAPI()
    app.include_router(health.health_routes(runtime))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pandu.local") as client:
        ready = await client.get("/health/ready")
        metrics = (await client.get("/metrics")).text
    samples = [one for family in text_string_to_metric_families(metrics) for one in family.samples]
    return ready.status_code, ready.json(), {one.labels["part"]: one.value for one in samples if one.name == "pandu_up"}


async def all_up(runtime: Runtime) -> bool:
    return (await asked(runtime))[0] == 200


async def test_all_well(runtime: Runtime) -> None:
    async with working(runtime):
        await until(lambda: all_up(runtime))
        _, body, up = await asked(runtime)
    assert (body["status"], body["problems"]) == ("ok", {})
    assert {name: up[name] for name in ("database", "worker", "engine", "disk", "recording", "clock")} == dict.fromkeys(
        ("database", "worker", "engine", "disk", "recording", "clock"), 1.0
    )


async def test_a_full_disk_is_no_readiness(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    async with working(runtime):
        await until(lambda: all_up(runtime))
        monkeypatch.setattr(health, "_free_megabytes", lambda _: health.LEAST_MEGABYTES - 1)
        status, body, up = await asked(runtime)
    assert (status, body["disk"], up["disk"]) == (503, False, 0.0)


async def test_engine_and_worker_are_told_apart(runtime: Runtime, engine: StandInEngine) -> None:
    engine.status = 503
    status, body, up = await asked(runtime)
    assert (status, body["engine"], body["worker"], body["database"]) == (503, False, False, True)
    assert (up["engine"], up["worker"]) == (0.0, 0.0)


@pytest.mark.parametrize("how", ["receiving", "sending"])
async def test_a_channel_in_trouble_is_named_and_the_others_go_on(
    runtime: Runtime, channel: RecordingChannel, how: str
) -> None:
    """A token revoked or a webhook taken over (the channel knows), or a set-up that keeps messages back."""
    del runtime.channels[channel.name]
    channel.name = "telegram"
    runtime.add_channel(channel)
    if how == "receiving":
        channel.problem = "InvalidToken"  # type: ignore[attr-defined]
    else:
        channel.failures = [TemporarySendError("401", "Token ditolak.", retry_after=60)] * 5
        await receive(runtime, message(channel="telegram"))
    async with working(runtime):
        await until(lambda: all_up(runtime))
        _, body, up = await asked(runtime)
    assert body["status"] == "degraded"
    assert body["problems"] == {"telegram": "InvalidToken" if how == "receiving" else "401"}
    assert (up["telegram"], up["engine"]) == (0.0, 1.0)


async def test_a_clock_that_is_slow_is_noticed(runtime: Runtime) -> None:
    await receive(runtime, message(sent_at=datetime.now(UTC) + timedelta(minutes=10)))
    async with working(runtime):
        await until(lambda: all_up(runtime))
        _, body, up = await asked(runtime)
    assert body["status"] == "degraded" and "slow" in body["problems"]["clock"] and up["clock"] == 0.0
