"""The part of `pandu doctor` that concerns safety: refused calls, the database role, what the internet can reach."""

from __future__ import annotations

import stat
from collections import Counter
from pathlib import Path

import httpx

from bot.finding import Check, Finding
from bot.refusals import ADVICE, SETTINGS_OF_BOTH_SIDES
from bot.settings import Settings
from bot.storage.folders import open_to_others

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_INSIDE = ("/metrics", "/actions")
_SHOWN = 3
_ROLE = """
    select current_user, rolsuper, coalesce(pg_has_role(current_user, relowner, 'usage'), false)
    from pg_roles left join pg_class on pg_class.oid = to_regclass('conversations') where rolname = current_user
"""


async def refusals(settings: Settings, client: httpx.AsyncClient) -> Finding:
    """What the running web process refused since it started; wrong while an alarm is raised."""
    from prometheus_client.parser import text_string_to_metric_families

    try:
        answer = await client.get(f"{settings.local_url}/metrics")
        families = list(text_string_to_metric_families(answer.text))
    except (httpx.HTTPError, ValueError):
        return Finding("refusals", "note", "not known: no Pandu answers")
    counted: Counter[tuple[str, str]] = Counter()
    raised: list[tuple[str, str]] = []
    for sample in (sample for family in families for sample in family.samples):
        kind = (sample.labels.get("where", ""), sample.labels.get("reason", ""))
        if sample.name == "pandu_refused_total":
            counted[kind] += int(sample.value)
        elif sample.name == "pandu_refusal_alarm" and sample.value:
            raised.append(kind)
    if raised:
        said = ", ".join(f"{where}: {reason}" for where, reason in sorted(raised))
        return Finding("refusals", "wrong", f"many lately ({said})", ADVICE.get(raised[0], SETTINGS_OF_BOTH_SIDES))
    said = ", ".join(f"{where}: {reason} {count}" for (where, reason), count in counted.most_common(_SHOWN))
    return Finding("refusals", "ok", said or "none since the start")


async def role(settings: Settings, _: httpx.AsyncClient) -> Finding:
    """Whether a configured database is used under a role that may do no more than it needs."""
    if not settings.database_url:
        return Finding("role", "ok", "the embedded database's own role")
    import psycopg

    try:
        async with await psycopg.AsyncConnection.connect(settings.database_url, connect_timeout=5) as connection:
            found = await (await connection.execute(_ROLE)).fetchone()
    except psycopg.Error:
        return Finding("role", "note", "not known: see database")
    name, is_superuser, is_owner = found or ("?", False, False)
    advice = "pandu database roles makes one that may do no more than it needs (docs/security.md)."
    if is_superuser or is_owner:
        kind = "a superuser" if is_superuser else "the owner of the tables"
        return Finding("role", "note", f"{name} is {kind}", advice)
    return Finding("role", "ok", f"{name} changes no table")


async def exposure(settings: Settings, client: httpx.AsyncClient) -> Finding:
    """What others than the providers and applicants can reach."""
    if settings.public_url and settings.simulator_on:
        advice = "Anybody can write in it and read what others wrote: leave PANDU_SIMULATOR at auto, or off."
        return Finding("exposure", "wrong", "the simulator is on at a public address", advice)
    advice = "Let the proxy pass on only what docs/security.md lists."
    for path in _INSIDE if settings.public_url else ():
        try:
            answer = await client.get(f"{settings.public_url.rstrip('/')}{path}")
        except httpx.HTTPError:
            continue
        if answer.status_code in (200, 403, 405):
            return Finding("exposure", "note", f"{path} answers at the public address", advice)
    if settings.host not in _LOOPBACK:
        return Finding("exposure", "note", f"listens on {settings.host}, for every machine that reaches it", advice)
    return Finding("exposure", "ok", "this machine and what the proxy passes on")


async def files(settings: Settings, _: httpx.AsyncClient) -> Finding:
    """Whether other users of the machine can read the settings or the data."""
    data = settings.data_dir
    if _is_open(Path(".env"), stat.S_IRWXO):
        return Finding("files", "wrong", "other users can open .env", "chmod o= .env")
    if found := next(open_to_others(data), None):
        return Finding("files", "wrong", f"other users can open {found}", f"chmod go= {found}, or start Pandu again")
    return Finding("files", "ok", "settings and data are closed to other users")


def _is_open(path: Path, bits: int) -> bool:
    return path.exists() and bool(path.stat().st_mode & bits)


CHECKS: tuple[Check, ...] = (refusals, role, exposure, files)
