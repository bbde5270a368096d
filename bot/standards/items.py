"""Lists as they are printed: items with what belongs under them, headings between them."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from bot.standards.marks import Mark, bare_number, find_inline, split_mark
from bot.standards.text import squeeze

_INTRO = re.compile(
    r"(sebagai\s+berikut|berikut(?:\s+ini)?|meliputi|antara\s+lain|terdiri\s+(?:dari|atas)|adalah|yaitu|melalui|lain|"
    r"berupa|mencakup|kepada|pada|lampirkan|melampirkan|dengan)\s{0,3}:?\s{0,3}$",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"(?:untuk|bagi|khusus|persyaratan|syarat|permohonan|pemohon|pendaftaran|perpanjangan|perubahan|perluasan|baru|"
    r"perorangan|perseorangan|badan|usaha|wni|wna|pelaku|penggunaan|pemenuhan|kelengkapan|administrasi|administratif|"
    r"teknis|umum|ketentuan|jika|apabila|bila|cv|pt|koperasi|yayasan|firma|mikro|kecil|menengah|besar|penggantian)\b",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"(?:\b(?:dan|atau|yang|dengan|untuk|di|ke|dari|pada|serta|oleh|atas|dan/atau)|,)\s*$", re.IGNORECASE
)
_ENDED = re.compile(r"[.;:!?]\s*$")
_NUMBER_AT_END = re.compile(r"(?<=\S)\s+(\d{1,2}[.)])$")
MOST_GROUP_WORDS = 9


@dataclass
class Item:
    """`raw` keeps the marks as printed; `text` is without them. A heading has no mark of its own."""

    text: str
    raw: str
    mark: Mark | None
    children: list[Item] = field(default_factory=list)
    heading: bool = False
    slid: bool = False  # its number stood at a wrong place

    def whole(self) -> str:
        """The item with everything under it, inner numbering as printed."""
        return squeeze(" ".join([self.text, *(child.whole_raw() for child in self.children)]))

    def whole_raw(self) -> str:
        return squeeze(" ".join([self.raw, *(child.whole_raw() for child in self.children)]))

    @property
    def is_group(self) -> bool:
        """Its children are the items, and it says for whom or for what they are."""
        if not self.children or is_intro(self.text):
            return False
        words = self.text.split()
        if len(words) > MOST_GROUP_WORDS:
            return False
        return bool(_GROUP.match(self.text)) or (len(words) > 1 and self.text.isupper())


def is_intro(text: str) -> bool:
    return bool(_INTRO.search(text)) and (text.rstrip().endswith(":") or len(text.split()) < 25)


def parse_items(lines: list[str], *, bare: bool = False, flat: bool = False) -> list[Item]:
    """Items of the outermost list, in printed order.

    `bare`: numbers without a dot may stand in the middle of a line. `flat`: the lines of a table that a converter wrote
    one after the other, where a blank line may stand in the middle of a sentence.
    """
    return _tree(_marked(_split_inline([squeeze(line) for line in lines], bare=bare), flat=flat))


# --- lists that stand on one line ---------------------------------------------------------------------------------


def _split_inline(lines: list[str], *, bare: bool) -> list[str]:
    lines = _numbers_down(lines)
    found: list[str] = []
    outer: Mark | None = None  # the last number, while letters stand under it
    for number, line in enumerate(lines):
        following = next((split_mark(other)[0] for other in lines[number + 1 :] if other), [])
        for part in _outer_parts(line, outer, following):
            pieces = _pieces(part, following, bare=bare)
            numbers = [marks[-1] for piece in pieces if (marks := split_mark(piece)[0])]
            outer = next((mark for mark in reversed(numbers) if mark.style in ("number.", "number)")), outer)
            found.extend(pieces)
    return found


def _numbers_down(lines: list[str]) -> list[str]:
    """A number at the end of a line belongs to the next one: "Fotokopi KTP 2." and "Fotokopi NPWP"."""
    found = list(lines)
    for at, line in enumerate(found[:-1]):
        tail = _NUMBER_AT_END.search(line)
        if tail is not None and found[at + 1] and not split_mark(found[at + 1])[0]:
            found[at], found[at + 1] = line[: tail.start()], f"{tail[1]} {found[at + 1]}"
    return found


def _outer_parts(line: str, outer: Mark | None, following: list[Mark]) -> list[str]:
    """ "a. Komputer b. Printer 2. Fasilitas": the number goes on with the list that the letters stand under."""
    marks = split_mark(line)[0]
    if outer is None or (marks and marks[-1].style != "lower"):
        return [line]
    wanted = Mark(outer.style, outer.number + 1)
    at = None if wanted in following else find_inline(line, wanted)
    return [line] if at is None else _cut(line, [at[0]])


def _pieces(line: str, following: list[Mark], *, bare: bool) -> list[str]:
    """ "1. KTP 2. NPWP" is two lines, unless the next line is number 2."""
    marks, rest = split_mark(line)
    marks = [mark for mark in marks if mark.style != "bullet"]
    if not marks:
        return _from_one(line, bare=bare)
    mark = marks[-1]
    if mark.style == "bare" and not bare:
        return [line]
    cuts = _sequence(line, mark, len(line) - len(rest))
    if any(Mark(mark.style, mark.number + 1) == other for other in following):
        cuts = []
    pieces = _cut(line, cuts)
    return [part for piece in pieces for part in _group_letters(piece)]


def _from_one(line: str, *, bare: bool) -> list[str]:
    """A list that begins in the middle of a line: "Syarat : 1. KTP 2. NPWP"."""
    styles = [Mark("number.", 1), Mark("number)", 1), Mark("(number)", 1), Mark("lower", 1)]
    for mark in [*styles, *([Mark("bare", 1)] if bare else [])]:
        at = find_inline(line, mark)
        if at is None:
            continue
        cuts = _sequence(line, mark, at[1])
        if cuts:
            return [part for piece in _cut(line, [at[0], *cuts]) for part in _group_letters(piece)]
    return [line]


def _sequence(line: str, mark: Mark, start: int) -> list[int]:
    cuts: list[int] = []
    while (at := find_inline(line, Mark(mark.style, mark.number + 1), start)) is not None:
        cuts.append(at[0])
        start = at[1]
        mark = Mark(mark.style, mark.number + 1)
    return cuts


def _cut(line: str, cuts: list[int]) -> list[str]:
    ends = [0, *cuts, len(line)]
    return [part for start, end in itertools.pairwise(ends) if (part := line[start:end].strip())]


def _group_letters(piece: str) -> list[str]:
    """ "Untuk perorangan a. KTP b. NPWP": letters become lines only under a group's name."""
    for mark in (Mark("lower", 1), Mark("number)", 1), Mark("bullet", 0)):
        at = find_inline(piece, mark)
        if at is None:
            continue
        head = split_mark(piece[: at[0]])[1]
        if not head or len(head.split()) > MOST_GROUP_WORDS or not _GROUP.match(head):
            continue
        if mark.style == "bullet":
            return [part.strip() for part in re.split(r"\s(?=[\u2022\u25aa\u25cf\u25e6])", piece) if part.strip()]
        return _cut(piece, [at[0], *_sequence(piece, mark, at[1])])
    return [piece]


