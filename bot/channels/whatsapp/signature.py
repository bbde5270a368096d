"""Twilio's signature of a form: made once for all the addresses that it may have been signed for.

https://www.twilio.com/docs/usage/security. Twilio's library says which addresses are the same (with and without the
port); its own check reads and sorts the form anew for each of them, and forged calls come by the thousand.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlparse

from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from twilio.request_validator import (
    HMAC_SHA1,
    HMAC_SHA256,
    SIGNATURE_SETTINGS_HEADER,
    add_port,
    get_signature_algorithm,
    remove_port,
)

MultiForm = ImmutableMultiDict[str, str]
_HASHES = {HMAC_SHA1: "sha1", HMAC_SHA256: "sha256"}
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?")


def problem(request: Request, form: MultiForm, given: str, own_address: str, secrets: Sequence[str]) -> str:
    """Why this form is not taken; empty when Twilio signed exactly this form for our address.

    A form that Twilio did sign, but for another address, is refused too; it is told apart because then every
    message is lost until PANDU_PUBLIC_URL is what Twilio's console says.
    """
    hashed = _HASHES.get(get_signature_algorithm(request.headers.get(SIGNATURE_SETTINGS_HEADER, "")).upper())
    if hashed is None:
        return "unknown algorithm"
    fields, right = _fields(form), given.encode("utf-8", "replace")
    query = request.scope["query_string"].decode("latin-1")
    rest = f"{request.scope['path']}{'?' + query if query else ''}"

    def signed(address: str) -> bool:
        return any(
            hmac.compare_digest(_signature(f"{url}{fields}", secret, hashed), right)
            for url in _same(f"{address}{rest}")
            for secret in secrets
        )

    if signed(own_address):
        return ""
    host = request.headers.get("X-Forwarded-Host") or request.headers.get("Host", "")
    if _HOST.fullmatch(host) and any(signed(f"{scheme}://{host}") for scheme in ("https", "http")):
        return "signed for another address"
    return "wrong signature"


def _fields(form: MultiForm) -> str:
    values: dict[str, set[str]] = {}
    for name, value in form.multi_items():
        values.setdefault(name, set()).add(value)
    return "".join(name + value for name in sorted(values) for value in sorted(values[name]))


def _signature(text: str, secret: str, hashed: str) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), hashed))


@lru_cache(maxsize=256)
def _same(url: str) -> tuple[str, ...]:
    """The address without and with its port; none for a port above 65535."""
    try:
        parsed = urlparse(url)
        return tuple(dict.fromkeys((remove_port(parsed), add_port(parsed))))
    except ValueError:
        return ()
