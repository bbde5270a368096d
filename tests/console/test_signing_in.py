"""Signing in, being refused, and the end of a session."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from bot.audit.service import AuditFilter, lines
from bot.console.access import COOKIE
from bot.officers import service
from bot.officers.models import Officer
from bot.officers.signing_in import IDLE, LASTS
from bot.officers.tries import PER_USER
from bot.storage.database import Database
from tests.console.conftest import PASSWORD, SignedIn, browser, make_officer
from tests.helpers.hiring import made


async def enter(client: httpx.AsyncClient, username: str, password: str, to: str = "") -> httpx.Response:
    return await client.post("/console/sign-in", data={"username": username, "password": password, "to": to})


async def test_nobody_is_led_to_the_door_and_back_to_the_page_afterwards(
    nobody: httpx.AsyncClient, database: Database
) -> None:
    officer = await make_officer(database)
    led = await nobody.get("/console/account?x=1")
    assert (led.status_code, led.headers["location"]) == (303, "/console/sign-in?to=%2Fconsole%2Faccount%3Fx%3D1")
    entered = await enter(nobody, officer.username.upper(), PASSWORD, "/console/account?x=1")
    assert (entered.status_code, entered.headers["location"]) == (303, "/console/account?x=1")
    assert (await nobody.get("/console/account")).status_code == 200


@pytest.mark.parametrize(
    "to",
    ["https://example.com", "//example.com", "/console//example.com", "/\\example.com", "/konsol", "/console/\r\nX: y"],
)
async def test_the_way_back_leads_nowhere_else(nobody: httpx.AsyncClient, database: Database, to: str) -> None:
    officer = await make_officer(database)
    entered = await enter(nobody, officer.username, PASSWORD, to)
    assert entered.headers["location"] == "/console"


async def test_wrong_user_and_wrong_password_are_answered_alike(nobody: httpx.AsyncClient, database: Database) -> None:
    officer = await make_officer(database)
    wrong = await enter(nobody, officer.username, "bukan-kata-sandinya")
    unknown = await enter(nobody, officer.username + "x", "bukan-kata-sandinya")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace(officer.username, "") == unknown.text.replace(officer.username + "x", "")
    assert COOKIE not in nobody.cookies


async def test_after_five_wrong_tries_even_the_right_password_has_to_wait(app: FastAPI, database: Database) -> None:
    officer = await make_officer(database)
    async with browser(app) as client:
        for _ in range(PER_USER):
            assert (await enter(client, officer.username, "salah-salah-salah")).status_code == 422
        paused = await enter(client, officer.username, PASSWORD)
    assert paused.status_code == 429
    assert "Tunggu 15 menit" in paused.text
    async with database.session() as session:
        found = await lines(session, AuditFilter(action="officer.refused", subject_id=officer.id))
    assert len(found) == PER_USER


async def test_a_first_password_opens_only_the_page_where_it_is_changed(app: FastAPI, database: Database) -> None:
    async with database.session() as session:
        first = "kata-sandi-pertama"
        officer = await service.add(session, "baru-sekali", "Budi Contoh", "officer", "system", made(first))
    async with browser(app) as client:
        await enter(client, "baru-sekali", first)
        assert (await client.get("/console/account")).headers["location"] == "/console/account/password"
        page = await client.post("/console/account/password", data={"old": first, "new": "pendek", "again": "pendek"})
        assert (page.status_code, "paling sedikit 10" in page.text) == (422, True)
        form = {"old": first, "new": PASSWORD, "again": PASSWORD}
        assert (await client.post("/console/account/password", data=form)).status_code == 303
        assert (await client.get("/console/account")).status_code == 200
    assert officer.must_change_password


async def test_a_token_planted_before_signing_in_is_worth_nothing(app: FastAPI, database: Database) -> None:
    officer = await make_officer(database)
    async with browser(app) as client:
        client.cookies.set(COOKIE, "planted-by-somebody", path="/console")
        await enter(client, officer.username, PASSWORD)
        given = [cookie.value for cookie in client.cookies.jar if cookie.name == COOKIE]
        assert any(len(value or "") > 40 for value in given)
    async with browser(app) as client:
        client.cookies.set(COOKIE, "planted-by-somebody", path="/console")
        assert (await client.get("/console/account")).status_code == 303


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    nobody: httpx.AsyncClient, database: Database
) -> None:
    officer = await make_officer(database)
    cookie = (await enter(nobody, officer.username, PASSWORD)).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/console" in cookie


@pytest.mark.parametrize("later", [IDLE + timedelta(seconds=1), LASTS + timedelta(seconds=1)])
async def test_a_session_ends_when_idle_and_at_the_end_of_the_day(
    app: FastAPI, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, later: timedelta
) -> None:
    client = await signed_in("officer")
    moved = datetime.now(UTC) + later
    monkeypatch.setattr(app.state.desk, "now", lambda: moved)
    assert (await client.get("/console/account")).status_code == 303


async def test_signing_out_ends_the_session_on_the_server(app: FastAPI, signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    token = next(cookie.value for cookie in client.cookies.jar if cookie.name == COOKIE)
    await client.post("/console/sign-out")
    async with browser(app) as thief:
        thief.cookies.set(COOKIE, token or "", path="/console")
        assert (await thief.get("/console/account")).status_code == 303


async def test_a_new_password_and_a_disabled_account_end_sessions(signed_in: SignedIn, database: Database) -> None:
    administrator, officer = await signed_in("administrator"), await signed_in("officer")
    account: Officer = officer.officer  # type: ignore[attr-defined]
    answer = await administrator.post(f"/console/officers/{account.id}/reset-password")
    assert answer.status_code == 200 and account.username in answer.text
    assert (await officer.get("/console/account")).status_code == 303
    other = await signed_in("officer")
    account = other.officer  # type: ignore[attr-defined]
    await administrator.post(f"/console/officers/{account.id}/active", data={"on": ""})
    assert (await other.get("/console/account")).status_code == 303
    assert (await enter(other, account.username, PASSWORD)).status_code == 422


async def test_one_time_code(app: FastAPI, signed_in: SignedIn, database: Database) -> None:
    client = await signed_in("officer")
    account: Officer = client.officer  # type: ignore[attr-defined]
    secret = pyotp.random_base32()
    wrong = await client.post("/console/account/totp", data={"secret": secret, "code": "000000", "password": PASSWORD})
    assert wrong.status_code == 422 and secret in wrong.text
    for odd in ("JBSWY3DPEHPK3PXP", "1" * 20, "ä" * 32, "A" * 65, "!" * 16):  # not one that an app would take
        for password in ("bukan", PASSWORD):
            form = {"secret": odd, "code": "000000", "password": password}
            refused = await client.post("/console/account/totp", data=form)
            assert refused.status_code == 422 and odd not in refused.text
    code = pyotp.TOTP(secret).at(time.time())
    form = {"secret": secret, "code": code, "password": PASSWORD}
    assert (await client.post("/console/account/totp", data=form | {"password": "bukan"})).status_code == 422
    assert (await client.post("/console/account/totp", data=form)).status_code == 303
    async with browser(app) as again:
        asked = await enter(again, account.username, PASSWORD)
        assert asked.status_code == 200 and "Kode sekali pakai" in asked.text
        assert (await again.get("/console/account")).status_code == 303, "the password alone opens nothing"
        used = await again.post("/console/sign-in/code", data={"code": code})
        assert used.status_code == 422, "a code is accepted once"
        following = pyotp.TOTP(secret).at(time.time() + 30)
        assert (await again.post("/console/sign-in/code", data={"code": following})).status_code == 303
        assert (await again.get("/console/account")).status_code == 200


async def test_somebody_is_always_administrator(signed_in: SignedIn, database: Database) -> None:
    administrator = await signed_in("administrator")
    async with database.session() as session:
        query = select(Officer.id).where(Officer.role == "administrator", Officer.disabled_at.is_(None))
        everybody = list(await session.scalars(query))
    own = administrator.officer.id  # type: ignore[attr-defined]
    for officer_id in everybody:
        if officer_id != own:
            await administrator.post(f"/console/officers/{officer_id}/active", data={"on": ""})
    answer = await administrator.post(f"/console/officers/{own}/active", data={"on": ""})
    assert answer.status_code == 422 and "satu administrator" in answer.text
    assert (await administrator.post(f"/console/officers/{own}/role", data={"role": "officer"})).status_code == 422
