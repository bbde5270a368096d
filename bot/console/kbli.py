"""KBLI codes for officers: search by everyday words or by code, and what an applicant is answered."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from bot.answers.kbli import say
from bot.console.access import AnyOfficer
from bot.console.desk import Here
from bot.kbli.classification import Classification, Entry, Heir, newest_imports
from bot.kbli.find import FoundCodes, find
from bot.kbli.lookup import Lookup, everyday_title, look_up, typed_in, was_of
from bot.kbli.models import SCALES
from bot.knowledge.trades import get_table
from bot.messages import Reply

router = APIRouter()
PART_NAMES = {
    "kbli-2020": "Kode KBLI 2020",
    "kbli-2025": "Kode KBLI 2025",
    "links": "Padanan 2020 dan 2025",
    "risks": "Tingkat risiko (belum diperiksa)",
}
_MOST = 8
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """One code as a card. `risks`: scale -> risks; empty where the list has no row for the code."""

    code: str
    title: str
    official: str
    text: str
    was: tuple[str, ...]
    risks: dict[str, tuple[str, ...]]
    heirs: tuple[Heir, ...] = ()
    edition: int = 2025


@dataclass(frozen=True, slots=True)
class CodeFound:
    """Everything about one search."""

    reply: Reply
    codes: list[Shown]
    why: list[tuple[str, str]]  # the trade's name, and why these codes
    also: list[Shown]  # by the words of the classification


@router.get("/kbli")
async def search(request: Request, desk: Here, signed: AnyOfficer, q: str = "") -> Response:
    asked = " ".join(q.split())[:_LONGEST]
    async with desk.session() as session:
        imports = await newest_imports(session)
    held = await desk.runtime.classification()
    return desk.page(
        request,
        signed,
        "kbli.html",
        section="kbli",
        asked=asked,
        found=found_for(asked, held) if asked else None,
        imports=[(PART_NAMES[one.part], one) for one in imports],
        trades=len(get_table().trades),
        scales=SCALES,
    )


def found_for(asked: str, held: Classification | None) -> CodeFound:
    """What is known about the words or codes of a search."""
    typed = [look_up(one, held) for one in typed_in(asked)]
    finding = find(asked, held)
    parts = finding.parts or (finding,)
    codes = [card for one in typed for card in _of_lookup(one, held)]
    codes += [_card(one, held) for part in parts for one in _codes(part)]
    known = {one.code for one in codes}
    also = [_card(one.code, held) for one in held.search(asked) if one.code not in known] if held else []
    return CodeFound(say.answer(asked, {}, held), _once(codes), _why(parts), also[:_MOST])


def _codes(part: FoundCodes) -> list[str]:
    """All codes of a trade, also those that an applicant is not shown."""
    trade = get_table().trades.get(part.trade)
    first = [one.code for one in part.candidates]
    return first + [code for code in (trade.codes if trade and first else []) if code not in first]


def _why(parts: tuple[FoundCodes, ...]) -> list[tuple[str, str]]:
    trades = [get_table().trades[part.trade] for part in parts if part.trade in get_table().trades]
    return [(one.names[0], one.why or one.ask) for one in trades if one.why or one.ask]


def _of_lookup(found: Lookup, held: Classification | None) -> list[Shown]:
    cards = [_card(found.entry.code, held)] if found.entry else []
    if found.kind in ("old", "both"):
        old = found.old or Entry(found.typed, "")
        title = old.title or "kode KBLI 2020"
        cards.append(Shown(found.typed, title, old.title, old.description, (), {}, found.heirs, 2020))
    return cards + [_card(one.code, held) for one in found.near[:_MOST]]


def _card(code: str, held: Classification | None) -> Shown:
    words = get_table().codes.get(code)
    entry = held.codes.get(code) if held else None
    title = words.title if words else everyday_title(entry or Entry(code, ""))
    risks = dict(held.risks.get(code, {})) if held else {}
    text = entry.description if entry else words.when if words else ""
    return Shown(code, title, entry.title if entry else "", text, was_of(code, held), risks)


def _once(cards: list[Shown]) -> list[Shown]:
    return list({(one.code, one.edition): one for one in cards}.values())
