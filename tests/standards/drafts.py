"""Reading a text without a process of its own, and asking whether a draft says only what the text says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.standards.files import lines_of
from bot.standards.models import ServiceDraft, StandardDraft
from bot.standards.read import read_lines
from bot.standards.text import squeeze

MOST_BETWEEN = 4  # words of a label, or a number, inside a value


def read(data: bytes | str, name: str = "standard.txt") -> StandardDraft:
    return read_lines(lines_of(data.encode() if isinstance(data, str) else data, name))


def read_file(path: Path) -> StandardDraft:
    return read(path.read_bytes(), path.name)


def texts(service: ServiceDraft) -> Iterator[str]:
    """Everything in a draft that the document must have said."""
    yield from (text for text in (service.title, service.office, service.decree) if text)
    for requirement in service.requirements or []:
        yield requirement.text
        if requirement.whom:
            yield requirement.whom
    for procedure in service.procedures or []:
        yield from [*([procedure.title] if procedure.title else []), *procedure.steps]
    yield from (stated.text for stated in [*(service.duration or []), *(service.cost or [])])
    yield from [*(service.product or []), *(service.legal_basis or [])]
    for contact in service.complaints or []:
        yield contact.text
        if contact.value:
            yield contact.value
    yield from (text for values in service.other.values() for text in values)


def stands_in(text: str, source: str) -> bool:
    """The same words in the same order; between two of them only a few words of a label, or a number."""
    source = squeeze(re.sub(r"</?[a-z][^<>]*>", " ", source))
    if squeeze(text) in source:
        return True
    words, wanted = source.split(), text.split()
    return any(_follows(words, start, wanted) for start, word in enumerate(words) if word == wanted[0])


def _follows(words: list[str], start: int, wanted: list[str]) -> bool:
    at = start
    for word in wanted[1:]:
        ahead = words[at + 1 : at + 2 + MOST_BETWEEN]
        if word not in ahead:
            return False
        at += 1 + ahead.index(word)
    return True
