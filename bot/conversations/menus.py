"""The button that a typed text means: its number, its title, or an unmistakable part of the title."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from bot.channels.menus import render_numbered
from bot.messages import Button

__all__ = ["choose", "is_number", "render_numbered"]

LEAST_LETTERS = 4  # fewer could begin almost any title

_WORD = re.compile(r"[^\W_]+")
_NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        (
            ("satu", "pertama"),
            ("dua", "kedua"),
            ("tiga", "ketiga"),
            ("empat", "keempat"),
            ("lima", "kelima"),
            ("enam", "keenam"),
            ("tujuh", "ketujuh"),
            ("delapan", "kedelapan"),
            ("sembilan", "kesembilan"),
            ("sepuluh", "kesepuluh"),
        ),
        start=1,
    )
    for word in words
}
# Words that people put around a choice and that say nothing themselves.
_BEFORE_NUMBER = frozenset({"nomor", "nomer", "no", "angka", "opsi", "pilihan"})
_FILLERS = frozenset(
    "aja bu dong ibu itu kak mas mau mbak min pak pilih saja saya sih sy ya yang yg deh dulu tolong".split()  # noqa: SIM905
)


def choose(text: str, buttons: Sequence[Button]) -> Button | None:
    """The one button that `text` means, or None when it means none or more than one.

    Case, punctuation and spaces do not matter. A sentence that merely contains a title or a number is no choice.
    """
    words = _words(text)
    if not words:
        return None
    core = _without_fillers(words)
    position = _number(core)
    if position is not None:
        return buttons[position - 1] if 1 <= position <= len(buttons) else None
    for candidate in (words, core):
        exact = [button for button in buttons if candidate and "".join(_words(button.title)) == "".join(candidate)]
        if exact:
            return _only(exact)
    if sum(character.isalpha() for word in core for character in word) < LEAST_LETTERS:
        return None
    return _only([button for button in buttons if _is_part("".join(core), _words(button.title))])


def is_number(text: str) -> bool:
    """Whether the words name a place in a list ("2", "no 2", "yang kedua", "2️⃣") and no title."""
    return _number(_without_fillers(_words(text))) is not None


def _only(found: Sequence[Button]) -> Button | None:
    return found[0] if len({button.payload for button in found}) == 1 else None


def _words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.lower())
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = (c for c in folded if unicodedata.category(c) not in ("Mn", "Me", "Cf"))
    return _WORD.findall("".join(kept))


def _without_fillers(words: list[str]) -> list[str]:
    start, end = 0, len(words)
    while start < end and words[start] in _FILLERS:
        start += 1
    while end > start and words[end - 1] in _FILLERS:
        end -= 1
    return words[start:end]


def _number(words: list[str]) -> int | None:
    """The number that the words are, as in "2", "no 2", "yang kedua"; None when they are anything else."""
    rest = words[1:] if len(words) == 2 and words[0] in _BEFORE_NUMBER else words
    if len(rest) != 1:
        return None
    word = rest[0]
    if word.isdecimal() and len(word) <= 2:
        return int(word)
    return _NUMBER_WORDS.get(word)


def _is_part(typed: str, title: list[str]) -> bool:
    """Whether `typed` (without spaces) stands in the title, beginning where a word begins."""
    return any("".join(title[start:]).startswith(typed) for start in range(len(title)))
