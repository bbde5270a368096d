"""`pandu officers`: accounts of the front-office staff, from the command line."""

from __future__ import annotations

from typing import Any

from bot.errors import CannotRun

ACTOR = "command-line"


async def add(runtime: Any, username: str, name: str, role: str) -> int:
    """Print the first password, which is shown nowhere else."""
    from bot.officers import passwords, service

    first = await passwords.make_password()
    try:
        async with runtime.database.session() as session:
            officer = await service.add(session, username, name, role, ACTOR, first)
    except service.OfficerError as error:
        raise CannotRun(str(error)) from None
    print(f"Officer {officer.username} ({officer.role}) may sign in at /console with this first password:")
    print(f"    {first.password}")
    return 0


async def show(runtime: Any) -> int:
    from bot.officers import service

    async with runtime.database.session() as session:
        found = await service.listed(session)
    for officer in found:
        state = "disabled" if officer.disabled_at else "code" if officer.totp_secret else ""
        print(f"{officer.username:<20} {officer.role:<14} {state:<9} {officer.name}")
    if not found:
        print("There are no officers yet: pandu officers add USERNAME NAME --role administrator")
    return 0


async def reset_password(runtime: Any, username: str) -> int:
    """Print a new first password; all sessions of the account end."""
    from bot.officers import passwords, service

    first = await passwords.make_password()
    try:
        async with runtime.database.session() as session:
            officer = await service.by_username(session, username)
            await service.reset_password(session, officer, ACTOR, first)
    except service.OfficerError as error:
        raise CannotRun(str(error)) from None
    print(f"New first password of {officer.username}; all sessions are ended, a one-time code is no longer asked:")
    print(f"    {first.password}")
    return 0
