"""`pandu doctor`: looks at everything Pandu depends on, and says what to do about what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx

from bot.channels.all import advise_technicians, by_title, callers
from bot.commands.work import doctor_fix, doctor_safety, doctor_sending
from bot.finding import Check, Finding
from bot.processes.checks import free_megabytes
from bot.processes.postgres import running_url
from bot.settings import Settings

LOW_DISK = 1000  # MB
TIMEOUT = 10.0  # seconds for each question to somebody else


def run(settings: Settings, *, fix: bool = False) -> int:
    """Print what was mended (`fix`) and all findings; returns 1 when something is wrong."""
    for line in asyncio.run(doctor_fix.mend(settings)) if fix else ():
        print(f"fix    {line}")
    findings = asyncio.run(examine(settings))
    signs = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}
    for finding in findings:
        print(f"{signs[finding.verdict]}  {finding.subject:<10} {finding.found}")
        if finding.advice:
            print(f"                  -> {finding.advice}")
    return int(any(finding.verdict == "wrong" for finding in findings))


async def examine(settings: Settings) -> Sequence[Finding]:
    """All checks, at the same time."""
    own: tuple[Check, ...] = (_disk, _model, _database, _server, _engine)
    advise_technicians()
    ways = [kind.check for kind in by_title()]
    checks = (*own, *ways, _webhook, *doctor_sending.CHECKS, *doctor_safety.CHECKS)
    async with httpx.AsyncClient(timeout=TIMEOUT) as client:
        found = await asyncio.gather(*(check(settings, client) for check in checks))
    return [finding for finding in found if finding is not None]


async def _disk(settings: Settings, _: httpx.AsyncClient) -> Finding:
    free = free_megabytes(settings.data_dir.absolute())
    if free < LOW_DISK:
        return Finding("disk", "wrong", f"{free} MB free", f"Make room on the disk of {settings.data_dir}.")
    return Finding("disk", "ok", f"{free} MB free")


async def _model(settings: Settings, _: httpx.AsyncClient) -> Finding:
    from engine.fingerprint import fingerprint

    if settings.engine_url:
        return Finding("model", "note", "held by the engine at PANDU_ENGINE_URL")
    if (settings.data_dir / "models" / f"{fingerprint()}.tar.gz").is_file():
        return Finding("model", "ok", "trained from the present data")
    return Finding(
        "model", "note", "not trained from the present data", "make run trains it; pandu nlu train does too."
    )


async def _database(settings: Settings, _: httpx.AsyncClient) -> Finding:
    import psycopg

    url = settings.database_url or running_url(settings.data_dir)
    if not url:
        return Finding("database", "wrong", "the embedded server does not run", "Start Pandu: make run.")
    try:
        async with await psycopg.AsyncConnection.connect(url, connect_timeout=5) as connection:
            row = await (
                await connection.execute(
                    "select current_setting('server_version'), to_regclass('conversations') is not null,"
                    " pg_size_pretty(pg_database_size(current_database()))"
                )
            ).fetchone()
    except psycopg.Error as error:
        return Finding("database", "wrong", str(error).splitlines()[0], "Check PANDU_DATABASE_URL and that it runs.")
    version, migrated, size = row or ("?", False, "?")
    if not migrated:
        return Finding("database", "wrong", f"PostgreSQL {version} without Pandu's tables", "Start pandu serve once.")
    return Finding("database", "ok", f"PostgreSQL {version}, {size}")


async def _server(settings: Settings, client: httpx.AsyncClient) -> Finding:
    address = settings.local_url
    try:
        answer = await client.get(f"{address}/health/ready")
        body = answer.json()
    except (httpx.HTTPError, ValueError):
        return Finding("server", "wrong", f"no Pandu answers at {address}", "Start it: make run.")
    if answer.status_code == 200:
        return Finding("server", "ok", f"ready at {address}")
    down = ", ".join(name for name, up in body.items() if up is False) or "unknown"
    return Finding("server", "wrong", f"runs, but not ready: {down}", f"Look into {settings.data_dir}/logs.")


async def _engine(settings: Settings, client: httpx.AsyncClient) -> Finding:
    if not settings.engine_url:
        return Finding("engine", "note", "started by pandu serve; see server")
    token = settings.engine_token.get_secret_value()
    if not token:
        return Finding("engine", "wrong", "no token", "Set PANDU_ENGINE_TOKEN, the one its engine has.")
    for url in settings.engine_urls:
        try:
            answer = await client.get(f"{url}/webhooks/pandu/", headers={"Authorization": f"Bearer {token}"})
            said = "" if answer.status_code == 200 else f"answers {answer.status_code}"
        except httpx.HTTPError as error:
            said = f"does not answer ({type(error).__name__})"
        if said:
            return Finding("engine", "wrong", f"{url} {said}", "Start pandu serve --role engine there.")
    return Finding("engine", "ok", f"answers at {', '.join(settings.engine_urls)}")


async def _webhook(settings: Settings, client: httpx.AsyncClient) -> Finding:
    if not settings.public_url:
        others = (kind.without_address for kind in by_title() if kind.without_address)
        return Finding("address", "note", "; ".join(("no public address (PANDU_PUBLIC_URL)", *others)))
    if not settings.public_url.startswith("https://"):
        return Finding("address", "wrong", settings.public_url, f"{callers()} need https:// (port 443 or 8443).")
    try:
        answer = await client.get(f"{settings.public_url.rstrip('/')}/health/live")
    except httpx.HTTPError as error:
        advice = "Check name, certificate and the proxy in front of Pandu."
        return Finding("address", "wrong", f"{settings.public_url}: {type(error).__name__}", advice)
    if answer.status_code != 200:
        advice = f"The proxy must pass it on to {settings.host}:{settings.port}."
        return Finding("address", "wrong", f"{settings.public_url} answers {answer.status_code}", advice)
    return Finding("address", "ok", f"{settings.public_url} leads here")
