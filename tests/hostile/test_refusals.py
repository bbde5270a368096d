"""Counts of refusals by place and reason; many of one kind raise an alarm that somebody sees."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text
from structlog.testing import capture_logs

from bot import refusals
from bot.refusals import Alarm
from bot.storage.database import Database
from bot.storage.patience import is_away
from bot.storage.refusals import share
from tests.hostile.conftest import SECRET, Target
from tests.peers.twilio_api import ACCOUNT, PUBLIC, SENDER, sign

FORM = {
    "MessageSid": "SM" + "1" * 32,
    "From": "whatsapp:+6281234567890",
    "To": SENDER,
    "AccountSid": ACCOUNT,
    "Body": "halo",
}
HOOK = "/webhooks/whatsapp"


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_alarm_needs_many_within_the_time() -> None:
    clock = Clock()
    alarm = Alarm(limit=3, seconds=60, now=clock)
    assert [alarm.heard("a", "x") for _ in range(2)] == [False, False]
    assert not alarm.heard("a", "y"), "another reason counts for itself"
    clock.now += 61
    assert not alarm.heard("a", "x"), "two of three are too old"
    assert [alarm.heard("a", "x") for _ in range(2)] == [False, True]
    assert not alarm.heard("a", "x"), "told once, not at every refusal"
    assert alarm.raised("a", "x")
    clock.now += 61
    assert not alarm.raised("a", "x")
    assert [alarm.heard("a", "x") for _ in range(3)] == [False, False, True]


async def test_all_processes_together_raise_the_alarm(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them refused too few for an alarm of its own."""
    await database.run(text("delete from refusal_counts"))
    here, there = Alarm(limit=4), Alarm(limit=4)
    for alarm, me in ((there, "there"), (here, "here")):
        monkeypatch.setattr(refusals, "alarm", alarm)
        for _ in range(2):
            refusals.watch("telegram", "wrong secret of the test")
        assert not alarm.raised("telegram", "wrong secret of the test")
        with capture_logs() as logged:
            await share(database, me)
    assert [line["event"] for line in logged] == ["many calls are refused"]
    assert here.raised("telegram", "wrong secret of the test")
    assert count("telegram", "wrong secret of the test", "pandu_refusal_alarm") == 1
    await share(database, "here")
    rows = await database.run(text("select process, count from refusal_counts order by process"))
    assert [tuple(row) for row in rows] == [("here", 2), ("there", 2)], "told once"
    await database.run(text("update refusal_counts set at = now() - interval '11 minutes'"))
    await share(database, "here")
    assert not here.raised("telegram", "wrong secret of the test")
    await database.run(text("update refusal_counts set at = now() - interval '2 hours'"))
    await share(database, "here")
    assert await database.run(text("select 1 from refusal_counts")) == []


async def test_what_could_not_be_told_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    alarm = Alarm(limit=4)
    monkeypatch.setattr(refusals, "alarm", alarm)
    refusals.watch("telegram", "wrong secret of the test")
    away = Database("postgresql://127.0.0.1:1/none")
    with pytest.raises(Exception) as raised:
        await share(away)
    assert is_away(raised.value)
    await away.close()
    assert alarm.to_tell() == {("telegram", "wrong secret of the test"): 1}


def count(where: str, reason: str, name: str = "pandu_refused_total") -> float:
    return REGISTRY.get_sample_value(name, {"where": where, "reason": reason}) or 0.0


@pytest.fixture
def alarm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Alarm]:
    fresh = Alarm(limit=3)
    monkeypatch.setattr(refusals, "alarm", fresh)
    yield fresh


