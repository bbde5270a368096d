"""Secrets that should not have been sent are nowhere: not in the database, not with the engine, not in a log."""

from __future__ import annotations

import io
import logging

import pytest
from sqlalchemy import text

from bot.conversations.models import Incoming
from bot.conversations.runtime import Runtime
from bot.masking import holds_secret
from bot.processes.logs import set_up_logs
from tests.conversations.conftest import message, receive, rows
from tests.helpers.engine import StandInEngine

NIK = "3319012345678901"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"nik saya {NIK} kok sudah terdaftar", "nik saya [NIK] kok sudah terdaftar"),
        ("nik 3319 0123 4567 8901", "nik [NIK]"),
        ("kode otp 482913 password: mawar99", "kode otp [kode] password: [sandi]"),
    ],
)
async def test_a_secret_is_masked_before_it_is_stored(
    runtime: Runtime, engine: StandInEngine, said: str, kept: str
) -> None:
    lines = io.StringIO()
    before = (logging.getLogger().handlers, logging.getLogger().level)
    set_up_logs("debug", lines)
    try:
        await receive(runtime, message(said))
    finally:
        logging.getLogger().handlers, level = before
        logging.getLogger().setLevel(level)
    (incoming,) = await rows(runtime, Incoming)
    assert incoming.text == kept
    assert engine.calls[0]["text"] == kept
    assert holds_secret(kept)
    async with runtime.database.session() as session:
        found = await session.execute(
            text("select count(*) from incoming_messages m where to_jsonb(m)::text ~ '3319|482913|mawar99'")
        )
    assert found.scalar_one() == 0
    assert not any(secret in lines.getvalue() for secret in ("3319", "482913", "mawar99"))
