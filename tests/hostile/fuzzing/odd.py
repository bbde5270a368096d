"""Right things made wrong: values, texts, JSON trees and bytes. The same for the same `random.Random`."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

CHARACTERS = (
    *("\x00", "\x01", "\x1b", "\x7f", "\u0300", "\u200b", "\u200d", "\u202e", "\u2028", "\ufe0f", "\ufeff", "\uffff"),
    *(
        "\ud83d",
        "\udc00",
        "\U0010ffff",
        "😀",
        "٣",
        "０",
        "İ",
        "ß",
        "\r",
        "\n",
        "\t",
        '"',
        "'",
        "\\",
        "%",
        "{",
        "[",
        "&",
    ),
)
TEXTS = (
    *("", " ", "\x00", "%00", "../../etc/passwd", "..\\..\\x", "/dev/zero", "file:///etc/passwd", "http://127.0.0.1/"),
    *("'; drop table conversations; --", "${7*7}{{7*7}}<%=7*7%>", "<script>alert(1)</script>", "=1+1", "@sum(1)"),
    *("/restart", "/ask_cost{", '/inform{"office":"' + "x" * 300, "m0:0", "m999999999999999999:999", "null", "NaN"),
    *("1e999", "-0", "0x10", "3374012345670001", "PDU-7K3M-9XQ4", "KLAIM-7K3M-9XQ4-ACDE", "kode otp 123456"),
    *("2026-02-30", "0000-00-00", "9999-12-31T23:59:60Z", "whatsapp:", "whatsapp:+62812", "+" + "6" * 300),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53, 2**63, -(2**63) - 1, 10**30, 1.5, 1e308, float("inf"), float("nan")),
    *([], {}, [[]], [None], {"": ""}, {"a": {"a": {"a": {}}}}),
)


def value(source: Random) -> Any:
    """Anything at all."""
    kind = source.randrange(4)
    if kind == 0:
        return copy.deepcopy(source.choice(VALUES))  # what is spoiled further must not be ours
    if kind == 1:
        return source.choice(TEXTS)
    if kind == 2:
        return text(source, source.choice(TEXTS))
    return source.choice(["a", "😀", "\u0301", "x " * 3, "1"]) * source.choice([10, 300, 5_000])


def text(source: Random, right: str) -> str:
    """`right` with a few signs put in, taken out, repeated, or cut off."""
    signs = list(right)
    for _ in range(source.choice([1, 1, 2, 5, 20])):
        place = source.randrange(len(signs) + 1)
        action = source.randrange(4)
        if action == 0:
            signs.insert(place, source.choice(CHARACTERS))
        elif action == 1 and signs:
            del signs[place - 1 : place + source.randrange(4)]
        elif action == 2 and signs:
            signs[place:place] = signs[max(0, place - 8) : place] * source.choice([1, 3, 50])
        else:
            signs.insert(place, chr(source.randrange(0x110000)))
    return "".join(signs)


def tree(source: Random, right: Any) -> Any:
    """A copy of a JSON value with one to three places spoiled: replaced, removed, renamed, wrapped or doubled."""
    spoiled = copy.deepcopy(right)
    for _ in range(source.choice([1, 1, 1, 2, 3])):
        spoiled = _spoil(source, spoiled)
    return spoiled


def _spoil(source: Random, node: Any) -> Any:
    if isinstance(node, dict) and node and source.random() < 0.85:
        key = source.choice(list(node))
        action = source.randrange(12)
        if action == 0:
            del node[key]
        elif action == 1:
            node[text(source, str(key))] = node.pop(key)
        elif action == 2:
            node[str(value(source))[:50]] = value(source)
        else:
            node[key] = _spoil(source, node[key])
        return node
    if isinstance(node, list) and node and source.random() < 0.85:
        place = source.randrange(len(node))
        if source.randrange(6) == 0:
            return node[:place] + node[place : place + 1] * source.choice([2, 30]) + node[place:]
        node[place] = _spoil(source, node[place])
        return node
    action = source.randrange(5)
    if action == 0:
        return [node]
    if action == 1:
        return {"a": node}
    if action == 2 and isinstance(node, str):
        return text(source, node)
    return value(source)


def data(source: Random, right: bytes) -> bytes:
    """`right` with bytes turned, cut, doubled, zeroed, or a length field blown up."""
    spoiled = bytearray(right)
    for _ in range(source.choice([1, 1, 2, 4, 16])):
        if not spoiled:
            break
        place = source.randrange(len(spoiled))
        action = source.randrange(7)
        if action == 0:
            spoiled[place] ^= 1 << source.randrange(8)
        elif action == 1:
            spoiled[place] = source.randrange(256)
        elif action == 2:
            del spoiled[place : place + source.choice([1, 4, 200])]
        elif action == 3:
            spoiled[place:place] = spoiled[place : place + source.choice([1, 16, 400])] * source.choice([1, 20])
        elif action == 4:
            spoiled[place : place + 4] = source.choice([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"])
        elif action == 5:
            spoiled = spoiled[:place]
        else:
            spoiled[place:place] = source.choice(TEXTS).encode("utf-8", "replace")
    return bytes(spoiled)