# --- lines to items -----------------------------------------------------------------------------------------------


def _marked(lines: list[str], *, flat: bool) -> list[Item]:
    items: list[Item] = []
    gap = True
    expected_bare = 1
    for number, line in enumerate(lines):
        if not line:
            gap = True
            continue
        marks, text = split_mark(line)
        if marks and marks[-1].style == "bare":
            marks, text = _bare(marks, line, text, expected_bare, items)
        if not text and marks:
            items.append(Item("", line, marks[-1]))
        elif marks:
            mark = _own(marks)
            if mark.style == "bare":
                expected_bare = mark.number + 1
            items.append(Item(text, line, mark))
        else:
            broken = flat and bool(items) and not _ENDED.search(items[-1].text)
            _unmarked(items, line, lines[number + 1 :], gap=gap and not broken)
        gap = False
    return [item for item in _with_swapped_numbers(items) if item.text]


def _own(marks: list[Mark]) -> Mark:
    """Of "• 1." the number, of "1. a." the letter: a converter's numbers stand before the author's."""
    meaning = [mark for mark in marks if mark.style != "bullet"]
    return meaning[-1] if meaning else marks[-1]


def _bare(marks: list[Mark], line: str, text: str, expected: int, items: list[Item]) -> tuple[list[Mark], str]:
    """A number without a dot counts only where the next item is awaited, or a new list may begin."""
    number = marks[-1].number
    known = any(item.mark is not None and item.mark.style == "bare" for item in items)
    if (number == 1 and not (items and _OPEN_END.search(items[-1].text))) or (known and number == expected):
        return marks, text
    if known and expected < number <= expected + 2 and text[:1].isupper() and not _OPEN_END.search(items[-1].text):
        return marks, text
    return ([], line) if len(marks) == 1 else (marks[:-1], line)