async def attempts(target: Target) -> list[tuple[str, str, httpx.Response]]:
    """One refusal of each kind: where, reason, the answer."""
    telegram = {"X-Telegram-Bot-Api-Secret-Token": "salah"}
    elsewhere = sign(target.url + HOOK, FORM)
    other = FORM | {"AccountSid": "AC" + "9" * 32}
    kinds = [
        ("telegram", "missing secret", "/webhooks/telegram", {}, {}),
        ("telegram", "wrong secret", "/webhooks/telegram", {}, telegram),
        ("telegram", "malformed", "/webhooks/telegram", "[]", telegram | {"X-Telegram-Bot-Api-Secret-Token": SECRET}),
        ("whatsapp", "missing signature", HOOK, FORM, {}),
        ("whatsapp", "wrong signature", HOOK, FORM, {"X-Twilio-Signature": "c2FsYWg="}),
        ("whatsapp", "wrong signature", HOOK, FORM | {"Body": "lain"}, sign(PUBLIC + HOOK, FORM)),
        ("whatsapp", "wrong signature", HOOK + "/status", FORM, sign(PUBLIC + HOOK, FORM)),
        ("whatsapp", "signed for another address", HOOK, FORM, elsewhere),
        ("whatsapp", "unknown algorithm", HOOK, FORM, sign(PUBLIC + HOOK, FORM) | _algorithm("HMAC_MD5")),
        ("whatsapp", "wrong signature", HOOK, FORM, sign(PUBLIC + HOOK, FORM) | _algorithm("HMAC_SHA256")),
        ("actions", "missing token", "/actions", {}, {}),
        ("actions", "wrong token", "/actions?token=salah", {}, {}),
        ("actions", "malformed", "/actions?token=engine-token-of-the-tests", "[]", {}),
        ("api", "missing key", "/api/v1/applications", {}, {}),
        ("api", "wrong key", "/api/v1/applications", {}, {"Authorization": "Bearer pdk_salah"}),
        ("web", "body too large", "/webhooks/telegram", "x" * 1_000_001, {}),
        ("web", "address with NUL", "/webhooks/telegram?a=%00", {}, {}),
        ("web", "wrong shape", "/api/simulator/siti/messages", {}, {}),
    ]
    done = []
    async with httpx.AsyncClient(base_url=target.url, timeout=20) as client:
        for where, reason, path, body, headers in kinds:
            before = count(where, reason)
            form, content = (body, None) if path.startswith(HOOK) else (None, body if isinstance(body, str) else b"{}")
            answer = await client.post(path, data=form, content=content, headers=headers)
            assert count(where, reason) == before + 1, (where, reason, answer.status_code)
            done.append((where, reason, answer))
        before = count("whatsapp", "other account", "pandu_ignored_total")
        answer = await client.post(HOOK, data=other, headers=sign(PUBLIC + HOOK, other))
        assert answer.status_code == 200  # Twilio has nothing to try again
    return done


def _algorithm(name: str) -> dict[str, str]:
    return {"X-Twilio-Webhooks-Signature-Settings": f"key=k,algorithm={name}"}


async def test_each_kind_is_counted_and_tells_the_caller_nothing(target: Target, alarm: Alarm) -> None:
    for where, reason, answer in await attempts(target):
        assert answer.status_code in (400, 401, 403, 413, 422), (where, reason)
        if where in ("telegram", "whatsapp"):
            assert answer.content == b""


async def test_many_become_an_error_in_the_log_with_advice_and_a_metric(target: Target, alarm: Alarm) -> None:
    with capture_logs() as logs:
        for _ in range(alarm.limit):
            await attempts(target)
    errors = {(line["where"], line["reason"]): line for line in logs if line["event"] == "many calls are refused"}
    assert errors["whatsapp", "signed for another address"]["advice"].startswith("Messages are lost.")
    assert "PANDU_TWILIO_ACCOUNT_SID" in errors["whatsapp", "other account"]["advice"]
    assert {line["log_level"] for line in errors.values()} == {"error"}
    assert len(errors) == len([line for line in logs if line["event"] == "many calls are refused"]), "each kind once"
    assert count("telegram", "wrong secret", "pandu_refusal_alarm") == 1
    async with httpx.AsyncClient(base_url=target.url) as client:
        said = (await client.get("/metrics")).text
    assert 'pandu_refusal_alarm{reason="wrong signature",where="whatsapp"} 1.0' in said


async def test_a_replay_changes_nothing_and_is_counted(target: Target) -> None:
    form = FORM | {"MessageSid": "SM" + "2" * 32}
    update = {
        "update_id": 991,
        "message": {
            "message_id": 1,
            "date": 1790000000,
            "chat": {"id": 5, "type": "private"},
            "from": {"id": 5, "is_bot": False, "first_name": "Siti"},
            "text": "halo",
        },
    }
    repeated = {name: REGISTRY.get_sample_value("pandu_repeated_total", {"channel": name}) or 0 for name in CHANNELS}
    async with httpx.AsyncClient(base_url=target.url, timeout=20) as client:
        for _ in range(3):
            answer = await client.post(HOOK, data=form, headers=sign(PUBLIC + HOOK, form))
            assert answer.status_code == 200
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            assert (await client.post("/webhooks/telegram", json=update, headers=headers)).status_code == 200
    for name in CHANNELS:
        assert REGISTRY.get_sample_value("pandu_repeated_total", {"channel": name}) == repeated[name] + 2


CHANNELS = ("telegram", "whatsapp")
