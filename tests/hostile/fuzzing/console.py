"""Every form and every list of the console, filled in with odd values by a supervisor who is signed in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from bot.storage.database import Database
from tests.helpers.hiring import PASSWORD, hire
from tests.hostile.fuzzing import odd
from tests.hostile.fuzzing.targets import Target

LEFT_OUT = (
    "sign-",
    "account/password",
    "account/totp",
    "sessions/",
    "devices/try",
    "/try",
    "import",
    "static",
    "/live",
)
"""What would end the session, call somewhere, ask the engine, or never end."""
RIGHT = ("", "1", "2", "kudus", "magetan", "mine", "claim", "label", "snooze", "tomorrow", "2026-12-01", "08.00-16.00")
HEADERS = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
Call = tuple[str, str, bytes, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Form:
    """What an address takes: names in its path, its query and its body."""

    method: str
    path: str
    query: tuple[str, ...]
    body: tuple[str, ...]


class Console:
    """Calls it; `statuses` counts what it answered."""

    def __init__(self, client: httpx.AsyncClient, forms: list[Form]) -> None:
        self.client, self.forms = client, forms
        self.statuses: Counter[int] = Counter()

    def target(self) -> Target:
        return Target("console", 20, self.case, self.call)

    def case(self, source: Random) -> Call:
        form = source.choice(self.forms)
        path = form.path
        for name in _named(path):
            value = source.choice(["1", "2", "999", odd.text(source, "12")])
            path = path.replace("{" + name + "}", quote(value, safe="", errors="replace") or "0")
        headers = HEADERS | ({"HX-Request": "true"} if source.randrange(2) else {})
        query, body = _filled(source, form.query), _filled(source, form.body)
        return form.method, f"{path}?{query}", body.encode(), headers

    async def call(self, call: Call) -> None:
        method, address, body, headers = call
        answer = await self.client.request(method, address, content=body, headers=headers)
        self.statuses[answer.status_code] += 1
        assert answer.status_code < 500, f"{answer.status_code} {address[:100]}"
        assert answer.headers.get("location") != "/console/sign-in", "the session ended"


async def console(app: FastAPI, database: Database, address: str) -> Console:
    """A supervisor of Kudus at the console of `app`."""
    async with database.session() as session:
        officer = await hire(session, "penyelia-uji", role="supervisor")
        officer.offices = ["kudus"]
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=address)
    signed = await client.post(
        "/console/sign-in", data={"username": "penyelia-uji", "password": PASSWORD}, headers=HEADERS
    )
    assert signed.status_code == 303, signed.text
    return Console(client, forms_of(app))


def forms_of(app: FastAPI) -> list[Form]:
    found = []
    for context in iter_route_contexts(app.router.routes):
        taken = getattr(context.route, "dependant", None)
        if not context.path.startswith("/console/") or any(part in context.path for part in LEFT_OUT) or taken is None:
            continue
        query, body = _names(taken)
        found += [
            Form(method, context.path, query, body) for method in sorted(context.methods or ()) if method != "HEAD"
        ]
    return sorted(found, key=lambda one: (one.path, one.method))


def _names(dependant: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    query = [one.name for one in dependant.query_params]
    body = [one.name for one in dependant.body_params]
    for further in dependant.dependencies:
        more = _names(further)
        query, body = [*query, *more[0]], [*body, *more[1]]
    return tuple(dict.fromkeys(query)), tuple(dict.fromkeys(body))


def _named(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _filled(source: Random, names: tuple[str, ...]) -> str:
    """Most fields, some twice, in odd words; one field that nobody asks for."""
    pairs = []
    for name in (*names, "lain"):
        for _ in range(source.choice([0, 1, 1, 1, 2])):
            value = odd.text(source, source.choice(RIGHT)) if source.randrange(3) else source.choice(RIGHT)
            pairs.append((name, value))
    return urlencode(pairs, errors="replace")
