"""From facts to bubbles: trust marks, the one-line source, pages that fit a phone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.knowledge.models import Contact, Fact, Knowledge, Source, Step
from bot.messages import SourceRef

LIMIT = 600  # characters a bubble
SECONDARY = "Menurut sumber sekunder, periksa lagi: "
_SENTENCE = re.compile(r"(?<=[.!?;])(\s+)")
_NUMBERED = re.compile(r"^(.*?)(?<!\d)(\d+)$")
_LONGEST_SOURCE = 150
_NAMED = 3  # documents in a line that would be longer


@dataclass(frozen=True, slots=True)
class Item:
    """One line or paragraph of an answer with where it stands. `second`: second-hand, marked when it is laid out."""

    text: str
    sources: tuple[Source, ...] = ()
    second: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One bubble: the text with its source line, and the same sources as data."""

    text: str
    sources: tuple[SourceRef, ...] = ()


def fact_text(fact: Fact) -> str:
    """A fact as applicants read it, marked when it is second-hand, with its remark."""
    text = SECONDARY + fact.text if fact.source.mark == "2nd" else fact.text
    return f"{text}\nCatatan: {fact.remark}" if fact.remark else text


def item(fact: Fact, bullet: str = "") -> Item:
    return Item(bullet + fact_text(fact), (fact.source,))


def sources_of(step: Step) -> tuple[Source, ...]:
    """Where a step stands, and its time where another document states that."""
    if step.time and step.time.source.document != step.source.document:
        return (step.source, step.time.source)
    return (step.source,)


def numbered(facts: Sequence[Fact]) -> list[Item]:
    """ "1. …", "2. …"; a single fact stays without a number."""
    if len(facts) == 1:
        return [item(facts[0])]
    return [item(fact, f"{number}. ") for number, fact in enumerate(facts, start=1)]


def fact_items(facts: Sequence[Fact]) -> list[Item]:
    """Paragraphs; second-hand ones that follow each other are marked together."""
    texts = [f"{fact.text}\nCatatan: {fact.remark}" if fact.remark else fact.text for fact in facts]
    return [Item(text, (fact.source,), fact.source.mark == "2nd") for text, fact in zip(texts, facts, strict=True)]


def contact_text(contact: Contact) -> str:
    """A contact exactly as printed, with its remark."""
    text = f"{contact.label}: {contact.value}" if contact.value else contact.label
    return f"{text} (catatan: {contact.remark})" if contact.remark else text


def with_actor(text: str, label: str) -> str:
    """`text` followed by who acts, unless the sentence already says so ("Petugas memeriksa …", "OSS mengirim …")."""
    words = set(re.findall(r"\w+", text.lower()))
    first, *_, last = (label or "-").split() * 2
    said = first.lower() in words or (last.isupper() and last.lower() in words)
    return text if said else f"{text} ({label})"


def references(knowledge: Knowledge, sources: Iterable[Source]) -> tuple[SourceRef, ...]:
    """The sources as data, each place once."""
    seen: dict[tuple[str, str], SourceRef] = {}
    for source in sources:
        document = knowledge.documents.get(source.document)
        name = document.short if document else source.document
        seen.setdefault((name, source.clause), SourceRef(name, source.clause))
    return tuple(seen.values())


def source_line(refs: Sequence[SourceRef]) -> str:
    """ "Sumber: SOP Kudus 2021, langkah 4–6"; only names of documents, the first ones, where places fill the screen."""
    if not refs:
        return ""
    clauses: dict[str, list[str]] = {}
    for ref in refs:
        clauses.setdefault(ref.document, []).append(ref.clause)
    full = "; ".join(", ".join([name, *_ranges(_broadest(places))]) for name, places in clauses.items())
    if len(full) <= _LONGEST_SOURCE:
        return f"Sumber: {full}"
    names = list(clauses)
    return "Sumber: " + "; ".join(names[:_NAMED]) + (f"; {len(names) - _NAMED} lainnya" if len(names) > _NAMED else "")


