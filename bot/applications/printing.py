"""Receipts to print, with a new claim code each: codes of earlier receipts that were not used end."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.applications import access
from bot.applications.models import Application
from bot.applications.receipt import Claim, receipts
from bot.applications.service import Register
from bot.channels.all import chat_link
from bot.settings import Settings

MOST = 200  # receipts in one PDF


async def printed(
    register: Register, settings: Settings, applications: Sequence[Application], actor: str
) -> tuple[bytes, list[str]]:
    """One PDF with a page for each, and the claim codes in the same order. At most `MOST` applications."""
    assert len(applications) <= MOST
    made = await codes(register, applications, actor)
    expires = register.day(register.now() + access.RECEIPT_LIFETIME)
    claims = [Claim(code, expires, chat_link(settings, code)) for code in made]
    pdf = await asyncio.to_thread(receipts, register, list(zip(applications, claims, strict=True)))
    return pdf, made


async def codes(register: Register, applications: Sequence[Application], actor: str) -> list[str]:
    """A new claim code for each, to be told to its applicant."""
    return await access.claims_for_applications(register, [one.id for one in applications], actor)
