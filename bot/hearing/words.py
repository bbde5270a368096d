"""Words as keys: chat spelling written out, endings and beginnings taken off, one key for words of one meaning.

The keys serve only to compare a message with wordings; nobody reads them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from bot.hearing.dialects import translated
from engine.spelling import normalise

_WORD = re.compile(r"[a-z0-9]+")
_SYNONYMS = Path(__file__).with_name("synonyms.txt")
_SHORTEST = 4
_ENDINGS = ("nya", "lah", "kah", "pun")
_MORE_ENDINGS = ("kan", "in", "an", "i")
_BEGINNINGS = (
    "menge", "menye", "memper", "diper", "meng", "meny", "men", "mem", "peng", "peny", "pen", "pem", "ber", "ter",
    "per", "di", "me", "pe", "ke", "se", "ng", "ny",
)  # fmt: skip
STOP = frozenset(
    re.findall(
        r"\w+",
        "yang di ke dari dan atau itu ini ya kah kok sih dong deh nih lho loh kan kak pak bu min mas mbak bang gan om "
        "tante admin saya aku kami kita anda kamu nya si para oleh pada dengan dalam untuk buat sebagai adalah ialah "
        "yaitu juga saja aja pun lah mohon tolong maaf selamat pagi siang sore malam assalamualaikum halo hai permisi "
        "nuwun sewu apakah apa bagaimana tentang soal mengenai terkait kalau jika bila maka lalu terus agar supaya "
        "karena sebab akan lagi masih sedang telah sudah bisa dapat mau ingin tahu tanya bertanya info informasi kasih "
        "beri minta sing iki kuwi niku iku nggih to wae pas karo ning nang lan tu ko se nan ambo awak lai is the a an "
        "in of for do does i my and we our you it are can please yo iyo bu pun toh dhewe kanggo "
        "kaya kayak koyo koyok seperti mirip sana sini situ sinan",
    )
)
"""Words that carry no subject. They still count a little where nothing else is said."""
FILLERS = frozenset(re.findall(r"\w+", "hm hmm hmmm oh ooh ah nah eh gitu begitu gini begini gt dia oke ok sip"))
"""Words that keep a talk going. A message of nothing else asks for nothing that could be looked up."""


def plain(text: str) -> str:
    """`text` in lower case with chat spelling written out, in Indonesian."""
    return translated(normalise(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))


def words(text: str) -> list[str]:
    """The plain words of a text, in order."""
    return _WORD.findall(plain(text))


def keys(text: str) -> list[str]:
    """The keys of all words, phrases of one meaning joined ("tanda tangan" and "teken" are one key)."""
    return keys_of(" ".join(words(text)))


@lru_cache(maxsize=20_000)
def key_of(word: str) -> str:
    """The key of one plain word; a word that carries no subject is its own."""
    table, bare = _single(), _bare(word)
    if word in STOP or bare in STOP:
        return bare
    return table.get(word) or table.get(bare) or table.get(stem := _stem(word), stem)


def keys_of(joined: str) -> list[str]:
    """As `keys`, of words that are plain already and joined by single blanks."""
    for phrase, key in _phrases():
        if phrase in joined:
            joined = re.sub(rf"\b{phrase}\b", key, joined)
    return [key_of(word) for word in joined.split()]


def _bare(word: str) -> str:
    """The word without particles and possessives."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: -len(ending)]
    return word


def _ended(word: str) -> str:
    """The word without endings."""
    word = _bare(word)
    for ending in _MORE_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _stem(word: str) -> str:
    """The word without affixes, roughly: both sides of a comparison are treated alike."""
    word = _ended(word)
    for beginning in _BEGINNINGS:
        if word.startswith(beginning) and len(word) - len(beginning) >= _SHORTEST - 1:
            word = word[len(beginning) :]
            break
    return word


@lru_cache(maxsize=1)
def _table() -> list[tuple[str, list[str]]]:
    lines = (line.split("#")[0].strip() for line in _SYNONYMS.read_text("utf-8").splitlines())
    pairs = (line.split(":", 1) for line in lines if line)
    return [(key.strip(), [one.strip() for one in names.split(",") if one.strip()]) for key, names in pairs]


@lru_cache(maxsize=1)
def _single() -> dict[str, str]:
    """Word, plain or without its ending, to key. Without its beginning it is often another word: "berapa" is no "apa",
    "sebelum" no "belum", "perusahaan" no "usaha"."""
    found: dict[str, str] = {}
    for key, names in _table():
        for name in (key, *(one for one in names if " " not in one)):
            found[name] = key
            found.setdefault(_ended(name), key)
    return found


@lru_cache(maxsize=1)
def _phrases() -> list[tuple[str, str]]:
    """Phrases of several words to key, longest first."""
    found = [(name, key) for key, names in _table() for name in names if " " in name]
    return sorted(found, key=lambda pair: -len(pair[0]))
