"""Passwords, PINs and one-time codes that somebody tells: a word for a secret, and within some words of it a token.

Which words may stand between is open; what ends the search is a word for another number ("kbli", "tanggal", "pasal").
A password is told from other words by how it looks (digits or signs among its letters), or by what leads to it
(": ", "=", "adalah"). Every step reads a bounded piece of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.masking.plain_passwords import ends_here, is_ordinary, is_quoted, plain_after, plain_before, plain_on
from bot.masking.told_words import FILLERS, LINKS, OTHER_CODES, OTHER_NUMBERS

CODE, PASSWORD = "[kode]", "[sandi]"

_OWN = r"(?:nya|ku|mu|ne|e)?"
_PASSWORD_WORD = re.compile(
    rf"(?<![^\W\d_])(?:p[ae@4]?s{{1,3}}w(?:[o0]?r?[dt]s?|ot|d)?|pass(?:phrase)?|pwd?|kata[\s_-]{{0,3}}sandi|sandi"
    rf"|kata\s{{1,3}}kunci)"
    rf"{_OWN}(?![^\W\d_])",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\s{1,3}(?:sekali\s{1,3}pakai|sementara\s{1,3}sekali)", re.IGNORECASE)
_ONE_TIME = re.compile(r"one[\s-]{1,2}time\s{1,3}$", re.IGNORECASE)
"""What belongs to such a word makes a one-time code of it."""
_CODE_WORD = re.compile(
    rf"(?<![^\W\d_])(?:[o0][\s.]?t[\s.]?p|passcode|[2m]fa|m?p[.]?i[.]?n|c[\s.]?v[\s.]?[vc]2?|token|kode\s{{1,3}}(?:otp|verif\w{{0,8}}|aktivasi|"
    rf"konfirmasi|rahasia|keamanan|masuk|login|akses|sms|wa|whatsapp|unik|autentikasi|pemulihan|cadangan)"
    rf"|angka\s{{1,3}}rahasia|(?:sandi|kode)\s{{1,3}}sekali\s{{1,3}}pakai|(?:one|1\u200d\u200d)[\s-]{{1,2}}time\s{{1,3}}(?:password|code|pin)"
    rf"|(?:verification|security|login|access|otp|oss)\s{{1,3}}code){_OWN}(?![^\W\d_])",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(?<![^\W\d_])(?:token|(?:kode|code)\s{1,3}akses|access\s{1,3}(?:code|token)|api[\s_-]?key)"
    r"(nya|ku|[^\S\n]{1,3}(?:saya|aku|nya|adalah|yaitu|is)){0,2}([\s:=\"']{1,6})([^\s,;\"']{3,64})",
    re.IGNORECASE,
)
"""A word for a key, perhaps whose it is or a colon, and then what may be it."""
_ENERGY = re.compile(r"[^\S\n]{1,3}(?:listrik|pln|prabayar|meteran|pulsa|game|kwh)(?![^\W\d_])", re.IGNORECASE)
"""Such tokens are bought, and are no secret of an account."""
_BARE_CODE_WORD = re.compile(rf"(?<![^\W\d_])(?:k[o0]de{_OWN}|c[o0]de)(?![^\W\d_])", re.IGNORECASE)
_CONFIRMING = re.compile(
    rf"(?<![^\W\d_])(?:verifikasi|verif|konfirmasi|aktivasi|autentikasi|sms|digitnya){_OWN}(?![^\W\d_])", re.IGNORECASE
)
"""Words for what a code is sent for. People confirm payments, too: only six digits close behind, no round sum."""
_SENT_CODE = re.compile(r"\bG-\d{6}(?!\d)")
"""As a provider writes it into its own message."""
_PAIR = re.compile(
    r"(?<![^\W\d_])(?:user(?:name|id)?|login|log\s?in|akun|email)(?:nya)?\b[\s:=]{1,4}(?:\S{1,40}[^\S\n]{1,3}){0,2}?\S{1,40}?"
    r"[^\S\n]{0,3}[/|\n][^\S\n]{0,3}",
    re.IGNORECASE,
)
"""A user's name, then a password without a word for it: "user admin / …", or on the next line."""
_PAIR_AT_THE_END = re.compile(
    r"(?<![^\W\d_])(?:user(?:name|id)?|login|log\s?in|akun|e-?mail)(?:nya)?\b[\s:=]{1,4}(?:[^\s,]{1,40}[^\S\n]{1,3}){0,2}?[^\s,]{1,40}?"
    r"[^\S\n]{0,3},[^\S\n]{1,3}",
    re.IGNORECASE,
)
"""The same with a comma ("login pakai e-mail, …"), where it is the last thing that is said."""
_DEVICE = re.compile(
    r"(?:android|windows|win|mac|ios|iphone|ipad|chrome|firefox|edge|samsung|galaxy|redmi|oppo|vivo|realme|versi|v)[\w.-]{0,4}\d",
    re.IGNORECASE,
)
_CARD = re.compile(r"c[\s.]?v[\s.]?[vc]|keamanan|security", re.IGNORECASE)

