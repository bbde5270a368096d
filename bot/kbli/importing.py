"""Importing the classification from a file: its codes, the links between the editions, or the unverified risks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.kbli.models import EDITIONS, RISKS, SCALES, KbliCode, KbliImport, KbliLink, KbliRisk
from bot.sheets import Row, Wanted, read
from bot.storage.base import Base

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("kode", "kode_kbli", "kbli", "kd_kbli", "kode_kbli_2025", "kbli_2025", "kode_kelompok", "kelompok"),
    "title": ("judul", "judul_kbli", "nama", "nama_kbli", "judul_kbli_2025", "judul_kelompok", "judul_kode"),
    "description": ("uraian", "deskripsi", "penjelasan", "cakupan", "uraian_kbli", "keterangan"),
    "code_2020": ("kode_2020", "kode_kbli_2020", "kbli_2020", "padanan_kbli_2020", "padanan_2020", "padanan"),
    "code_2025": ("kode_2025",),
    "suspicious": ("meragukan", "doubtful"),
    "scale": ("skala", "skala_usaha"),
    "risk": ("risiko", "tingkat_risiko", "resiko"),
    "edition": ("edisi", "tahun"),
}
"""Our name of a column, and what other files call it (case and punctuation do not matter)."""

_CODE = re.compile(r"\d{5}")
_SHORTER = re.compile(r"[A-Va-v]|\d{1,4}")  # categories and groups, which are no code to choose
_BATCH = 2000


class NotAClassification(Exception):
    """The file cannot be taken; the text says why, and nothing was written."""


@dataclass(slots=True)
class Report:
    """What a file held. `parts`: which part it replaced -> how many rows."""

    parts: dict[str, int] = field(default_factory=dict)
    skipped: int = 0  # rows of categories and groups


@dataclass(slots=True)
class _Content:
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: dict[tuple[str, str], bool] = field(default_factory=dict)
    risks: set[tuple[str, str, str]] = field(default_factory=set)
    skipped: int = 0
    errors: list[str] = field(default_factory=list)


async def import_file(session: AsyncSession, path: Path, by: str, edition: int | None = None) -> Report:
    """Replaces the part of the classification that the file holds. All or nothing.

    Raises NotAClassification with the reason, and `sheets.Unreadable` for a file that is no table.
    """
    table = read(path, Wanted(COLUMNS))
    if wrong := table.wrong(list(COLUMNS)):
        raise wrong
    rows = table.rows
    columns = set(rows[0].values) if rows else set()
    if {"code_2020", "code_2025"} <= columns:
        content = _collect(rows, _link)
    elif {"code", "scale", "risk"} <= columns:
        content = _collect(_upright(rows), _risk)
    elif {"code", "title"} <= columns:
        content = _collect(_upright(rows), _entry)
        edition = edition or _edition(path, rows)
    else:
        raise NotAClassification(
            "it has no columns code and title, code_2020 and code_2025, or code, scale and risk; "
            f"known names: {', '.join(f'{name} ({", ".join(others)})' for name, others in COLUMNS.items())}"
        )
    if content.errors:
        shown = "; ".join(content.errors[:10])
        raise NotAClassification(f"{len(content.errors)} wrong rows: {shown}")
    if not (content.codes or content.links or content.risks):
        raise NotAClassification("it holds no row with a code of five digits")
    return await _write(session, content, edition, path.name, by)


def _collect(rows: Sequence[Row], take: Callable[[_Content, dict[str, str]], str]) -> _Content:
    content = _Content()
    for row in rows:
        problem = take(content, row.values)
        if problem:
            content.errors.append(f"line {row.line}: {problem}")
    return content


def _entry(content: _Content, row: dict[str, str]) -> str:
    code, title = row.get("code", ""), row.get("title", "")
    if _SHORTER.fullmatch(code) or not code:
        content.skipped += 1
        return ""
    if not _CODE.fullmatch(code):
        return f"'{code}' is no code"
    if not title:
        return f"{code} has no title"
    if code in content.codes:
        return f"{code} stands twice"
    content.codes[code] = {"code": code, "title": title, "description": row.get("description", "")}
    for old in _CODE.findall(row.get("code_2020", "")):
        content.links[old, code] = False
    return ""


def _link(content: _Content, row: dict[str, str]) -> str:
    old, new = row.get("code_2020", ""), row.get("code_2025", "")
    if not (_CODE.fullmatch(old) and _CODE.fullmatch(new)):
        return f"'{old}' and '{new}' are not two codes"
    content.links[old, new] = row.get("suspicious", "").lower() in ("1", "ya", "true", "yes")
    return ""


def _risk(content: _Content, row: dict[str, str]) -> str:
    code, scale, risk = row.get("code", ""), row.get("scale", "").lower(), row.get("risk", "").title()
    scale = scale.removeprefix("usaha ")
    if not _CODE.fullmatch(code):
        return f"'{code}' is no code"
    if scale not in SCALES or risk not in RISKS:
        return f"scale '{scale}' or risk '{risk}' is unknown (known: {', '.join(SCALES)}; {', '.join(RISKS)})"
    content.risks.add((code, scale, risk))
    return ""


def _upright(rows: Sequence[Row]) -> list[Row]:
    """Codes of four digits get back the zero that a spreadsheet took, unless the file also lists groups."""
    sizes = {len(row.values.get("code", "")) for row in rows}
    zeros = any(row.values.get("code", "").startswith("0") for row in rows)
    if zeros or 4 not in sizes or sizes & {1, 2, 3}:
        return list(rows)
    return [Row(row.line, row.values | {"code": row.values.get("code", "").zfill(5)}) for row in rows]


def _edition(path: Path, rows: Sequence[Row]) -> int:
    said = {row.values.get("edition", "") for row in rows[:50]} - {""}
    found = [one for one in EDITIONS if said == {str(one)} or (not said and str(one) in path.name)]
    if len(found) != 1:
        raise NotAClassification("its edition is not said: add --edition 2020 or --edition 2025")
    return found[0]


async def _write(session: AsyncSession, content: _Content, edition: int | None, name: str, by: str) -> Report:
    report = Report(skipped=content.skipped)
    if content.codes:
        await session.execute(delete(KbliCode).where(KbliCode.edition == edition))
        await _add(session, KbliCode, [one | {"edition": edition} for one in content.codes.values()])
        report.parts[f"kbli-{edition}"] = len(content.codes)
    if content.links:
        await session.execute(delete(KbliLink))
        links = [{"code_2020": old, "code_2025": new, "doubtful": bad} for (old, new), bad in content.links.items()]
        await _add(session, KbliLink, links)
        report.parts["links"] = len(links)
    if content.risks:
        await session.execute(delete(KbliRisk))
        await _add(session, KbliRisk, [{"code": c, "scale": s, "risk": r} for c, s, r in sorted(content.risks)])
        report.parts["risks"] = len(content.risks)
    session.add_all(
        KbliImport(part=part, file_name=name, rows=rows, imported_by=by) for part, rows in report.parts.items()
    )
    await session.flush()
    return report


async def _add(session: AsyncSession, kind: type[Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH):
        await session.execute(insert(kind), rows[start : start + _BATCH])
