"""The table of everyday trades (`knowledge/trades/`): words, the codes they may mean, and what decides between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.knowledge.load import FOLDER

CODE = re.compile(r"\d{5}")
BUTTON = 24  # characters
_SHARED = ("codes.yaml", "words.yaml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Words = Annotated[str, AfterValidator(lambda text: text.lower())]


class Code(_Strict):
    """A code of KBLI 2025 in everyday words. `was`: the nearest codes of 2020; `hints`: words that point to it."""

    title: str
    when: str
    button: Annotated[str, Field(max_length=BUTTON)]
    was: list[str] = []
    hints: Words = ""


class Trade(_Strict):
    """What people call a trade. The first three codes are shown; `ask` decides between them."""

    id: str
    names: Annotated[list[str], Field(min_length=1)]
    codes: Annotated[list[str], Field(min_length=1)]
    depends: str = ""
    ask: str = ""
    why: str = ""


class Role(_Strict):
    """An activity: its verbs, the first digits of its codes; `rest`: the codes to offer where a trade has none of it,
    `general`: where no trade is recognised at all."""

    verbs: Words
    codes: list[str]
    rest: list[str] = []
    general: list[str] = []


class Closed(_Strict):
    """A field that nobody licenses here. `trade` is one of the table, or a new one that only stands here."""

    trade: str
    say: str
    source: str
    names: list[str] = []


class WordLists(_Strict):
    roles: dict[str, Role]
    joiners: Words
    aside: Words
    vague: list[str]
    brands: dict[str, str]
    closed: list[Closed]


class Table(_Strict):
    codes: dict[str, Code]
    trades: dict[str, Trade]
    words: WordLists


@lru_cache
def get_table(folder: Path = FOLDER) -> Table:
    """The table, read once. Raises OSError, YAMLError or ValidationError."""
    place = folder / "trades"
    trades: list[Any] = []
    for path in sorted(place.glob("*.yaml")):
        if path.name not in _SHARED:
            trades += [Trade.model_validate(one) for one in _read(path)]
    return Table(
        codes=_read(place / "codes.yaml"),
        trades={one.id: one for one in trades},
        words=_read(place / "words.yaml"),
    )


def _read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


def trade_problems(folder: Path = FOLDER) -> list[str]:
    """One line each: a name that stands for two trades, a code without words, a brand of no trade …"""
    try:
        return [f"trades/{problem}" for problem in _problems(get_table(folder), folder)]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        return [f"trades/: {' '.join(str(error).split())[:500]}"]


def _problems(table: Table, folder: Path) -> Iterator[str]:
    listed = sum(len(_read(path)) for path in (folder / "trades").glob("*.yaml") if path.name not in _SHARED)
    if listed != len(table.trades):
        yield f"two trades have the same id ({listed} entries, {len(table.trades)} ids)"
    names = Counter(name for trade in table.trades.values() for name in trade.names)
    yield from (f": '{name}' stands for {times} trades" for name, times in names.items() if times > 1)
    for trade in table.trades.values():
        yield from (f": {trade.id}: no words for code {code}" for code in trade.codes if code not in table.codes)
        if len(trade.codes) != len(set(trade.codes)):
            yield f": {trade.id}: a code stands twice"
        buttons = [table.codes[code].button for code in trade.codes if code in table.codes]
        if len(buttons) != len(set(buttons)):
            yield f": {trade.id}: two of its codes have the same button"
    for code, words in table.codes.items():
        yield from (f"codes.yaml: {one!r} is no code" for one in (code, *words.was) if not CODE.fullmatch(one))
    for brand, meant in table.words.brands.items():
        if meant not in table.trades:
            yield f"words.yaml: brand {brand}: there is no trade {meant}"
    for one in table.words.closed:
        if one.trade not in table.trades and not one.names:
            yield f"words.yaml: closed: {one.trade} has no names"
