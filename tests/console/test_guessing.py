"""Guessing at passwords and codes: in bursts, from many places, from inside, and what it does to the officer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from bot.callers import address_block
from bot.officers import passwords
from bot.officers.browsers import Accounts, accounts, cookie_of, hear_accounts, new_browser, number_of
from bot.officers.models import Officer
from bot.officers.service import by_id, disable, reset_password
from bot.officers.tries import PER_PLACE, PER_USER, PER_USER_ANYWHERE
from bot.slowly import TooBusy
from bot.storage.database import Database
from tests.console.conftest import ADDRESS, SAME_ORIGIN, SignedIn, browser, make_officer
from tests.helpers.hiring import PASSWORD

WRONG = "bukan-kata-sandinya"


def from_address(app: FastAPI, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 1234))
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=SAME_ORIGIN)


async def enter(client: httpx.AsyncClient, username: str, password: str) -> int:
    answer = await client.post("/console/sign-in", data={"username": username, "password": password})
    return answer.status_code


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a password was really compared."""
    counted: Counter[str] = Counter()
    verify = passwords._verify

    def counting(password: str, password_hash: str | None) -> bool:
        counted["times"] += 1
        return verify(password, password_hash)

    monkeypatch.setattr(passwords, "_verify", counting)
    for limit in ("AT_ONCE", "WAITING", "WAITING_EACH"):
        monkeypatch.setattr(passwords, limit, 1000)  # the burst is not to be stopped by anything else
    monkeypatch.setattr(passwords, "_places", {known: passwords._Place() for known in (False, True)})
    return counted


async def test_a_burst_makes_no_more_guesses_than_one_after_the_other(
    app: FastAPI, database: Database, compared: Counter[str]
) -> None:
    officer = await make_officer(database)
    async with from_address(app, "203.0.115.10") as client:
        answers = await asyncio.gather(*(enter(client, officer.username, WRONG) for _ in range(40)))
    assert Counter(answers) == {422: PER_USER, 429: 40 - PER_USER}
    assert compared["times"] == PER_USER


async def test_a_burst_of_codes(app: FastAPI, signed_in: SignedIn, database: Database) -> None:
    client = await signed_in("officer")
    account: Officer = client.officer  # type: ignore[attr-defined]
    secret = pyotp.random_base32()
    form = {"secret": secret, "code": pyotp.TOTP(secret).at(time.time()), "password": PASSWORD}
    assert (await client.post("/console/account/totp", data=form)).status_code == 303
    async with browser(app) as guesser:
        assert await enter(guesser, account.username, PASSWORD) == 200

        async def guess() -> int:
            return (await guesser.post("/console/sign-in/code", data={"code": "000000"})).status_code

        assert Counter(await asyncio.gather(*(guess() for _ in range(40)))) == {422: PER_USER, 429: 40 - PER_USER}


