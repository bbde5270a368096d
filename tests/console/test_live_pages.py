"""Pages that are told of news as it happens: how many one officer may hold open."""

from __future__ import annotations

import pytest
from fastapi import FastAPI

from bot.console import live
from bot.officers.models import Officer
from tests.console.conftest import SignedIn


async def test_one_officers_pages_that_are_told_of_news_have_an_end(
    app: FastAPI, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them asks the database for every event: 300 of one account kept an applicant waiting for seconds."""
    monkeypatch.setattr(live, "MOST", 2)
    client = await signed_in("officer")
    officer: Officer = client.officer  # type: ignore[attr-defined]
    pages = [live._events(app.state.desk, "", officer) for _ in range(2)]
    for page in pages:
        assert (await anext(page)).event == "hello"
    refused = await client.get("/console/live")
    assert refused.status_code == 429
    for page in pages:
        await page.aclose()  # type: ignore[attr-defined]
    assert live._open[officer.id] == 0
