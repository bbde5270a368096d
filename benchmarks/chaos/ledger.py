"""The ledger: what went in and what came out, kept outside Pandu and compared by nothing but that.

An applicant never has two copies of one question unanswered, so the text of a bubble says which message it answers.
"""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.chaos.files import Files, SentFile
from bot.survey.wording import HELPED

SAME_AGAIN = "Jawabannya masih sama"  # before an answer that the dialogue believes to have given just before
BEFORE = 2  # paragraphs
KEY = 90  # characters of a bubble that tell it from all others
_CLAIM = re.compile(r"(foto|dokumen|berkas)[^.\n]*\btersimpan\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
OFFICER = "Petugas Uji"  # how every message of our officer begins


def key_of(text: str) -> str:
    """What tells a bubble; "Apakah jawaban ini membantu?" stands under some answers, seldom, and tells nothing."""
    return _SPACE.sub(" ", text.removesuffix(HELPED)).strip()[:KEY]


@dataclass(slots=True)
class Said:
    """A message of an applicant. Times are of time.monotonic(); `acknowledged`: the first 200, if there was one."""

    address: str
    number: int
    question: str
    begun: float
    acknowledged: float = 0.0
    optional: bool = False  # said while an officer comes or goes: may be answered, need not
    answers: dict[int, list[str]] = field(default_factory=dict)  # bubble → the provider's ids, one a copy
    first: float = 0.0
    done: float = 0.0
    counted: bool = False  # among those that hold others back
    file: SentFile | None = None


@dataclass(slots=True)
class Officer:
    """One time during which a person had the conversation."""

    begun: float
    sent: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    speaks: float = 0.0  # when the provider took the officer's first message
    taken: float = 0.0  # when taking it was committed
    ended: float = 0.0  # just before it was given back


@dataclass(slots=True)
class Chat:
    """One applicant on one channel."""

    channel: str
    address: str
    said: list[Said] = field(default_factory=list)
    officers: list[Officer] = field(default_factory=list)
    notices: Counter[str] = field(default_factory=Counter)  # "outage", "error", "flood": sentences beside the answers
    told: list[tuple[str, float]] = field(default_factory=list)  # the same with their times
    unknown: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)  # said of a file that it is kept, before it can be
    over_officer: int = 0
    just_taken: int = 0  # sends under way while the officer took over
    reordered: int = 0

    def open(self) -> int:
        return sum(1 for one in self.said[-40:] if not one.done and not one.optional)


@dataclass(slots=True)
class Book:
    """What every question is answered with: learned from the running system before anything is killed."""

    bubbles: dict[str, list[str]] = field(default_factory=dict)  # question → texts
    meaning: dict[str, tuple[str, int]] = field(default_factory=dict)  # key → question, place
    notices: dict[str, str] = field(default_factory=dict)  # key → name
    openings: dict[str, str] = field(default_factory=dict)  # how such a sentence begins → name

    def learn(self, question: str, texts: list[str]) -> None:
        """Raises ValueError when two questions could not be told apart."""
        if self.bubbles.setdefault(question, texts) != texts:
            raise ValueError(f"{question!r} is answered differently the second time")
        for place, text in enumerate(texts):
            key = key_of(text)
            if self.meaning.setdefault(key, (question, place)) != (question, place):
                raise ValueError(f"{question!r} and {self.meaning[key][0]!r} have the same answer")


