"""Canned replies, office hours and rules, as supervisors change them."""

from __future__ import annotations

import re

import pytest

from tests.console.desk.conftest import FrontOffice


async def test_a_canned_reply_is_written_changed_and_removed(office: FrontOffice) -> None:
    form = {"title": "Alamat <kantor>", "text": "Silakan ke loket, {nama}.", "source": "Papan loket"}
    assert (await office.wati.post("/console/replies", data=form)).status_code == 303
    page = (await office.sari.get("/console/replies")).text
    assert "Alamat &lt;kantor&gt;" in page
    assert "edit=" not in page.split("<main")[1]
    number = re.search(r"edit=(\d+)#tulis", (await office.wati.get("/console/replies")).text.split("Alamat &lt;")[1])
    assert number is not None
    edit = (await office.wati.get(f"/console/replies?edit={number[1]}")).text
    assert 'value="Alamat &lt;kantor&gt;"' in edit
    changed = form | {"title": "Alamat", "reply_id": number[1]}
    assert (await office.wati.post("/console/replies", data=changed)).status_code == 303
    assert "Alamat &lt;" not in (await office.sari.get("/console/replies")).text
    assert (await office.wati.post(f"/console/replies/{number[1]}/remove")).status_code == 303
    assert (await office.wati.post(f"/console/replies/{number[1]}/remove")).status_code == 404


@pytest.mark.parametrize("text", ["", "Nomor {nomor_hp}"])
async def test_a_canned_reply_that_cannot_be_filled_stays_in_its_form(office: FrontOffice, text: str) -> None:
    answer = await office.wati.post("/console/replies", data={"title": "Judul saya", "text": text})
    assert answer.status_code == 422
    assert 'value="Judul saya"' in answer.text


async def test_hours_are_set_with_a_break_and_a_day_is_closed(office: FrontOffice) -> None:
    form = {"office": "magetan"}
    for day in range(5):
        form |= {f"opens-{day}-0": "8.00", f"closes-{day}-0": "12.00"}
    form |= {"opens-0-1": "13:00", "closes-0-1": "15:30"}
    assert (await office.wati.post("/console/hours", data=form)).headers[
        "location"
    ] == "/console/hours?office=magetan#week"
    page = (await office.wati.get("/console/hours?office=magetan")).text
    assert 'name="opens-0-1" value="13.00"' in page
    closed = {"office": "magetan", "day": "2099-03-02", "reason": "Hari jadi"}
    assert (await office.wati.post("/console/hours/closed", data=closed)).status_code == 303
    assert "2 Maret 2099" in (await office.wati.get("/console/hours?office=magetan")).text
    assert (await office.wati.post("/console/hours/opened", data=closed)).status_code == 303
    assert "2 Maret 2099" not in (await office.wati.get("/console/hours?office=magetan")).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens-0-0": "08:00"},
        {"opens-0-0": "x", "closes-0-0": "y"},
        {"opens-0-0": "12:00", "closes-0-0": "08:00"},
        {"opens-0-0": "08:00", "closes-0-0": "12:00", "opens-0-1": "11:00", "closes-0-1": "13:00"},
        {"office": "nowhere"},
    ],
)
async def test_hours_that_cannot_be_are_refused(office: FrontOffice, wrong: dict[str, str]) -> None:
    answer = await office.wati.post("/console/hours", data={"office": "kudus"} | wrong)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


async def test_a_day_needs_a_date_and_a_reason(office: FrontOffice) -> None:
    for wrong in ({"day": "besok", "reason": "x"}, {"day": "2099-03-02", "reason": ""}):
        answer = await office.wati.post("/console/hours/closed", data={"office": "kudus"} | wrong)
        assert answer.status_code == 422


async def test_a_rule_is_made_and_ended(office: FrontOffice) -> None:
    made = await office.wati.post(
        "/console/rules", data={"act": "hand_over", "topic": "ask_legal_basis", "below": "60"}
    )
    assert made.status_code == 303
    page = (await office.wati.get("/console/rules")).text
    assert "Dasar hukum" in page
    assert "bila keyakinan di bawah 60 %" in page
    end = re.search(r"/console/rules/\d+/end", page)
    assert end is not None
    assert (await office.wati.post(end[0])).status_code == 303
    assert (await office.wati.post(end[0])).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "approve"},
        {"act": "approve", "topic": "nothing-known"},
        {"act": "approve", "below": "banyak"},
        {"act": "approve", "below": "140"},
        {"act": "silence", "topic": "ask_cost"},
    ],
)
async def test_rules_that_say_nothing_are_refused(office: FrontOffice, wrong: dict[str, str]) -> None:
    answer = await office.wati.post("/console/rules", data=wrong)
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
