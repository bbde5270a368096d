"""Regions that are named in a message."""

from __future__ import annotations

import pytest

from bot.answers.regions import region_in


@pytest.mark.parametrize(
    ("said", "region"),
    [
        ("berapa biaya izin industri di Jepara?", "Jepara"),
        ("kalau di kab. Pati gimana", "Pati"),
        ("Semarang", "Semarang"),
        ("di jakarta selatan syaratnya apa", "Jakarta Selatan"),
        ("izin di padang pariaman", "Padang Pariaman"),
        ("di kudus", None),
        ("apa syaratnya di sini", None),
        ("bone saya patah", None),
        ("", None),
    ],
)
def test_region_in(said: str, region: str | None) -> None:
    assert region_in(said) == region