_GAP = re.compile(r"[\W_]{0,12}")
_LETTERS = re.compile(r"[^\W\d_]{1,30}")
_DIGITS = re.compile(r"\d(?:[^\S\n]?(?:[-–.·*_/]|[\u200b-\u200d\u2060\ufeff]{1,24}(?:[,.-][^\S\n])?)?[^\S\n]?\d){0,14}")
_MIXED = re.compile(r"(?=[A-Za-z]{0,9}\d)(?=\d{0,9}[A-Za-z])[A-Za-z0-9]{5,10}(?![A-Za-z0-9])")
_MASK = re.compile(r"[\s:=\"']{0,6}\[(?:NIK|NPWP|kode|sandi)\]")
_TOKEN = re.compile(r"[^\s]{1,80}")
_LEADS = re.compile(r"(?:[:=]|->|→|\badalah|\byaitu|\bialah|\bis|\byakni)[\s\"'“”«(\[*_]{0,6}$", re.IGNORECASE)

_UNITS = re.compile(
    r"\u200d{0,16}[^\S\n]{0,3}(?:kali|x\b|ribu|rb|juta|jt|menit|mnt|detik|jam|hari|minggu|bulan|tahun|orang|digit|angka|karakter|huruf|persen|%|"
    r"kb|mb|meter|km|an\b)",
    re.IGNORECASE,
)
_DATE_OR_TIME = re.compile(
    r"[0-2]?\d[.:][0-5]\d|(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:\d{2}|\d{4})|\d{4}-\d{2}-\d{2}"
    r"|\d{1,3}(?:\.000)+"
)
_OURS = re.compile(r"(?:pdu|klaim)-", re.IGNORECASE)  # an application's number, a claim code
_GLUED = re.compile(r"\b[A-Za-z]-$")  # the number of an error or a form: "E-1042"
_YEAR = re.compile(r"19\d|20[0-4]")  # how one of four digits begins
_ORDINARY = re.compile(
    r"\d{1,3}(?:x|kali|hari|jam|menit|rb|jt|an|th|thn|bln|kb|mb|gb|hr|mnt|ribu|juta|persen|%)?|\d+x\d+|ke-?\d+|\d+fa|[a-z]+2",
    re.I,
)
_INSIDE_CASE = re.compile(r"[a-z][A-Z]")
_KNOWN_CASE = re.compile(r"siinas|whatsapp|youtube|jdih|e-?ktp|ios|pdf", re.IGNORECASE)
MOST_WORDS = 7


def secrets_told(text: str, digits: str) -> Iterator[tuple[int, int, str]]:
    """Where they stand and what masks them; may overlap, in no order. `digits`: the text, as long, with digits for the
    words for them."""
    yield from _passwords(text)
    yield from _codes(digits)


def _passwords(text: str) -> Iterator[tuple[int, int, str]]:
    for word in _PASSWORD_WORD.finditer(text):
        begin, end = word.span()
        if _ONCE.match(text, end) or _ONE_TIME.search(text, max(0, begin - 12), begin):
            continue
        after = None if is_quoted(text, end) else _password_after(text, end) or plain_after(text, begin, end)
        if found := after or _password_before(text, begin) or plain_before(text, begin, end):
            yield *found, PASSWORD
    for pair in _PAIR.finditer(text):
        if found := _password_beside(text, pair.end()):
            yield *found, PASSWORD
    for pair in _PAIR_AT_THE_END.finditer(text):
        found = _password_beside(text, pair.end())
        if found and ends_here(text, found[1]) and not _DEVICE.match(text, found[0]):
            yield *found, PASSWORD


