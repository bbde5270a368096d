"""Application numbers and claim codes: easy to read out, and a slip of the finger is noticed.

The last character is a check character by ISO 7064 MOD 27,26 (its hybrid system for 26 characters), over an alphabet of
26 without characters that are taken for one another: no 0 O Q, 1 I L, S, Z, B, U. It finds every single wrong
character and nearly every swap of two neighbours.
"""

from __future__ import annotations

import re
import secrets

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from bot.masking import holds_secret

ALPHABET = "23456789ACDEFGHJKMNPRTVWXY"
PREFIX = "PDU"
CLAIM = "KLAIM"
_SEPARATOR = r"[\s.\-–—_]{0,3}"
_GROUP = r"([A-Za-z0-9]{4})"
_NUMBER = re.compile(rf"\b{PREFIX}{_SEPARATOR}{_GROUP}{_SEPARATOR}{_GROUP}(?![A-Za-z0-9])", re.IGNORECASE)
_ATTEMPT = re.compile(rf"\b{PREFIX}{_SEPARATOR}(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{{2}}", re.IGNORECASE)
_CLAIM = re.compile(
    rf"\b{CLAIM}{_SEPARATOR}{_GROUP}{_SEPARATOR}{_GROUP}{_SEPARATOR}{_GROUP}(?![A-Za-z0-9])", re.IGNORECASE
)


def new_number() -> str:
    """A random number, "PDU-7K3M-9XQ4": 8 thousand million of them, so that guessing finds nothing."""
    return _shaped(PREFIX, 7)


def new_claim_code() -> str:
    """A random claim code, "KLAIM-7K3M-9XQ4-ACDE"."""
    return _shaped(CLAIM, 11)


def is_valid(body: str) -> bool:
    """Whether the characters (without prefix and hyphens) end with their check character."""
    try:
        mod_37_36.validate(body, ALPHABET)
    except (ValidationError, ValueError):
        return False
    return True


def number_in(text: str) -> str | None:
    """The first application number in `text` as we write it, checked; None when there is none or it is mistyped."""
    return next((_joined(PREFIX, found) for found in _NUMBER.finditer(text) if is_valid(_body(found))), None)


def claim_code_in(text: str) -> str | None:
    """The first claim code in `text` as we write it, checked; None when there is none or it is mistyped."""
    return next((_joined(CLAIM, found) for found in _CLAIM.finditer(text) if is_valid(_body(found))), None)


def looks_mistyped(text: str) -> bool:
    """Whether `text` holds something that was meant as a number or code of ours but is none."""
    if number_in(text) or claim_code_in(text):
        return False
    return bool(_NUMBER.search(text) or _CLAIM.search(text) or _ATTEMPT.search(text))


def _shaped(prefix: str, length: int) -> str:
    """Drawn again while it reads like a password: "PW" before a digit would be hidden where a person sends it."""
    while holds_secret(drawn := _drawn(prefix, length)):
        pass
    return drawn


def _drawn(prefix: str, length: int) -> str:
    body = "".join(secrets.choice(ALPHABET) for _ in range(length))
    body += mod_37_36.calc_check_digit(body, ALPHABET)
    return "-".join([prefix, *(body[start : start + 4] for start in range(0, len(body), 4))])


def _body(found: re.Match[str]) -> str:
    return "".join(found.groups()).upper()


def _joined(prefix: str, found: re.Match[str]) -> str:
    return "-".join([prefix, *(group.upper() for group in found.groups())])
