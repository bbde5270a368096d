"""Secrets that should not have been sent are nowhere: not in the database, not with the engine, not in a log."""

from __future__ import annotations

import io
import logging

import pytest
from sqlalchemy import text

from bot.conversations.models import Conversation, Incoming
from bot.conversations.runtime import Runtime
from bot.masking import holds_secret
from bot.messages import Attachment, IncomingMessage
from bot.processes.logs import set_up_logs
from tests.helpers.engine import StandInEngine
from tests.helpers.runtime import message, receive, rows

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


async def test_secrets_in_names_captions_and_payloads(runtime: Runtime, engine: StandInEngine) -> None:
    """Whatever field a person can fill is masked before it is stored."""
    told = f"nik {NIK[:4]} {NIK[4:8]} {NIK[8:12]} {NIK[12:]} password Mawar99 otp 482913"
    file = Attachment("document", "ref-1", filename=f"KTP {told}.pdf", media_type="application/pdf", size=10)
    await receive(
        runtime,
        IncomingMessage(
            "simulator",
            "orang-rahasia",
            "rahasia-1",
            "document",
            text=told,
            payload='/inform{"number":"' + told + '"}',
            attachments=(file,),
            profile_name=f"Siti {NIK}",
        ),
    )
    async with runtime.database.session() as session:
        for table in (Incoming, Conversation):
            found = await session.execute(
                text(
                    f"select count(*) from {table.__tablename__} t "
                    "where to_jsonb(t)::text ~ '3319|482913|Mawar99|Mawar|5678'"
                )
            )
            assert found.scalar_one() == 0, table
