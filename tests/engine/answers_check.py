"""Run in the engine's environment by test_answer_weights.py: prints one JSON object of what holds of the weights."""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from engine import answer_weights, sentence_encoder
from engine.answers import FILE, Answers
from engine.situations import situations

PAIRS = [
    ("hujan", "kapan hujan turun di kampung"),
    ("hujan", "musim hujan mulai bulan apa"),
    ("hujan", "hari ini turun hujan deras"),
    ("bola", "siapa juara liga sepak bola tahun ini"),
    ("bola", "jadwal pertandingan bola malam ini"),
    ("bola", "pemain bola itu cetak gol"),
    ("harga", "harga cabai di pasar berapa"),
    ("harga", "beras sekarang mahal sekali"),
    ("harga", "berapa harga minyak goreng"),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "answers.npz")
        missing = Answers(file).rank(sentence_encoder.encode(["hujan"])[0])
        answer_weights.write(PAIRS, file)
        small = Answers(file)
        rain, price, empty = sentence_encoder.encode(["kok hujan terus ya", "harga telur naik lagi", ""])
        first = [small.rank(rain)[0][0], small.rank(price)[0][0]]
        total = float(np.exp([chance for _, chance in small.rank(rain)]).sum())
        with np.load(file) as kept:
            other = {**kept, "encoder": np.array("another encoder")}
        np.savez(file, **other)
        foreign = Answers(file).rank(rain)
        file.write_bytes(b"broken")
        broken = Answers(file).rank(rain)
    held = Answers(FILE)
    some = situations()[:: max(1, len(situations()) // 60)]
    vectors = sentence_encoder.encode([one.say for one in some])
    right = [held.rank(vector)[0][0] == one.answer for one, vector in zip(some, vectors, strict=True)]
    told = {
        "first": first,
        "total": total,
        "nothing": [missing, foreign, broken, small.rank(empty)],
        "learned": sum(right) / len(right),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
