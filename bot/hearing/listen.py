"""The one resolver: text, the engine's understanding and what was quoted, to `Heard`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.hearing.heard import Heard
from bot.hearing.names import names_of, tried_in
from bot.hearing.signs import aspects_of, is_of_licences, system_of, tone_of, unhelped_in, wish_of
from bot.hearing.words import keys_of, plain
from bot.knowledge.derived import derived
from bot.knowledge.models import Knowledge
from bot.knowledge.regions import Region, region, regions_in

LONGEST = 1500
"""Characters that are listened to: the beginning and the end of a very long message."""
ASPECT_OF = {
    "ask_requirements": "requirement",
    "ask_procedure": "procedure",
    "ask_duration": "duration",
    "ask_cost": "cost",
    "ask_product": "product",
    "ask_legal_basis": "legal",
    "ask_contact": "contact",
}
"""The engine's intent -> what about a service it asks."""
_LIKE = re.compile(r"\b(?:kayak|kaya|seperti|koyo|koyok|mirip|like|bukan|tetangga)(?: \w+){0,2} $")
_CORRECTS = re.compile(r"\b(?:eh|oh|ralat|salah|maksud(?:nya|ku|e)?(?: saya)?|yang saya maksud)\b")
_TIME = re.compile(r"\b\d+ (?:hari|menit|minggu|bulan)\b")
_FEW = 5  # words of a message that likens and asks nothing else
_OURS = frozenset({"oss", "siinas", "lapor"})
"""Systems of a message that is no foreign affair, whatever else it names."""
_SURE = 0.5  # confidence from which the engine's intent says what is asked about
_STEP = re.compile(
    r"\b(?:langkah|tahap|step|nomor|poin)\s{0,3}(?:ke\s{0,3}-?\s{0,3})?(\d{1,2})\b|\bke\s{0,3}-?\s{0,3}(\d{1,2})\b"
)
_CODE = re.compile(r"(?<![\d.,/-])\d{5}(?![\d/-]|[.,]\d)")
_RISK = (
    ("menengah-tinggi", re.compile(r"\bmenengah tinggi\b|\bmt\b")),
    ("menengah-rendah", re.compile(r"\bmenengah rendah\b|\bmr\b")),
    ("tinggi", re.compile(r"\brisiko(?:nya)? tinggi\b|\bberisiko tinggi\b|\bresiko(?:nya)? tinggi\b")),
    ("rendah", re.compile(r"\b(?:be)?r[ie]siko(?:nya)? rendah\b")),
)
_SCALE = (
    ("mikro", re.compile(r"\bmikro\b")),
    ("kecil", re.compile(r"\b(?:usaha|skala|industri) kecil\b")),
    ("menengah", re.compile(r"\b(?:usaha|skala|industri) menengah\b")),
    ("besar", re.compile(r"\b(?:usaha|skala|industri) besar\b|\bpma\b")),
)


def listen(
    knowledge: Knowledge,
    text: str,
    intent: str = "",
    confidence: float = 0.0,
    entities: Mapping[str, str] | None = None,
    quoted: str = "",
    likely: Mapping[str, float] | None = None,
) -> Heard:
    """What `text` says. `entities`: of a tapped button, or what the engine heard where nothing is heard here."""
    named = entities or {}
    cut = _shortened(text)
    said = plain(cut)
    joined = keys_of(" ".join(re.findall(r"[a-z0-9]+", said)))
    names = names_of(knowledge)
    places = _without_longer_names(knowledge, cut, said)
    offices = _of_no_twin(knowledge, cut, _places(names.offices.hits(places), said))
    regions = _not_held(knowledge, cut, offices)
    if (offices or regions) and len(said.split()) <= _FEW:  # "eh magetan maksudnya"
        said = _CORRECTS.sub(" ", said).strip()
        joined = keys_of(" ".join(re.findall(r"[a-z0-9]+", said)))
    if (told := named.get("office")) in knowledge.offices and not (offices or regions):
        offices = [told]
    services, kinds = _services(knowledge, names.services.ids(said), offices, named)
    system, other = system_of(cut, said)
    tone = tone_of(cut, said)
    foreign = system not in _OURS and not other and not kinds and not is_of_licences(said)
    return Heard(
        text=text,
        plain=said,
        keys=tuple(_without_figures(joined, said)),
        intent=intent,
        confidence=confidence,
        offices=tuple(offices),
        likened=tuple(one for one in names.offices.ids(places) if one not in offices),
        regions=tuple(regions),
        services=tuple(services),
        guides=tuple(names.guides.ids(said)),
        kinds=tuple(kinds),
        ways=tuple(names.ways.ids(said)),
        risk=_first(_RISK, said),
        scale=_first(_SCALE, said),
        steps=tuple(int(a or b) for a, b in _STEP.findall(said)),
        codes=tuple(dict.fromkeys(_CODE.findall(cut))),
        system=system,
        other=other,
        matter=next(iter(names.matters.ids(" ".join(re.findall(r"[a-z0-9]+", said)))), "") if foreign else "",
        tried=tuple(tried_in(names, said)),
        unhelped=unhelped_in(said),
        tone=tone,
        wish=wish_of(said, tone, intent),
        aspects=aspects_of(said, " ".join(joined)) | _of_intent(intent, confidence),
        quoted=quoted[:LONGEST],
        likely=likely or {},
    )


