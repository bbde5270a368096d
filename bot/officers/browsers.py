"""Browsers that an officer signed in with before (OWASP's "device cookies"): told apart from strangers by a cookie.

It holds a random number, signed with the keys of the installation for this account and its present password; nothing of
it is kept here, and nothing in it says whose it is. All browsers of an account are forgotten when its password is
changed or replaced, or the account is disabled.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text

from bot.officers.models import Officer
from bot.storage.database import DATABASE_ERRORS
from bot.storage.keyring import keyring
from bot.storage.patience import is_away

if TYPE_CHECKING:
    from bot.storage.database import Database

log = structlog.get_logger(__name__)

PREFIX = "pandu_device_"
EVERY = 10.0  # seconds between two looks at the accounts
_LOOKED_AT = 4  # cookies of a call: some officers share a browser
_ACCOUNTS = text("select username, password_hash from officers where disabled_at is null")


def cookie_of(username: str) -> str:
    """The name of the cookie: several officers may share a browser."""
    return PREFIX + hashlib.sha256(username.encode()).hexdigest()[:12]


def new_browser(officer: Officer) -> str:
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{keyring().keyed_hash(_signed(_account(officer.username, officer.password_hash), nonce))}"


def number_of(officer: Officer | None, given: str) -> str:
    """The browser's number when the cookie is one of ours for this account, else ""."""
    return _number(_account(officer.username, officer.password_hash), given) if officer and given else ""


class Accounts:
    """What the door knows of the accounts, so that a cookie costs it no question to the database."""

    def __init__(self) -> None:
        self._by_cookie: dict[str, str] = {}

    def hear(self, rows: Iterable[tuple[str, str]]) -> None:
        """User names and what is kept of the passwords of all accounts that are not disabled."""
        self._by_cookie = {cookie_of(name): _account(name, password_hash) for name, password_hash in rows}

    def heard_of(self, officer: Officer) -> None:
        """One of them, now."""
        self._by_cookie[cookie_of(officer.username)] = _account(officer.username, officer.password_hash)

    def browser(self, cookies: Mapping[str, str]) -> str:
        """The number of the browser that shows a right cookie, else ""."""
        shown = [name for name in cookies if name in self._by_cookie][:_LOOKED_AT]
        return next((found for name in shown if (found := _number(self._by_cookie[name], cookies[name]))), "")


accounts = Accounts()


async def hear_accounts(database: Database) -> None:
    accounts.hear((one.username, one.password_hash) for one in await database.run(_ACCOUNTS))


async def keep_hearing(database: Database) -> None:
    """Until cancelled."""
    while True:
        try:
            await hear_accounts(database)
        except Exception as error:
            if not is_away(error) and not isinstance(error, DATABASE_ERRORS):
                raise
            log.debug("accounts are looked at later", error=type(error).__name__)
        await asyncio.sleep(EVERY)


def _account(username: str, password_hash: str) -> str:
    return f"{username} {hashlib.sha256(password_hash.encode()).hexdigest()[:32]}"


def _number(account: str, given: str) -> str:
    nonce, _, sign = given[:100].partition(".")
    right = keyring().keyed_hashes(_signed(account, nonce))
    return nonce if any(secrets.compare_digest(one.encode(), sign.encode()) for one in right) else ""


def _signed(account: str, nonce: str) -> str:
    return f"browser {account} {nonce}"
