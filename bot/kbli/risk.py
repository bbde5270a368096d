"""The risk of a code at a scale, from the imported, unverified list: never guessed, never "low" for want of a row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.kbli.classification import Classification
from bot.kbli.models import RISKS, SCALES

DOCUMENTS = {  # PP 28/2025 Pasal 128-133
    RISKS[0]: "NIB",
    RISKS[1]: "NIB dan Sertifikat Standar (pernyataan sendiri)",
    RISKS[2]: "NIB dan Sertifikat Standar yang diverifikasi",
    RISKS[3]: "NIB dan Izin",
}
_ASKED = re.compile(r"\br[ei]s[ie]ko?(?:nya)?\b|\brisk\b|tingkat bahaya", re.IGNORECASE)
_SCALE = re.compile(r"\b(mikro|micro|kecil|menengah|besar|small|medium|large)\b")
_OTHER_NAMES = {"micro": "mikro", "small": "kecil", "medium": "menengah", "large": "besar"}
_MONEY = re.compile(
    r"(?:modal\w{0,12}\D{0,20}?)(?<!\d)(\d{1,15}(?:[.,]\d{1,3}){0,5})\s{0,3}(rb|ribu|k|jt|juta|m|miliar|milyar)?\b"
)
_UNITS = {"rb": 1e3, "ribu": 1e3, "k": 1e3, "jt": 1e6, "juta": 1e6, "m": 1e9, "miliar": 1e9, "milyar": 1e9}
_LIMITS = ((1e9, "mikro"), (5e9, "kecil"), (10e9, "menengah"))  # PP 7/2021 Pasal 35, without land and building


@dataclass(frozen=True, slots=True)
class Risk:
    """`known`: risks at this scale, several where the scope decides; empty: not known. `scales`: those with a row."""

    code: str
    scale: str
    known: tuple[str, ...]
    scales: tuple[str, ...]


def risk_of(code: str, scale: str, classification: Classification | None) -> Risk:
    """What the list says about `code` at `scale` (one of SCALES). Raises ValueError for another scale."""
    if scale not in SCALES:
        raise ValueError(f"no scale: {scale}")
    rows = classification.risks.get(code, {}) if classification else {}
    return Risk(code, scale, rows.get(scale, ()), tuple(one for one in SCALES if one in rows))


def asks_risk(text: str) -> bool:
    """The text asks for a risk."""
    return bool(_ASKED.search(text))


def scale_in(text: str) -> str:
    """The scale that a text says, in a word or by its capital ("modal 30jt"); "" when it says none."""
    low = text.lower()
    if found := _SCALE.search(re.sub(r"menengah (?:rendah|tinggi)", " ", low)):
        return _OTHER_NAMES.get(found[1], found[1])
    money = _MONEY.search(low)
    if not money:
        return ""
    unit = _UNITS.get(money[2] or "", 1.0)
    digits = money[1]
    if unit == 1.0:
        amount = float(re.sub(r"[.,]", "", digits))
        if amount < 100_000:
            return ""
    else:
        amount = float(digits.replace(",", ".")) * unit if digits.count(".") + digits.count(",") < 2 else 0.0
    return next((scale for limit, scale in _LIMITS if amount <= limit), "besar") if amount else ""
