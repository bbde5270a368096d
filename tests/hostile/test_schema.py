"""schemathesis on every address in the schema: right and wrong calls made from it, none fails, none hangs.

The webhooks' bodies and the engine's calls are not in the schema: test_odd_values.py and test_fuzz.py attack those.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode

from tests.hostile.conftest import Target, answer_is_fine

EXAMPLES = 10
QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # schemathesis does
async def test_no_documented_address_fails_or_hangs(target: Target) -> None:
    schema = schemathesis.openapi.from_dict(target.app.openapi())
    seen: Counter[tuple[str, int]] = Counter()
    for operation in [found.ok() for found in schema.get_all_operations()]:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            await asyncio.to_thread(_attack, operation, target, mode, seen)
    called = {label for label, _ in seen}
    assert called == {
        f"{verb.upper()} {path}" for path, verbs in target.app.openapi()["paths"].items() for verb in verbs
    }
    assert {200, 401, 404, 422} <= {status for _, status in seen}


def _attack(operation: Any, target: Target, mode: GenerationMode, seen: Counter[tuple[str, int]]) -> None:
    endless = operation.path.endswith("/stream")  # server-sent events: only their beginning is waited for

    @QUICK
    @given(case=operation.as_strategy(generation_mode=mode))
    def attack(case: Case) -> None:
        call = case.as_transport_kwargs(base_url=target.url, headers={"Authorization": f"Bearer {target.key}"})
        begin = time.monotonic()
        with requests.request(**call, timeout=10, stream=endless) as answer:
            took = time.monotonic() - begin
        seen[operation.label, answer.status_code] += 1
        answer_is_fine(answer.status_code, took, operation.label, case.path_parameters, case.query, case.body)

    with suppress(Unsatisfiable):  # an address without parameters cannot be called wrongly
        attack()
