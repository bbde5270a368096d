"""`POST /webhooks/pandu/vectors`: what texts mean."""

from __future__ import annotations

import math

import httpx
import pytest

from bot.dialogue.client import Engine, EngineUnavailable
from tests.engine.conftest import TOKEN, RunningEngine


async def test_like_meanings_are_near(engine: RunningEngine) -> None:
    client = Engine(engine.url, TOKEN)
    try:
        first, second, third, empty = await client.vectors(
            ["kode otp tidak masuk", "kode verifikasinya kok gak nyampe", "berapa biaya izin", ""]
        )
    finally:
        await client.close()
    assert len(first) == 384
    assert math.hypot(*first) == pytest.approx(1, abs=0.01)
    assert math.sumprod(first, second) > 0.4 > math.sumprod(first, third)
    assert not any(empty)


@pytest.mark.parametrize("texts", [None, "x", ["x"] * 17, [1]])
def test_a_malformed_request_is_refused(engine: RunningEngine, texts: object) -> None:
    assert engine.client.post("/webhooks/pandu/vectors", json={"texts": texts}).status_code == 400


def test_it_needs_a_token(engine: RunningEngine) -> None:
    assert httpx.post(f"{engine.url}/webhooks/pandu/vectors", json={"texts": ["x"]}, trust_env=False).status_code == 401


async def test_a_wrong_token_is_an_engine_that_is_away(engine: RunningEngine) -> None:
    client = Engine(engine.url, "wrong")
    with pytest.raises(EngineUnavailable):
        await client.vectors(["x"])
    await client.close()