class Ledger:
    """Every applicant's chat. The providers' counterparts report what they accepted, applicants what they sent."""

    def __init__(self, book: Book, files: Files) -> None:
        self.book = book
        self.files = files
        self.chats: dict[tuple[str, str], Chat] = {}
        self.accepted_at: dict[str, float] = {}
        self._accepted: deque[tuple[float, str, str]] = deque(maxlen=5000)
        self.on_answer: Callable[[Said], None] = lambda said: None

    def chat(self, channel: str, address: str) -> Chat:
        return self.chats.setdefault((channel, address), Chat(channel, address))

    def accepted_since(self, moment: float) -> set[tuple[str, str]]:
        """Address and key of every bubble that a provider took since then (of time.monotonic())."""
        return {(address, key) for at, address, key in self._accepted if at >= moment}

    def heard(self, channel: str, address: str, text: str, provider_id: str) -> None:
        """The provider accepted a message to an applicant."""
        now = time.monotonic()
        self.accepted_at[provider_id] = now
        self._accepted.append((now, address, self.key(text)))
        chat = self.chats.get((channel, address))
        if chat is None:
            return
        if text.startswith(OFFICER):
            self._officer(chat, text, now)
            return
        if _CLAIM.search(text) and not self.files.all_given(channel, address):
            chat.claims.append(text)
        opening = next((name for words, name in self.book.openings.items() if text.startswith(words)), "")
        if opening:
            chat.notices[opening] += 1
            return
        self._over_officer(chat, now)
        key = self.key(text)
        if key in self.book.notices:
            chat.notices[self.book.notices[key]] += 1
            chat.told.append((self.book.notices[key], now))
            return
        chat.notices["repeated turn"] += text.startswith(SAME_AGAIN)
        question, place = self.book.meaning.get(key, (None, 0))  # "" is a file without words
        said = next((one for one in reversed(chat.said) if one.question == question), None)
        if said is None:
            chat.unknown.append(text)
            return
        self._answer(chat, said, place, provider_id, now)

    def key(self, text: str) -> str:
        """What tells a bubble from all others.

        Up to two paragraphs may stand before what was learned: that a file came, "Jawabannya masih sama:", a word about
        the officer.
        """
        rest = text
        for _ in range(BEFORE + 1):
            key = key_of(rest)
            if key in self.book.notices or key in self.book.meaning:
                return key
            rest = rest.partition("\n\n")[2]
        return key_of(text)

    def _answer(self, chat: Chat, said: Said, place: int, provider_id: str, now: float) -> None:
        copies = said.answers.setdefault(place, [])
        copies.append(provider_id)
        if len(copies) > 1:
            return
        later = (one for one in chat.said[said.number + 1 :] if one.first and said.acknowledged)
        if any(said.acknowledged < one.begun for one in later) or any(other > place for other in said.answers):
            chat.reordered += 1
        said.first = said.first or now
        if len(said.answers) == len(self.book.bubbles[said.question]):
            said.done = now
            self.on_answer(said)

    def _officer(self, chat: Chat, text: str, now: float) -> None:
        mine = next((one for one in chat.officers if text in one.sent), None)
        if mine is None:
            chat.unknown.append(text)
            return
        if text not in mine.heard and mine.sent[: mine.sent.index(text)] != mine.heard[: mine.sent.index(text)]:
            chat.reordered += 1
        mine.heard.append(text)
        mine.speaks = mine.speaks or now

    def _over_officer(self, chat: Chat, now: float) -> None:
        for one in chat.officers:
            if one.ended:
                continue
            if one.speaks:
                chat.over_officer += 1
            elif one.taken:
                chat.just_taken += 1


@dataclass(frozen=True, slots=True)
class Doubled:
    """A bubble that an applicant got more than once: its key, and the provider's ids of all copies."""

    address: str
    key: str
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What the comparison found."""

    messages: int
    answered: int
    optional: int
    bubbles: int
    lost: list[Said]
    doubled: list[Doubled]
    reordered: int
    over_officer: int
    just_taken: int
    officer_messages: int
    officer_lost: int
    officer_doubled: int
    notices: Counter[str]
    unknown: list[str]
    claims: list[str]
    seconds: list[float]  # from an applicant's message to the whole answer


def compare(ledger: Ledger) -> Counts:
    """In against out, over all chats."""
    chats = ledger.chats.values()
    said = [one for chat in chats for one in chat.said]
    officers = [one for chat in chats for one in chat.officers]
    notices: Counter[str] = Counter()
    for chat in chats:
        notices.update(chat.notices)
    return Counts(
        messages=len(said),
        answered=sum(1 for one in said if one.done),
        optional=sum(1 for one in said if one.optional),
        bubbles=sum(len(copies) for one in said for copies in one.answers.values()),
        lost=[one for one in said if not one.done and not one.optional],
        doubled=[
            Doubled(one.address, key_of(ledger.book.bubbles[one.question][place]), tuple(copies))
            for one in said
            for place, copies in one.answers.items()
            if len(copies) > 1
        ],
        reordered=sum(chat.reordered for chat in chats),
        over_officer=sum(chat.over_officer for chat in chats),
        just_taken=sum(chat.just_taken for chat in chats),
        officer_messages=sum(len(one.sent) for one in officers),
        officer_lost=sum(len(set(one.sent) - set(one.heard)) for one in officers),
        officer_doubled=sum(len(one.heard) - len(set(one.heard)) for one in officers),
        notices=notices,
        unknown=[text for chat in chats for text in chat.unknown],
        claims=[text for chat in chats for text in chat.claims],
        seconds=sorted(one.done - one.begun for one in said if one.done),
    )
