"""Duties of today for the office's knowledge: proposals, versions to come, versions and facts to look at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from bot.console.desk import Desk
from bot.console.rights import may_change
from bot.dates import say_date
from bot.knowledge.derived import derived
from bot.knowledge.due import Due, due
from bot.knowledge.models import Knowledge
from bot.knowledge.publications import Publication
from bot.officers.signing_in import Signed
from bot.standards import noticing, proposals

AHEAD = timedelta(days=7)
"""So long before its day something is told."""
MOST = 5  # of each kind


@dataclass(frozen=True, slots=True)
class Duty:
    """One line: what, where to do it, and a tone for its badge ("" without one)."""

    title: str
    address: str
    badge: str = ""
    tone: str = "calm"


async def duties(desk: Desk, signed: Signed) -> list[Duty]:
    """For this officer: those of the own office, or of all."""
    now = desk.now()
    zone = desk.zone_in(signed.sight)
    today = now.astimezone(zone).date()
    async with desk.session() as session:
        waiting = [one for one in await proposals.waiting(session) if may_change(signed, one.office)]
        undone = select(Publication.undoes).where(Publication.undoes.is_not(None))
        query = select(Publication).where(
            (Publication.effective_on > today) | (Publication.review_on <= today + AHEAD), Publication.id.not_in(undone)
        )
        versions = [one for one in await session.scalars(query.order_by(Publication.id)) if _own(signed, one)]
        notes = [one for one in await noticing.in_force(session, now) if may_change(signed, one.office or None)]
    found = [_proposals(len(waiting))] if waiting and signed.may("supervisor") else []
    found += _versions(versions, today)
    found += [
        Duty(f"Pemberitahuan: {one.text}", "/console/notices", "berakhir hari ini")
        for one in notes
        if one.ends_at.astimezone(zone).date() == today
    ]
    if may_change(signed, None) and signed.may("supervisor"):
        found += _facts(desk.knowledge, today)
    return found


def _own(signed: Signed, one: Publication) -> bool:
    return may_change(signed, one.office)


def _proposals(count: int) -> Duty:
    return Duty("Usulan jawaban menunggu keputusan penyelia", "/console/knowledge/proposals", str(count), "warn")


def _versions(versions: list[Publication], today: date) -> list[Duty]:
    address = "/console/knowledge/drafts#versions"
    found = []
    for one in versions:
        name = f"Versi {one.id}: {one.reason}"
        if one.effective_on > today:
            found.append(Duty(name, address, f"berlaku {say_date(one.effective_on)}"))
        elif one.review_on is not None and one.review_on <= today:
            found.append(Duty(name, address, "waktunya ditinjau", "warn"))
        elif one.review_on is not None:
            found.append(Duty(name, address, f"ditinjau {say_date(one.review_on)}"))
    return found[: 2 * MOST]


@derived
def _dated(knowledge: Knowledge) -> list[Due]:
    return due(knowledge, date.max)


def _facts(knowledge: Knowledge, today: date) -> list[Duty]:
    """Facts, guides and entries whose own date is reached, as one line a document."""
    reached = [one for one in _dated(knowledge) if one.review <= today.isoformat()]
    counts: dict[str, int] = {}
    for one in reached:
        for document in one.documents:
            counts[document] = counts.get(document, 0) + 1
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])[:MOST]
    return [
        Duty(
            f"Tinjau lagi: {knowledge.documents[document].short if document in knowledge.documents else document}",
            f"/console/knowledge/documents/{document}",
            f"{count} fakta",
            "warn",
        )
        for document, count in ordered
    ]
