"""Receipts to print, with a new claim code each: codes of earlier receipts that were not used end."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from bot.applications import access, claim_codes
from bot.applications.claim_codes import Made, there
from bot.applications.models import Application
from bot.applications.receipt import Claim, receipts
from bot.applications.service import Register
from bot.channels.all import chat_link
from bot.paper import papers
from bot.settings import Settings
from bot.slowly import Beside

MOST = 200  # receipts in one PDF


async def printed(
    register: Register, settings: Settings, applications: Sequence[Application], actor: str, beside: Beside
) -> tuple[bytes, list[str]]:
    """One PDF with a page for each, and the claim codes in the same order. At most `MOST` applications.

    Raises Busy.
    """
    assert len(applications) <= MOST
    made = await codes(register, applications, actor, beside)
    expires = register.day(register.now() + access.RECEIPT_LIFETIME)
    claims = [Claim(one.code, expires, chat_link(settings, one.code)) for one in made]
    wanted = list(zip(applications, claims, strict=True))
    return await on_paper(register, wanted, actor, beside), [one.code for one in made]


async def codes(register: Register, applications: Sequence[Application], actor: str, beside: Beside) -> list[Made]:
    """A new claim code for each, to be told to its applicant. Raises Busy."""
    ids = [one.id for one in applications]
    made: list[Made] = there(beside.get(("claim codes", *ids), partial(claim_codes.made, actor, len(ids))))
    await access.claims_for_applications(register, ids, actor, made)
    return made


async def on_paper(register: Register, wanted: Sequence[tuple[Application, Claim]], who: str, beside: Beside) -> bytes:
    """The pages. Raises Busy."""
    key = ("receipts", *(claim.code for _, claim in wanted))
    if key not in beside.made:
        for application, _ in wanted:
            register.session.expunge(application)  # it is read after this transaction is undone
    content: bytes = there(beside.get(key, partial(papers.run, who, receipts, register, wanted)))
    return content
