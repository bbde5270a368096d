"""Column types whose values are encrypted at rest. Plain in Python; in SQL neither found nor sorted.

    secret: Mapped[str | None] = mapped_column(Encrypted)
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)

A value that must be found again has a keyed hash beside it, filled by itself, and looked for by `hashes_of`:

    number: Mapped[str] = mapped_column(Encrypted, info={INDEX: "number_hash"})
    number_hash: Mapped[str | None] = mapped_column(Text, default=hash_of("number"))

The column itself stays text or JSONB, so that a plain value written before is still read; `pandu privacy rotate-keys`
(and the migration) encrypts such values and those of older keys with the newest key.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, MetaData, Text, bindparam, column, select, table, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import TypeDecorator

from bot.storage.keyring import MARK, Keyring, keyring

_KEY = "encrypted"
INDEX = "index"
BATCH = 500


class Encrypted(TypeDecorator[str]):
    """Text. Empty stays empty, so that a check such as `title <> ''` keeps its meaning."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return keyring().encrypt(value) if value else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return keyring().decrypt(value) if value else value


class EncryptedJson(TypeDecorator[dict[str, Any]]):
    """A JSON object, kept as {"encrypted": "v1:…"}. An empty one stays empty."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        return {_KEY: keyring().encrypt(json.dumps(value, ensure_ascii=False))} if value else value

    def process_result_value(self, value: dict[str, Any] | None, dialect: Dialect) -> dict[str, Any] | None:
        if not value or set(value) != {_KEY} or not str(value[_KEY]).startswith(MARK):
            return value
        found: dict[str, Any] = json.loads(keyring().decrypt(value[_KEY]))
        return found


def hash_of(name: str) -> Callable[[Any], str | None]:
    """A column's default: the keyed hash of what is put into column `name` of the same row."""

    def hashed(context: Any) -> str | None:
        value = context.get_current_parameters()[name]
        return keyring().keyed_hash(value) if value else None

    return hashed


def hashes_of(value: str) -> list[str]:
    """Under which a value is found, by whichever of our keys it was hashed."""
    return keyring().keyed_hashes(value)


@dataclass(frozen=True, slots=True)
class Place:
    """One encrypted column. Its table's primary key is `id`. `index`: the column of its keyed hash, "" without one."""

    table: str
    column: str
    as_json: bool = False
    index: str = ""


def encrypted_places(metadata: MetaData) -> list[Place]:
    """Every encrypted column of every table."""
    return [
        Place(one.name, each.name, isinstance(each.type, EncryptedJson), each.info.get(INDEX, ""))
        for one in metadata.sorted_tables
        for each in one.columns
        if isinstance(each.type, Encrypted | EncryptedJson)
    ]


def encrypt_batch(connection: Connection, place: Place, after: int, keys: Keyring | None = None) -> tuple[int, int]:
    """Encrypts with the newest key what is plain or of an older key, in up to BATCH rows with an id above `after`.

    Returns the last id looked at (0: there are no more rows) and how many values changed. The caller commits; the rows
    are locked until then. `keys` None: those of this process.
    """
    stored = JSONB() if place.as_json else Text()
    plain = table(place.table, column("id", BigInteger()), column(place.column, stored))
    if place.index:
        plain.append_column(column(place.index, Text()))
    value_of = plain.c[place.column]
    query = select(plain.c.id, value_of).where(plain.c.id > after, value_of.is_not(None)).order_by(plain.c.id)
    rows = connection.execute(query.limit(BATCH).with_for_update()).all()
    if not rows:
        return 0, 0
    keys = keys or keyring()
    again = [(row_id, _again(keys, value, place.as_json)) for row_id, value in rows]
    changed = [{"row": row_id, "value": value} for row_id, value in again if value is not None]
    if changed:
        change = update(plain).where(plain.c.id == bindparam("row", type_=BigInteger()))
        values: dict[str, Any] = {place.column: bindparam("value", type_=stored)}
        if place.index:
            values[place.index] = bindparam("hash", type_=Text())
            changed = [one | {"hash": keys.keyed_hash(keys.decrypt(one["value"]))} for one in changed]
        connection.execute(change.values(values), changed)
    return rows[-1][0], len(changed)


def _again(keys: Keyring, value: Any, as_json: bool) -> Any:
    """The value under the newest key; None where it is already, or where there is nothing to hide."""
    if not value:
        return None
    if as_json:
        token = value.get(_KEY) if set(value) == {_KEY} else None
        inside = _text_again(keys, token) if token else keys.encrypt(json.dumps(value, ensure_ascii=False))
        return {_KEY: inside} if inside else None
    return _text_again(keys, value)


def _text_again(keys: Keyring, value: str) -> str | None:
    return None if keys.is_current(value) else keys.encrypt(keys.decrypt(value))
