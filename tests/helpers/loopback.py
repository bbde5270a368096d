"""The guard against reaching beyond this machine: what this process connects to, sends to or looks up is watched.

Not what processes of their own do (the engine, Chromium, Twilio's stand-ins), nor what libraries in C do by themselves:
libpq, which is given socket files, and uvloop.
"""

from __future__ import annotations

import sys
from ipaddress import ip_address
from typing import Any

_reached: list[str] = []


class BeyondLoopback(RuntimeError):
    """A test reached for another machine."""


def watch() -> None:
    """From now on, and until the process ends: a hook that listens cannot be taken away."""
    sys.addaudithook(_heard)


def reached() -> list[str]:
    """What was reached for since the last call; a caller that went on after the refusal is found by it."""
    found = list(_reached)
    _reached.clear()
    return found


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):
        return
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # else a file, or nobody new
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        _reached.append(f"{event} {host!r}")
        raise BeyondLoopback(f"{event} {host!r}: tests talk to 127.0.0.1 only")


def _is_here(host: object) -> bool:
    """True also for what is no host at all: None, or the numbers of a kernel's own sockets."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(name, str) or name in ("", "localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
