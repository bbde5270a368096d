"""Triage at the desk: reply targets, labels, saved views, putting off, several at once."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from bot.audit.models import AuditLine
from bot.handoff.desk import Act, open_handoff
from bot.handoff.ownership.service import assign
from bot.handoff.triage.models import Label
from bot.officers.models import Officer
from tests.console.desk.conftest import FrontOffice
from tests.console.desk.test_inbox import row_of


async def target(client: httpx.AsyncClient, minutes: str, office: str = "") -> httpx.Response:
    return await client.post("/console/triage/target", data={"office": office, "minutes": minutes})


async def test_a_target_warns_in_the_row_and_marks_it_afterwards(office: FrontOffice) -> None:
    assert (await target(office.wati, "600")).status_code == 303
    assert 'value="600"' in (await office.wati.get("/console/triage")).text
    person = await office.waiting("Tina Contoh", minutes=0)
    assert (await target(office.wati, "90")).status_code == 303

    async def due_in(minutes: float) -> None:
        async with office.runtime.database.session() as session:
            found = await open_handoff(session, person)
            assert found is not None
            assert found.due_at is not None
            found.due_at = office.clock() + timedelta(minutes=minutes)

    await due_in(5.5)
    soon = row_of(await office.sari.get("/console/inbox/rows?view=all&due=soon"), person)
    assert "target 5 mnt lagi" in soon
    assert f'id="row-{person}"' not in (await office.sari.get("/console/inbox/rows?view=all&due=late")).text
    await due_in(-9.5)
    late = row_of(await office.sari.get("/console/inbox/rows?view=all&due=late&sort=due"), person)
    assert "target lewat 9 mnt" in late
    board = (await office.sari.get("/console/board")).text
    assert "lewat target jawaban" in board
    assert "/console/inbox?view=all&amp;due=soon&amp;sort=due" in board
    assert (await target(office.wati, "")).status_code == 303
    assert "lewat target jawaban" not in (await office.sari.get("/console/board")).text


@pytest.mark.parametrize("typed", ["0", "-3", "setengah jam", "100000", "1e3"])
async def test_an_odd_target_is_refused_with_a_reason(office: FrontOffice, typed: str) -> None:
    answer = await target(office.wati, typed)
    assert answer.status_code == 422
    assert "Tulis target dalam menit" in answer.text


async def test_the_order_stays_in_the_address(office: FrontOffice) -> None:
    page = (await office.sari.get("/console/inbox?sort=newest")).text
    assert re.search(r'<option value="newest" selected>Terbaru', page)
    assert "?sort=newest" in page
    assert (await office.sari.get("/console/inbox?sort=odd&due=odd")).status_code == 200


async def label(office: FrontOffice, name: str, color: str = "biru") -> int:
    made = await office.wati.post("/console/triage/labels", data={"name": name, "color": color, "office": ""})
    assert made.status_code == 303, made.text
    async with office.runtime.database.session() as session:
        return (await session.execute(select(Label.id).where(Label.name == name))).scalar_one()


async def test_a_label_is_made_set_seen_filtered_renamed_and_removed(office: FrontOffice) -> None:
    number = await label(office, "Butuh survei <x>")
    person, other = await office.waiting("Lina Contoh"), await office.waiting("Tono Contoh")
    page = f"/console/conversations/{person}"
    assert f'value="{number}"' in (await office.sari.get(f"{page}/labels")).text
    put = await office.sari.post(f"{page}/labels", data={"label": number}, headers={"HX-Request": "true"})
    assert put.status_code == 200
    assert '<span class="label biru">Butuh survei &lt;x&gt;</span>' in put.text
    assert f'value="{number}" checked' in (await office.sari.get(f"{page}/labels")).text
    found = await office.rina.get(f"/console/inbox/rows?view=all&label={number}")
    assert "Butuh survei &lt;x&gt;" in row_of(found, person)
    assert f'id="row-{other}"' not in found.text
    renamed = {"label_id": number, "name": "Survei lapangan", "color": "ungu"}
    assert (await office.wati.post("/console/triage/labels", data=renamed)).status_code == 303
    assert '<span class="label ungu">Survei lapangan</span>' in (await office.sari.get(page)).text
    await office.sari.post(f"{page}/labels", data={})
    assert "Survei lapangan" not in (await office.sari.get(page)).text.split('id="live"')[1]
    async with office.runtime.database.session() as session:
        query = select(AuditLine.action).where(AuditLine.action.like("%label%")).order_by(AuditLine.id)
        acts = list(await session.scalars(query))
    assert acts[-4:] == ["label.made", "conversation.labelled", "label.changed", "conversation.unlabelled"]
    assert (await office.wati.post(f"/console/triage/labels/{number}/remove")).status_code == 303
    assert (await office.sari.post(f"{page}/labels", data={"label": number})).status_code == 404


async def test_a_labelled_conversation_of_the_bot_is_listed_by_its_label(office: FrontOffice) -> None:
    number = await label(office, "Pelanggan lama")
    await office.sari.post(f"/console/conversations/{office.found['eko']}/labels", data={"label": number})
    found = await office.sari.get(f"/console/inbox/rows?view=all&label={number}")
    assert f'id="row-{office.found["eko"]}"' in found.text
    await office.wati.post(f"/console/triage/labels/{number}/remove")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " ", "color": "biru"},
        {"name": "x" * 31, "color": "biru"},
        {"name": "baik", "color": "url(x)"},
        {"name": "KEMBAR", "color": "biru"},
    ],
)
async def test_an_odd_label_is_refused_with_a_reason(office: FrontOffice, wrong: dict[str, str]) -> None:
    number = await label(office, "kembar")
    answer = await office.wati.post("/console/triage/labels", data=wrong | {"office": ""})
    assert answer.status_code == 422
    await office.wati.post(f"/console/triage/labels/{number}/remove")


async def save(client: httpx.AsyncClient, name: str, query: str, office: str = "mine") -> None:
    answer = await client.post("/console/inbox/views", data={"name": name, "query": query, "office": office})
    assert answer.status_code == 303


def saved(page: httpx.Response) -> dict[str, str]:
    """Address by the view's name and count."""
    found = re.findall(r'<a id="saved-\d+" href="(.+?)" title=".+?".*?</svg>(.+?)</a>', page.text)
    return {re.sub(r"\s+", " ", re.sub("<.+?>", "", name)).strip(): address for address, name in found}


