"""Callers of the web process: from where, as coarse as one person can easily change it, and whether they are known."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection

from bot.storage.database import guest

RECOGNISE = "pandu.recognise"
"""In a request's scope: what the doorway wants to be told (bot/web/doorway.py)."""


def recognised(request: HTTPConnection) -> None:
    """The caller has shown who they are: what follows is no stranger's, now and with what they showed."""
    guest.set(False)
    remember = request.scope.get(RECOGNISE)
    if remember is not None:
        remember()


def address_block(address: str) -> str:
    """The block of an IP address that one household or office has: /24 of IPv4, /48 of IPv6; "" where it is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))
