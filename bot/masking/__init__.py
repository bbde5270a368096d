"""Personal and secret parts of a text, in one place: for logs, for what is kept of messages, for warnings.

Strengths, all plain text to plain text:
- `mask_secrets`: what nobody may keep: an NIK (16 digits), a one-time code, a password. Done before a message is
  stored.
- `mask_personal`: also telephone numbers, NIB, NPWP, other long numbers, e-mail addresses, names and street addresses.
  Done before a message is kept for learning. Names are found by the words before them ("nama saya …"), so a name
  without such a word stays.
- `mask_contacts`: NIK, NPWP, telephone numbers and e-mail addresses, each still recognisable by its owner
  ("+62•••1234"). For transcripts shown without need, and for exports; `masked_for` knows which role needs what.
- `mask_technical`: tokens, passwords in addresses, e-mail addresses, long numbers. For log lines.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.masking.identity import identity_numbers
from bot.masking.told import CODE, PASSWORD, secrets_told

NIK, NPWP = "[NIK]", "[NPWP]"

# Begins only where a word begins: tried at every letter, a text of 20,000 letters would take seconds.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+")
_NPWP = re.compile(r"(?<!\d)\d{2}[. ]?\d{3}[. ]?\d{3}[. ]?\d[-. ]?\d{3}[. ]?\d{3}(?!\d)")
_PHONE = re.compile(r"(?<![\w+])(?:\+?62|\(?0)[ .()-]{0,2}[1-9]\d{1,3}(?:[ .()-]{0,2}\d){5,10}(?!\d)")
_READERS = frozenset({"officer", "supervisor"})
"""Roles whose work is to read what applicants write; an administrator's is not."""