async def test_a_view_is_saved_counted_opened_and_removed(office: FrontOffice) -> None:
    number = await label(office, "Mendesak")
    person = await office.waiting("Ida Contoh")
    await office.sari.post(f"/console/conversations/{person}/labels", data={"label": number})
    query = f"?view=all&label={number}&sort=due"
    await save(office.sari, "Yang mendesak", query)
    await save(office.sari, "Cari saja", "?view=all&q=oss")
    page = await office.sari.get("/console/inbox")
    address = f"/console/inbox{query}".replace("&", "&amp;")
    assert saved(page) == {"Cari saja": "/console/inbox?view=all&amp;q=oss", "Yang mendesak 1": address}
    opened = await office.sari.get(f"/console/inbox{query}")
    assert re.search(r'<a id="saved-\d+" [^>]*aria-current="page"', opened.text)
    assert saved(await office.rina.get("/console/inbox")) == {}, "it is one's own"
    await save(office.sari, "yang MENDESAK", "?view=mine")
    assert len(saved(await office.sari.get("/console/inbox"))) == 2, "the same name again replaces it"
    for one in re.findall(r"/console/inbox/views/(\d+)/remove", (await office.sari.get("/console/inbox")).text):
        assert (await office.rina.post(f"/console/inbox/views/{one}/remove")).status_code == 303
        assert len(saved(await office.sari.get("/console/inbox"))) > 0, "nobody else's"
        await office.sari.post(f"/console/inbox/views/{one}/remove")
    assert saved(await office.sari.get("/console/inbox")) == {}
    await office.wati.post(f"/console/triage/labels/{number}/remove")


