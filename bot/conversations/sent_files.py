"""Files that people are sent: where they are kept."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio

FOLDER = "sent"
COPY_TOKEN = "copy:"  # noqa: S105  no secret
"""Begins the reply token of a message that carries the copy of a person's own data: staff do not open it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """`filename` is safe and ends as its type does; `kind` is "photo" or "document"."""

    filename: str
    media_type: str
    suffix: str
    kind: str


async def keep(folder: Path, checked: Checked, content: bytes) -> dict[str, Any]:
    """Writes the file under the files folder; returns what outgoing_messages.file holds."""
    path = f"{FOLDER}/{uuid.uuid4().hex}{checked.suffix}"
    place = anyio.Path(folder) / path
    await place.parent.mkdir(parents=True, exist_ok=True)
    await place.write_bytes(content)
    return {
        "path": path,
        "filename": checked.filename,
        "media_type": checked.media_type,
        "size": len(content),
        "kind": checked.kind,
    }
