"""Conditions of a start; each check raises CannotRun with what to do."""

from __future__ import annotations

import errno
import shutil
import socket
from pathlib import Path

from bot.errors import CannotRun
from bot.settings import Settings

MIN_FREE = 500  # MB for database, logs and a new model


def bind(host: str, port: int) -> socket.socket:
    """A socket bound to the address of the web process: taken early, so that nobody else gets it while we start."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, OverflowError) as error:
        raise CannotRun(f"PANDU_HOST={host} PANDU_PORT={port} is no address of this machine ({error}).") from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise CannotRun(_why_not(host, port, error)) from None
    listener.setblocking(False)
    return listener


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program: stop it, or choose another with PANDU_PORT."
    if error.errno == errno.EACCES:
        return f"Port {port} is for the administrator only: choose one above 1023 with PANDU_PORT."
    return f"Pandu cannot listen on {host}:{port} ({error.strerror}): check PANDU_HOST and PANDU_PORT."


def free_port() -> int:
    """A loopback port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def disk_has_room(folder: Path, megabytes: int = MIN_FREE) -> None:
    free = free_megabytes(folder)
    if free < megabytes:
        raise CannotRun(
            f"The disk of {folder} has {free} MB free, Pandu needs {megabytes} MB: make room and start again."
        )


def free_megabytes(folder: Path) -> int:
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1_000_000


def check_privacy(settings: Settings) -> None:
    """Keys that are none and periods of no kind are told now, not at the first report or at night. Raises CannotRun."""
    from bot.knowledge.load import get_knowledge
    from bot.privacy.retention import UnknownKind, periods
    from bot.storage.keyring import Keyring, keys_of

    try:
        Keyring(keys_of(settings))
    except ValueError:
        raise CannotRun("PANDU_DATA_KEYS holds something that is no key: pandu privacy new-key makes one.") from None
    try:
        periods(get_knowledge().privacy, settings.retention)
    except UnknownKind as error:
        raise CannotRun(str(error)) from None
