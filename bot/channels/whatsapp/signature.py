"""Twilio's signature of a form, checked by Twilio's library for each of the addresses that it may have been signed for.

https://www.twilio.com/docs/usage/security
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

MultiForm = ImmutableMultiDict[str, str]
ALGORITHMS = frozenset({HMAC_SHA1, HMAC_SHA256})
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")


class _Fields(dict[str, list[str]]):
    """A form whose values the library finds at once: Starlette's looks through all of it for each, and forged calls
    come by the thousand."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def problem(request: Request, form: MultiForm, given: str, own_address: str, secrets: Sequence[str]) -> str:
    """Why this form is not taken; empty when Twilio signed exactly this form for our address.

    A form that Twilio did sign, but for another address, is refused too; it is told apart because then every
    message is lost until PANDU_PUBLIC_URL is what Twilio's console says.
    """
    algorithm = get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER, ""))
    if algorithm.upper() not in ALGORITHMS:
        return "unknown algorithm"
    fields = _Fields()
    for name, value in form.multi_items():
        fields.setdefault(name, []).append(value)
    validators = [RequestValidator(secret) for secret in secrets]
    query = request.scope["query_string"].decode("latin-1")
    rest = f"{request.scope['path']}{'?' + query if query else ''}"

    def signed(address: str) -> bool:
        try:
            return any(one.validate(f"{address}{rest}", fields, given, algorithm) for one in validators)
        except ValueError:  # the address that was called has a port above 65535
            return False

    if signed(own_address):
        return ""
    host = request.headers.get("X-Forwarded-Host") or request.headers.get("Host", "")
    if _HOST.fullmatch(host) and any(signed(f"{scheme}://{host}") for scheme in ("https", "http")):
        return "signed for another address"
    return "wrong signature"
