"""Settings that a start would accept and that would break later: each is refused with one line on what to write."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

from bot.channels.all import by_title, callers
from bot.settings import ROOT, Settings

PREFIX = "PANDU_"
_HOST = re.compile(r"\.?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|localhost|127\.0\.0\.1")
_OF_THE_SYSTEM = (
    *("bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc", "root", "run", "sbin", "srv"),
    *("sys", "tmp", "usr", "var", "var/lib", "var/tmp", "var/log", "usr/local"),
)
OTHERS = ("PANDU_TEST", "PANDU_BENCH")
"""Names that tests and benchmarks read, not we."""


def written(file: Path = Path(".env")) -> set[str]:
    """The names of our settings that stand in the environment or in `.env`."""
    names = {*os.environ, *(dotenv_values(file) if file.is_file() else {})}
    return {name.upper() for name in names if name.upper().startswith(PREFIX)}


def problems(settings: Settings, names: Iterable[str] = ()) -> list[str]:
    """One English sentence a wrong setting; none when a start may go on."""
    channels = (kind.problems(settings) for kind in by_title())
    places = (_place(settings), _folder(settings.data_dir), _others_of_offices(settings))
    checks = (_unknown(names), _addresses(settings), _database(settings.database_url), *places, *channels)
    return [problem for check in checks for problem in check]


def _unknown(names: Iterable[str]) -> Iterator[str]:
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    for name in sorted(set(names) - known):
        if name.startswith(OTHERS):
            continue
        near = difflib.get_close_matches(name, known, 1, 0.6)
        meant = f" Did you mean {near[0]}?" if near else ""
        yield f"{name} is no setting of Pandu.{meant} docs/reference.md lists all."


def _addresses(settings: Settings) -> Iterator[str]:
    if settings.public_url:
        yield from _public(settings)
    for name in (*(name for kind in by_title() for name in kind.addresses), "actions_url"):
        value = getattr(settings, name)
        if value and not _is_address(value):
            yield f"{PREFIX}{name.upper()} must be an address such as https://example.org, not {value!r}."
    for value in settings.push_services.split(","):
        if value.strip() and not _HOST.fullmatch(value.strip()):
            yield f"PANDU_PUSH_SERVICES must hold names such as fcm.googleapis.com, without https://, not {value!r}."
    for value in settings.engine_urls:
        if not _is_address(value):
            yield f"PANDU_ENGINE_URL must hold addresses such as http://10.0.0.5:5005, not {value!r}."


def _public(settings: Settings) -> Iterator[str]:
    value = settings.public_url
    if not _is_address(value):
        yield f"PANDU_PUBLIC_URL must be an address such as https://pandu.example.go.id, not {value!r}."
        return
    parts = urlsplit(value)
    if parts.query or parts.fragment or parts.username:
        yield "PANDU_PUBLIC_URL must be a bare address, without user, ? or #."
    host = parts.hostname or ""
    if not _called_from_outside(settings) or _is_own(host):
        return
    if parts.scheme != "https":
        yield f"PANDU_PUBLIC_URL must begin with https:// ({callers()} call nothing else), not {value!r}."
    elif _is_inside(host):
        yield f"PANDU_PUBLIC_URL must be an address of the internet ({callers()} call it), not {value!r}."


def _called_from_outside(settings: Settings) -> bool:
    """Whether a provider is connected at its own address, so that it calls us over the internet."""
    return any(
        kind.is_on(settings)
        and kind.addresses
        and all(getattr(settings, name) == Settings.model_fields[name].default for name in kind.addresses)
        for kind in by_title()
    )


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        plain = value.isascii() and value.isprintable() and " " not in value
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0 and plain
    except ValueError:  # a port that is none, or half an IPv6 address
        return False


def _is_own(host: str) -> bool:
    """This machine: for tests and tunnels."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_inside(host: str) -> bool:
    """An address that the internet does not know."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host


def _place(settings: Settings) -> Iterator[str]:
    try:
        ZoneInfo(settings.timezone)
    except (ValueError, OSError, KeyError):
        yield f"PANDU_TIMEZONE must be Asia/Jakarta, Asia/Makassar or Asia/Jayapura, not {settings.timezone!r}."
    if settings.office:
        yield from _office(settings.office)


def _office(office: str, name: str = "PANDU_OFFICE") -> Iterator[str]:
    from bot.knowledge.load import get_knowledge

    known = sorted(one.id for one in get_knowledge().offices.values() if not one.national)
    if office not in known:
        yield f"{name} must be one of {', '.join(known)} (knowledge/offices), not {office!r}."


def _others_of_offices(settings: Settings) -> Iterator[str]:
    for office in settings.complaint_connectors:
        yield from _office(office, "An office of PANDU_COMPLAINT_CONNECTORS")
    for office in settings.complaint_officers.split(","):
        if office.strip() not in ("", "*"):
            yield from _office(office.strip(), "PANDU_COMPLAINT_OFFICERS must be * or empty, or each")


def _database(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        wrong = bool(url) and (parts.scheme not in ("postgresql", "postgres") or parts.port == 0)
    except ValueError:  # a port that is none, or half an IPv6 address
        wrong = True
    if wrong:  # without its password, it is not repeated
        yield "PANDU_DATABASE_URL must look like postgresql://user:password@host:5432/name (PostgreSQL only)."


def _folder(data_dir: Path) -> Iterator[str]:
    """Its content is closed to all other users: a folder of the system's, or with our programs in it, is none."""
    found = data_dir.expanduser().resolve()
    if found in (*ROOT.parents, ROOT, Path.home().resolve(), *(Path("/", name) for name in _OF_THE_SYSTEM)):
        yield f"PANDU_DATA_DIR must be a folder of Pandu alone, such as {found / 'pandu'}, not {str(data_dir)!r}."
