"""Claim codes as tests need them: made and used at once, whatever transaction is open."""

from __future__ import annotations

from bot.applications import access
from bot.applications.access import Look
from bot.applications.claim_codes import Made, _hash
from bot.applications.numbers import new_claim_code
from bot.applications.service import Register


def new_code() -> Made:
    code = new_claim_code()
    return Made(code, _hash(code))


async def code_on_paper(register: Register, application_id: int, made_by: str = "sari") -> str:
    made = new_code()
    await access.claims_for_applications(register, [application_id], made_by, [made])
    return made.code


async def code_in_chat(register: Register, application_id: int, conversation_id: int) -> str:
    made = new_code()
    await access.claim_to_share(register, application_id, conversation_id, made)
    return made.code


async def claimed(register: Register, conversation_id: int, code: str) -> Look:
    return await access.claim(register, conversation_id, _hash(code))
