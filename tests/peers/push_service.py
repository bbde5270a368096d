"""A push service on 127.0.0.1 that keeps to RFC 8030 and 8292, and browsers that read what it delivers (RFC 8291)."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Request, Response

from bot.webpush import Device, packed, unpacked
from tests.peers.serving import serving


def _raw(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _expanded(key: bytes, info: bytes, length: int) -> bytes:
    return HKDFExpand(hashes.SHA256(), length, info).derive(key)


@dataclass
class Browser:
    """A subscription with the keys that only the browser has."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey
    secret: bytes

    @classmethod
    def new(cls, endpoint: str) -> Browser:
        return cls(endpoint, ec.generate_private_key(ec.SECP256R1()), os.urandom(16))

    @property
    def device(self) -> Device:
        return Device(self.endpoint, packed(_raw(self.private.public_key())), packed(self.secret))

    def decrypted(self, body: bytes) -> bytes:
        """As RFC 8188 and 8291 have a browser do it."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        assert len(body) - 21 - length <= size
        theirs = body[21 : 21 + length]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        info = b"WebPush: info\0" + _raw(self.private.public_key()) + theirs
        material = HKDF(hashes.SHA256(), 32, self.secret, info).derive(shared)
        pseudo = HKDF.extract(hashes.SHA256(), salt, material)
        key = _expanded(pseudo, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _expanded(pseudo, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, body[21 + length :], None)
        text, mark, rest = padded.rpartition(b"\x02")
        assert mark and not rest.strip(b"\0")
        return text


@dataclass
class PushService:
    """`failures`: what the next messages to a browser are answered with: (status, Retry-After)."""

    url: str = ""
    browsers: dict[str, Browser] = field(default_factory=dict)
    failures: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    delivered: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)

    def subscribe(self, name: str) -> Browser:
        self.browsers[name] = Browser.new(f"{self.url}/push/{name}")
        return self.browsers[name]

    def read(self, name: str) -> list[dict[str, Any]]:
        """What this browser was told, in order."""
        return [said for to, said, _ in self.delivered if to == name]

    async def take(self, name: str, request: Request) -> Response:
        self.asked.append(name)
        if waiting := self.failures.get(name):
            status, wait = waiting.pop(0)
            return Response(status_code=status, headers={"Retry-After": wait} if wait else {})
        browser = self.browsers.get(name)
        if browser is None:
            return Response(status_code=404)
        problem = self._problem(request)
        body = await request.body()
        if problem or len(body) > 4096:
            return Response(problem or "too large", status_code=413 if not problem else 400)
        self.delivered.append((name, json.loads(browser.decrypted(body)), dict(request.headers)))
        return Response(status_code=201, headers={"Location": f"{self.url}/message/{len(self.delivered)}"})

    def _problem(self, request: Request) -> str:
        """Why the contract is not kept; "" when it is."""
        headers = request.headers
        if headers.get("content-encoding") != "aes128gcm" or not headers.get("ttl", "").isdecimal():
            return "encoding or TTL"
        if headers.get("urgency") not in ("very-low", "low", "normal", "high"):
            return "urgency"
        topic = headers.get("topic", "")
        if len(topic) > 32 or not topic.replace("-", "").replace("_", "").isalnum():
            return "topic"
        scheme, _, rest = headers.get("authorization", "").partition(" ")
        fields = dict(one.split("=", 1) for one in rest.split(", "))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(fields["k"]))
        said = jwt.decode(fields["t"], key, ["ES256"], audience=self.url)
        return "" if scheme == "vapid" and said["sub"].startswith(("https:", "mailto:")) else "vapid"


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    service, app = PushService(), FastAPI()
    app.post("/push/{name}")(service.take)
    async with serving(app) as url:
        service.url = url
        yield service