def _codes(text: str) -> Iterator[tuple[int, int, str]]:
    for word in _CODE_WORD.finditer(text):
        least = 3 if _CARD.search(word[0]) else 4
        if _ENERGY.match(text, word.end()):
            continue
        if found := _code_after(text, word.end(), least) or _code_before(text, word.start(), least):
            yield *found, CODE
    for key in _KEY.finditer(text):
        if found := _key_told(text, key):
            yield *found, CODE
    for word in _BARE_CODE_WORD.finditer(text):
        before = _LETTERS.findall(text[max(0, word.start() - 16) : word.start()])
        if (before and before[-1].lower() in OTHER_CODES) or _ENERGY.search(
            text, max(0, word.start() - 24), word.end() + 20
        ):
            continue
        if found := _code_after(text, word.end(), 4, words=5, five=False) or _code_before(
            text, word.start(), 4, five=False
        ):
            yield *found, CODE
    for sent in _SENT_CODE.finditer(text):
        yield *sent.span(), CODE
    for word in _CONFIRMING.finditer(text):
        if found := _code_confirmed(text, word.end()):
            yield *found, CODE


# --- codes ---


def _key_told(text: str, key: re.Match[str]) -> tuple[int, int] | None:
    """Letters with digits: three, where its owner or a sign leads to it, else four; letters alone only behind a sign,
    as one word that ends what is said."""
    start, end = key.start(3), _trimmed(text, *key.span(3))
    word = text[start:end]
    led = key[1] is not None or any(sign in key[2] for sign in ":=")
    if _OURS.match(word) or _ORDINARY.fullmatch(word) or _KNOWN_CASE.search(word) or _ENERGY.match(f" {word}"):
        return None
    digits, letters = any(sign.isdigit() for sign in word), any(sign.isalpha() for sign in word)
    if digits and letters:
        return (start, end) if len(word) >= (3 if led else 4) and (led or _looks_secret(word)) else None
    if letters and any(sign in key[2] for sign in ":="):
        plain = word.isalpha() and len(word) >= 4 and not is_ordinary(word) and word.lower() not in FILLERS
        return (start, end) if plain and ends_here(text, end) else None
    return (start, end) if letters and led and _looks_secret(word) else None


def _code_confirmed(text: str, at: int) -> tuple[int, int] | None:
    """Exactly six digits, with nothing but fillers before them."""
    for _ in range(4):
        gap = _GAP.match(text, at)
        assert gap is not None
        if digits := _DIGITS.match(text, gap.end()):
            only = "".join(sign for sign in digits[0] if sign.isdigit())
            six = len(only) == 6 and not only.endswith("000")
            return digits.span() if six and _is_code(text, digits, 6, False) else None
        letters = _LETTERS.match(text, gap.end())
        if letters is None or letters[0].lower() not in FILLERS | LINKS:
            return None
        at = letters.end()
    return None


def _code_after(text: str, at: int, least: int, words: int = MOST_WORDS, five: bool = True) -> tuple[int, int] | None:
    for _ in range(words):
        gap = _GAP.match(text, at)
        assert gap is not None
        at = gap.end()
        if _LEADS.search(text, max(0, at - 12), at) and (mixed := _MIXED.match(text, at)):
            return mixed.span()
        if digits := _DIGITS.match(text, at):
            if _is_code(text, digits, least, five):
                return _with_others(text, digits.end(), digits.start(), least)
            if sum(sign.isdigit() for sign in digits[0]) >= least and not _UNITS.match(text, digits.end()):
                return None  # another number
            at = digits.end()
            continue
        letters = _LETTERS.match(text, at)
        if letters is None or letters[0].lower() in OTHER_NUMBERS:
            return None
        at = letters.end()
    return None


def _with_others(text: str, end: int, start: int, least: int) -> tuple[int, int]:
    """Several in a row: "123456, 998877"."""
    for _ in range(5):
        gap = _GAP.match(text, end)
        further = _DIGITS.match(text, gap.end()) if gap and gap.end() > end else None
        if further is None or not _is_code(text, further, least, True):
            break
        end = further.end()
    return start, end


def _is_code(text: str, digits: re.Match[str], least: int, five: bool) -> bool:
    count = sum(sign.isdigit() for sign in digits[0])
    if not least <= count <= 8 or (count == 5 and not five):
        return False
    if text[digits.end() : digits.end() + 1].isdigit() or _GLUED.search(
        text, max(0, digits.start() - 3), digits.start()
    ):
        return False
    if _DATE_OR_TIME.fullmatch(digits[0]) or _UNITS.match(text, digits.end()):
        return False
    leads = _LEADS.search(text, max(0, digits.start() - 12), digits.start()) is not None
    return leads or not (count == 4 and _YEAR.fullmatch(digits[0][:3]) and digits[0].isdigit())


