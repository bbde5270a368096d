"""Under which role each process reaches the database. Imports nothing heavy: starting begins here."""

from __future__ import annotations

from dataclasses import dataclass

APP = "pandu_app"


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """`owner` migrates, `app` is for web and worker; the same where nobody made roles."""

    owner: str
    app: str


def urls_of(owner: str) -> DatabaseUrls:
    """The same database as seen by both, for a server that trusts its socket (the embedded one)."""
    return DatabaseUrls(owner, with_role(owner, APP))


def with_role(url: str, role: str, password: str = "") -> str:
    """`url` for another role, with its password or none."""
    from sqlalchemy.engine import URL, make_url

    old = make_url(url)
    changed = URL.create(old.drivername, role, password or None, old.host, old.port, old.database, old.query)
    return changed.render_as_string(hide_password=False)
