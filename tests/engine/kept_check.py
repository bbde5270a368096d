"""The half of test_kept_vectors.py in the engine's environment: one JSON object of what holds of kept vectors."""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from sklearn.linear_model import LogisticRegression

from engine import kept_vectors, logistic, sentence_encoder
from engine.intent_model import IntentModel, Options

TEXTS = [
    *("nunggu verifikasi sebulan", "berkas saya sampai mana", "kode otp tidak masuk", "lupa sandi akun"),
    *("halo min", "selamat pagi", "berkasku tekan endi", "sandine lali", "pagi pak", "assalamualaikum"),
]
INTENTS = [
    "track_status",
    "track_status",
    "cannot_log_in",
    "cannot_log_in",
    "greet",
    "greet",
    *("track_status", "cannot_log_in", "greet", "greet"),
]


def fitted(file: Path) -> IntentModel:
    kept_vectors.encode.__defaults__ = (file,)
    return IntentModel.fit(TEXTS, INTENTS, Options())


def same(one: IntentModel, two: IntentModel) -> bool:
    pairs = (
        (getattr(one, name), getattr(two, name))
        for name in ("dense_weights", "dense_bias", "sparse_weights", "sparse_bias")
    )
    return all(np.array_equal(a, b) for a, b in pairs) and np.array_equal(one.centre, two.centre)


with tempfile.TemporaryDirectory() as folder:
    none, some, every = (Path(folder) / f"{name}.npz" for name in ("none", "some", "every"))
    kept_vectors.write(TEXTS[:4], some)
    kept_vectors.write(TEXTS, every)
    models = [fitted(file) for file in (none, some, every)]
    damaged = Path(folder) / "damaged.npz"
    content = bytearray(every.read_bytes())
    content[len(content) // 2] ^= 0xFF
    damaged.write_bytes(content)
    changed = kept_vectors.encode(["nunggu verifikasi setahun"], every)
    exact = sentence_encoder.encode(TEXTS)
    theirs = LogisticRegression(C=10, class_weight="balanced", max_iter=2000, tol=1e-6).fit(exact * 6, INTENTS)
    ours = logistic.fit(exact * 6, INTENTS, 10, tolerance=1e-6)
    held = {bytes(one) for one in np.load(kept_vectors.FILE)["keys"]}
    texts = {kept_vectors.key(text) for text in kept_vectors.example_texts()}
    print(
        json.dumps(
            {
                "same": [same(models[0], one) for one in models[1:]],
                "damaged": same(models[0], fitted(damaged)),
                "stale": bool(np.allclose(changed, sentence_encoder.encode(["nunggu verifikasi setahun"]), atol=0.002)),
                "rounding": float(np.abs(kept_vectors.encode(TEXTS, every) - exact).max()),
                "optimum": float(np.abs(ours.weights.T - theirs.coef_).max()),
                "missing": len(texts - held),
                "needless": len(held - texts),
            }
        )
    )
