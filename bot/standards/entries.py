"""From a checked draft to entries of knowledge: document, text, office, service."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.knowledge.models import Knowledge, Service
from bot.knowledge.publications import Key
from bot.standards.stages import stages_of
from bot.standards.text import squeeze
from bot.standards.work import Way, Work, WorkLine, short, slug

Entries = dict[Key, dict[str, Any] | None]


def entries_of(work: Work, source: str, draft: int, knowledge: Knowledge) -> Entries:
    """Everything that publishing the draft puts into the knowledge. `draft` is its number, part of the ids."""
    document = f"SP-{draft}"
    office = work.office or slug(work.office_region or work.office_name)[:40].strip("-")
    service = _service_id(work, office, document, knowledge)
    printed = _printed_in(source)
    found: Entries = {
        ("sources", f"{document}.txt"): {"text": source},
        ("documents", document): _without_nothing(
            {
                "id": document,
                "title": work.title,
                "short": work.document_short or f"Standar {work.title}",
                "issuer": work.office_name or None,
                "number": work.decree or None,
                "file": f"sources/{document}.txt",
            }
        ),
        ("services", service): _service(work, service, office, document, printed),
    }
    stages = stages_of(found["services", service] or {})
    if stages is not None or service in knowledge.stages:
        found["stages", service] = stages
    there = knowledge.offices.get(office)
    if not work.office and (there is None or there.source.document == document):  # never in a known one's place
        found["offices", office] = _office(work, office, document)
    return found


def _service_id(work: Work, office: str, document: str, knowledge: Knowledge) -> str:
    """The id of the service that the draft renews; else a new one, never another's."""
    own = renewed(work, document, knowledge)
    wanted = f"{office}-{slug(work.label or work.title)}"[:60].strip("-")
    return own.id if own else wanted if wanted not in knowledge.services else f"{wanted}-{slug(document)}"


def renewed(work: Work, document: str, knowledge: Knowledge) -> Service | None:
    """The service in force that was published from this draft, or that has its title or name at the same office."""
    names = {name.casefold() for name in (work.title, work.label) if name}
    for one in knowledge.services.values():
        if one.document == document:
            return one
        if work.office and one.office == work.office and names & {one.title.casefold(), one.label.casefold()}:
            return one
    return None


def office_label(name: str, most: int = 24) -> str:
    """A name that a button holds; words in the middle are shortened, so that neighbours keep names of their own."""
    if len(name) <= most:
        return name
    words = re.sub(r"^(Kab|Prov)(?:upaten|insi) ", r"\1. ", name).split()
    while len(" ".join(words)) > most:
        inside = [at for at in range(1, len(words) - 1) if len(words[at]) > 2]
        if not inside:
            return short(" ".join(words), most)
        longest = max(inside, key=lambda at: len(words[at]))
        words[longest] = f"{words[longest][0]}."
    return " ".join(words)


def _office(work: Work, office: str, document: str) -> dict[str, Any]:
    contacts = _contacts(work, document)
    return {
        "id": office,
        "name": work.office_name,
        "label": office_label(work.office_region or work.office_name),
        "region": work.office_region or None,
        "aliases": _names(work.office_aliases),
        "source": f"{document}, kepala dokumen",
        "contacts": contacts or _gap(document, "Pengaduan"),
    }


