"""Where a call comes from, as coarse as one person can easily change it."""

from __future__ import annotations

import ipaddress


def address_block(address: str) -> str:
    """The block of an IP address that one household or office has: /24 of IPv4, /48 of IPv6; "" where it is none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))
