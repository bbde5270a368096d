"""Accounts of officers: made by an administrator or on the command line, never by default."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note
from bot.officers.models import ROLES, Officer, OfficerSession, PushSubscription, Team, TeamMember
from bot.officers.passwords import Made

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class OfficerError(Exception):
    """Why it cannot be done, in Indonesian for the person who tries."""


async def add(session: AsyncSession, username: str, name: str, role: str, actor: str, first: Made) -> Officer:
    """A new account with its first password, which is shown once and must be changed. Raises OfficerError."""
    username, name = username.strip().lower(), " ".join(name.split())[:80]
    if not _USERNAME.fullmatch(username):
        raise OfficerError("Nama pengguna: 2–40 huruf kecil, angka, titik, garis; diawali huruf atau angka.")
    if not name:
        raise OfficerError("Nama petugas belum diisi.")
    _check_role(role)
    made = insert(Officer).values(username=username, name=name, role=role, password_hash=first.hash)
    found = (await session.execute(made.on_conflict_do_nothing().returning(Officer))).scalar_one_or_none()
    if found is None:
        raise OfficerError(f"Nama pengguna {username} sudah dipakai.")
    await note(session, actor, "officer.added", "officer", found.id, role=role)
    return found


async def listed(session: AsyncSession) -> Sequence[Officer]:
    return (await session.scalars(select(Officer).order_by(Officer.disabled_at.is_not(None), Officer.name))).all()


async def names(session: AsyncSession, officer_ids: Collection[int]) -> dict[int, str]:
    """The names of these officers, also of those whose account is disabled."""
    if not officer_ids:
        return {}
    query = select(Officer.id, Officer.name).where(Officer.id.in_(officer_ids))
    return {row.id: row.name for row in await session.execute(query)}


async def by_username(session: AsyncSession, username: str) -> Officer:
    """Raises OfficerError."""
    query = select(Officer).where(Officer.username == username.strip().lower())
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise OfficerError(f"Tidak ada petugas {username}.")
    return found


async def by_id(session: AsyncSession, officer_id: int) -> Officer:
    """Raises OfficerError."""
    found = await session.get(Officer, officer_id)
    if found is None:
        raise OfficerError("Tidak ada petugas ini.")
    return found


async def reset_password(session: AsyncSession, officer: Officer, actor: str, first: Made) -> None:
    """A new first password. Ends all sessions and takes the second factor away: the phone may be lost too."""
    officer.password_hash = first.hash
    officer.must_change_password = True
    officer.totp_secret = officer.totp_last_step = None
    await end_sessions(session, officer.id)
    await note(session, actor, "officer.password-reset", "officer", officer.id)


async def set_password(session: AsyncSession, officer: Officer, password_hash: str, keep: int = 0) -> None:
    """The officer's own choice; ends all other sessions than `keep`."""
    officer.password_hash = password_hash
    officer.must_change_password = False
    await end_sessions(session, officer.id, keep)
    await note(session, f"officer:{officer.id}", "officer.password-changed", "officer", officer.id)


async def change_role(session: AsyncSession, officer: Officer, role: str, actor: str) -> None:
    """Raises OfficerError, also when nobody would be administrator any more."""
    _check_role(role)
    if officer.role == "administrator" and role != "administrator":
        await _not_the_last(session, officer)
    officer.role = role
    await note(session, actor, "officer.role-changed", "officer", officer.id, role=role)


async def set_offices(session: AsyncSession, officer: Officer, offices: Sequence[str], actor: str) -> None:
    """Whose people the officer sees and whose knowledge the officer changes, the own office first; none for all."""
    officer.offices = list(dict.fromkeys(offices))
    await note(session, actor, "officer.office-set", "officer", officer.id, offices=officer.offices)


async def disable(session: AsyncSession, officer: Officer, actor: str, now: datetime) -> None:
    """The account stays for the record, but nobody signs in with it. Raises OfficerError for the last administrator."""
    if officer.role == "administrator":
        await _not_the_last(session, officer)
    officer.disabled_at = now
    await end_sessions(session, officer.id)
    await note(session, actor, "officer.disabled", "officer", officer.id)


async def enable(session: AsyncSession, officer: Officer, actor: str) -> None:
    officer.disabled_at = None
    await note(session, actor, "officer.enabled", "officer", officer.id)


async def end_sessions(session: AsyncSession, officer_id: int, keep: int | None = None) -> None:
    """All of them, or all others; their browsers are notified no more."""
    theirs = delete(PushSubscription).where(PushSubscription.officer_id == officer_id)
    await session.execute(theirs.where(PushSubscription.session_id != (keep or 0)))
    ended = update(OfficerSession).where(OfficerSession.officer_id == officer_id, OfficerSession.revoked_at.is_(None))
    await session.execute(ended.where(OfficerSession.id != (keep or 0)).values(revoked_at=func.now()))


async def save_team(
    session: AsyncSession, team_id: int | None, name: str, office: str, members: Sequence[int], actor: str
) -> Team:
    """Makes a team, or changes one. Raises OfficerError."""
    name = " ".join(name.split())[:60]
    if not name:
        raise OfficerError("Nama tim belum diisi.")
    query = select(Team.id).where(func.lower(Team.name) == name.lower(), Team.id != (team_id or 0))
    if (await session.execute(query)).first() is not None:
        raise OfficerError(f"Tim {name} sudah ada.")
    team = await session.get(Team, team_id) if team_id else Team(name=name, office=office)
    if team is None:
        raise OfficerError("Tidak ada tim ini.")
    team.name, team.office = name, office
    session.add(team)
    await session.flush()
    await session.execute(delete(TeamMember).where(TeamMember.team_id == team.id))
    known = select(Officer.id).where(Officer.id.in_(members))
    for officer_id in (await session.scalars(known)).all():
        session.add(TeamMember(team_id=team.id, officer_id=officer_id))
    await note(session, actor, "team.saved", "team", team.id)
    return team


async def teams(session: AsyncSession) -> list[tuple[Team, list[Officer]]]:
    """All teams with their members, by name."""
    found = (await session.scalars(select(Team).order_by(Team.name))).all()
    pairs = await session.execute(
        select(TeamMember.team_id, Officer).join(Officer, Officer.id == TeamMember.officer_id).order_by(Officer.name)
    )
    members: dict[int, list[Officer]] = {}
    for team_id, officer in pairs.all():
        members.setdefault(team_id, []).append(officer)
    return [(team, members.get(team.id, [])) for team in found]


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise OfficerError(f"Peran harus salah satu dari: {', '.join(ROLES)}.")


async def _not_the_last(session: AsyncSession, officer: Officer) -> None:
    query = select(Officer.id).where(
        Officer.role == "administrator", Officer.disabled_at.is_(None), Officer.id != officer.id
    )
    if (await session.execute(query.with_for_update())).first() is None:
        raise OfficerError("Harus selalu ada satu administrator yang aktif.")
