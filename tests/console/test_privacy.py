"""Data of applicants in the console: periods, holds, and who may read telephone numbers."""

from __future__ import annotations

import pytest
from jinja2 import Template
from sqlalchemy import select

from bot.console.desk import as_read
from bot.conversations.models import Conversation
from bot.knowledge.load import get_knowledge
from bot.officers.models import Officer
from bot.privacy import service
from bot.storage.database import Database
from tests.console.conftest import SignedIn


async def test_periods_are_shown_with_what_is_over(signed_in: SignedIn) -> None:
    page = await (await signed_in("administrator")).get("/console/privacy")
    assert page.status_code == 200
    for kind in get_knowledge().privacy.retention:
        assert (kind.shown or kind.id).replace("Anda", "pemohon") in page.text  # staff read about them


async def test_a_hold_is_made_and_released(signed_in: SignedIn, database: Database) -> None:
    async with database.session() as session:
        conversation = Conversation(channel="simulator", address="tertahan")
        session.add(conversation)
    client = await signed_in("administrator")
    form = {"subject": "conversation", "number": str(conversation.id), "reason": "Pemeriksaan contoh"}
    assert (await client.post("/console/privacy/holds", data=form)).status_code == 303
    assert "Pemeriksaan contoh" in (await client.get("/console/privacy")).text
    async with database.session() as session:
        assert await service.is_held(session, conversation.id)
        (one,) = [hold for hold in await service.holds(session) if hold.subject_id == conversation.id]
    await client.post(f"/console/privacy/holds/{one.id}/release")
    async with database.session() as session:
        assert not await service.is_held(session, conversation.id)


@pytest.mark.parametrize(
    "form",
    [{}, {"subject": "officer", "number": "1", "reason": "x"}, {"subject": "complaint", "number": "x", "reason": "x"}],
)
async def test_a_hold_needs_something_to_hold(signed_in: SignedIn, form: dict[str, str]) -> None:
    client = await signed_in("administrator")
    assert (await client.post("/console/privacy/holds", data=form)).status_code == 422
    missing = {"subject": "conversation", "number": "999999999999999999", "reason": "x"}
    assert (await client.post("/console/privacy/holds", data=missing)).status_code == 422


@pytest.mark.parametrize(
    ("role", "mode", "shown"),
    [("officer", "bot", True), ("administrator", "mine", True), ("administrator", "bot", False)],
)
async def test_who_has_no_need_reads_no_numbers(role: str, mode: str, shown: bool) -> None:
    context = Template("").new_context({"signed": _Signed(Officer(role=role)), "mode": mode})
    assert ("081234567890" in as_read(context, "hubungi 081234567890")) is shown


class _Signed:
    def __init__(self, officer: Officer) -> None:
        self.officer = officer


async def test_the_second_factor_is_encrypted_at_rest(signed_in: SignedIn, database: Database) -> None:
    client = await signed_in("officer")
    account: Officer = client.officer  # type: ignore[attr-defined]
    async with database.session() as session:
        (await session.get_one(Officer, account.id)).totp_secret = "JBSWY3DPEHPK3PXP"
    async with database.engine.connect() as connection:
        query = "select totp_secret from officers where id = %s"
        stored = (await connection.exec_driver_sql(query, (account.id,))).scalar_one()
    assert "JBSWY3DPEHPK3PXP" not in stored
    async with database.session() as session:
        found = await session.scalar(select(Officer.totp_secret).where(Officer.id == account.id))
    assert found == "JBSWY3DPEHPK3PXP"
