"""Web Push: a message to one browser, encrypted for it (RFC 8291), signed as ours (RFC 8292), sent (RFC 8030)."""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4096
MOST_TEXT = RECORD - 103  # bytes: header 86, tag 16, padding 1
TOKEN_LASTS = timedelta(hours=12)  # a push service takes 24 at most
TIMEOUT = 15.0
LONGEST_ENDPOINT = 1000
LONGEST_WAIT = 3600.0
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
"""A name: "127.0.0.1%2f.push.apple.com" and "[::1%25.push.apple.com]" are read in other ways by whoever connects."""
Urgency = Literal["normal", "high"]


class BadDevice(ValueError):
    """What a browser gave as its keys is none."""


@dataclass(frozen=True, slots=True)
class Device:
    """A browser's subscription: where its push service takes messages, and for whom they are encrypted (base64url)."""

    endpoint: str
    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What the push service said. `again`: after so many seconds; `gone`: there is no such subscription any more."""

    status: int
    gone: bool = False
    again: float | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Our key towards push services. `contact`: an address (https or mailto) where their operators reach us."""

    secret: str
    contact: str

    @property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(unpacked(self.secret)), ec.SECP256R1())

    @property
    def public(self) -> str:
        """What a browser subscribes with (`applicationServerKey`)."""
        return packed(_point(self._key.public_key()))

    def authorization(self, endpoint: str, now: datetime) -> str:
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + TOKEN_LASTS, "sub": self.contact}
        return f"vapid t={jwt.encode(claims, self._key, 'ES256')}, k={self.public}"


def new_secret() -> str:
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    return packed(number.to_bytes(32))


def is_known(endpoint: str, services: str) -> bool:
    """Whether the address is one of a push service that `services` names: hosts with commas, ".x.y" for all below x.y.

    Only https on its own port, so that nobody makes us call inside; an address that is named whole (a service of one's
    own, http://127.0.0.1:9000) is taken as it stands.
    """
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    names = [one.strip().lower() for one in services.split(",") if one.strip()]
    if len(endpoint) > LONGEST_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    if "@" in parts.netloc or "\\" in endpoint:
        return False
    if f"{parts.scheme}://{parts.netloc}" in names:
        return True
    if not _HOST.fullmatch(host):
        return False
    below = any(one.startswith(".") and host.endswith(one) for one in names)
    return parts.scheme == "https" and port in (None, 443) and (host in names or below)


def check(device: Device) -> None:
    """Raises BadDevice."""
    _keys(device)


def encrypted(
    text: bytes, device: Device, *, salt: bytes = b"", own: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """A body of "Content-Encoding: aes128gcm". `salt` and `own` are new for each message. Raises BadDevice."""
    theirs, secret = _keys(device)
    salt, own = salt or os.urandom(16), own or ec.generate_private_key(ec.SECP256R1())
    mine = _point(own.public_key())
    info = b"WebPush: info\0" + _point(theirs) + mine
    shared = _derived(own.exchange(ec.ECDH(), theirs), secret, info, 32)
    key = _derived(shared, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(shared, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD.to_bytes(4) + bytes([len(mine)]) + mine
    return header + AESGCM(key).encrypt(nonce, text[:MOST_TEXT] + b"\x02", None)


async def send(
    device: Device, text: bytes, signer: Signer, *, seconds: int, topic: str, urgency: Urgency, now: datetime
) -> Taken:
    """One try. A message that is not delivered within `seconds` is of no use; one `topic` replaces what waits of it.

    Never raises for what the network or the service does.
    """
    headers = {
        "Authorization": signer.authorization(device.endpoint, now),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(seconds),
        "Topic": topic,
        "Urgency": urgency,
    }
    body = encrypted(text, device)
    try:
        async with (
            httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", device.endpoint, content=body, headers=headers) as answer,
        ):
            return _judged(answer.status_code, answer.headers.get("retry-after", ""), now)
    except (httpx.HTTPError, httpx.InvalidURL):
        return Taken(0, again=0)


def packed(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def unpacked(value: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4), b"-_", validate=True)


def _judged(status: int, retry_after: str, now: datetime) -> Taken:
    if status in (404, 410):
        return Taken(status, gone=True)
    if status == 429 or status >= 500:
        return Taken(status, again=_seconds(retry_after, now))
    return Taken(status)


def _seconds(retry_after: str, now: datetime) -> float:
    """Of "120" or an HTTP date; 0 when the service does not say."""
    if retry_after.isascii() and retry_after.isdecimal():
        return min(float(retry_after[:9]), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0), LONGEST_WAIT)


def _keys(device: Device) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    try:
        point, secret = unpacked(device.p256dh), unpacked(device.auth)
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error) as wrong:
        raise BadDevice("no keys of a browser") from wrong
    if len(secret) != 16 or len(point) != 65:
        raise BadDevice("no keys of a browser")
    return key, secret


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)
