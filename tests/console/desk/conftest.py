"""A front office of its own, in a database of its own, with three officers at their browsers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.officers.models import Officer
from tests.console.conftest import ADDRESS, SAME_ORIGIN
from tests.helpers.databases import fresh_database
from tests.helpers.front_office import PASSWORD
from tests.helpers.open_office import Office, open_office


@dataclass
class FrontOffice(Office):
    """`sari` and `rina` are officers' browsers, `wati` their supervisor's."""

    sari: httpx.AsyncClient
    rina: httpx.AsyncClient
    wati: httpx.AsyncClient


@pytest.fixture(scope="session")
async def shared_office(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FrontOffice]:
    folder: Path = tmp_path_factory.mktemp("front-office")
    url = await fresh_database(database_url, "front_office")
    async with AsyncExitStack() as opened:
        office = await opened.enter_async_context(open_office(url, folder))
        browsers = {}
        for officer in (office.people.sari, office.people.rina, office.people.wati):
            client = httpx.AsyncClient(transport=httpx.ASGITransport(office.app), base_url=ADDRESS, headers=SAME_ORIGIN)
            browsers[officer.username] = await opened.enter_async_context(client)
            await _enter(client, officer)
        await opened.enter_async_context(office.runtime.jobs.open_async())
        yield FrontOffice(**vars(office), **browsers)


async def _enter(client: httpx.AsyncClient, officer: Officer) -> None:
    answer = await client.post("/console/sign-in", data={"username": officer.username, "password": PASSWORD})
    assert answer.status_code == 303, answer.text


@pytest.fixture
def office(shared_office: FrontOffice) -> FrontOffice:
    return shared_office
