"""Words of Javanese, Minang, Sundanese and English as Indonesian ones, so that everything after reads one language.

The lexicon is `dialects.txt`. A word that no list holds is bent by `variants`; whoever knows which words there are
decides whether one of them is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from engine.spelling import normalise

_FILE = Path(__file__).with_name("dialects.txt")
_HUNG_ON = {
    "javanese": (("nipun", "nya"), ("ipun", "nya"), ("ne", "nya"), ("e", "nya"), ("ku", "ku"), ("mu", "mu")),
    "minang": (("nyo", "nya"),),
    "sundanese": (("na", "nya"),),
}
"""What a language hangs on a word -> what Indonesian hangs on it."""
_LEAST = 4  # letters of a word that something is hung on, or that is said twice: "sia-sia" is no question
_LONG = 7  # letters of a word of which the beginning alone may be another: "patugas", not "barat"
_ENDINGS = (
    # Minang
    ("onyo", ("a",)), ("nyo", ("",)), ("o", ("a",)), ("uak", ("uk",)), ("iak", ("ik",)), ("uah", ("uh",)),
    ("iah", ("ih",)), ("uang", ("ung",)), ("iang", ("ing",)), ("uih", ("us",)), ("ih", ("is",)), ("eh", ("as",)),
    ("aik", ("at", "ait")), ("uik", ("ut",)), ("ik", ("it",)), ("ek", ("at", "ap")), ("ok", ("at", "ap")),
    ("ua", ("ur", "or", "ul")), ("ia", ("ir", "il")),
    # Javanese
    ("nipun", ("",)), ("ipun", ("",)), ("ne", ("",)), ("e", ("",)), ("aken", ("",)), ("ake", ("",)), ("kake", ("",)),
    ("ke", ("",)), ("no", ("",)), ("en", ("an",)), ("et", ("at",)), ("em", ("am",)), ("er", ("ar",)), ("es", ("as",)),
    # Sundanese
    ("keun", ("",)), ("eun", ("",)), ("na", ("",)),
)  # fmt: skip
"""What an unknown word may end in -> what the Indonesian one ends in."""
_BEGINNINGS = (
    # Minang
    ("mang", ("meng",)), ("many", ("meny",)), ("mam", ("mem",)), ("man", ("men",)), ("ma", ("me",)),
    ("pa", ("pe", "per")), ("ba", ("ber", "be")), ("ta", ("ter",)), ("sa", ("se",)), ("ka", ("ke",)),
    # Javanese, Sundanese
    ("dipun", ("di",)), ("nga", ("",)), ("ng", ("", "k")), ("ny", ("s", "c")), ("nd", ("d",)), ("nj", ("j",)),
    ("mb", ("b",)), ("n", ("t",)), ("m", ("p",)),
)  # fmt: skip
"""What an unknown word may begin with -> what the Indonesian one begins with."""
_Phrases = tuple[tuple[tuple[str, ...], str], ...]

_THINGS = (
    "nib|akun|izin|perizinan|cv|pt|npwp|laporan|surat|sertifikat|akta|kata sandi|email|proposal|pengaduan|aduan|pkkpr|"
    "kkpr|pirt|iui|skpbki|sppl|ukl|nomor|kartu|ktp|formulir|pernyataan|dokumen|rekening|situs|kue|roti|makanan|"
    "minuman|produk|baju|mebel"
)
"""What one makes: "buat" before it is no "untuk", unless it stands behind another thing ("nib buat cv")."""
_MAKING = re.compile(
    rf"(\b(?:{_THINGS}|syarat|berkas) )?\bbuat (?=(?:lagi |ulang |satu |sebuah |dulu )?(?:{_THINGS})\b)"
)


def translated(text: str) -> str:
    """`text`, plain words separated by single blanks, with the words of other languages as Indonesian ones."""
    lexicon = _lexicon()
    said = text.split(" ")
    found: list[str] = []
    at = 0
    while at < len(said):
        word = said[at]
        at += 1
        known = lexicon.get(word)
        if known is None:
            found.append(_doubled(word, lexicon) if "-" in word else word)
            continue
        for rest, meant in known:
            if not rest or tuple(said[at : at + len(rest)]) == rest:
                found.append(meant)
                at += len(rest)
                break
        else:
            found.append(word)
    plain = " ".join(found)
    return _MAKING.sub(_made, plain) if "buat " in plain else plain


def _made(hit: re.Match[str]) -> str:
    return hit.group() if hit.group(1) else "membuat "


def _doubled(word: str, lexicon: dict[str, _Phrases]) -> str:
    """A word that is said twice ("mlebu-mlebu"), each half translated."""
    half, _, other = word.partition("-")
    if half != other or len(half) < _LEAST:
        return word
    meant = next((meant for rest, meant in lexicon.get(half, ()) if not rest), half)
    return f"{meant}-{meant}"


@lru_cache(maxsize=1)
def _lexicon() -> dict[str, _Phrases]:
    """First word -> what follows it and what all of it means, the longest first."""
    table = _table()
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for said, meant in table.items():
        first, *rest = said.split(" ")
        found.setdefault(first, []).append((tuple(rest), meant))
    return {first: tuple(sorted(ways, key=lambda one: -len(one[0]))) for first, ways in found.items()}


def _table() -> dict[str, str]:
    """What is said, as the spelling leaves it -> what it means; first the written forms, then those hung on them."""
    found: dict[str, str] = {}
    hung: list[tuple[str, str]] = []
    section = ""
    for line in (one.split("#")[0].strip() for one in _FILE.read_text("utf-8").splitlines()):
        if line.startswith("["):
            section = line.strip("[]")
        elif line:
            meant, _, names = line.partition(":")
            for name in (one.strip() for one in names.split(",")):
                found.setdefault(normalise(name), meant)
                if " " not in name and len(name) >= _LEAST:
                    hung += [(name + theirs, meant + ours) for theirs, ours in _HUNG_ON.get(section, ())]
                    hung += [(one, meant) for one in _english(name) if section == "english"]
    for said, meant in hung:
        if normalise(said) == said:
            found.setdefault(said, meant)
    return found


def _english(word: str) -> tuple[str, ...]:
    """The other forms of an English word."""
    bare = word.removesuffix("e")
    return f"{word}s", f"{bare}ing", f"{bare}ed", f"{word}{word[-1]}ing", f"{word}{word[-1]}ed"


def variants(word: str) -> Iterator[str]:
    """What an unknown word would be in Indonesian by the sounds and affixes of the languages, the likeliest first."""
    tried = {word}
    for one in _unsounded(word):
        bent = _unprefixed(one) if one != word or len(word) >= _LONG else ()
        for other in (one, *bent):
            if other not in tried and len(other) >= _LEAST:
                tried.add(other)
                yield other


def _unsounded(word: str) -> Iterator[str]:
    """The word, then with its ending as Indonesian has it: an affix taken off, a sound given back."""
    yield word
    for theirs, ours in _ENDINGS:
        if word.endswith(theirs) and len(word) - len(theirs) >= _LEAST - 2:
            yield from (word[: -len(theirs)] + one for one in ours)


def _unprefixed(word: str) -> Iterator[str]:
    """The word with its beginning as Indonesian has it."""
    for theirs, ours in _BEGINNINGS:
        if word.startswith(theirs) and len(word) - len(theirs) >= _LEAST - 1:
            yield from (one + word[len(theirs) :] for one in ours)
    if word[1] == "a" and word[0] not in "aeiou":
        yield f"{word[0]}e{word[2:]}"
