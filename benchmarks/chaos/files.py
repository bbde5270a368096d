"""Photos and documents that applicants send: what was sent, what the provider gave out, and what Pandu has kept."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import text

SIZES = (200, 60_000)  # bytes
_TYPES = {"photo": "image/jpeg", "document": "application/pdf"}
_KEPT = text("select reference, path, error from stored_files")


@dataclass(slots=True)
class SentFile:
    """`reference` ends what the provider calls it; `given`: when it was first given out whole."""

    channel: str
    address: str
    reference: str
    kind: str
    content: bytes
    sent: float
    in_outage: bool
    given: float = 0.0

    @property
    def media_type(self) -> str:
        return _TYPES[self.kind]


@dataclass
class Files:
    """All files of a run, by reference."""

    chance: random.Random
    sent: dict[str, SentFile] = field(default_factory=dict)

    def make(self, channel: str, address: str, *, in_outage: bool) -> SentFile:
        reference = f"{'ME' if channel == 'whatsapp' else 'F'}{self.chance.getrandbits(128):032x}"
        content = self.chance.randbytes(self.chance.randint(*SIZES))
        kind = self.chance.choice(tuple(_TYPES))
        file = SentFile(channel, address, reference, kind, content, time.monotonic(), in_outage)
        self.sent[reference] = file
        return file

    def give(self, reference: str) -> bytes:
        file = self.sent[reference]
        file.given = file.given or time.monotonic()
        return file.content

    def all_given(self, channel: str, address: str) -> bool:
        """Whether every file of this applicant may truly be called kept."""
        return all(one.given for one in self.sent.values() if (one.channel, one.address) == (channel, address))


async def lost(files: Files, runtime: Any, folders: Iterable[Path]) -> list[str]:
    """One line for each file that is not kept, byte by byte, in one of the files folders."""
    rows = {row.reference.rpartition("/")[2]: row for row in await runtime.database.run(_KEPT)}
    places = tuple(folders)
    found = []
    for file in files.sent.values():
        row = rows.get(file.reference)
        if row is None:
            found.append(f"{file.channel} {file.kind}: its message is not there")
        elif row.error or not row.path:
            found.append(f"{file.channel} {file.kind}: {row.error or 'still waits'}")
        elif not any(_same(place / row.path, file.content) for place in places):
            found.append(f"{file.channel} {file.kind}: other bytes")
    return found


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
