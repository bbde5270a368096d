"""Addresses of ours that open one thing for a while: signed, so that nobody can make one, and expiring."""

from __future__ import annotations

import hashlib
import hmac
import time

import jwt

from bot.settings import Settings

_ALGORITHM = "HS256"


def token(settings: Settings, purpose: str, subject: str, seconds: float) -> str:
    """Opens `subject` for `purpose` during `seconds`; holds for all processes that share the engine's token."""
    claims = {"aud": purpose, "sub": subject, "exp": int(time.time() + seconds)}
    return jwt.encode(claims, _key(settings), _ALGORITHM)


def subject(settings: Settings, purpose: str, given: str) -> str | None:
    """What a token opens; None when it is forged, expired, or made for something else."""
    if not settings.engine_token.get_secret_value():
        return None  # a key that everybody knows
    try:
        found = jwt.decode(given, _key(settings), [_ALGORITHM], audience=purpose, options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        return None
    return str(found["sub"])


def public(settings: Settings, path: str) -> str:
    """The whole address of a path of ours, as people's phones reach it; empty where they cannot.

    Without a public address only the simulator's people, who sit at this machine, reach anything.
    """
    base = settings.public_url or ("" if settings.connected else settings.local_url)
    return f"{base.rstrip('/')}{path}" if base else ""


def _key(settings: Settings) -> bytes:
    return hmac.new(settings.engine_token.get_secret_value().encode(), b"pandu links", hashlib.sha256).digest()
