"""Passwords of plain words ("password saya bintang laut"): nothing in how they look tells them from talk.

What tells is the place: behind a word for a password and somebody's "my" (or "jadi", "pakai", ":", ","), where
Indonesian has a verb, an adjective or a small word when it talks about the password. Such words are known
(`ORDINARY`, and whatever begins like a verb); another one is taken for the password, with up to two more. Where the
password is all that is said ("sandi terang bulan"), and for short ones, nothing but "ya" or "kak" may follow.
"""

from __future__ import annotations

import re

from bot.masking.ordinary_words import ASIDE, BEFORE, CALLED, GIVING, GREETING, LEADING, NOUNS, ORDINARY, OWNERS

MOST_PLAIN, MOST_BEFORE = 3, 5  # words of a password, words between it and the word for it
LEAST = 7  # letters of it, where no sign leads to it: small words of all dialects cannot be known
LEAST_LAST = 4  # of one word that ends the sentence
_WORD = re.compile(r"[^\W\d_]{2,40}(?![^\W_])")
_GAP = re.compile(r"[^\S\n]{0,4}")
_BEFORE_IT = re.compile(r"[\s:=,\"'“”‘’«(*-]{0,6}")
_VERB = re.compile(
    r"(?:di|ter|me(?:m[bpfv]|ng|ny|n[cdjst]|(?=\w{4,}kan$))|ber|ke(?=\w{4,}an$)|se(?=\w{4,}nya$)|pe(?:m|ng|n[cdj]))\w{3,}",
    re.IGNORECASE,
)
_SUFFIXED = re.compile(r"(?:nya|lah|kah|pun|ing|ed)$", re.IGNORECASE)
_KEYWORD = re.compile(r"kata\s{1,3}kunci", re.IGNORECASE)
_QUOTED = re.compile(r"[\"”’')\]](?!\s{0,3}[:=])")
"""Closed behind the word: a term that somebody quotes (\"Lupa kata sandi\")."""
_OWN = re.compile(r"(?:nya|ku|mu|ne)$", re.IGNORECASE)
_USER = re.compile(r"(?:\buser(?:name|id)?|\blogin|\bakun|\bemail)\b[^\n]{1,60}$", re.IGNORECASE)
_END = re.compile(r"[^\S\n]{0,3}(?:$|[.,;!?\n)])")
_POLITE = rf"(?:[^\S\n]{{1,3}}(?:ya|yah|{'|'.join(sorted(CALLED))})\b){{0,2}}"
_LAST = re.compile(_POLITE + r"[^\S\n]{0,3}(?:$|[.,;!\n)])", re.IGNORECASE)
_SPOKEN = re.compile(r"[^\W\daiueo]{0,3}[aiueo]{1,3}[^\W\daiueo]{1,4}[aiueo]{1,3}[^\W\d]{0,20}", re.IGNORECASE)
"""Two syllables at least, which no abbreviation has ("gmn", "blm")."""
_ITS_OWNER = re.compile(
    r"(?:[\"'”’)]{0,2}\s{1,3})(?:itu|adalah|ini|is|yaitu)\s{1,3}(?:(?:kata|my|the)\s{1,3})?$", re.IGNORECASE
)


def is_ordinary(word: str) -> bool:
    """Whether talk about a password says this word."""
    word = word.lower()
    known = word in ORDINARY or word in OWNERS or word in LEADING
    verb = word not in NOUNS and _VERB.match(word) is not None
    return known or verb or word.startswith("passw") or _SUFFIXED.sub("", word) in ORDINARY


def is_quoted(text: str, at: int) -> bool:
    """Whether the word for a password that ends here is the end of something quoted."""
    return _QUOTED.match(text, at) is not None


def ends_here(text: str, at: int) -> bool:
    """Whether nothing but "ya" or "kak" follows what ends here."""
    return _LAST.match(text, at) is not None


def plain_after(text: str, begin: int, at: int) -> tuple[int, int] | None:
    """The plain words behind a word for a password, which stands from `begin` to `at`."""
    owned = led = _OWN.search(text, begin, at) is not None
    piece = text[max(0, begin - 60) : begin]
    words = [word.lower() for word in _WORD.findall(piece)]
    given = _USER.search(piece) is not None or any(word in GIVING for word in words[-2:])
    aside = False
    for _ in range(MOST_BEFORE):
        gap = _BEFORE_IT.match(text, at)
        assert gap is not None
        comma = "," in gap[0]
        led = led or any(sign in gap[0] for sign in ":=\"'“‘«")
        at = gap.end()
        word = _WORD.match(text, at)
        if word is None:
            return None
        said = word[0].lower()
        if said in OWNERS:
            owned = True
        elif said not in LEADING:
            told = comma and not aside and not any(word in BEFORE for word in words[-3:])
            if owned or led or given or told:
                return _plain(text, at, 1 if led else LEAST) or (_last(text, at, LEAST_LAST) if owned else None)
            return _last(text, at, LEAST) if _is_alone(text, begin) else None
        aside = aside or said in ASIDE
        led = led or said in ("jadi", "menjadi", "adalah", "yaitu", "ialah", "is", "pakai", "pake", "benar", "betul")
        at = word.end()
    return None


def plain_before(text: str, begin: int, at: int) -> tuple[int, int] | None:
    """ "bintanglaut itu password saya"."""
    piece = max(0, begin - 80)
    link = _ITS_OWNER.search(text, piece, begin)
    rest = re.match(r"(?:[^\S\n]{1,3}(?:saya|sy|ku|aku|oss|siinas|akun)){0,3}", text[at : at + 30])
    if link is None or rest is None or not _END.match(text, at + rest.end()):
        return None
    found = re.search(r"(?:^|[\s\"'“‘(])((?:[^\W\d_]{3,20}[^\S\n]){0,2}[^\W\d_]{3,30})$", text[piece : link.start()])
    if found is None or any(is_ordinary(word) for word in found[1].split()) or len(found[1]) < 8:
        return None
    return piece + found.start(1), piece + found.end(1)


def plain_on(text: str, end: int) -> int:
    """Where further plain words of a password end that has begun before `end`."""
    for _ in range(MOST_PLAIN - 1):
        gap = _GAP.match(text, end)
        word = _WORD.match(text, gap.end()) if gap and gap.end() > end else None
        if word is None or is_ordinary(word[0]):
            break
        end = word.end()
    return end


def _is_alone(text: str, begin: int) -> bool:
    """Whether the line begins with the word for a password, or a greeting stands before it. People search by a "kata
    kunci", too."""
    piece = text[max(0, begin - 60) : begin]
    before = _WORD.findall(piece.rpartition("\n")[2])
    return not _KEYWORD.match(text, begin) and all(word.lower() in GREETING for word in before)


def _last(text: str, at: int, least: int) -> tuple[int, int] | None:
    found = _plain(text, at, least)
    first = _WORD.match(text, at)
    if found is None or first is None or _SPOKEN.fullmatch(first[0]) is None:
        return None
    return found if ends_here(text, found[1]) else None


def _plain(text: str, at: int, least: int) -> tuple[int, int] | None:
    first = _WORD.match(text, at)
    if first is None or is_ordinary(first[0]):
        return None
    end = plain_on(text, first.end())
    return (at, end) if end - at >= least else None
