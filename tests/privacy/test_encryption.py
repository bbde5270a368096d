"""Words of reports unreadable in the database, and keys changed without losing anything."""

from __future__ import annotations

import importlib
import stat
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text, text
from sqlalchemy.dialects import postgresql

from bot.applications.access import audience, mine
from bot.applications.service import Register
from bot.commands.work import privacy
from bot.complaints.models import Complaint, ComplaintPart
from bot.conversations.runtime import Runtime
from bot.errors import CannotRun
from bot.knowledge.load import get_knowledge
from bot.processes.checks import check_privacy
from bot.settings import Settings
from bot.storage import encrypted, keyring
from bot.storage.encrypted import Encrypted, EncryptedJson, encrypted_places
from bot.storage.keyring import CannotDecrypt, Keyring, keys_of, new_key
from bot.tables import metadata
from tests.privacy.conftest import CANARY, Filled, all_of, one

KEY, OTHER = new_key(), new_key()
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=300)


@given(VALUES)
def test_text_comes_back(value: str) -> None:
    keys = Keyring([KEY])
    token = keys.encrypt(value)
    assert keys.decrypt(token) == value
    assert keys.encrypt(value) != token  # alike values do not look alike


@given(VALUES)
def test_plain_values_of_before_are_read(value: str) -> None:
    assert Keyring([KEY]).decrypt(value) == value or value.startswith(keyring.MARK)


def test_older_keys_decrypt_the_newest_encrypts() -> None:
    old = Keyring([OTHER]).encrypt(CANARY)
    both = Keyring([KEY, OTHER])
    assert both.decrypt(old) == CANARY
    assert not both.is_current(old)
    assert both.is_current(both.encrypt(CANARY))
    with pytest.raises(CannotDecrypt, match="PANDU_DATA_KEYS"):
        Keyring([KEY]).decrypt(old)
    with pytest.raises(CannotDecrypt):
        both.decrypt(old[:-4] + "AAAA")
    for wrong in ([], ["kunci"], [KEY[:-8]]):
        with pytest.raises(ValueError):
            Keyring(wrong)


def test_a_key_is_made_once_and_readable_by_us_alone(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, data_keys="")
    keys = keys_of(settings)
    assert keys_of(settings) == keys
    assert Keyring(keys).decrypt(Keyring(keys).encrypt("x")) == "x"
    assert stat.S_IMODE((tmp_path / "secrets" / "data_keys").stat().st_mode) == 0o600
    assert "stands first" in privacy.new_key(settings)
    assert keys_of(settings)[1:] == keys
    assert stat.S_IMODE((tmp_path / "secrets" / "data_keys").stat().st_mode) == 0o600
    configured = Settings(_env_file=None, data_dir=tmp_path, data_keys=f"{KEY}, {OTHER}")
    assert keys_of(configured) == [KEY, OTHER]
    assert f",{KEY},{OTHER}\n" in privacy.new_key(configured)


@pytest.mark.parametrize("wrong", [{"data_keys": "rahasia"}, {"retention": {"pesan": 3}}])
def test_wrong_settings_are_told_at_the_start(tmp_path: Path, wrong: dict[str, object]) -> None:
    check_privacy(Settings(_env_file=None, data_dir=tmp_path))
    with pytest.raises(CannotRun, match="PANDU_"):
        check_privacy(Settings(_env_file=None, data_dir=tmp_path, **wrong))


def test_empty_values_stay_empty() -> None:
    dialect = postgresql.dialect()
    assert Encrypted().process_bind_param("", dialect) == ""
    assert Encrypted().process_bind_param(None, dialect) is None
    assert EncryptedJson().process_bind_param({}, dialect) == {}
    assert EncryptedJson().process_result_value({"encrypted": "plain"}, dialect) == {"encrypted": "plain"}


def test_what_a_report_says_is_encrypted() -> None:
    found = {(place.table, place.column) for place in encrypted_places(metadata)}
    assert found >= {
        ("complaints", "answers"),
        ("complaints", "title"),
        ("complaints", "body"),
        ("complaint_parts", "text"),
        ("complaint_events", "text"),
    }
    migration = importlib.import_module("bot.storage.migrations.versions.0004_privacy")
    assert {(place.table, place.column) for place in migration.ENCRYPTED} <= found


