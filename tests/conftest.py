"""Fixtures for everybody: a real PostgreSQL, a migrated database, a session that is rolled back, a running system."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.ext.asyncio import AsyncSession

from bot.storage.database import Database
from tests.helpers import clock, loopback
from tests.helpers.databases import server
from tests.helpers.system import Running, system

os.environ.update({name: "" for name in os.environ if name.startswith("PANDU_") and not name.startswith("PANDU_TEST")})
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):  # this run and each process it starts would compile everything anew
    sys.dont_write_bytecode = False
os.environ["PANDU_DATA_KEYS"] = Fernet.generate_key().decode()  # else one would be made in the repository's data folder


loopback.watch()
clock.start()

pytest_plugins = ["tests.actions.chat", "tests.helpers.runtime"]
"""Fixtures that the tests of several parts share."""

_SLOW_FIXTURES = frozenset({"database_url", "engine", "model", "running", "test_folder"})
_PROCESSES = frozenset({"benchmarks", "browser", "engine", "processes", "system", "test_whatsapp_peers.py"})
"""Folders and files whose tests watch processes of their own."""
_SLOW = _PROCESSES | {"hostile", "test_hostile.py"}
_MEASURING = frozenset({"test_chaos.py", "test_constant_work.py", "test_growth.py", "test_patience.py"})
"""Files whose tests count time or moments: they have the machine for themselves."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what `make check` leaves out; leaves out what knows no other day."""
    elsewhere: list[pytest.Item] = []
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        fixtures = set(getattr(item, "fixturenames", ()))
        names = {folder, item.path.name}
        if _PROCESSES & names or "running" in fixtures:
            elsewhere.append(item)
            item.add_marker(pytest.mark.processes)
        if item.path.name in _MEASURING:
            item.add_marker(pytest.mark.alone)
        if _SLOW & names or _SLOW_FIXTURES & fixtures:
            item.add_marker(pytest.mark.slow)
    if clock.shifted() and elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


@pytest.fixture(autouse=True)
def _only_this_machine() -> Iterator[None]:
    yield
    assert loopback.reached() == []


@pytest.fixture(scope="session")
def test_folder() -> Iterator[Path]:
    """A folder of this test run (not pytest's own: PostgreSQL's user must be able to reach it)."""
    with tempfile.TemporaryDirectory(prefix="pandu-test-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="session")
async def database_url(test_folder: Path) -> AsyncIterator[str]:
    """A migrated database on a real server that lives as long as the test run."""
    async with server(test_folder / "unit") as url:
        yield url


@pytest.fixture(scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    """A session inside a transaction that is rolled back: a test sees its own rows only."""
    async with database.engine.connect() as connection:
        transaction = await connection.begin()
        async with AsyncSession(
            bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        ) as session:
            yield session
        await transaction.rollback()


@pytest.fixture(scope="session")
def running(test_folder: Path) -> Iterator[Running]:
    """The whole system, started once for all tests that only talk to it."""
    with system(test_folder / "system") as running:
        yield running


@pytest.fixture(scope="session")
def pandu_url(running: Running) -> str:
    return running.url