def _unmarked(items: list[Item], line: str, ahead: list[str], *, gap: bool) -> None:
    previous = items[-1] if items else None
    if previous is not None and not previous.text:  # a number that stands on a line of its own
        previous.text, previous.raw = line, f"{previous.raw} {line}"
        return
    if previous is None or _is_heading(line, ahead, previous, gap=gap):
        items.append(Item(line, line, None, heading=previous is not None or _starts_list(ahead)))
    elif gap and not _goes_on(previous, line):
        items.append(Item(line, line, None))
    else:
        previous.text, previous.raw = f"{previous.text} {line}", f"{previous.raw} {line}"
        previous.heading = previous.heading and _starts_list(ahead)


def _goes_on(previous: Item, line: str) -> bool:
    broken_off = line[:1].islower() and not _ENDED.search(previous.text)
    return broken_off or bool(_OPEN_END.search(previous.text))


def _starts_list(ahead: list[str]) -> bool:
    following = next((line for line in ahead if line), "")
    marks = split_mark(following)[0]
    return bool(marks) and (_own(marks).number <= 1)


def _is_heading(line: str, ahead: list[str], previous: Item, *, gap: bool) -> bool:
    if not _starts_list(ahead) or (line[:1].islower() and not gap) or _OPEN_END.search(previous.text):
        return False
    if line.endswith(":"):
        return gap or bool(_ENDED.search(previous.text))
    return gap and len(line.split()) <= MOST_GROUP_WORDS and not line.endswith((".", ";", ","))


def _with_swapped_numbers(items: list[Item]) -> list[Item]:
    """ "6 … pengawas, dan / 7 pengelola / Memiliki kantor": the number slid before the end of the item above it."""
    found: list[Item] = []
    for item in items:
        above = found[-1] if found else None
        slid = (
            above is not None
            and item.mark is not None
            and item.mark.style == "bare"
            and item.text[:1].islower()
            and bool(_OPEN_END.search(above.text))
        )
        if slid and above is not None:
            head, rest = _first_sentence(item.text)
            above.text, above.raw = f"{above.text} {head}", f"{above.raw} {head}"
            if rest:
                found.append(Item(rest, rest, item.mark, slid=True))
        else:
            found.append(item)
    return found


def _first_sentence(text: str) -> tuple[str, str]:
    at = re.search(r"\s(?=[A-Z][a-z])", text)
    return (text, "") if at is None else (text[: at.start()], text[at.end() :])


# --- items to a tree ----------------------------------------------------------------------------------------------


def _tree(items: list[Item]) -> list[Item]:
    top: list[Item] = []
    path: list[Item] = []  # the open item of each level
    heading: Item | None = None
    for item in items:
        if item.mark is None:
            path = []
            heading = item if item.heading else None
            top.append(item)
            continue
        level = _level(item, path)
        if level is None and path and _belongs_under(item, path[-1]):
            path[-1].children.append(item)
            path = [*path, item]
            continue
        path = path[: level or 0] if level is not None else []
        parent = path[-1] if path else heading
        (parent.children if parent is not None else top).append(item)
        path = [*path, item]
    return top


def _level(item: Item, path: list[Item]) -> int | None:
    """The open level whose list the item goes on with. Under "1. Syarat baru" another 1 opens a level of its own."""
    alike = [n for n, other in enumerate(path) if other.mark and item.mark and other.mark.style == item.mark.style]
    if not alike or item.mark is None:
        return None
    deepest = path[alike[-1]]
    if item.mark.number == 1 and alike[-1] == len(path) - 1 and _opens_level(deepest):
        return None
    follows = [n for n in alike if (mark := path[n].mark) and item.mark.number == mark.number + 1]
    if len(follows) > 1:
        return follows[0] if _GROUP.match(item.text) else follows[-1]
    return follows[0] if follows else alike[0]


def _opens_level(item: Item) -> bool:
    short = len(item.text.split()) <= MOST_GROUP_WORDS and not _ENDED.search(item.text.rstrip(":"))
    return short and not item.children and bool(_GROUP.match(item.text))


def _belongs_under(item: Item, open_item: Item) -> bool:
    """A new kind of mark opens a level below, when it begins at its beginning."""
    return item.mark is not None and item.mark.number <= 1 and open_item.mark is not None


def numbers_jump(items: list[Item]) -> bool:
    """The numbers of one list leave one out or begin again."""
    numbers = [item.mark.number for item in items if item.mark is not None and item.mark.style != "bullet"]
    return any(second != first + 1 for first, second in itertools.pairwise(numbers))


def bare_start(text: str) -> bool:
    return bare_number(text) == 1
