"""Pages of headings and lists that name few components or none."""

from __future__ import annotations

import re

from bot.standards.components import procedures
from bot.standards.items import Item, parse_items
from bot.standards.labelled import services as labelled_services
from bot.standards.marks import split_mark
from bot.standards.models import ServiceDraft
from bot.standards.sections import Sections

_RESULT = re.compile(r"^(?:ter\w+nya|terbit\w*|diterbitkan\w*)\b", re.IGNORECASE)


def services(sections: Sections) -> list[ServiceDraft] | None:
    """Headings over lists are procedures, each with its title; None where there are no such lists."""
    start = _first_list(sections.preamble)
    if start is None:
        return None
    lists = parse_items(sections.preamble[start:])
    titled = [item for item in lists if item.heading and len(item.children) > 1]
    if not titled:
        return None
    del sections.preamble[start:]
    found = labelled_services(sections, broken=False)
    service = found[0]
    service.procedures = [*procedures(titled, service), *(service.procedures or [])]
    service.doubt(
        "procedures", "Judul di atas daftar dibaca sebagai alur tersendiri; mungkin layanan yang berbeda-beda."
    )
    for item in lists:
        if item not in titled:
            _loose(service, item)
    return found


def _first_list(lines: list[str]) -> int | None:
    """The heading of the first list."""
    at = next((at for at, line in enumerate(lines) if split_mark(line)[0]), None)
    if at is None:
        return None
    above = [number for number in range(at) if lines[number].strip()]
    return above[-1] if len(above) > 1 else at


def _loose(service: ServiceDraft, item: Item) -> None:
    text = item.whole()
    if _RESULT.match(text):
        service.product = [*(service.product or []), text]
        service.doubt("product", "Kalimat ini tidak berjudul; periksa apakah benar hasil layanannya.")
    else:
        service.other.setdefault("Catatan", []).append(text)