async def _stored(runtime: Runtime) -> str:
    """Everything that the tables of reports hold, as an intruder would read it."""
    async with runtime.database.session() as session:
        tables = ("complaints", "complaint_parts", "complaint_events")
        return "\n".join(
            [str(row) for table in tables for row in await session.scalars(text(f"select t::text from {table} t"))]
        )


async def test_in_the_database_nothing_is_readable(runtime: Runtime, filled: Filled) -> None:
    assert CANARY not in await _stored(runtime)
    row = await one(runtime, Complaint, filled.sent)
    assert row is not None
    assert (row.body, row.answers["name"]) == (CANARY, CANARY)


async def test_keys_are_rotated(
    runtime: Runtime, filled: Filled, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Old and plain values come under the new key; afterwards the old key is not needed."""
    old = keyring.keyring()
    async with runtime.database.session() as session:
        await session.execute(text("update complaint_parts set text = 'polos'"))  # written before there was encryption
    both = Keyring([KEY, *keys_of(Settings(_env_file=None))])
    monkeypatch.setattr(encrypted, "keyring", lambda: both)
    assert await privacy.rotate_keys(runtime) == 0
    assert "complaint_parts.text: 2 encrypted again" in capsys.readouterr().out
    await privacy.rotate_keys(runtime)
    assert set(capsys.readouterr().out.split()) >= {"0"}
    monkeypatch.setattr(encrypted, "keyring", lambda: Keyring([KEY]))
    assert {part.text for part in await all_of(runtime, ComplaintPart)} == {"polos"}
    row = await one(runtime, Complaint, filled.sent)
    assert row is not None
    assert (row.title, row.answers["contact"]) == (CANARY, CANARY)
    assert "polos" not in await _stored(runtime)
    monkeypatch.setattr(encrypted, "keyring", lambda: old)
    with pytest.raises(CannotDecrypt):
        await one(runtime, Complaint, filled.sent)


async def test_contacts_are_found_without_being_readable(
    runtime: Runtime, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By every key that is known, until those of before are under the newest."""

    async def stored() -> str:
        return str((await runtime.database.run(text("select t::text from application_contacts t")))[0][0])

    async def seen() -> list[int]:
        async with runtime.database.session() as session:
            register = Register(session, get_knowledge(), ZoneInfo("Asia/Jakarta"), lambda: datetime.now(UTC))
            found = await mine(register, filled.conversation)
            assert [pair[1] for pair in await audience(register, [filled.application])] == [filled.conversation]
            return [one.id for one in found]

    await runtime.database.run(text("delete from application_links"))
    await runtime.database.run(
        text("update conversations set channel = 'whatsapp', address = 'whatsapp:+6281234567890' where id = :id"),
        {"id": filled.conversation},
    )
    assert "81234567890" not in await stored()
    assert await seen() == [filled.application]
    both = Keyring([KEY, *keys_of(Settings(_env_file=None))])
    monkeypatch.setattr(encrypted, "keyring", lambda: both)
    before = await stored()
    assert await seen() == [filled.application]
    await privacy.rotate_keys(runtime)
    assert await stored() != before
    monkeypatch.setattr(encrypted, "keyring", lambda: Keyring([KEY]))
    assert await seen() == [filled.application]


async def test_the_migration_encrypts_the_contacts_that_are_there(runtime: Runtime, filled: Filled) -> None:
    migration = importlib.import_module("bot.storage.migrations.versions.0010_proof")
    async with runtime.database.session() as session:
        await session.execute(text("update application_contacts set value = '+6281111111111', value_hash = null"))
        connection = await session.connection()
        for place in migration.ENCRYPTED:
            assert place in encrypted_places(metadata)
            assert (await connection.run_sync(encrypted.encrypt_batch, place, 0))[1] == 1
        found = (await session.execute(text("select value, value_hash from application_contacts"))).one()
    assert found.value.startswith(keyring.MARK)
    assert found.value_hash == keyring.keyring().keyed_hash("+6281111111111")


def test_the_column_is_text_in_the_database() -> None:
    assert isinstance(Encrypted().impl_instance, Text)
