"""Walls between offices: every route, list and live event, as each role of two offices and as nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from bot.console import live, walls
from bot.console.desk import Desk
from bot.conversations.models import Conversation
from bot.conversations.runtime import Runtime
from bot.handoff.desk import Act
from bot.handoff.models import Mention
from bot.handoff.ownership.service import claim
from bot.officers.models import Officer
from bot.officers.service import by_id
from bot.settings import Settings
from bot.storage.database import Database
from tests.console.conftest import SignedIn
from tests.console.walled import Case, Cases, Desks, make_case
from tests.helpers.routes import addresses
from tests.helpers.until import until

EMPTY = text("truncate conversations, applications, canned_replies, handoff_rules, labels, saved_views cascade")
OTHER = {"kudus": "magetan", "magetan": "kudus"}
WALLED = ("officer", "supervisor")


@pytest.fixture
async def cases(database: Database, runtime: Runtime, settings: Settings) -> AsyncIterator[Cases]:
    """Of Kudus, of Magetan, and of nobody yet ("")."""
    async with database.session() as session:
        await session.execute(EMPTY)
    made = {office: await make_case(database, settings, office) for office in ("kudus", "magetan", "")}
    yield made
    async with database.session() as session:
        await session.execute(EMPTY)


@pytest.fixture
def at(signed_in: SignedIn, database: Database) -> Desks:
    return Desks(signed_in, database)


def _named(app: FastAPI) -> list[str]:
    """Routes whose address names something of a person."""
    guarded = set(walls.RULES) | {"applications/{number}"}
    return sorted(
        route
        for route in addresses(app)
        if " /console" in route and any(part in guarded for part, _ in walls.parts(route))
    )


def _filled(route: str, case: Case) -> tuple[str, str]:
    method, path = route.split(" ")
    for part, name in walls.parts(path):
        path = path.replace("{" + name + "}", str(case.ids.get(name, 1)) if part else "")
    return method, path


def test_every_part_of_every_address_has_a_rule(app: FastAPI) -> None:
    routes = [route for route in addresses(app) if " /console" in route]
    found = {part for route in routes for part, _ in walls.parts(route)}
    assert found == set(walls.RULES) | set(walls.ELSEWHERE)


@pytest.mark.parametrize("role", WALLED)
@pytest.mark.parametrize("mine", ["kudus", "magetan"])
async def test_what_is_of_another_office_is_as_unknown_as_nothing(
    app: FastAPI, cases: Cases, at: Desks, role: str, mine: str
) -> None:
    client, foreign = await at(role, mine), cases[OTHER[mine]]
    routes = [one for one in _named(app) if role != "officer" or not one.endswith("/take-over")]
    assert len(routes) > 35
    for route in routes:
        method, path = _filled(route, foreign)
        answer = await client.request(method, path, data={} if method == "POST" else None)
        assert answer.status_code == 404, (route, answer.status_code)
        assert foreign.word not in answer.text, route


WRITTEN = ("+{}", "{}.0", "%20{}", "{}%20", "0_{}", "0000000000000000000{}", "-0{}", "%EF%BC%90{}")
"""The same number as somebody types it who looks for a gap: many readers of numbers take these."""


@pytest.mark.parametrize("written", WRITTEN)
async def test_a_wall_does_not_depend_on_how_a_number_is_written(
    app: FastAPI, cases: Cases, at: Desks, written: str
) -> None:
    client, foreign = await at("supervisor", "kudus"), cases["magetan"]
    odd = Case(
        foreign.word,
        {name: written.format(number) if isinstance(number, int) else number for name, number in foreign.ids.items()},
    )
    for route in _named(app):
        method, path = _filled(route, odd)
        answer = await client.request(method, path, data={} if method == "POST" else None)
        assert answer.status_code == 404, (route, answer.status_code)
        assert foreign.word not in answer.text, route


async def test_a_proposal_names_no_conversation_out_of_sight(cases: Cases, at: Desks, database: Database) -> None:
    client = await at("officer", "kudus")
    form = {"kind": "fact", "fact": "kudus-iui/requirement/ktp", "text": "KTP elektronik"}
    for number in (cases["magetan"].ids["conversation_id"], 987_654_321):
        answer = await client.post("/console/knowledge/proposals", data=form | {"conversation": number})
        assert answer.status_code == 404, answer.text
    async with database.session() as session:
        assert (await session.execute(text("select count(*) from knowledge_proposals"))).scalar_one() == 0


async def test_nobody_gets_anything(app: FastAPI, cases: Cases, nobody: httpx.AsyncClient) -> None:
    for route in _named(app):
        method, path = _filled(route, cases["kudus"])
        answer = await nobody.request(method, path, data={} if method == "POST" else None)
        assert answer.status_code == 303 and cases["kudus"].word not in answer.text, route


@pytest.mark.parametrize(
    ("role", "offices", "seen"),
    [
        ("officer", ("kudus",), {"kudus", ""}),
        ("supervisor", ("magetan",), {"magetan", ""}),
        ("officer", ("kudus", "magetan"), {"kudus", "magetan", ""}),
        ("officer", (), {"kudus", "magetan", ""}),
        ("supervisor", (), {"kudus", "magetan", ""}),
        ("administrator", ("kudus",), {"kudus", "magetan", ""}),
    ],
)
async def test_pages_open_for_whose_they_are(
    cases: Cases, at: Desks, role: str, offices: tuple[str, ...], seen: set[str]
) -> None:
    client = await at(role, *offices)
    for office, case in cases.items():
        pages = ["conversations/{conversation_id}", "files/{file_id}", "complaints/{report_id}"]
        for page in pages + (["applications/{number}"] if office else []):
            answer = await client.get("/console/" + page.format(**case.ids))
            assert (answer.status_code, case.word in answer.text) == (200, True) if office in seen else (404, False), (
                page,
                office,
            )


LISTS = {
    "/console": (),
    "/console/board": (),
    "/console/inbox": (
        "",
        "?view=all",
        "?view=closed",
        "?view=mine",
        "?view=held",
        "?view=mentions",
        "?view=call-backs",
    ),
    "/console/inbox/rows": ("", "?view=all&q=zqmagetanx", "?view=all&q=pertanyaan", "?office=magetan"),
    "/console/applications": ("", "?office=magetan", "?q=zqmagetanx", "?service=magetan-perluasan"),
    "/console/applications/overdue": ("", "?office=magetan"),
    "/console/applications/new": ("",),
    "/console/complaints": ("", "?view=waiting", "?view=done"),
    "/console/complaints/figures": ("", "?of=magetan"),
    "/console/survey": ("", "?kantor=magetan"),
    "/console/replies": ("",),
    "/console/rules": ("",),
    "/console/understanding": ("", "?at=1", "?at=2"),
    "/console/understanding/export": ("",),
    "/console/audit": ("",),
    "/console/hours": ("", "?office=magetan"),
}
FILES = (
    "/console/applications/table.csv",
    "/console/applications/table.csv?office=magetan",
    "/console/applications/overdue/table.csv?office=magetan",
    "/console/complaints/table.csv",
    "/console/complaints/figures.csv?of=magetan",
    "/console/survey.csv?kantor=magetan",
    "/console/audit/table.csv",
    "/console/inbox/table.csv",
    "/console/inbox/table.csv?view=all",
    "/console/inbox/table.csv?view=all&office=magetan",
    "/console/inbox/table.csv?view=all&q=zqmagetanx",
)
SHOWN = ("/console/inbox", "/console/inbox/rows", "/console/applications", "/console/replies")


async def test_no_list_shows_another_offices_people(app: FastAPI, cases: Cases, at: Desks) -> None:
    client = await at("supervisor", "kudus")
    await _mention(at.database, client, cases)
    every = {one.split(" ")[1] for one in addresses(app) if one.startswith("GET /console") and "{" not in one}
    for page in sorted(every - {"/console/live"}):
        for query in LISTS.get(page, ()) or ("",):
            answer = await client.get(page + query)
            assert answer.status_code in (200, 403), page
            assert cases["magetan"].word not in answer.text, page + query
            assert str(cases["magetan"].ids["number"]) not in answer.text, page + query
        if page in SHOWN:
            assert cases["kudus"].word in (await client.get(page)).text, page


async def test_no_file_holds_another_offices_people(cases: Cases, at: Desks) -> None:
    client = await at("supervisor", "kudus")
    for page in FILES:
        answer = await client.get(page)
        assert answer.status_code == 200, page
        assert cases["magetan"].word not in answer.text and str(cases["magetan"].ids["number"]) not in answer.text, page
    for page in (FILES[0], "/console/inbox/table.csv"):
        assert cases["kudus"].word in (await client.get(page)).text, page
    assert (await client.get("/console/inbox/table.csv?view=held")).status_code == 404
    for what in ("layanan", "skm", "pengaduan"):
        assert (await client.get(f"/console/figures/{what}/report.pdf?kantor=magetan")).status_code == 404
    assert (await client.get("/console/figures?kantor=magetan")).status_code == 404
    theirs = await client.post("/console/figures/letterhead", data={"office": "magetan", "lines": "DINAS"})
    assert theirs.status_code == 403


async def _mention(database: Database, client: httpx.AsyncClient, cases: Cases) -> None:
    me = client.officer.id  # type: ignore[attr-defined]
    async with database.session() as session:
        session.add_all(Mention(note_id=int(case.ids["note"]), officer_id=me) for case in cases.values())


async def test_counts_are_of_what_the_list_shows(cases: Cases, at: Desks) -> None:
    for offices, waiting in ((("kudus",), 2), (("kudus", "magetan"), 3), ((), 3)):
        client = await at("officer", *offices)
        assert f">{waiting}<" in (await client.get("/console/inbox/waiting")).text.replace(" ", "").replace("\n", "")


async def test_a_figure_counts_the_own_office_only(cases: Cases, at: Desks) -> None:
    csv = {
        office: (await (await at("officer", office)).get("/console/complaints/figures.csv")).text for office in OTHER
    }
    assert "Kudus" in csv["kudus"] and "Magetan" not in csv["kudus"]
    assert "Magetan" in csv["magetan"] and "Kudus" not in csv["magetan"]


async def test_the_common_queue_is_everybodys_until_it_is_taken(cases: Cases, at: Desks) -> None:
    number, word = cases[""].ids["conversation_id"], cases[""].word
    kudus, magetan, all_seeing = await at("officer", "kudus"), await at("officer", "magetan"), await at("officer")
    assert word in (await kudus.get("/console/inbox")).text and word in (await magetan.get("/console/inbox")).text
    assert (await magetan.post(f"/console/conversations/{number}/claim")).status_code == 303
    assert (await kudus.get(f"/console/conversations/{number}")).status_code == 404
    assert word not in (await kudus.get("/console/inbox?view=all")).text
    assert (await magetan.get(f"/console/conversations/{number}")).status_code == 200
    assert (await all_seeing.get(f"/console/conversations/{number}")).status_code == 200


async def test_what_is_handed_to_another_office_is_that_offices(cases: Cases, at: Desks) -> None:
    number = cases["kudus"].ids["conversation_id"]
    kudus, magetan = await at("officer", "kudus"), await at("officer", "magetan")
    await kudus.post(f"/console/conversations/{number}/claim")
    to = f"officer-{magetan.officer.id}"  # type: ignore[attr-defined]
    await kudus.post(f"/console/conversations/{number}/transfer", data={"to": to, "note": "Ini untuk Magetan."})
    assert (await magetan.get(f"/console/conversations/{number}")).status_code == 200
    assert (await kudus.get(f"/console/conversations/{number}")).status_code == 404


async def test_nothing_is_written_for_another_office(cases: Cases, at: Desks) -> None:
    client = await at("supervisor", "kudus")
    new = await client.post("/console/applications/new", data={"procedure": "magetan-perluasan/", "applicant": "x"})
    assert new.status_code == 422 and "kantor lain" in new.text
    list_of_magetan = "nomor,layanan,tanggal_masuk\nA-1,magetan-perluasan,2026-11-02\n"
    read = await client.post("/console/applications/import", files={"file": ("daftar.csv", list_of_magetan)})
    assert "kantor lain" in read.text
    reply = {"title": "Salam", "text": "Halo", "office": "magetan"}
    assert (await client.post("/console/replies", data=reply)).status_code == 403
    assert (await client.post("/console/replies", data=reply | {"office": ""})).status_code == 403
    assert (await client.post("/console/replies", data=reply | {"office": "kudus"})).status_code == 303
    foreign = cases["magetan"].ids
    assert (await client.post(f"/console/replies/{foreign['reply_id']}/remove")).status_code == 403
    assert "kantor lain" in (await client.post(f"/console/rules/{foreign['rule_id']}/end")).text
    target = {"office": "magetan", "minutes": "30"}
    assert (await client.post("/console/triage/target", data=target)).status_code == 403
    assert (await client.post("/console/triage/target", data=target | {"office": ""})).status_code == 403
    assert (await client.post("/console/triage/sharing", data={"office": "magetan", "on": "1"})).status_code == 403
    theirs = await at("officer", "magetan")
    skill = {"officer": theirs.officer.id, "service": "magetan-perluasan"}  # type: ignore[attr-defined]
    assert (await client.post("/console/triage/skills", data=skill)).status_code == 404
    label = {"name": "x", "color": "biru"}
    for office in ("magetan", ""):
        assert (await client.post("/console/triage/labels", data=label | {"office": office})).status_code == 403
    assert (await client.post("/console/triage/labels", data=label | {"label_id": foreign["label"]})).status_code == 404
    assert (await client.post(f"/console/triage/labels/{foreign['label']}/remove")).status_code == 404
    own = cases["kudus"].ids["conversation_id"]
    setting = await client.post(f"/console/conversations/{own}/labels", data={"label": foreign["label"]})
    assert setting.status_code == 404
    await client.post(f"/console/inbox/views/{foreign['view']}/remove")
    await client.post("/console/inbox/views", data={"name": "baru", "office": "magetan", "query": ""})
    async with at.database.session() as session:
        kept = (await session.execute(text("select name from saved_views where office = 'magetan'"))).scalars().all()
        assert list(kept) == [cases["magetan"].word]
    for act, more in (("", {}), ("/closed", {"day": "2027-01-04"}), ("/opened", {"day": "2027-01-04"})):
        answer = await client.post(f"/console/hours{act}", data={"office": "magetan"} | more)
        assert answer.status_code == 403, act


@pytest.mark.parametrize("act", ["claim", "release", "transfer", "label", "snooze", "close"])
async def test_an_act_on_several_leaves_those_of_another_office_alone(cases: Cases, at: Desks, act: str) -> None:
    client, ids = await at("supervisor", "kudus"), cases["magetan"].ids
    me = f"officer-{client.officer.id}"  # type: ignore[attr-defined]
    fields = {"to": me, "note": "x", "label": cases["kudus"].ids["label"], "until": "1"}
    answer = await client.post(
        "/console/inbox/bulk",
        data={"act": act, "conversation": ids["conversation_id"]} | fields,
        headers={"HX-Request": "1"},
    )
    assert "milik kantor lain" in answer.text
    assert cases["magetan"].word not in answer.text
    async with at.database.session() as session:
        conversation = await session.get_one(Conversation, int(ids["conversation_id"]))
        assert (conversation.owner, conversation.office) == ("queue", "magetan")
        assert (
            await session.execute(text("select count(*) from handoffs where snoozed_until is not null"))
        ).scalar_one() == 0


EVENTS = (
    "waiting",
    "claimed",
    "released",
    "transferred",
    "taken-over",
    "given-back",
    "closed",
    "lease",
    "note",
    "looking",
)
MORE = ("typing", "held", "decided", "call-back", "replied", "labelled", "snoozed", "assigned")


@pytest.mark.parametrize(
    ("role", "offices", "hears"),
    [
        ("officer", ["kudus"], {"kudus", ""}),
        ("supervisor", ["magetan"], {"magetan", ""}),
        ("officer", [], {"kudus", "magetan", ""}),
        ("administrator", ["kudus"], {"kudus", "magetan", ""}),
    ],
)
async def test_a_page_hears_of_the_own_conversations_only(
    app: FastAPI, cases: Cases, monkeypatch: pytest.MonkeyPatch, role: str, offices: list[str], hears: set[str]
) -> None:
    monkeypatch.setattr(live, "GATHER", 0.01)
    desk: Desk = app.state.desk
    officer = Officer(id=7, username="x", name="X", role=role, offices=offices)
    heard: list[tuple[str, str]] = []

    async def listen() -> None:
        async for event in live._events(desk, "", officer):
            heard.append((event.event or "", str(event.data)))  # noqa: PERF401 it never ends

    async def has(name: str) -> bool:
        return any(name == one for one, _ in heard)

    listening = asyncio.create_task(listen())
    await until(lambda: has("hello"))
    numbers = {office: case.ids["conversation_id"] for office, case in cases.items()}
    for act in (*EVENTS, *MORE):
        for number in numbers.values():
            for queue in desk.runtime.events._for_all:
                queue.put_nowait({"conversation": number, "desk": act, "sound": True, "named": [7]})
    for queue in desk.runtime.events._for_all:
        queue.put_nowait({"cases": "complaints"})
    await until(lambda: has("cases"))
    await until(lambda: has("inbox"))
    listening.cancel()
    for office, number in numbers.items():
        there = any(name == f"conversation-{number}" or f'"conversation": {number}' in data for name, data in heard)
        assert there == (office in hears), office


async def test_who_has_no_office_takes_without_moving_anything(
    cases: Cases, at: Desks, runtime: Runtime, database: Database
) -> None:
    client = await at("officer")
    number = int(cases["kudus"].ids["conversation_id"])
    async with database.session() as session:
        officer = await by_id(session, client.officer.id)  # type: ignore[attr-defined]
        await claim(Act(session, runtime, officer), number)
        assert (await session.get_one(Conversation, number, populate_existing=True)).office == "kudus"


async def test_a_disabled_account_gives_its_conversations_back(cases: Cases, at: Desks, database: Database) -> None:
    officer, administrator = await at("officer", "kudus"), await at("administrator")
    number = cases["kudus"].ids["conversation_id"]
    assert (await officer.post(f"/console/conversations/{number}/claim")).status_code == 303
    await administrator.post(f"/console/officers/{officer.officer.id}/active", data={"on": ""})  # type: ignore[attr-defined]
    async with database.session() as session:
        conversation = await session.get_one(Conversation, int(number))
        assert (conversation.owner, conversation.office) == ("queue", "kudus")