def pages(
    knowledge: Knowledge, head: str, items: Sequence[Item], *, gap: str = "\n", tail: str = "", limit: int = LIMIT
) -> list[Page]:
    """Lays `items` under `head` on as few bubbles of at most `limit` characters as they need.

    `tail` stands on every page before the source line. An item longer than a page is split at sentences.
    """
    room = limit - len(head) - len(tail) - 12
    queue = [part for one in items for part in _fitting(knowledge, one, room, gap)]
    groups: list[list[Item]] = [[]]
    for part in queue:
        if groups[-1] and _length(knowledge, [*groups[-1], part], gap) > room:
            groups.append([])
        groups[-1].append(part)
    count = len(groups)
    return [
        _page(knowledge, _counted(head, number, count), group, gap, tail)
        for number, group in enumerate(groups, start=1)
    ]


def lines(*parts: str) -> str:
    """The non-empty parts, one under the other."""
    return "\n".join(part for part in parts if part)


def _page(knowledge: Knowledge, head: str, group: Sequence[Item], gap: str, tail: str) -> Page:
    refs = references(knowledge, (source for one in group for source in one.sources))
    body = _body(group, gap)
    text = "\n\n".join(part for part in (head, body, tail) if part)
    source = source_line(refs)
    return Page(f"{text}\n\n{source}" if source else text, refs)


def _counted(head: str, number: int, count: int) -> str:
    """The page number stands behind the first line of the head."""
    if count == 1 or not head:
        return head
    first, newline, rest = head.partition("\n")
    return f"{first} ({number}/{count}){newline}{rest}"


def _body(group: Sequence[Item], gap: str) -> str:
    """The items one after the other; a run of second-hand ones stands under one mark."""
    blocks: list[str] = []
    for second, run in groupby(group, key=lambda one: one.second):
        texts = [one.text for one in run]
        if second:
            texts = [SECONDARY + texts[0]] if len(texts) == 1 else ["\n• ".join([SECONDARY.strip(), *texts])]
        blocks += texts
    return gap.join(blocks)


def _length(knowledge: Knowledge, group: Sequence[Item], gap: str) -> int:
    refs = references(knowledge, (source for one in group for source in one.sources))
    return len(_body(group, gap)) + len(gap) + len(source_line(refs)) + 2


def _fitting(knowledge: Knowledge, one: Item, room: int, gap: str) -> list[Item]:
    if _length(knowledge, [one], gap) <= room:
        return [one]
    space = max(
        room - len(source_line(references(knowledge, one.sources))) - 2 - len(gap) - len(SECONDARY) * one.second, 120
    )
    parts: list[str] = []
    between = ""
    for index, piece in enumerate(_SENTENCE.split(one.text)):
        if index % 2:
            between = piece
        elif parts and len(parts[-1]) + len(between) + len(piece) <= space:
            parts[-1] += between + piece
        else:
            parts.append(piece)
    return [Item(part, one.sources, one.second) for part in parts]


def _broadest(clauses: Sequence[str]) -> list[str]:
    """Without the places inside another one: "langkah 1, kolom Waktu" beside "langkah 1"."""
    return [one for one in clauses if not any(one.startswith(f"{other},") for other in clauses if other)]


def _ranges(clauses: Sequence[str]) -> list[str]:
    """ "langkah 4", "langkah 5", "langkah 7" becomes "langkah 4–5, 7"."""
    runs: dict[str, list[list[int]]] = {}
    order: list[str] = []
    for clause in clauses:
        match = _NUMBERED.match(clause)
        if not match:
            if clause and clause not in order:
                order.append(clause)
            continue
        prefix, number = match[1], int(match[2])
        if prefix not in runs:
            runs[prefix] = []
            order.append(prefix)
        if runs[prefix] and runs[prefix][-1][1] + 1 == number:
            runs[prefix][-1][1] = number
        else:
            runs[prefix].append([number, number])
    return [_run(name, runs[name]) if name in runs else name for name in order]


def _run(prefix: str, runs: Sequence[Sequence[int]]) -> str:
    return prefix + ", ".join(str(low) if low == high else f"{low}–{high}" for low, high in runs)
