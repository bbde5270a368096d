"""One finding of `pandu doctor`, and the shape of its checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

import httpx

from bot.settings import Settings

Verdict = Literal["ok", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One checked thing. `advice` is what to do; a "note" is no fault."""

    subject: str
    verdict: Verdict
    found: str
    advice: str = ""


Check = Callable[[Settings, httpx.AsyncClient], Awaitable[Finding]]
