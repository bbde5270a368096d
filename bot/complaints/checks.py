"""Warnings before a report goes out: insults, data of others, a report made before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from bot.complaints.language import plain
from bot.masking import NIK, mask_identity

_INSULTS = re.compile(
    r"\b(?:dasar\s+)?(bangsat|goblok|gblk|tolol|bego|kampret|bajingan|brengsek|asu|jancok|jancuk|tai|keparat|idiot|sialan|"
    r"kontol|memek|ngentot|pantek|anjing|anjir|anjay|bedebah|biadab|dungu|bodoh|sinting|gila)(?:nya|lah|lu)?\b",
    re.IGNORECASE,
)
_PERSONAL = (
    ("nomor telepon", re.compile(r"(?<![\d#])(?:\+?62|0)[ -]?8\d(?:[ .-]?\d){6,11}(?!\d)")),
    ("e-mail", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("pelat nomor", re.compile(r"\b[A-Z]{1,2}[ -]?\d{1,4}[ -]?[A-Z]{2,3}\b")),
    (
        "nomor rekening",
        re.compile(
            r"(?:rek(?:ening)?\.?\s{0,3}(?:no(?:mor)?\.?)?\s{0,3}\w{0,10}\s{0,3}:?\s{0,3})(\d[\d -]{7,18}\d)", re.I
        ),
    ),
)
_SAME = 0.85


def insults_in(text: str) -> list[str]:
    """The insulting words, each once."""
    return list(dict.fromkeys(match[1].lower() for match in _INSULTS.finditer(text)))


def without_insults(text: str) -> str:
    cleaned = re.sub(r"\s+", " ", _INSULTS.sub("", text))
    return re.sub(r" ([,.!?])", r"\1", re.sub(r"([,.!?])(?:\s*[,.!?])+", r"\1", cleaned)).strip(" ,")


def personal_in(text: str) -> list[str]:
    """Kinds of personal data that the text shows ("NIK", "nomor telepon"), without repeating them."""
    without = mask_identity(text)
    kinds = ["NIK"] if without != text else []
    text = without.replace(NIK, " ")
    for kind, pattern in _PERSONAL:
        text, count = pattern.subn(" ", text)
        kinds += [kind] if count else []
    return kinds


def masked(text: str) -> str:
    """`text` with personal data replaced by what it was: "(NIK disamarkan)"."""
    text = mask_identity(text).replace(NIK, "(NIK disamarkan)")
    for kind, pattern in _PERSONAL:
        text = pattern.sub(lambda match, kind=kind: _masked(match, kind), text)  # type: ignore[misc]
    return text


def same_report(text: str, others: Sequence[str]) -> int | None:
    """Index of the one of `others` that tells practically the same; None when there is none."""
    words = plain(text)
    for index, other in enumerate(others):
        known = plain(other)
        if words == known or (min(len(words), len(known)) > 20 and _ratio(words, known) >= _SAME):
            return index
    return None


def _masked(match: re.Match[str], kind: str) -> str:
    hidden = f"({kind} disamarkan)"
    return match[0].replace(match[1], hidden) if match.re.groups else hidden


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one[:2000].split(), other[:2000].split(), autojunk=False).ratio()