def _code_before(text: str, at: int, least: int, five: bool = True) -> tuple[int, int] | None:
    """ "998877 itu kode otp saya"."""
    piece = max(0, at - 40)
    found = re.search(r"(?<!\d)(\d{3,8})((?:[\W_]{1,4}[^\W\d_]{1,10}){0,3})[\W_]{1,4}$", text[piece:at])
    if found is None or not all(word.lower() in LINKS for word in _LETTERS.findall(found[2])):
        return None
    before = _LETTERS.findall(text[max(0, piece + found.start(1) - 15) : piece + found.start(1)])
    if (before and before[-1].lower() in OTHER_NUMBERS) or (_YEAR.fullmatch(found[1][:3]) and len(found[1]) == 4):
        return None
    if not least <= len(found[1]) <= 8 or (len(found[1]) == 5 and not five) or piece + found.start(1) == piece != 0:
        return None
    if (
        text[max(0, piece + found.start(1) - 2) : piece + found.start(1)].strip(" ")[-1:] in tuple(".,-/")
        and before == []
    ):
        return None
    return piece + found.start(1), piece + found.end(1)


# --- passwords ---


def _password_after(text: str, at: int) -> tuple[int, int] | None:
    for _ in range(MOST_WORDS):
        if mask := _MASK.match(text, at):
            at = mask.end()
            continue
        while at < len(text) and (text[at].isspace() or text[at] in ":=,;\"'“”‘’«»()[]*_->→"):
            at += 1
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        start, end = at, _trimmed(text, at, token.end())
        word = text[start:end]
        led = _LEADS.search(text, max(0, start - 14), start) is not None
        plain = word.lower().strip(".,;:!?")
        if plain in OTHER_NUMBERS:
            return None
        if led and plain and plain not in FILLERS and not is_ordinary(plain):
            return start, plain_on(text, end) if word.isalpha() else _further(text, end)
        if _looks_secret(word):
            return start, end
        at = max(end, token.end() if end == start else end)
    return None


def _password_beside(text: str, at: int) -> tuple[int, int] | None:
    token = _TOKEN.match(text, at)
    if token is None:
        return None
    end = _trimmed(text, at, token.end())
    word = text[at:end]
    mixed = any(sign.isdigit() for sign in word) and any(sign.isalpha() for sign in word)
    return (at, end) if mixed and len(word) >= 6 and _looks_secret(word) else None


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1] in ".,;:\"'”’»)]":
        end -= 1
    return end


def _further(text: str, end: int) -> int:
    """A password in two pieces: "Kudus 2024!"."""
    more = re.compile(r"[^\S\n](?=[^\s\d]{0,20}\d)\S{2,20}").match(text, end)
    return (
        _trimmed(text, end, more.end())
        if more and _looks_secret(more[0].strip() + "!a1") and more[0].strip()[-1] in "!@#$%&?"
        else end
    )


def _password_before(text: str, at: int) -> tuple[int, int] | None:
    """ "rahasia123 itu password saya"."""
    piece = max(0, at - 80)
    found = re.search(r"(?:^|\s)([^\s]{4,40})((?:[\s=:,(\"-]{1,4}[^\W\d_]{1,8}){0,2})[\s=:,(\"-]{1,4}$", text[piece:at])
    if found is None or not all(word.lower() in LINKS for word in _LETTERS.findall(found[2])):
        return None
    start, end = piece + found.start(1), _trimmed(text, piece + found.start(1), piece + found.end(1))
    token = text[start:end]
    if _OURS.match(token):
        return None
    both = any(sign.isdigit() for sign in token) and any(sign.isalpha() for sign in token)
    return (start, end) if both and _looks_secret(token) else None


def _looks_secret(word: str) -> bool:
    if not 4 <= len(word) <= 64 or word[0] == "[" or _ORDINARY.fullmatch(word) or _DATE_OR_TIME.fullmatch(word):
        return False
    if "://" in word or ("@" in word[1:-1] and "." in word.rpartition("@")[2]):
        return False  # an address
    digits, letters = any(sign.isdigit() for sign in word), any(sign.isalpha() for sign in word)
    if digits and letters:
        return True
    if digits:
        return (
            word.isdigit()
            and len(word) <= 12
            and not word.startswith(("08", "62"))
            and not (len(word) == 4 and _YEAR.fullmatch(word[:3]))
        )
    if letters and any(sign in "@#$%^&*!+~?" for sign in word[:-1]):
        return "/" not in word
    return bool(_INSIDE_CASE.search(word)) and not _KNOWN_CASE.search(word)