def _places(hits: Sequence[tuple[int, int, list[str]]], said: str) -> list[str]:
    """The offices named; not those that are only likened to ("kayak magetan"), where anything else is named."""
    likened = [one for one in hits if _LIKE.search(said[: one[0]])]
    meant = [one for one in hits if one not in likened] or (hits if len(said.split()) < _FEW else [])
    return list(dict.fromkeys(identity for _, _, ids in meant for identity in ids))


def _without_longer_names(knowledge: Knowledge, text: str, said: str) -> str:
    """`said`, its length kept, without the regions whose names hold another's ("Padang Pariaman" is not Pariaman)."""
    for one in _not_held(knowledge, text, ()):
        name = one.name.lower()
        if " " in name:
            said = re.sub(rf"\b{re.escape(name)}\b", " " * len(name), said)
    return said


def _without_figures(joined: Sequence[str], said: str) -> list[str]:
    """The keys without bare numbers: nobody's wording holds them. "20 hari" asks about a time."""
    keys = [one for one in joined if not one.isdigit() and one != "angka"]
    if _TIME.search(said) and "lama" not in keys:
        keys = [*(one for one in keys if one not in ("hari", "menit", "minggu", "bulan")), "lama"]
    return keys


def _of_intent(intent: str, confidence: float) -> frozenset[str]:
    aspect = ASPECT_OF.get(intent)
    return frozenset({aspect}) if aspect and confidence >= _SURE else frozenset()


def _services(
    knowledge: Knowledge, hits: Sequence[str], offices: Sequence[str], named: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Services that the words fit, those of the named offices where any of them fits; and their kinds."""
    if (tapped := named.get("service")) in knowledge.services:
        hits = [tapped, *(one for one in hits if one != tapped)]
    homes = _homes(knowledge)
    here = [one for one in hits if homes[one][0] in offices]
    kinds = list(dict.fromkeys(homes[one][1] for one in hits))
    if (kind := named.get("service_kind")) and not kinds:
        kinds = [one.kind for one in knowledge.services.values() if one.kind == kind][:1]
    if not here and offices:  # the kind was named in another office's words
        here = [one for one, (office, kind) in homes.items() if office in offices and kind in kinds]
        here += [one for one in hits if knowledge.offices[knowledge.services[one].office].national]
    return list(here or hits), [str(one) for one in kinds]


def _of_no_twin(knowledge: Knowledge, text: str, offices: Sequence[str]) -> list[str]:
    """Without the office of a regency where the text names the city of the same name alone, and the other way round."""
    whole = {one.title: one.name for one in regions_in(text) if not one.options}

    def meant(office: str) -> bool:
        title = knowledge.offices[office].region or ""
        return title in whole or _bare(title) not in whole.values()

    return [one for one in offices if meant(one)]


def _not_held(knowledge: Knowledge, text: str, offices: Sequence[str]) -> list[Region]:
    """The regions in a text whose standard is not held, in order; of two with one name the one that is not."""
    held = _held(knowledge)
    named = {_bare(knowledge.offices[one].region or "") for one in offices}
    found: list[Region] = []
    for one in regions_in(text):
        meant = [region(option) for option in one.options] if one.options and one.name in named else [one]
        found += [each for each in meant if each.title not in held and each not in found]
    return found


@derived
def _homes(knowledge: Knowledge) -> dict[str, tuple[str, str]]:
    """Office and kind of each service: a name may be that of a service in every office."""
    return {one.id: (one.office, one.kind) for one in knowledge.services.values()}


@derived
def _held(knowledge: Knowledge) -> frozenset[str]:
    """The regions whose standards are held."""
    return frozenset(one.region for one in knowledge.offices.values() if one.region)


def _bare(title: str) -> str:
    return title.split(" ", 1)[-1]


def _first(table: Sequence[tuple[str, re.Pattern[str]]], said: str) -> str:
    return next((name for name, pattern in table if pattern.search(said)), "")


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST * 2 // 3]} {text[-LONGEST // 3 :]}"