def _service(work: Work, service: str, office: str, document: str, printed: Callable[[str], bool]) -> dict[str, Any]:
    def fact(line: WorkLine, clause: str) -> dict[str, Any]:
        same = line.text == line.printed or not printed(line.printed)
        return _without_nothing(
            {"text": line.text, "printed": None if same else line.printed, "source": f"{document}, {clause}"}
        )

    def facts(lines: list[WorkLine], clause: str) -> Any:
        kept = [fact(line, f"{clause} no. {n}") for n, line in enumerate(lines, start=1) if line.kept and line.text]
        return kept or _gap(document, clause)

    told = [way for way in work.ways if any(line.kept and line.text for line in way.steps)]
    return {
        "id": service,
        "office": office,
        "title": work.title,
        "label": work.label,
        "kind": slug(work.kind or work.label or work.title),
        "document": document,
        "system": work.system,
        "aliases": _names(work.aliases),
        "summary": {"text": f"Mengurus {work.title}.", "source": f"{document}, judul"},
        "applies_to": _gap(document, "judul"),
        "requirements": _requirements(work, document, fact),
        "procedures": [_procedure(way, n, document) for n, way in enumerate(told, start=1)],
        "duration": _duration(work, document, printed),
        "cost": _one(work.cost, "Biaya", document, fact),
        "product": facts(work.product, "Produk"),
        "legal_basis": facts(work.legal_basis, "Dasar hukum"),
        "complaints": _contacts(work, document) or _gap(document, "Pengaduan"),
        "sections": [
            {
                "id": f"{slug(part.title)[:40].strip('-')}-{n}",
                "title": part.title,
                "items": facts(part.lines, part.title),
            }
            for n, part in enumerate(work.further, start=1)
            if any(line.kept and line.text for line in part.lines)
        ],
    }


def _requirements(work: Work, document: str, fact: Callable[[WorkLine, str], dict[str, Any]]) -> Any:
    """The group stands before the text: it is a condition that applicants must read."""
    found = []
    for number, line in enumerate(work.requirements, start=1):
        if line.kept and line.text:
            shown = line.model_copy(update={"text": f"{line.text} ({line.whom})"}) if line.whom else line
            found.append({"id": f"syarat-{number}", **fact(shown, f"Persyaratan no. {number}")})
    return found or _gap(document, "Persyaratan")


def _procedure(way: Way, number: int, document: str) -> dict[str, Any]:
    kept = [line for line in way.steps if line.kept and line.text]
    steps = [
        {
            "number": at,
            "text": line.text,
            "actor": line.actor,
            "actor_label": line.actor_label or {"applicant": "Anda", "system": "Sistem"}.get(line.actor, "Petugas"),
            "actor_inferred": line.inferred,
            "printed": line.printed,
            "source": f"{document}, alur {number} langkah {at}",
        }
        for at, line in enumerate(kept, start=1)
    ]
    return {"id": f"alur-{number}", "title": way.title, "label": way.label, "steps": steps}


def _one(
    lines: list[WorkLine], clause: str, document: str, fact: Callable[[WorkLine, str], dict[str, Any]]
) -> dict[str, Any]:
    """One fact: several sentences of the document are told one after the other."""
    kept = [line for line in lines if line.kept and line.text]
    if not kept:
        return _gap(document, clause)
    if len(kept) == 1:
        return fact(kept[0], clause)
    return {"text": " ".join(_ended(line.text) for line in kept), "source": f"{document}, {clause}"}


def _duration(work: Work, document: str, printed: Callable[[str], bool]) -> dict[str, Any]:
    kept = [line for line in work.duration if line.kept and line.text]
    if len(kept) != 1:
        return _one(kept, "Jangka waktu", document, lambda line, _: {"text": line.text})
    line = kept[0]
    stands = printed(line.printed)
    return _without_nothing(
        {
            "text": line.text,
            "printed": line.printed if stands else None,
            "days": work.days,
            "minutes": work.minutes,
            "source": f"{document}, Jangka waktu",
        }
    )


def _contacts(work: Work, document: str) -> list[dict[str, Any]]:
    return [
        _without_nothing(
            {"kind": one.kind, "label": one.label, "value": one.value, "source": f"{document}, Pengaduan no. {number}"}
        )
        for number, one in enumerate(work.complaints, start=1)
        if one.kept and one.label
    ]


def _printed_in(source: str) -> Callable[[str], bool]:
    whole = squeeze(source)
    return lambda text: squeeze(text) in whole


def _gap(document: str, clause: str) -> dict[str, Any]:
    return {"not_stated": True, "source": f"{document}, {clause}"}


def _ended(text: str) -> str:
    return text if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
