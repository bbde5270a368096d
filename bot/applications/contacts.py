"""The office's ways to an applicant. A telephone number that it has checked opens the status in its chat."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.applications.errors import NotAllowed, NotFound
from bot.applications.models import ApplicationContact
from bot.applications.service import Register, email_address, find, telephone

MOST = 5


async def listed(register: Register, application_id: int) -> Sequence[ApplicationContact]:
    query = select(ApplicationContact).where(ApplicationContact.application_id == application_id)
    return (await register.session.scalars(query.order_by(ApplicationContact.kind.desc(), ApplicationContact.id))).all()


async def add(register: Register, number: str, typed: str, actor: str) -> ApplicationContact:
    """Adds a telephone number or an e-mail address that the office has checked. Raises NotFound, NotAllowed."""
    application = await find(register, number, lock=True)
    kind, value = ("email", email_address(typed)) if "@" in typed else ("phone", telephone(typed))
    known = await listed(register, application.id)
    if len(known) >= MOST:
        raise NotAllowed(f"an application has at most {MOST} contacts", f"paling banyak {MOST} kontak")
    if (kind, value) in {(one.kind, one.value) for one in known}:  # perhaps under an older key
        raise NotAllowed("this contact is known already", "kontak itu sudah tercatat")
    row = insert(ApplicationContact).values(
        application_id=application.id, kind=kind, value=value, verified_by=actor[:100]
    )
    found = await register.session.scalars(row.on_conflict_do_nothing().returning(ApplicationContact))
    contact = found.one_or_none()
    if contact is None:
        raise NotAllowed("this contact is known already", "kontak itu sudah tercatat")
    return contact


async def remove(register: Register, number: str, contact_id: int) -> str:
    """Takes a contact away; returns its kind. That number no longer sees the application. Raises NotFound."""
    application = await find(register, number, lock=True)
    statement = delete(ApplicationContact).where(
        ApplicationContact.id == contact_id, ApplicationContact.application_id == application.id
    )
    kind = (await register.session.execute(statement.returning(ApplicationContact.kind))).scalar_one_or_none()
    if kind is None:
        raise NotFound("there is no such contact", "kontak itu tidak ada lagi")
    return kind
