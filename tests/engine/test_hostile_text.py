"""Hostile text, which never crashes the engine: the sentence encoder below it is native code."""

from __future__ import annotations

import random

import pytest

from tests.engine.conftest import Actions, RunningEngine

TEXTS = {
    "empty": "",
    "spaces": " \n\t\r ",
    "slashes": "///",
    "nul": "berapa\x00biaya",
    "control": "".join(map(chr, range(32))) + "\x7f\x85",
    "long": "izin usaha " * 1_800,
    "one word of 20,000": "x" * 20_000,
    "emoji": "😀🙏🏽👍👨‍👩‍👧‍👦",
    "emoji 2,000": "😀" * 2_000,
    "right to left": "\u202eبكم الرخصة؟\u202c",
    "zero width": "\u200b\u200c\u200d\ufeff",
    "combining": "a" + "\u0301" * 500,
    "other scripts": "营业执照 บริการ ᮞᮥᮔ᮪ᮓ ꦲꦏ꧀ꦱꦫ கட்டணம் የንግድ",
    "half a pair": "\ud83d izin \udc00",
    "private use": "\ue000\uffff\U0010ffff",
    "markup": "<b>izin</b> **usaha** [x](y) {{7*7}} ${x} %s",
    "pickle-ish": "\x80\x04\x95 __import__('os')",
    "digits": "3" * 400,
    "punctuation": "?!.,;:" * 300,
    "ligatures": "ﬁnance ２０２６ ①② ｋｕｄｕｓ",
}


@pytest.mark.parametrize("name", TEXTS)
def test_hostile_text(engine: RunningEngine, actions: Actions, name: str) -> None:
    conversation = f"hostile-{name.replace(' ', '-').replace(',', '')}"
    for _ in range(2):  # the second turn restores what the first one stored
        answer = engine.turn(conversation, text=TEXTS[name])
        assert answer.status_code == 200, answer.text
        assert answer.json()["messages"]
        understood = answer.json()["understood"]
        assert isinstance(understood["intent"], str)
        assert 0 <= understood["confidence"] <= 1


def test_nothing_said_is_not_understood(engine: RunningEngine) -> None:
    for understood in engine.understood("", "   ", "?!", "\u200b", "\x00"):
        assert understood["intent"] == "nlu_fallback"
        assert understood["ranking"] == []


def test_long_texts_are_read_from_the_start(engine: RunningEngine, actions: Actions) -> None:
    engine.turn("hostile-cut", text="a" * 10_000)
    assert len(actions.calls[-1]["tracker"]["latest_message"]["text"]) == 2_000


def test_random_bytes(engine: RunningEngine) -> None:
    """Fuzzing with a fixed seed: any sequence of code points, whole and in pieces."""
    source = random.Random(20261122)
    texts = []
    for _ in range(60):
        alphabet = source.choice(["\x00\x01\x1f ab/{}\"'", "\u0300\u0301\u200d\u202e\ufe0f", None])
        length = source.choice([1, 3, 17, 70, 300])
        texts.append(
            "".join(source.choice(alphabet) if alphabet else chr(source.randrange(0x3000)) for _ in range(length))
        )
    for start in range(0, len(texts), 10):
        assert len(engine.understood(*texts[start : start + 10])) == 10
    assert engine.process.poll() is None


def test_chat_spelling_is_understood(engine: RunningEngine) -> None:
    understood = engine.understood("biayane piro mas", "brp lama prosesnya", "mksh yaaa", "OTP gk masuk2")
    assert [entry["intent"] for entry in understood] == ["ask_cost", "ask_duration", "thanks", "otp_not_received"]
