"""Words that occur in Pandu's own texts, to tell half a word from a word."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_KNOWLEDGE = Path(__file__).resolve().parents[2] / "knowledge"
_FORMAL = ("services/*.yaml", "offices/*.yaml", "stages/*.yaml", "glossary.yaml", "documents.yaml", "legal_notes.yaml")
"""Where offices speak; elsewhere people do, in words of their own."""
_ENDINGS = ("", "an", "nya", "kan", "i", "lah")  # with these a whole word goes on as well
_WORD = re.compile(r"[^\W\d_]{2,}")


def is_half_word(text: str, nearby: str) -> bool:
    """No word, but the beginning of one: of the stored knowledge, or of the text `nearby`."""
    if is_word(text):
        return False
    half = _WORD.findall(text)[-1].lower()
    words = {word.lower() for word in _WORD.findall(nearby)} | _words()
    return any(word.startswith(half) and word[len(half) :] not in _ENDINGS for word in words)


def is_word(text: str) -> bool:
    """A word of the stored knowledge, a name in capitals, or something with digits. "pendaft" is none of these."""
    found = _WORD.findall(text)
    if not found or any(character.isdigit() for character in text):
        return True
    word = found[-1]
    return (word.isupper() and len(word) > 2) or word.lower() in _words()


@lru_cache
def _words() -> frozenset[str]:
    paths = [path for pattern in _FORMAL for path in sorted(_KNOWLEDGE.glob(pattern))]
    texts = (path.read_text("utf-8", errors="ignore") for path in paths)
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text))
