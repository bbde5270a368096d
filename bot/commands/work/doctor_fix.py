"""`pandu doctor --fix`: what can be mended where that is safe. Nothing is deleted, and doing it twice does it once."""

from __future__ import annotations

import httpx

from bot.channels.all import by_title
from bot.settings import Settings

TIMEOUT = 15.0  # seconds for each call


async def mend(settings: Settings) -> list[str]:
    """One English line for each thing that was mended, or could not be."""
    said = []
    for kind in by_title():
        async with httpx.AsyncClient(timeout=TIMEOUT) as client:
            said += await kind.mend(settings, client)
    return said
