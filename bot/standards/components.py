"""From the lines of one component to its value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from bot.standards.contacts import contacts
from bot.standards.items import Item, is_intro, numbers_jump, parse_items
from bot.standards.models import MAIN, Procedure, Requirement, ServiceDraft, Stated
from bot.standards.text import squeeze

_GROUP_WORD = re.compile(r"^(?:untuk|bagi|khusus(?:\s+(?:untuk|bagi))?)\s+", re.IGNORECASE)
_ATTACHED = re.compile(r"\bterlampir\b|\b(?:lihat|dalam|pada|di)\s+lampiran\b", re.IGNORECASE)
_NOTHING = re.compile(r"^[\s.\-\u2013:_/]*$|^n/?a$", re.IGNORECASE)
_TITLE_WORDS = 8
_SAME = 96


def fill(
    service: ServiceDraft, component: str, lines: list[str], label: str, *, bare: bool = False, flat: bool = False
) -> None:
    """Adds what `lines` say to a component; several sections of one component add up."""
    items = [
        item for item in parse_items(lines, bare=bare, flat=flat) if not _NOTHING.match(item.text) or item.children
    ]
    if component in MAIN and _only_attached(items):
        service.doubt(component, f"Dokumen hanya menulis \u201c{_joined(items)}\u201d, isinya tidak ada di berkas ini.")
        return
    if component in MAIN and _jumps(items):
        service.doubt(component, "Nomor butirnya melompat atau mulai lagi; periksa urutan dan kelengkapannya.")
    if any(item.slid for item in items):
        service.doubt(component, "Nomor butir tergeser ke tengah kalimat; periksa batas antarbutirnya.")
    match component:
        case "requirements":
            service.requirements = _more(service.requirements, [r for i in items for r in _requirements(i, None)])
        case "procedures":
            service.procedures = _more(service.procedures, procedures(items, service))
        case "duration":
            service.duration = _more(service.duration, [Stated(text=text) for text in _texts(items)])
        case "cost":
            service.cost = _more(service.cost, [Stated(text=text) for text in _texts(items)])
        case "product":
            service.product = _more(service.product, list(_texts(items)))
        case "legal_basis":
            service.legal_basis = _more(service.legal_basis, list(_texts(items)))
        case "complaints":
            service.complaints = _more(service.complaints, contacts(lines, bare=bare, flat=flat))
        case _:
            texts = list(_texts(items))
            if texts:
                service.other[label] = [*service.other.get(label, []), *texts]


def _more[T](before: list[T] | None, new: list[T]) -> list[T] | None:
    return [*(before or []), *new] or None


def _only_attached(items: list[Item]) -> bool:
    text = _joined(items)
    return bool(_ATTACHED.search(text)) and len(text.split()) <= 12 and len(items) <= 2


def _joined(items: list[Item]) -> str:
    return squeeze(" ".join(item.whole() for item in items))


def _jumps(items: list[Item]) -> bool:
    return numbers_jump(items) or any(numbers_jump(item.children) for item in items)


def _texts(items: list[Item]) -> Iterator[str]:
    for item in items:
        if item.mark is None and is_intro(item.text) and (item.children or len(items) > 1):
            yield from (tidy(child.whole()) for child in item.children)
        elif item.heading and item.children:
            yield from (tidy(child.whole()) for child in [Item(item.text, item.raw, None), *item.children])
        else:
            yield tidy(item.whole())


def tidy(text: str) -> str:
    return text.strip().strip(";").strip()


# --- requirements -------------------------------------------------------------------------------------------------


def _requirements(item: Item, whom: str | None) -> Iterator[Requirement]:
    if item.children and item.mark is None and (is_intro(item.text) or not item.heading):
        yield from (found for child in item.children for found in _requirements(child, whom))
    elif item.children and (item.heading or item.is_group):
        name = group_name(item.text)
        whom = name if whom is None else f"{whom}, {name}"
        yield from (found for child in item.children for found in _requirements(child, whom))
    elif item.mark is None and is_intro(item.text):
        return
    elif text := tidy(item.whole()):
        yield Requirement(text=text, whom=whom)


def group_name(text: str) -> str:
    name = text.strip().rstrip(":").strip()
    return _GROUP_WORD.sub("", name) or name


# --- procedures ---------------------------------------------------------------------------------------------------


def procedures(items: list[Item], service: ServiceDraft) -> list[Procedure]:
    """One procedure a titled list; what stands outside of titled lists is one without a title."""
    items = _without_chart(items, service)
    columns = _column_titles(items)
    if columns:
        return _columns(columns, items[len(columns) - 1].children, service)
    found: list[Procedure] = []
    untitled: list[str] = []
    for item in items:
        if item.mark is None and is_intro(item.text):
            untitled.extend(tidy(child.whole()) for child in item.children)
        elif _is_titled(item):
            if untitled:
                found.append(Procedure(steps=untitled))
                untitled = []
            found.append(Procedure(title=group_name(item.text), steps=[tidy(c.whole()) for c in item.children]))
        elif text := tidy(item.whole()):
            untitled.append(text)
    if untitled:
        found.append(Procedure(steps=untitled))
    return without_copies(found, service)


def _without_chart(items: list[Item], service: ServiceDraft) -> list[Item]:
    """Words of a flow chart that were read as text stand before the steps that explain it."""
    first = items[0] if items else None
    if first is None or len(first.children) < 3 or (first.mark is not None and first.mark.style != "bare"):
        return items
    if first.heading or is_intro(first.text) or len(items) > 1:
        return items
    service.other["Bagan"] = [first.text]
    service.doubt("procedures", "Di depan langkah ada tulisan dari bagan alur; periksa langkahnya.")
    return first.children


def _is_titled(item: Item) -> bool:
    if len(item.children) < 2:
        return False
    if item.heading:
        return True
    short = len(item.text.split()) <= _TITLE_WORDS and not item.text.endswith(".")
    style = item.mark.style if item.mark else None
    return short and style == "upper" and item.children[0].mark is not None


def _column_titles(items: list[Item]) -> list[str]:
    """Titles of columns that were read line by line: short lines one after the other, then one list."""
    titles = []
    for item in items:
        if item.mark is not None or len(item.text.split()) > 5 or item.text.endswith((".", ":", ";")):
            return []
        titles.append(item.text)
        if item.children:
            return titles if len(titles) > 1 else []
    return []


def _columns(titles: list[str], steps: list[Item], service: ServiceDraft) -> list[Procedure]:
    """Cells of the columns follow each other; a step that names its column in its own words goes there."""
    found = [Procedure(title=title, steps=[]) for title in titles]
    for number, step in enumerate(steps):
        named = [p for p in found if (title := p.title) and title.split()[-1].lower() in step.text.lower().split()]
        chosen = named[0] if len(named) == 1 else found[number % len(found)]
        chosen.steps.append(tidy(step.whole()))
    reason = "Langkahnya tercetak dalam kolom yang terbaca berselang-seling; periksa langkah mana milik kolom mana."
    service.doubt("procedures", reason)
    return [procedure for procedure in found if procedure.steps]


def without_copies(found: list[Procedure], service: ServiceDraft) -> list[Procedure]:
    """A list that is printed twice counts once."""
    kept: list[Procedure] = []
    for procedure in found:
        if any(same_steps(procedure.steps, other.steps) for other in kept):
            service.doubt("procedures", f"Daftar {len(procedure.steps)} langkah tercetak dua kali; dibaca satu kali.")
        else:
            kept.append(procedure)
    return kept


def same_steps(first: list[str], second: list[str]) -> bool:
    if len(first) != len(second):
        return False
    return all(fuzz.ratio(a.lower(), b.lower()) >= _SAME for a, b in zip(first, second, strict=True))
