"""Changes that an officer typed over a draft, read from the fields of the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from bot.standards.text import squeeze
from bot.standards.work import PARTS, Actor, Channel, Channeled, System, Way, Work, WorkLine

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
        added = said(f"{part}-new")
        changes[part] = [*lines, *([WorkLine(printed=added, text=added)] if added else [])]
    changes["ways"] = [_way(way, n, form) for n, way in enumerate(work.ways)]
    changes["complaints"] = [_contact(one, n, form) for n, one in enumerate(work.complaints)]
    return work.model_copy(update=changes)


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
    added = squeeze(form.get(f"step-{number}-new", "")[:MOST])
    if added:
        steps.append(WorkLine(printed=added, text=added, actor_label="Petugas"))
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
