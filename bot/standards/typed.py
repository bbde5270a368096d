"""Changes that an officer typed over a draft, read from the fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from bot.standards.text import squeeze
from bot.standards.work import (
    CHANNELS,
    PARTS,
    Actor,
    Channel,
    Channeled,
    System,
    Way,
    Work,
    WorkLine,
    counted,
    short,
    step_of,
)

_PLAIN = (
    "title",
    "label",
    "kind",
    "aliases",
    "office",
    "office_name",
    "office_region",
    "office_aliases",
    "document_short",
    "decree",
)
MOST = 4000
"""Characters of one field."""


def typed(work: Work, form: Mapping[str, str]) -> Work:
    """The draft with everything that the form says; fields that it does not have stay as they are."""

    def said(name: str, before: str = "") -> str:
        return squeeze(form[name][:MOST]) if name in form else before

    changes: dict[str, object] = {name: said(name, getattr(work, name)) for name in _PLAIN}
    if form.get("system") in get_args(System):
        changes["system"] = form["system"]
    for part in PARTS:
        lines = [_line(line, f"{part}-{n}", form) for n, line in enumerate(getattr(work, part))]
        changes[part] = [*lines, *(WorkLine(printed=text, text=text) for text in _added(form, f"{part}-new"))]
    changes["ways"] = [*(_way(way, n, form) for n, way in enumerate(work.ways)), *_new_way(work, form)]
    changes["complaints"] = [*(_contact(one, n, form) for n, one in enumerate(work.complaints)), *_new_contact(form)]
    changes["further"] = [
        part.model_copy(update={"lines": [_line(line, f"further-{n}-{m}", form) for m, line in enumerate(part.lines)]})
        for n, part in enumerate(work.further)
    ]
    changes |= _counted(work, form)
    return work.model_copy(update=changes)


def _added(form: Mapping[str, str], name: str) -> list[str]:
    """One line, one item."""
    return [text for line in form.get(name, "")[:MOST].splitlines() if (text := squeeze(line))]


def _counted(work: Work, form: Mapping[str, str]) -> dict[str, int | None]:
    """The promised days and minutes that were confirmed; of a first sentence that is added, what its words say."""
    added = _added(form, "duration-new")
    if added and not work.duration:
        days, minutes = counted(added)
        return {"days": days, "minutes": minutes}
    figures = {name: form[name].strip() for name in ("days", "minutes") if name in form}
    return {name: int(said) if said.isdecimal() and len(said) < 6 else None for name, said in figures.items()}


def _new_way(work: Work, form: Mapping[str, str]) -> list[Way]:
    steps = [step_of(text) for text in _added(form, "way-new")]
    if not steps:
        return []
    title = squeeze(form.get("way-new-title", "")[:200]) or work.title
    return [Way(title=title, label=short(title) if work.ways else "Langkah-langkah", steps=steps)]


def _new_contact(form: Mapping[str, str]) -> list[Channeled]:
    kind, value = form.get("contact-new-kind", ""), squeeze(form.get("contact-new-value", "")[:200])
    label = squeeze(form.get("contact-new-label", "")[:100])
    if kind not in get_args(Channel) or not (value or label):
        return []
    return [
        Channeled(kind=kind, label=label or next(title for one, title in CHANNELS if one == kind), value=value or None)
    ]


def _line(line: WorkLine, name: str, form: Mapping[str, str]) -> WorkLine:
    if f"{name}-text" not in form:
        return line
    actor = form.get(f"{name}-actor", line.actor)
    return line.model_copy(
        update={
            "text": squeeze(form[f"{name}-text"][:MOST]),
            "kept": f"{name}-kept" in form,
            "actor": actor if actor in get_args(Actor) else line.actor,
            "actor_label": squeeze(form.get(f"{name}-by", line.actor_label)[:60]),
        }
    )


def _way(way: Way, number: int, form: Mapping[str, str]) -> Way:
    steps = [_line(step, f"step-{number}-{n}", form) for n, step in enumerate(way.steps)]
    steps += [step_of(text) for text in _added(form, f"step-{number}-new")]
    title = squeeze(form.get(f"way-{number}-title", way.title)[:200]) or way.title
    label = squeeze(form.get(f"way-{number}-label", way.label))[:24] or way.label
    return Way(title=title, label=label, steps=steps)


def _contact(one: Channeled, number: int, form: Mapping[str, str]) -> Channeled:
    name = f"contact-{number}"
    if f"{name}-label" not in form:
        return one
    kind = form.get(f"{name}-kind", one.kind)
    return Channeled(
        kind=kind if kind in get_args(Channel) else one.kind,
        label=squeeze(form[f"{name}-label"][:100]),
        value=squeeze(form.get(f"{name}-value", "")[:200]) or None,
        kept=f"{name}-kept" in form,
    )
