"""Chat spelling to plain Indonesian, for the classifier's eyes only: entities and trackers keep what was written.

Pure Python without Rasa, so the application's tests can use it too.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from pathlib import Path
from typing import Dict

_TABLE = Path(__file__).with_name("spelling.yml")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad]")
_WORD = re.compile(r"[a-z0-9][a-z0-9²'\-]*|[^\W_]+|[^\w\s]", re.UNICODE)
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_DOUBLED_BY_TWO = re.compile(r"^([a-z]{2,}?)(?:2|²)(nya|an|kan|in)?$")
_LONG_DIGITS = re.compile(r"\d{5,}")
# An address only from where its word begins: tried at every letter, 3,000 letters would take ten seconds.
_LINK_OR_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)[^\s@]+@[^\s.]+\.\S+")
_MASKED = re.compile(r"\bx{3,}\b")


def normalise(text: str) -> str:
    """Return `text` in lower case with chat spellings written out, words separated by one space.

    "Gmn cara daftar2 nya kakkk??" -> "bagaimana cara daftar daftar nya kak ? ?". Long numbers become the word "angka",
    links "tautan". Anything may be passed, also control characters and other scripts; the result may be empty.
    """
    text = unicodedata.normalize("NFKC", text.replace("²", "2"))
    text = _INVISIBLE.sub("", text).lower()
    text = _LINK_OR_ADDRESS.sub(" tautan ", text)
    text = _MASKED.sub(" angka ", text)
    table = spellings()
    return " ".join(_plain(word, table) for word in _WORD.findall(text))


@functools.lru_cache(maxsize=1)
def spellings() -> Dict[str, str]:
    """The table of spelling.yml: one written word -> the plain word or words."""
    # a hand-rolled reader: the file is flat, and PyYAML would cost 40 ms at every start
    table: Dict[str, str] = {}
    for line in _TABLE.read_text("utf-8").splitlines():
        if line.startswith("  ") and not line.lstrip().startswith("#"):
            written, _, plain = line.partition(":")
            table[written.strip()] = plain.strip()
    return table


def _plain(word: str, table: Dict[str, str]) -> str:
    known = table.get(word)
    if known:
        return known
    if _LONG_DIGITS.search(word):
        return "angka"
    twice = _DOUBLED_BY_TWO.match(word)
    if twice:
        stem = table.get(twice.group(1), twice.group(1))
        return f"{stem} {stem}{twice.group(2) or ''}"
    short = _STRETCHED.sub(r"\1", word)
    return table.get(short, short)
