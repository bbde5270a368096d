"""`pandu privacy …` from the command line."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands.work import privacy as work
from bot.conversations.runtime import Runtime
from bot.errors import CannotRun
from bot.knowledge.load import get_knowledge
from bot.privacy.models import LegalHold, PrivacyRequest
from tests.privacy.conftest import CANARY, Filled, age, all_of, places_with


async def test_preview_counts_and_changes_nothing(
    runtime: Runtime, filled: Filled, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime.settings.retention = {"messages": 10, "audit": 0}
    await age(runtime, 11)
    before = await places_with(runtime, CANARY)
    assert await work.retention(runtime, True) == 0
    out = {line.split()[0]: line.split()[1:5] for line in capsys.readouterr().out.splitlines()}
    assert out["messages"] == ["10", "days", "chosen", "2"]  # the third belongs to an open report
    assert out["files"] == ["365", "days", "default", "0"]
    assert out["audit"][:3] == ["for", "ever", "chosen"]
    assert set(out) == {kind.id for kind in get_knowledge().privacy.retention}
    assert await places_with(runtime, CANARY) == before
    await work.retention(runtime, False)
    assert "outgoing_messages" not in await places_with(runtime, CANARY)
    runtime.settings.retention = {"pesan": 1}
    with pytest.raises(CannotRun, match="PANDU_RETENTION: pesan"):
        await work.retention(runtime, True)


async def test_holds(runtime: Runtime, filled: Filled, capsys: pytest.CaptureFixture[str]) -> None:
    await work.hold(runtime, "conversation", filled.conversation, "sengketa", "tari")
    with pytest.raises(CannotRun, match="A hold forbids"):
        await work.erase(runtime, filled.conversation, "tari")
    await work.show_holds(runtime)
    out = capsys.readouterr().out
    assert "command-line:tari: sengketa" in out
    assert f"Conversation {filled.conversation} asked to be erased" in out
    (held,) = await all_of(runtime, LegalHold)
    await work.release(runtime, held.id, "tari")
    assert f"pandu privacy erase {filled.conversation}" in capsys.readouterr().out
    with pytest.raises(CannotRun, match="no active hold"):
        await work.release(runtime, held.id, "tari")
    with pytest.raises(CannotRun, match="There is no complaint"):
        await work.hold(runtime, "complaint", 10**9, "x", "tari")
    with pytest.raises(CannotRun, match="needs a reason"):
        await work.hold(runtime, "complaint", filled.draft, " ", "tari")


async def test_a_copy_for_a_person_who_came_to_the_office(runtime: Runtime, filled: Filled, tmp_path: Path) -> None:
    out = tmp_path / "salinan.json"
    await work.export_copy(runtime, filled.conversation, out, "tari")
    assert json.loads(out.read_text())["percakapan"][0]["alamat"] == "siti"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with pytest.raises(CannotRun, match=r"\.json or \.html"):
        await work.export_copy(runtime, filled.conversation, tmp_path / "x.pdf", "tari")
    with pytest.raises(CannotRun, match="There is no conversation"):
        await work.export_copy(runtime, 10**9, out, "tari")


async def test_erasing_is_queued_behind_the_conversation_s_turn(runtime: Runtime, filled: Filled) -> None:
    await work.erase(runtime, filled.conversation, "tari")
    (request,) = await all_of(runtime, PrivacyRequest)
    assert (request.status, request.asked_by) == ("confirmed", "command-line:tari")
    async with runtime.database.session() as session:
        jobs = await session.execute(
            text("select lock, args from procrastinate_jobs where task_name = 'erase_conversation'")
        )
        assert jobs.all() == [
            (
                f"conversation:{filled.conversation}",
                {"conversation_id": filled.conversation, "request_id": request.id},
            )
        ]