_BETWEEN = r"[\s.\-–—_/]"
_MIXED = r"(?=[a-z0-9]{0,3}\d)(?=[a-z0-9]{0,3}[a-z])[a-z0-9]{4}"
_FOUR = r"[a-z0-9]{4}"
_OUR_CODES = tuple(
    re.compile(rf"(?<![a-z0-9]){pattern}(?![a-z0-9])", re.IGNORECASE)
    for pattern in (
        rf"(?:klaim|claim|pdu){_BETWEEN}{{0,3}}(?=[a-z0-9]{{0,11}}\d)[a-z0-9]{{2,12}}",
        rf"{_MIXED}(?:{_BETWEEN}{{1,3}}{_FOUR}){{2}}",
        rf"{_FOUR}{_BETWEEN}{{1,3}}{_MIXED}{_BETWEEN}{{1,3}}{_FOUR}",
        rf"(?:{_FOUR}{_BETWEEN}{{1,3}}){{2}}{_MIXED}",
        r"(?=[a-z]*\d[a-z]*\d)(?=\d*[a-z])[a-z0-9]{12}",
    )
)
"""What bot/applications/numbers.py makes, however it is written: a slip of the finger away from a right one, too."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_JOINER = "\u200d"
_NUMBER_WORDS = {
    **{"nol": "0", "kosong": "0", "satu": "1", "dua": "2", "tiga": "3", "empat": "4", "lima": "5", "enam": "6"},
    **{"tujuh": "7", "delapan": "8", "sembilan": "9", "seratus": "1", "sepuluh": "10", "sebelas": "11"},
    **{"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7"},
    **{"eight": "8", "nine": "9", "oh": "0"},
}
_NUMBER_WORD = re.compile(
    rf"(?<![^\W\d_])(?:{'|'.join(_NUMBER_WORDS)})(?![^\W\d_])|(?<=[a-z\d])[^\S\n]{{1,2}}(?:puluh|ratus)(?![^\W\d_])",
    re.IGNORECASE,
)

_TECHNICAL = (
    (re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{20,}"), "[token]"),  # a bot's, also inside an address
    (re.compile(r"(?i)(token=|bearer |secret=|password=)[^\s&\"']+"), r"\1[hidden]"),
    (re.compile(r"(://[^\s/:@]+:)[^\s/@]+@"), r"\1[hidden]@"),  # password in a URL
    (_EMAIL, "[e-mail]"),
    (re.compile(r"(?<![\w.])\+?\d[\d -]{7,}\d(?![\w.])"), "[number]"),
)

# Words that follow "saya" or "nama saya" without being a name.
_NO_NAME = (
    "ada|adalah|agar|apa|apakah|bagaimana|baru|belum|bisa|blm|bukan|buat|coba|dan|dapat|dari|daftar|dengan|di|dimana|"
    "diminta|ga|gagal|gak|gimana|gk|harus|hilang|ingin|ini|itu|izin|ijin|jadi|jadinya|juga|karena|kenapa|kok|ke|kalau|"
    "lupa|masih|masuk|mau|memang|mengapa|mohon|mengajukan|minta|nya|oss|pakai|pelaku|pemilik|pengusaha|perlu|permisi|"
    "pernah|punya|saja|salah|sama|sampai|saat|sangat|sedang|selalu|sering|siapa|sudah|sdh|supaya|tadi|tanya|tapi|"
    "tdk|tersebut|tetap|tidak|tinggal|tolong|udah|udh|untuk|usaha|warga|yang|yg|bupati|camat|lurah|kepala|kades|"
    "petugas|admin|min|operator|haji|hanya|cuma|lagi|terima|kami|kita|saya|tim"
)
_WORD = rf"(?!(?:{_NO_NAME})\b)[^\W\d_][\w'.]*"
_WHOSE = r"saya|sy|lengkap|pemilik|perusahaan|suami|istri|ibu|bapak"
_NAME_AFTER = re.compile(
    rf"(\b(?:nama(?:\s+(?:{_WHOSE})|ku)?(?:\s*(?:[:=]|adalah|yaitu|ialah))?"
    r"|atas\s+nama|a[./]n\.?|an\.|jenengku|jenengan kulo|namo\s+(?:ambo|awak|denai)|my name is)\s+)"
    rf"{_WORD}(?:\s+{_WORD}){{0,3}}",
    re.IGNORECASE,
)
_CALLED = re.compile(
    rf"(\b(?:[Ss]aya|[Pp]ak|[Bb]apak|[Bb]u|[Ii]bu|[Mm]as|[Mm]bak|[Dd]engan|[Bb]ang|[Uu]ni|[Uu]da)\s+)"
    rf"(?!(?i:{_NO_NAME})\b)[A-Z][a-z']{{2,}}(?:\s+(?!(?i:{_NO_NAME})\b)[A-Z][a-z']+){{0,3}}"
)
_PERSONAL = (
    (_EMAIL, "[e-mail]"),
    (re.compile(r"\b\d{2}\.?\d{3}\.?\d{3}\.?\d-?\d{3}\.?\d{3}\b"), "[NPWP]"),
    (re.compile(r"(?<![\w+])(?:\+?62|0)[ .-]?8\d{1,3}(?:[ .-]?\d){5,10}(?!\d)"), "[telepon]"),
    (re.compile(r"(?<!\d)\d{13}(?!\d)"), "[NIB]"),
    (re.compile(r"(?<![\w.,])\+?\(?\d(?:[ ()-]{0,2}\d){6,}(?!\d)"), "[angka]"),
    (re.compile(r"\bPDU[- ]?[A-Z0-9]{4}[- ]?[A-Z0-9]{4}\b", re.IGNORECASE), "[nomor]"),
    (re.compile(r"@\w{4,}"), "[akun]"),
    (
        re.compile(
            r"\b(?:jl|jln)\b\.?\s*[^,;\n]{2,40}?(?=[,;\n]|\s(?:no|nomor|rt|rw|kel|kec|kab|kota|desa)\b|$)", re.I
        ),
        "[alamat]",
    ),
    (re.compile(r"\brt\.?\s{0,3}\d{1,3}\s{0,3}[/,]?\s{0,3}(?:rw\.?)?\s{0,3}\d{0,3}\b", re.IGNORECASE), "[alamat]"),
)


def mask_secrets(text: str) -> str:
    """`text` without NIK, one-time codes, PINs and passwords; each leaves its mask ("[NIK]"). Twice changes nothing."""
    for _ in range(8):  # what is masked may let the next one be seen
        masked = _mask_told(mask_identity(text))
        if masked == text:
            break
        text = masked
    return text


def mask_identity(text: str) -> str:
    """`text` without NIK."""
    for _ in range(8):
        plain = _said_digits(_plain_digits(text))
        masked = _replaced(text, plain, [(start, end, NIK) for start, end in identity_numbers(plain)])
        if masked == text:
            break
        text = masked
    return text


def holds_identity(text: str) -> bool:
    """Whether `text` holds a NIK."""
    return any(True for _ in identity_numbers(_said_digits(_plain_digits(text))))


def _plain_digits(text: str) -> str:
    """`text`, as long as before, with circled, raised and lowered digits as plain ones (other scripts' are found as
    they are), and without the frames that make keys of digits."""
    return text if text.isascii() else _NOT_ASCII.sub(_plain_digit, text)


def _said_digits(plain: str) -> str:
    """As long as before, with a digit in the place of each word for one; what is left of the word becomes joiners,
    which stand between digits without parting them."""
    return _NUMBER_WORD.sub(_digit_of_word, plain)


def _digit_of_word(found: re.Match[str]) -> str:
    """ "sembilan" → "9" and seven joiners; "puluh" behind a digit → joiners, as its blank."""
    digit = _NUMBER_WORDS.get(found[0].lower(), "")
    return digit + _JOINER * (len(found[0]) - len(digit))


def _plain_digit(found: re.Match[str]) -> str:
    sign = found[0]
    if sign in "\ufe0f\u20e3":
        return _JOINER
    digit = unicodedata.digit(sign, None)
    return sign if digit is None or sign.isdecimal() else str(digit)


def _mask_told(text: str) -> str:
    for _ in range(8):  # two secrets at one word: the second is found when the first is masked
        plain = _plain_digits(text)
        digits = _said_digits(plain)
        masked = _replaced(text, digits, secrets_told(plain, digits))
        if masked == text:
            break
        text = masked
    return text


def _replaced(text: str, plain: str, parts: Iterable[tuple[int, int, str]]) -> str:
    """The parts in place of which a mask stands; of those that overlap, the first, and the longest of these. The rest
    of a word whose digit was found goes with it (`plain`: where the joiners stand)."""
    pieces, at = [], 0
    for start, end, mask in sorted(parts, key=lambda part: (part[0], -part[1])):
        if start >= at:
            pieces += [text[at:start], mask]
            at = end
            while plain[at : at + 1] == _JOINER:
                at += 1
    return "".join([*pieces, text[at:]])


def holds_code(text: str) -> bool:
    """Whether `text` holds a claim code or an application number, also a mistyped one, or one without its prefix."""
    return any(pattern.search(text) for pattern in _OUR_CODES)


def holds_secret(text: str) -> bool:
    """Whether there is, or was before masking, something that should not have been sent."""
    return any(mask in text for mask in (NIK, CODE, PASSWORD)) or mask_secrets(text) != text


def mask_personal(text: str) -> str:
    """`text` without what tells who wrote it, as far as patterns can find it."""
    text = mask_secrets(text)
    for pattern, instead in _PERSONAL:
        text = pattern.sub(instead, text)
    text = _NAME_AFTER.sub(_mask_name, text)
    return _CALLED.sub(r"\1[nama]", text)


def mask_contacts(text: str) -> str:
    """`text` without identity numbers, telephone numbers and e-mail addresses; masking twice changes nothing."""
    text = mask_identity(text)
    text = _EMAIL.sub(lambda found: mask_email(found[0]), text)
    text = _NPWP.sub(NPWP, text)
    return _PHONE.sub(lambda found: mask_phone(found[0]), text)


def masked_for(role: str, text: str) -> str:
    """`text` of an applicant as a role of the console may read it: officers and supervisors need it, others do not."""
    return mask_secrets(text) if role in _READERS else mask_contacts(mask_secrets(text))


def mask_phone(number: str) -> str:
    """ "+62•••1234" for an Indonesian number however it is written, "•••1234" for others; all masked when too short."""
    digits = re.sub(r"\D", "", number)
    if len(digits) < 8:
        return "•••"
    inland = digits.startswith(("62", "0"))
    return f"{'+62' if inland else ''}•••{digits[-4:]}"


def mask_email(address: str) -> str:
    """ "s•••@contoh.id"."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if at else "•••"


def mask_technical(text: str) -> str:
    """`text` of a log line without tokens, addresses and long numbers."""
    for pattern, instead in _TECHNICAL:
        text = pattern.sub(instead, text)
    return text


def _mask_name(found: re.Match[str]) -> str:
    """ "nama usaha" and "nama saya salah" are no names; "nama saya Siti" is."""
    lead = found[1]
    bare = re.fullmatch(r"nama\s+", lead, re.IGNORECASE)
    return found[0] if bare else f"{lead}[nama]"
