"""The distance of a text from what the model has learned: a model sees "complaint" in any long text.

Measured on 158 real messages of 8 words and more about licences: the share of known words is 0.67 at the first
percentile, that of known word pairs 0.11 at the fifth; 200 forwarded newsletters have 0.72 and 0.11 in the
middle, pasted logs 0.59 and 0.06, senseless words 0.01 and 0.
"""

from __future__ import annotations

import itertools
import re
from typing import Container, List

LONG = 12
"""Words from which it counts; a short message may well be one unknown word."""
KNOWN_WORDS = 0.75
KNOWN_PAIRS = 0.18
"""Shares from which a text counts as familiar; below, its confidence falls in proportion."""
OF_NONSENSE = 0.3
"""What is left of the confidence in a text that gives orders to a language model, or in letters that no example has."""
_LATIN_END = 0x250
_READ = 400

_COMMAND = re.compile(
    r"\b(?:ignore|disregard|forget|abaikan|lupakan|hiraukan)\b"
    r".{0,40}\b(?:instructions?|instruksi|perintah|aturan\w*|rules|prompt)\b"
    r"|\b(?:system prompt|developer mode|jailbreak)\b"
    r"|\byou are now\b|\bpretend (?:to be|you are)\b"
    r"|\b(?:kamu|anda|kowe) sekarang adalah\b|\bpura-?pura(?:lah)? (?:jadi|menjadi)\b"
    r"|<\|?(?:im_start|system|endoftext)|#{1,6} ?instruction|\"role\" ?: ?\"|</s>",
    re.IGNORECASE | re.DOTALL,
)


def familiarity(text: str, plain: str, known: Container[str]) -> float:
    """Return by what the confidence is to be multiplied, between 0 and 1.

    `plain` is `text` as the n-grams see it; `known` holds the words and word pairs of the examples.
    """
    factor = OF_NONSENSE if _COMMAND.search(text) or _other_script(text) else 1.0
    words = [word for word in plain.split() if word.isalnum()]
    if len(words) < LONG:
        return factor
    pairs = [f"{one} {two}" for one, two in itertools.pairwise(words)]
    return factor * min(1.0, _share(words, known) / KNOWN_WORDS) * min(1.0, _share(pairs, known) / KNOWN_PAIRS)


def _other_script(text: str) -> bool:
    """Whether most letters are not Latin."""
    letters = [ord(sign) for sign in text[:_READ] if sign.isalpha()]
    return sum(code >= _LATIN_END for code in letters) * 2 > len(letters)


def _share(items: List[str], known: Container[str]) -> float:
    return sum(item in known for item in items) / len(items)
