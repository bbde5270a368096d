"""Patterns that take hours: for twice as long a text, not more than about twice the work.

No seconds are measured, as a busy machine has its own: of several runs the shortest counts, n against 2n against 4n,
and what is quadratic takes sixteen times as long for the last.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from bot.answers.payloads import parse
from bot.applications.numbers import claim_code_in, looks_mistyped, number_in
from bot.complaints.checks import masked, personal_in, without_insults
from bot.complaints.language import plain, tidy
from bot.conversations import turn
from bot.conversations.inbox import clean
from bot.conversations.menus import choose
from bot.handoff.ownership.queue import asks_place
from bot.hearing import words
from bot.kbli.lookup import typed_in
from bot.masking import holds_code, holds_secret, mask_contacts, mask_personal, mask_secrets, mask_technical
from bot.messages import Button, command_payload
from engine.spelling import normalise

LENGTH = 2_000
PIECES = (
    "a", "a.", "a-", "a@", "@a", "1", "1 ", "1-", "1.", "1\n", "+62 ", "0812 ", " ", "\n", "\t", "(", "=", ":",
    "\"", "'", "otp ", "otp 1 ", "pw:", "password saya ", "kode ", "pin 12 ", "nik 33 ", "nik ", "12345678 itu ",
    "a1 itu ", "sandi a", "kata sandi", "Saya Ab ", "nama saya ", "nama ", "jl ", "jl a", "rt 1 ", "://a:",
    "token=", "pdu ", "ab12 ", "klaim-", "satu ", "Pak A", "x@x", "a_", "<a", "<", "[", "_", "*", "http://", "a/",
    "/a{", "{\"a\":", "rek ", "no ", ",", "0", "00", "Rp 1.", "a a a1 ",
)  # fmt: skip


def grows(work: Callable[[str], object], piece: str) -> float:
    """How many times longer a text four times as long takes; small work counts as little."""
    texts = [(piece * (length // len(piece) + 1))[:length] + "!" for length in (LENGTH, 4 * LENGTH)]
    for text in texts:
        work(text)
    shortest = []
    for text in texts:
        seconds = []
        for _ in range(4):
            begin = time.thread_time()
            work(text)
            seconds.append(time.thread_time() - begin)
        shortest.append(max(min(seconds), 0.0015))
    return shortest[1] / shortest[0]


def assert_linear(work: Callable[[str], object], name: str) -> None:
    for piece in PIECES:
        growth = grows(work, piece)
        if growth > 8:
            growth = min(growth, grows(work, piece))  # once more, in case of a hiccup
        assert growth <= 8, (name, piece, growth)


def suppressed(work: Callable[[str], object], text: str) -> None:
    with suppress(ValueError):
        work(text)


BUTTONS = [Button("Biaya layanan", "/ask_cost"), Button("Syarat", "/ask_requirements")]
READERS: dict[str, Callable[[str], object]] = {
    "secrets": mask_secrets,
    "personal data": mask_personal,
    "contacts": mask_contacts,
    "technical": mask_technical,
    "codes of ours": holds_code,
    "secrets in a text": holds_secret,
    "personal data in a report": personal_in,
    "a report, masked": masked,
    "a report without insults": without_insults,
    "a report in formal words": tidy,
    "words of a report": plain,
    "number of an application": number_in,
    "claim code": claim_code_in,
    "mistyped number": looks_mistyped,
    "payload": lambda text: suppressed(parse, text),
    "typed command": command_payload,
    "chosen button": lambda text: choose(text, BUTTONS),
    "KBLI codes": typed_in,
    "spelling": normalise,
    "place in a queue": asks_place,
    "a number alone": turn._NUMBER.fullmatch,
    "clean": clean,
    "heard words": words.keys,
    "heard text": words.plain,
}
"""Everything that reads a whole message by patterns, before anything cut it."""


@pytest.mark.parametrize("name", READERS)
def test_twice_as_long_is_twice_the_work(name: str) -> None:
    assert_linear(READERS[name], name)


def test_the_test_finds_what_is_quadratic() -> None:
    with pytest.raises(AssertionError):
        assert_linear(re.compile(r"[\w.]+@").search, "quadratic")
