"""The files that our pages show in browsers, read once and kept in memory, compressed."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import HTTPException, Request, Response

HERE = Path(__file__).resolve().parent
SHARED = HERE / "static"
PACKAGES = HERE / "node_modules"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_ALREADY_SMALL = {".png", ".woff2"}
_CSS_URL = re.compile(rb'url\("([^":/]+)"\)')
ASKED_EACH_TIME = "no-cache"  # a cached copy is asked about first: the answer is a short 304 until the file changes
FOR_EVER = "public, max-age=31536000, immutable"  # the address carries the content's hash


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    compressed: bytes | None
    media_type: str
    digest: str


class Assets:
    """Files under one address. Later folders and `packages` (name → path below node_modules) win over earlier ones.

    Raises FileNotFoundError, naming `scripts/node`, when a package is not installed.
    """

    def __init__(self, address: str, folders: list[Path], packages: Mapping[str, str] | None = None) -> None:
        self._address = address
        found = {path.name: path for folder in folders for path in sorted(folder.iterdir())}
        found |= {name: PACKAGES / path for name, path in (packages or {}).items()}
        self._files = {name: _read(path) for name, path in found.items() if path.suffix in MEDIA_TYPES}
        for name in [name for name in self._files if name.endswith(".css")]:
            self._files[name] = _file(_CSS_URL.sub(self._named, self._files[name].content), ".css")

    def url(self, name: str) -> str:
        """The address of a file, which changes with its content. Raises KeyError."""
        return f"{self._address}/{name}?v={self._files[name].digest}"

    def urls(self) -> list[str]:
        """The addresses of all files."""
        return [self.url(name) for name in sorted(self._files)]

    def _named(self, found: re.Match[bytes]) -> bytes:
        """An address in a style sheet, with the hash that pages give it too: one download instead of two."""
        name = found[1].decode()
        return f'url("{name}?v={self._files[name].digest}")'.encode() if name in self._files else found[0]

    def answer(self, name: str, request: Request) -> Response:
        """The file, compressed where the browser takes that; 304 when it has it already; raises 404."""
        file = self._files.get(name)
        if file is None:
            raise HTTPException(404)
        tag = f'"{file.digest}"'
        named = request.query_params.get("v") == file.digest
        headers = {
            "ETag": tag,
            "Cache-Control": FOR_EVER if named else ASKED_EACH_TIME,
            "X-Content-Type-Options": "nosniff",
        }
        if file.compressed is not None:
            headers["Vary"] = "Accept-Encoding"
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        content = file.content
        if file.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            content, headers["Content-Encoding"] = file.compressed, "gzip"
        return Response(content, media_type=file.media_type, headers=headers)


def _read(path: Path) -> _File:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"{path} is missing: run scripts/node bot/web") from None
    return _file(content, path.suffix)


def _file(content: bytes, suffix: str) -> _File:
    compressed = None if suffix in _ALREADY_SMALL else gzip.compress(content, 9, mtime=0)
    return _File(content, compressed, MEDIA_TYPES[suffix], hashlib.sha256(content).hexdigest()[:16])