async def test_a_view_of_the_office_is_everybodys_and_the_supervisors_to_keep(office: FrontOffice) -> None:
    await save(office.rina, "Punya semua", "?view=mine", "all")
    assert saved(await office.rina.get("/console/inbox")) == {}, "an officer makes none for the office"
    await save(office.wati, "Milik petugas", "?view=mine&sort=newest", "all")
    await office.owned("rina")
    mine = saved(await office.rina.get("/console/inbox"))
    assert set(mine.values()) == {"/console/inbox?view=mine&amp;sort=newest"}
    assert re.fullmatch(r"Milik petugas [1-9]", next(iter(mine))), "counted for who looks"
    number = re.findall(r"/console/inbox/views/(\d+)/remove", (await office.wati.get("/console/inbox")).text)[0]
    await office.rina.post(f"/console/inbox/views/{number}/remove")
    assert saved(await office.rina.get("/console/inbox")) == mine
    await office.wati.post(f"/console/inbox/views/{number}/remove")
    assert saved(await office.rina.get("/console/inbox")) == {}


@pytest.mark.parametrize("query", ["?view=odd&label=x&sort=;", "?q=%00", "zzz", "?label=" + "9" * 40])
async def test_an_odd_view_is_no_error(office: FrontOffice, query: str) -> None:
    await save(office.sari, "aneh", query)
    page = await office.sari.get("/console/inbox")
    assert page.status_code == 200
    for one in re.findall(r"/console/inbox/views/(\d+)/remove", page.text):
        await office.sari.post(f"/console/inbox/views/{one}/remove")


async def test_who_is_assigned_by_hand_need_not_be_there(office: FrontOffice) -> None:
    person = await office.waiting("Tugas Contoh")
    page = (await office.wati.get(f"/console/conversations/{person}")).text
    assert "Tugaskan" in page
    assert re.search(r'value="officer-\d+">Sari: hadir, memegang \d+<', page)
    assert re.search(r'value="officer-\d+">Agus: tidak hadir, memegang \d+<', page)
    assert "Tugaskan" not in (await office.sari.get(f"/console/conversations/{person}")).text
    form = {"to": f"officer-{office.people.rina.id}", "note": "Tolong dijawab."}
    given = await office.wati.post(f"/console/conversations/{person}/transfer", data=form, headers={"HX-Request": "1"})
    assert given.status_code == 200
    assert 'data-mode="mine"' in (await office.rina.get(f"/console/conversations/{person}")).text


async def test_sharing_out_is_switched_per_office_and_skills_are_kept(office: FrontOffice) -> None:
    switched = await office.wati.post("/console/triage/sharing", data={"office": "kudus", "on": "1"})
    assert switched.status_code == 303
    assert "menyala" in (await office.wati.get("/console/triage")).text
    await office.wati.post("/console/triage/sharing", data={"office": "kudus", "on": ""})
    assert "menyala</span>" not in (await office.wati.get("/console/triage")).text
    assert (await office.wati.post("/console/triage/sharing", data={"office": "", "on": "1"})).status_code == 422
    async with office.runtime.database.session() as session:
        (await session.get_one(Officer, office.people.rina.id)).offices = ["kudus"]
    skill = {"officer": office.people.rina.id, "service": "kudus-iui"}
    try:
        assert (await office.wati.post("/console/triage/skills", data=skill)).status_code == 303
        assert 'value="kudus-iui" checked' in (await office.wati.get("/console/triage")).text
        odd = skill | {"service": "tidak-ada"}
        assert (await office.wati.post("/console/triage/skills", data=odd)).status_code == 404
    finally:
        async with office.runtime.database.session() as session:
            (await session.get_one(Officer, office.people.rina.id)).offices = []


async def test_who_was_given_it_reads_what_goes_before_the_first_reply(office: FrontOffice) -> None:
    person = await office.waiting("Bagi Contoh")
    async with office.runtime.database.session() as session:
        given = await open_handoff(session, person, lock=True)
        assert given is not None
        await assign(Act(session, office.runtime, None, office.clock), given, office.people.sari)
    page = await office.sari.get(f"/console/conversations/{person}")
    words = "Sebelum balasan pertama ia membaca: “Anda terhubung dengan petugas Sari.”"
    assert words in page.text
    await office.sari.post(f"/console/conversations/{person}/reply", data={"text": "Selamat pagi"})
    assert words not in (await office.sari.get(f"/console/conversations/{person}")).text
