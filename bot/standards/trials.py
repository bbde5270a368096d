"""Questions to try a draft with: those that the draft itself suggests, and those that the office keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.audit.service import note
from bot.knowledge.models import Knowledge, Service
from bot.standards.service import DraftError
from bot.standards.tables import TrialQuestion

MOST_KEPT = 50
"""Of one office."""
MOST_TEXT = 300
_ASKED = (
    "apa saja syarat {name} di {place}?",
    "bagaimana cara mengurus {name} di {place}?",
    "berapa lama {name} di {place}?",
    "berapa biaya {name} di {place}?",
    "apa hasil {name} di {place}?",
    "apa dasar hukum {name} di {place}?",
    "ke mana mengadu soal {name} di {place}?",
)
_SHORT = "{place} {name} syaratnya apa"


@dataclass(frozen=True, slots=True)
class AskedTrial:
    """`service`: the one whose answer is expected; `holds`: words that the answer must hold; `kept`: its row's id."""

    text: str
    service: str = ""
    holds: str = ""
    kept: int | None = None


def suggested(knowledge: Knowledge, service: Service) -> list[AskedTrial]:
    """What applicants will ask about the service, in its own names, and about its neighbours at the same office."""
    office = knowledge.offices[service.office]
    place = office.label
    found = [AskedTrial(one.format(name=service.label, place=place), service.id) for one in _ASKED]
    names = [name for name in service.aliases if name.lower() != service.label.lower()]
    regions = [name for name in office.aliases if name.lower() != place.lower()] or [place]
    found += [AskedTrial(_SHORT.format(name=name, place=regions[0]), service.id) for name in names[:2]]
    beside = [one for one in knowledge.services.values() if one.office == service.office and one.id != service.id]
    found += [AskedTrial(_ASKED[0].format(name=one.label, place=place), one.id) for one in beside[:5]]
    return found


async def kept(session: AsyncSession, office: str) -> Sequence[TrialQuestion]:
    """The questions of an office, and those for all."""
    query = select(TrialQuestion).where(TrialQuestion.office.in_({office, ""})).order_by(TrialQuestion.id)
    return (await session.scalars(query)).all()


async def keep(session: AsyncSession, office: str, text: str, holds: str, actor: str, by: str) -> None:
    """Raises `DraftError`."""
    text, holds = " ".join(text.split()), " ".join(holds.split())
    if not text or len(text) > MOST_TEXT or len(holds) > MOST_TEXT:
        raise DraftError(f"Tulis pertanyaannya, paling banyak {MOST_TEXT} huruf.")
    if text.startswith("/"):
        raise DraftError("Pertanyaan ditulis seperti pemohon mengetiknya, tanpa garis miring di depan.")
    have = [one for one in await kept(session, office) if one.office == office]
    if any(one.text.lower() == text.lower() for one in have):
        raise DraftError("Pertanyaan itu sudah tersimpan.")
    if len(have) >= MOST_KEPT:
        raise DraftError(f"Paling banyak {MOST_KEPT} pertanyaan uji untuk satu kantor; hapus yang tidak perlu.")
    one = TrialQuestion(office=office, text=text, holds=holds, by=by)
    session.add(one)
    await session.flush()
    await note(session, actor, "trial-question.kept", "trial-question", one.id)


async def forget(session: AsyncSession, number: int, actor: str) -> None:
    one = await session.get(TrialQuestion, number)
    if one is not None:
        await session.delete(one)
        await note(session, actor, "trial-question.removed", "trial-question", number)
