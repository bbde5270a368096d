"""The keys of what is encrypted in the database: newest first; the newest encrypts, all of them decrypt.

They come from PANDU_DATA_KEYS; when that is empty, one is made and kept in the data folder (`secrets/data_keys`). Loss
of the keys is loss of what they encrypt: they are backed up apart from the database (docs/privacy.md).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.settings import Settings, get_settings

MARK = "v1:"
"""Before every encrypted value; a value without it was written before there was encryption."""
FILE = "data_keys"


class CannotDecrypt(Exception):
    """None of the keys opens a value: PANDU_DATA_KEYS (or the data folder's secrets) is not what it was."""


class Keyring:
    """Fernet keys (32 bytes, URL-safe base64), newest first. Raises ValueError where one is none."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("there is no key")
        self._fernets = [Fernet(_padded(key)) for key in keys]
        self._all = MultiFernet(self._fernets)
        self._hash_keys = [hashlib.sha256(b"pandu keyed hash" + _padded(key).encode()).digest() for key in keys]

    def encrypt(self, text: str) -> str:
        return MARK + self._all.encrypt(text.encode()).decode()

    def decrypt(self, value: str) -> str:
        """The text; a value without MARK comes back as it is. Raises CannotDecrypt."""
        if not value.startswith(MARK):
            return value
        try:
            return self._all.decrypt(value.removeprefix(MARK)).decode()
        except InvalidToken as error:
            raise CannotDecrypt("an encrypted value cannot be read: check PANDU_DATA_KEYS") from error

    def is_current(self, value: str) -> bool:
        """Whether the newest key encrypted it."""
        try:
            self._fernets[0].decrypt(value.removeprefix(MARK))
        except InvalidToken:
            return False
        return value.startswith(MARK)

    def keyed_hash(self, text: str) -> str:
        """A hash that nobody can compute without the newest key; 32 hexadecimal digits."""
        return self.keyed_hashes(text)[0]

    def keyed_hashes(self, text: str) -> list[str]:
        """The same under every key, newest first: what to look for while the keys are being changed."""
        return [hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32] for key in self._hash_keys]


@lru_cache
def keyring() -> Keyring:
    """The keys of this process, read once. Raises ValueError when PANDU_DATA_KEYS holds something else than keys."""
    return Keyring(keys_of(get_settings()))


def keys_of(settings: Settings) -> list[str]:
    """The configured keys, else those of the data folder (one is made at the first call)."""
    from bot.storage.secrets import secret

    configured = settings.data_keys.get_secret_value() or secret(settings.data_dir, FILE)
    return [key.strip() for key in configured.split(",") if key.strip()]


def new_key() -> str:
    return Fernet.generate_key().decode()


def _padded(key: str) -> str:
    return key + "=" * (-len(key) % 4)
