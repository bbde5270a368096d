"""Waiting messages counted, and a message without outcome and job found."""

from __future__ import annotations

import re
from typing import Any

import structlog
import yaml
from prometheus_client import REGISTRY
from sqlalchemy import text

from bot import metrics
from bot.conversations import backlog, inbox
from bot.conversations.models import Outgoing
from bot.conversations.runtime import Runtime
from bot.settings import ROOT
from tests.helpers.runtime import RecordingChannel, message, rows, working
from tests.helpers.until import until


def value(name: str, **labels: str) -> float:
    found = REGISTRY.get_sample_value(name, labels)
    assert found is not None, name
    return found


async def test_what_waits_is_counted(runtime: Runtime) -> None:
    await backlog.measure(runtime)
    assert (value("pandu_unanswered_messages"), value("pandu_unanswered_age_seconds")) == (0, 0)
    await inbox.store(runtime, message())
    async with runtime.database.session() as session:
        await session.execute(text("update incoming_messages set received_at = now() - interval '90 seconds'"))
        await session.execute(
            text(
                "insert into outgoing_messages (conversation_id, text, created_at) "
                "select id, 'halo', now() - interval '30 seconds' from conversations"
            )
        )
    await backlog.measure(runtime)
    assert value("pandu_unanswered_messages") == value("pandu_unsent_messages") == 1
    assert 90 <= value("pandu_unanswered_age_seconds") < 150
    assert 30 <= value("pandu_unsent_age_seconds") < 90
    assert value("pandu_jobs", status="todo") == 1


async def test_a_message_without_a_job_is_queued_again(runtime: Runtime, channel: RecordingChannel) -> None:
    await inbox.store(runtime, message("satu", "1"))
    await inbox.store(runtime, message("dua", "2", address="budi"))
    async with runtime.database.session() as session:
        await session.execute(
            text("delete from procrastinate_jobs where lock = (select min(lock) from procrastinate_jobs)")
        )
    assert await backlog.remember(runtime) == 0, "it has not waited long enough"
    before = metrics.forgotten._value.get()
    assert await backlog.remember(runtime, seconds=0) == 1
    assert await backlog.remember(runtime, seconds=0) == 0, "it has a job now"
    assert metrics.forgotten._value.get() == before + 1

    async def answered() -> bool:
        return len(await rows(runtime, Outgoing)) == 2

    async with working(runtime):
        await until(answered)


async def test_what_stands_behind_a_message_that_waits_for_its_provider_is_not_forgotten(runtime: Runtime) -> None:
    await inbox.store(runtime, message())
    waits = """insert into outgoing_messages (conversation_id, text, created_at, next_at)
        select id, 'halo', now() - interval '3 minutes', {} from conversations"""
    async with runtime.database.session() as session:
        await session.execute(text("delete from procrastinate_jobs"))
        await session.execute(text("update incoming_messages set handled_at = now(), outcome = 'answered'"))
        await session.execute(text(waits.format("now() + interval '1 minute'")))
        await session.execute(text(waits.format("null")))
    assert await backlog.remember(runtime) == 0, "the first one has its time, and what comes after it waits for it"
    await runtime.database.run(text("update outgoing_messages set next_at = next_at - interval '3 minutes'"))
    assert await backlog.remember(runtime) == 1, "its time has come and gone"


async def test_every_step_names_the_trace(runtime: Runtime, logged: list[dict[str, Any]]) -> None:
    stored = await inbox.store(runtime, message())
    assert stored is not None

    async def sent() -> bool:
        return any(row.status == "sent" for row in await rows(runtime, Outgoing))

    async with working(runtime):
        await until(sent)
    trace = f"c{stored[1]}m{stored[0]}"
    steps = [line["event"] for line in logged if line.get("trace") == trace]
    assert steps == ["received", "handled", "sent"]
    assert "halo" not in repr(logged)
    assert "siti" not in repr(logged)


def test_every_alarm_asks_for_a_metric_that_exists() -> None:
    known = {sample.name for metric in REGISTRY.collect() for sample in metric.samples}
    known |= {
        name for metric in REGISTRY.collect() for name in (metric.name, f"{metric.name}_total", f"{metric.name}_bucket")
    }
    file = yaml.safe_load((ROOT / "docs" / "deploy" / "alerts.yml").read_text())
    rules = [rule for group in file["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 8
    for rule in rules:
        named = set(re.findall(r"\bpandu_\w+", rule["expr"]))
        assert named <= known, (rule["alert"], named - known)
        assert named or "up{" in rule["expr"]
        assert {"summary", "description"} <= rule["annotations"].keys()
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_the_trace_is_no_number_that_a_log_would_mask() -> None:
    from bot.processes.logs import mask
    from bot.trace import trace_of

    assert mask(trace_of(1234567890123, 9876543210987)) == "c1234567890123m9876543210987"
    assert mask(trace_of(17, None, 99)) == "c17o99"
    assert structlog.contextvars.get_contextvars() == {}