async def test_strangers_do_not_lock_an_officer_out(app: FastAPI, signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    account: Officer = client.officer  # type: ignore[attr-defined]
    for place in range(PER_USER_ANYWHERE // PER_USER + 2):
        async with from_address(app, f"198.51.{place}.7") as stranger:
            for _ in range(PER_USER):
                await enter(stranger, account.username, WRONG)
    async with from_address(app, "192.0.2.4") as stranger:
        assert await enter(stranger, account.username, PASSWORD) == 429, "guessing from everywhere has an end"
    await client.post("/console/sign-out")
    assert await enter(client, account.username, PASSWORD) == 303, "the officer's own browser is known"


async def test_a_known_browser_has_no_more_guesses_than_others(app: FastAPI, signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    account: Officer = client.officer  # type: ignore[attr-defined]
    await client.post("/console/sign-out")
    answers = [await enter(client, account.username, WRONG) for _ in range(PER_USER + 1)]
    assert answers == [422] * PER_USER + [429]


async def test_a_browser_is_known_for_its_own_user_only(app: FastAPI, signed_in: SignedIn, database: Database) -> None:
    mine, other = await signed_in("officer"), await make_officer(database)
    account: Officer = mine.officer  # type: ignore[attr-defined]
    device = next(cookie for cookie in mine.cookies.jar if cookie.name.startswith("pandu_device_"))
    for place in range(PER_USER_ANYWHERE // PER_USER):
        async with from_address(app, f"198.18.{place}.7") as stranger:
            for _ in range(PER_USER):
                await enter(stranger, other.username, WRONG)
    async with from_address(app, "192.0.2.99") as thief:
        thief.cookies.set(cookie_of(other.username), device.value or "", path="/console")
        assert await enter(thief, other.username, PASSWORD) == 429
    assert account.username != other.username


async def test_one_place_that_tries_many_users(app: FastAPI, database: Database, compared: Counter[str]) -> None:
    async with from_address(app, "203.0.113.200") as one, from_address(app, "203.0.113.201") as neighbour:
        for number in range(PER_PLACE):
            client = one if number % 2 else neighbour
            assert await enter(client, f"tidak-ada-{number}", WRONG) == 422
        assert await enter(one, "tidak-ada-lagi", WRONG) == 429
    assert compared["times"] == PER_PLACE


@pytest.mark.parametrize("path", ["/console/account/password", "/console/account/totp", "/console/account/totp/off"])
async def test_the_password_cannot_be_guessed_from_inside(
    signed_in: SignedIn, compared: Counter[str], path: str
) -> None:
    client = await signed_in("officer")
    compared.clear()
    secret = pyotp.random_base32()
    form = {"old": WRONG, "new": "kata-yang-lain-sekali", "again": "kata-yang-lain-sekali", "password": WRONG}
    form |= {"secret": secret, "code": pyotp.TOTP(secret).at(time.time())}
    answers = await asyncio.gather(*(client.post(path, data=form) for _ in range(20)))
    assert Counter(one.status_code for one in answers) == {422: PER_USER, 429: 20 - PER_USER}
    assert compared["times"] == PER_USER


async def test_the_second_factor_is_not_replaced_without_the_password(signed_in: SignedIn, database: Database) -> None:
    client = await signed_in("officer")
    account: Officer = client.officer  # type: ignore[attr-defined]
    first, second = pyotp.random_base32(), pyotp.random_base32()
    form = {"secret": first, "code": pyotp.TOTP(first).at(time.time()), "password": PASSWORD}
    assert (await client.post("/console/account/totp", data=form)).status_code == 303
    for password in ({}, {"password": ""}, {"password": WRONG}):
        taken = {"secret": second, "code": pyotp.TOTP(second).at(time.time())} | password
        assert (await client.post("/console/account/totp", data=taken)).status_code == 422
    async with database.session() as session:
        kept = await session.scalar(select(Officer.totp_secret).where(Officer.id == account.id))
    assert kept == first


async def test_no_password_is_hashed_inside_a_transaction(database: Database) -> None:
    async with database.session():
        with pytest.raises(RuntimeError, match="inside a transaction"):
            await passwords.hashed("apa saja yang panjang")
        with pytest.raises(RuntimeError, match="inside a transaction"):
            await passwords.is_right("apa saja yang panjang", None)
    assert await passwords.hashed("apa saja yang panjang")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.1", "203.0.113.254", True),
        ("203.0.113.1", "203.0.114.1", False),
        ("2001:db8:1:2::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:203.0.113.1", "203.0.113.9", True),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_address_blocks(one: str, other: str, same: bool) -> None:
    assert (address_block(one) == address_block(other)) is same
    assert address_block("testclient") == ""


async def test_strangers_from_many_places_keep_each_other_waiting_not_a_known_browser(
    app: FastAPI, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await signed_in("officer")
    account: Officer = client.officer  # type: ignore[attr-defined]
    await client.post("/console/sign-out")
    places = {known: passwords._Place() for known in (False, True)}
    monkeypatch.setattr(passwords, "_places", places)
    held = asyncio.Event()

    async def hold(where: str) -> None:
        with suppress(TooBusy):
            async with passwords.place(where, known=False):
                await held.wait()

    flood = [asyncio.create_task(hold(f"10.0.{n % 40}.0/24")) for n in range(160)]
    await asyncio.sleep(0)
    async with from_address(app, "192.0.2.77") as stranger:
        waits = asyncio.create_task(enter(stranger, account.username, PASSWORD))
        assert await enter(client, account.username, PASSWORD) == 303
        assert not waits.done(), "there was room for a newcomer, in turn"
        assert len(places[False].line) <= passwords.WAITING
        held.set()
        assert await waits == 303
    await asyncio.gather(*flood)
    assert not any(place.under_way or place.line for place in places.values())


async def test_a_browsers_cookie_is_forged_by_nobody_and_ends_with_the_password(
    app: FastAPI, signed_in: SignedIn, database: Database
) -> None:
    client, other = await signed_in("officer"), await make_officer(database)
    account: Officer = client.officer  # type: ignore[attr-defined]
    name = cookie_of(account.username)
    mine = next(cookie.value or "" for cookie in client.cookies.jar if cookie.name == name)
    assert accounts.browser({name: mine}) == mine.partition(".")[0], "known at once"
    assert str(account.id) not in mine and account.username not in mine + name
    nonce, _, sign = mine.partition(".")
    assert new_browser(account) != mine
    for forged in (
        "",
        ".",
        nonce,
        f"{nonce}.",
        f".{sign}",
        f"x{mine}",
        f"{mine}0",
        f"{nonce}.{'0' * 32}",
        mine.upper(),
    ):
        assert accounts.browser({name: forged}) == number_of(account, forged) == "", forged
    await hear_accounts(database)
    assert accounts.browser({cookie_of(other.username): mine}) == "", "nobody else's"
    assert accounts.browser({f"x{n}": mine for n in range(50)} | {name: mine}), "whatever else is shown"
    first = await passwords.make_password()
    async with database.session() as session:
        await reset_password(session, await by_id(session, account.id), "system", first)
    await hear_accounts(database)
    assert accounts.browser({name: mine}) == ""
    async with database.session() as session:
        changed = await by_id(session, account.id)
        assert number_of(changed, mine) == ""
        newer = new_browser(changed)
        await disable(session, changed, "system", changed.created_at)
    heard = Accounts()
    heard.heard_of(changed)
    assert heard.browser({name: newer})
    await hear_accounts(database)
    assert accounts.browser({name: newer}) == "", "a disabled account has no browsers"
