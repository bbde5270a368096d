"""Standards whose components have labels: in rows, in lines, or inside their values."""

from __future__ import annotations

import itertools
import re

from bot.standards.components import fill
from bot.standards.furniture import is_footer
from bot.standards.heading import read_heading
from bot.standards.items import bare_start
from bot.standards.labels import DECREE, HEAD_COMPONENTS, OFFICE, TITLE
from bot.standards.marks import split_mark
from bot.standards.models import Layout, Requirement, ServiceDraft
from bot.standards.sections import Section, Sections
from bot.standards.text import Line

_SERVICE_WORD = re.compile(
    r"\b(?:izin|ijin|surat|tanda|rekomendasi|pelayanan|layanan|persetujuan|sertifikat|penerbitan|pendaftaran|legalisasi|perizinan)\b",
    re.IGNORECASE,
)
_KINDS = ("administrasi", "administratif", "teknis", "umum", "khusus")
_MOST_TITLE_WORDS = 16


def services(sections: Sections, *, broken: bool) -> list[ServiceDraft]:
    """One draft a service; `broken`: numbers stand without a dot, in the middle of a line."""
    groups = _by_service(sections, broken=broken)
    found = [_service(preamble, group, broken=broken, flat=sections.column_head) for preamble, group in groups]
    above = split_mark(sections.above)
    if above[0] and found[0].title and _SERVICE_WORD.search(above[1]):  # "1. IZIN …" right above the table
        found[0].title = above[1]
    _share_heads(found)
    return found


def layout(sections: Sections, lines: list[Line], *, broken: bool) -> Layout:
    main = sections.main
    rows = sum(section.from_row for section in main)
    colons = sum(section.colon for section in main)
    if broken:
        return "line"
    if rows * 2 >= len(main):
        return "table"
    if any(is_footer(line.text) or line.text.lower().startswith("no. sk") for line in lines):
        return "sippn"
    if colons * 2 > len(main):
        return "labels"
    return "table" if sections.column_head else "labels"


def _by_service(sections: Sections, *, broken: bool) -> list[tuple[list[str], list[Section]]]:
    groups: list[tuple[list[str], list[Section]]] = [(list(sections.preamble), [])]
    for section in sections.found:
        group = groups[-1][1]
        mains = [other for other in group if other.component not in HEAD_COMPONENTS]
        if section.component == TITLE and any(other.component not in ("other", *HEAD_COMPONENTS) for other in group):
            head = _heads_at_end(group)
            groups.append(([], [*head, section]))
        elif _begins_again(section, mains):
            groups.append((_title_lines(group[-1], paged=broken), [section]))
        else:
            group.append(section)
    return groups


def _heads_at_end(group: list[Section]) -> list[Section]:
    """The office's name may stand before the name of the service that it begins."""
    heads: list[Section] = []
    while group and group[-1].component in (OFFICE, DECREE):
        heads.insert(0, group.pop())
    return heads


def _begins_again(section: Section, group: list[Section]) -> bool:
    """The component that a service began with comes again, after others."""
    if not group or section.qualifier or section.component in ("other", *HEAD_COMPONENTS):
        return False
    others = {other.component for other in group} - {"other", section.component}
    return section.component == group[0].component and len(others) >= 2


def _title_lines(before: Section, *, paged: bool) -> list[str]:
    """The heading of the next service, which was read as the end of the last section."""
    filled = [at for at, line in enumerate(before.lines) if line.strip()][-5:]
    for at in filled:
        text = split_mark(before.lines[at])[1]
        gap = at == 0 or not before.lines[at - 1].strip()
        title = (
            text.isupper()
            or text.lower().startswith("standar")
            or (gap and (paged or bool(_SERVICE_WORD.search(text))))
        )
        fits = len(text.split()) <= _MOST_TITLE_WORDS and not text.endswith((".", ";", ","))
        if title and fits and (at > 0 or text.isupper()):
            lines = before.lines[at:]
            del before.lines[at:]
            return lines
    return []


def _service(preamble: list[str], group: list[Section], *, broken: bool, flat: bool) -> ServiceDraft:
    service = ServiceDraft()
    heads: dict[str, list[str]] = {}
    for section in group:
        if section.component in HEAD_COMPONENTS:
            lines = [line for line in section.lines if line.strip()]
            heads.setdefault(section.component, lines[:1])
            preamble = [*preamble, *lines[1:]]
    read_heading(service, preamble, heads)
    _name_kinds(group)
    for section in group:
        if section.component not in HEAD_COMPONENTS:
            _fill(service, section, broken=broken, flat=flat)
    _drop_title_step(service)
    return service


def _name_kinds(group: list[Section]) -> None:
    """ "Persyaratan Administrasi" and "Persyaratan Teknis" of one service are two groups."""
    kinds = [section for section in group if section.component == "requirements"]
    for section in kinds if len(kinds) > 1 else []:
        words = section.label.split()
        if section.qualifier is None and len(words) > 1 and words[-1].lower() in _KINDS:
            section.qualifier = words[-1]


def _drop_title_step(service: ServiceDraft) -> None:
    """A chart that was a picture leaves only its caption, the name of the service."""
    steps = [step for procedure in service.procedures or [] for step in procedure.steps]
    if len(steps) == 1 and service.title and steps[0].lower() == service.title.lower():
        service.procedures = None
        service.doubt("procedures", "Alurnya berupa gambar yang tidak terbaca; hanya judulnya yang ada.")


def _fill(service: ServiceDraft, section: Section, *, broken: bool, flat: bool) -> None:
    lines = _without_footer(section)
    first = next((line for line in lines if line), "")
    before = len(service.requirements or [])
    count = len(service.procedures or [])
    fill(
        service,
        section.component,
        lines,
        section.label,
        bare=broken or bare_start(first),
        flat=flat and not section.from_row and not _all_apart(lines),
    )
    if section.qualifier and section.component == "requirements" and service.requirements:
        for at in range(before, len(service.requirements)):
            own = service.requirements[at]
            service.requirements[at] = Requirement(text=own.text, whom=own.whom or section.qualifier)
    if section.qualifier and section.component == "procedures" and service.procedures:
        for procedure in service.procedures[count:]:
            procedure.title = procedure.title or section.qualifier


def _all_apart(lines: list[str]) -> bool:
    """A blank line after every line: then each is a whole paragraph."""
    filled = [at for at, line in enumerate(lines) if line]
    apart = sum(second - first > 1 for first, second in itertools.pairwise(filled))
    return len(filled) > 2 and apart >= 0.8 * (len(filled) - 1)


def _without_footer(section: Section) -> list[str]:
    if section.component != "complaints":
        at = next((at for at, line in enumerate(section.lines) if is_footer(line)), len(section.lines))
        return section.lines[:at]
    at = next(
        (at for at, line in enumerate(section.lines) if line.lower().startswith("isu dan keluhan")), len(section.lines)
    )
    return [line for line in section.lines[:at] if not is_footer(line)]


def _share_heads(found: list[ServiceDraft]) -> None:
    """Office and decree stand once above all services of a file."""
    for before, service in itertools.pairwise(found):
        service.office = service.office or before.office
        service.decree = service.decree or before.decree
