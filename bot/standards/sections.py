"""A document cut into sections, one a label, wherever the label stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.standards.furniture import is_column_head, is_divider, is_footer, is_furniture, names_columns
from bot.standards.labels import HEAD_COMPONENTS as HEAD
from bot.standards.labels import FoundLabel, find_at_start, label_of
from bot.standards.marks import Mark, split_mark
from bot.standards.text import Line, squeeze, sub_lines

_NUMBER_CELL = re.compile(r"^(?:\d{1,2}|[IVX]{1,4}|[A-Z])[.)]?$")
_NUMBER = re.compile(r"^(?:[\u2022*\-]\s*)?(\d{1,2})\s*[.)]?\s+(?=\S)|^(?:[\u2022*\-]\s*)?(\d{1,2})[.)](?=[^\W\d_])")
_LETTER = re.compile(r"^(?:[\u2022*\-]\s*)?([A-Na-n]|[IVX]{1,4})[.)]\s+(?=\S)")
_ASIDE = re.compile(r"^\([^()]{1,40}\)\s*(?=:|$)")
_LIST_START = re.compile(r"^(?:1\s*[.)]|\(1\)|a[.)]\s|[\u2022\uf0b7\u25aa]|1\s+[A-Z])")
_OPEN = re.compile(r"(?:\b(?:dan|atau|yang|dengan|untuk|di|ke|dari|pada|serta|sesuai)|,)\s*$", re.IGNORECASE)
_MOST_LABEL_WORDS = 9
_QUALIFIER_WORDS = 6


@dataclass
class Section:
    component: str
    label: str
    lines: list[str] = field(default_factory=list)
    qualifier: str | None = None
    colon: bool = False
    from_row: bool = False
    number: int | None = None

    @property
    def stated(self) -> bool:
        return any(line.strip() for line in self.lines)


@dataclass
class Sections:
    preamble: list[str] = field(default_factory=list)
    found: list[Section] = field(default_factory=list)
    column_head: bool = False
    above: str = ""  # the line right above the table

    @property
    def main(self) -> list[Section]:
        return [section for section in self.found if section.component not in (*HEAD, "other")]


def cut(lines: list[Line]) -> Sections:
    cutter = _Cutter(lines)
    cutter.run()
    sections = cutter.sections
    for before, section in zip([None, *sections.found], sections.found, strict=False):
        _take_back(sections.preamble if before is None else before.lines, section, keep=before is not None)
    _labels_after(sections)
    return sections


class _Cutter:
    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.sections = Sections()
        self._last = 0  # number of the last numbered label
        self._numbered = 0
        self._by_letter = False  # the labels are A, B, C

    def run(self) -> None:
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if line.is_row and len(line.filled) > 1:
                self._row(line)
                at += 1
            else:
                at += self._text(at)

    @property
    def _open(self) -> list[str]:
        return self.sections.found[-1].lines if self.sections.found else self.sections.preamble

    # --- rows of a table ---

    def _row(self, line: Line) -> None:
        if is_column_head(line.text):
            self.sections.column_head |= names_columns(line.text)
            return
        if is_divider(line.text) or is_furniture(line.text):
            return
        cells = list(line.cells)
        while cells and not cells[0].strip():
            cells.pop(0)
        numbered = bool(cells) and bool(_NUMBER_CELL.match(cells[0].strip())) and len(line.filled) > 2
        label = cells[1] if numbered else cells[0]
        values = [cell for cell in cells[2 if numbered else 1 :] if cell.strip() not in ("", ":")]
        found = label_of(_without_number(squeeze(label)))
        if found is None and numbered and values and self._may_be_label(squeeze(label)):
            found = FoundLabel("other", squeeze(label).rstrip(" :"), ("",), 1)
        if found is None or not values:
            self._open.extend(_cell_lines(line))
            return
        colon = any(value.lstrip().startswith(":") for value in values) or squeeze(label).endswith(":")
        section = Section(found.component, squeeze(found.label), colon=colon, from_row=True)
        section.lines = [
            part.lstrip(": ") if at == 0 else part for value in values for at, part in enumerate(sub_lines(value))
        ]
        self.sections.found.append(section)

    def _may_be_label(self, text: str) -> bool:
        short = len(text.split()) <= _MOST_LABEL_WORDS and not text.endswith((".", ";"))
        return self.sections.column_head and short and text[:1].isupper()

    # --- lines of text ---

    def _text(self, at: int) -> int:
        """Handles the line at `at`; how many lines were used."""
        text = squeeze(self.lines[at].text)
        if is_column_head(text):
            if names_columns(text) and not self.sections.column_head:
                self.sections.column_head = True
                self.sections.above = next((line for line in reversed(self._open) if line), "")
            return 1
        if is_furniture(text) or is_divider(text):
            return 1
        if is_footer(text):
            self._open.append(text)
            return 1
        found = self._label(at, text)
        if found is None:
            self._open.append(text)
            return 1
        number, label, qualifier = found
        if label.component in HEAD:
            self._last = 0
        elif number is not None:
            self._last = number
            self._numbered += 1
        colon = label.rests[-1].lstrip().startswith(":")
        section = Section(label.component, label.label, qualifier=qualifier, colon=colon, number=number)
        rests = [_ASIDE.sub("", rest.strip()).lstrip(":,/ ") for rest in label.rests]
        section.lines = [] if qualifier else [rest for rest in rests if rest]
        self.sections.found.append(section)
        return len(label.rests)

    def _label(self, at: int, text: str) -> tuple[int | None, FoundLabel, str | None] | None:
        number, rest = self._number(text)
        lettered = number is not None and not text.lstrip("\u2022*- ")[:1].isdigit()
        alone = self._number_alone()
        ahead = [rest, *(squeeze(line.text) if not line.is_row else "" for line in self.lines[at + 1 : at + 8])]
        same_kind = not self._numbered or lettered == self._by_letter
        expected = number is not None and same_kind and self._expects(number)
        found = find_at_start(ahead, wraps=expected or self.sections.column_head) if rest[:1].isupper() else None
        if found is None:
            return None
        if number is None and alone is not None and self._expects(alone):
            self._drop_alone()
            return alone, found, None
        tail = _ASIDE.sub("", found.rest.strip())
        if self._accepts(found, number, tail, expected=expected):
            self._by_letter = lettered if number is not None else self._by_letter
            return number, found, None
        qualifier = self._qualifier(found, number, tail, at)
        return None if qualifier is None else (number, found, qualifier)

    def _accepts(self, found: FoundLabel, number: int | None, tail: str, *, expected: bool) -> bool:
        whole = not tail.strip(" .:()*")
        if number is not None and not expected and self._is_next_item(number) and not tail.startswith(":"):
            return False
        if tail.startswith(":"):
            return True
        if found.component in HEAD:
            return False
        if whole and len(found.rests) == 1:
            return (number is None and not self._continues()) or expected
        if expected and (self.sections.column_head or self._numbered or _LIST_START.match(tail)):
            return True
        if number is None and _LIST_START.match(tail):
            return not self._continues()
        fresh = all(section.component != found.component for section in self.sections.found)
        return number is None and self.sections.column_head and fresh and found.words > 1

    def _qualifier(self, found: FoundLabel, number: int | None, tail: str, at: int) -> str | None:
        """ "Persyaratan registrasi" over a list: what the list is for."""
        if (
            number is not None
            or found.component not in ("requirements", "procedures")
            or tail.endswith((".", ":", ";", ","))
        ):
            return None
        after = next((squeeze(line.text) for line in self.lines[at + 1 :] if line.text), "")
        before = squeeze(self.lines[at - 1].text) if at else ""
        if before or not 0 < len(tail.split()) <= _QUALIFIER_WORDS or not _LIST_START.match(after):
            return None
        return tail

    def _number(self, text: str) -> tuple[int | None, str]:
        found = _NUMBER.match(text)
        if found is not None:
            return int(found[1] or found[2]), text[found.end() :]
        letter = _LETTER.match(text)
        if letter is None:
            return None, text
        number = ord(letter[1]) - 64 if len(letter[1]) == 1 and letter[1] in "ABCDEFGHIJKLMN" else None
        return number, text[letter.end() :]

    def _expects(self, number: int) -> bool:
        return self._last < number <= self._last + 2 or (number == 1 and (self._last == 0 or self._numbered > 1))

    def _is_next_item(self, number: int) -> bool:
        marks = [marks[-1] for line in self._open if (marks := split_mark(line)[0])]
        return bool(marks) and marks[-1].number + 1 == number

    def _continues(self) -> bool:
        """The line before breaks off, so that this one goes on with its sentence."""
        before = self._open[-1] if self._open else ""
        return bool(_OPEN.search(before))

    def _number_alone(self) -> int | None:
        """A number that stands on a line of its own right before, as in pages with one cell a line."""
        before = next((line for line in reversed(self._open) if line), "")
        return int(before.strip(".) ")) if re.fullmatch(r"\d{1,2}[.)]?", before) else None

    def _drop_alone(self) -> None:
        while self._open and not self._open[-1]:
            self._open.pop()
        self._open.pop()


def _without_number(text: str) -> str:
    return re.sub(r"^(?:\d{1,2}|[a-zA-Z])[.)]\s*", "", text)


def _cell_lines(line: Line) -> list[str]:
    """A number that has a cell of its own goes before the text of the next cell."""
    found: list[str] = []
    mark = ""
    for cell in line.filled:
        if re.fullmatch(r"\s*(?:\d{1,2}|[a-zA-Z])[.)]?\s*|[\u2022\-\uf0b7]", cell):
            mark = squeeze(cell) if cell.strip()[-1:] in ".)" else f"{squeeze(cell)}."
            continue
        parts = sub_lines(cell)
        found.extend([f"{mark} {parts[0]}".strip(), *parts[1:]])
        mark = ""
    return found


# --- labels in the middle of, or after, their value ---------------------------------------------------------------


def _take_back(before: list[str], section: Section, *, keep: bool) -> None:
    """A value that begins with item 3: items 1 and 2 stand above the label."""
    first = next((marks[-1] for line in section.lines if (marks := split_mark(line)[0])), None)
    if first is None or first.number < 2 or first.style == "bullet":
        return
    start = _start_of(before, first)
    if start is None or (keep and not any(line.strip() for line in before[:start])):
        return
    section.lines[:0] = before[start:]
    del before[start:]


def _start_of(lines: list[str], mark: Mark) -> int | None:
    """Where the list begins whose next item would be `mark`."""
    wanted = mark.number - 1
    for at in range(len(lines) - 1, -1, -1):
        marks = split_mark(lines[at])[0]
        if not marks or marks[-1].style != mark.style:
            continue
        if marks[-1].number != wanted:
            return None
        if wanted == 1:
            return at
        wanted -= 1
    return None


def _labels_after(sections: Sections) -> None:
    """Every label below its value: the last has none, and a list stands before the first."""
    found = [section for section in sections.found if section.component not in HEAD]
    if len(found) < 3 or found[-1].stated or not all(section.stated for section in found[:-1]):
        return
    start = next((at for at, line in enumerate(sections.preamble) if _LIST_START.match(line)), None)
    if start is None:
        return
    above = sections.preamble[start:]
    del sections.preamble[start:]
    for section in found:
        section.lines, above = above, section.lines
