"""A regency and the city of the same name: the standard of one is never said as the other's."""

from __future__ import annotations

import pytest

from bot.hearing import listen
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    """An office in a regency whose city is not held."""
    files = get_knowledge()
    office = files.offices["magetan"].model_copy(
        update={
            "id": "kab-semarang",
            "name": "Dinas Kabupaten Semarang",
            "label": "Kabupaten Semarang",
            "region": "Kabupaten Semarang",
            "aliases": ["kab semarang", "ungaran"],
        }
    )
    return files.model_copy(update={"offices": files.offices | {office.id: office}})


@pytest.mark.parametrize(
    ("text", "offices", "regions"),
    [
        ("syarat izin depot di kabupaten semarang", ["kab-semarang"], []),
        ("syarat izin depot di kab. semarang", ["kab-semarang"], []),
        ("syarat izin depot di ungaran", ["kab-semarang"], []),
        ("syarat izin depot di kota semarang", [], ["Kota Semarang"]),
        ("syarat izin depot di semarang", ["kab-semarang"], ["Kota Semarang"]),
        ("beda kota semarang dan kabupaten semarang", ["kab-semarang"], ["Kota Semarang"]),
        ("syarat izin depot di magetan", ["magetan"], []),
    ],
)
def test_twins_are_told_apart(knowledge: Knowledge, text: str, offices: list[str], regions: list[str]) -> None:
    heard = listen(knowledge, text)
    assert list(heard.offices) == offices
    assert [one.title for one in heard.regions] == regions
