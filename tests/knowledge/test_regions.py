"""Regions as people name them: every one of the list, and lines with and without one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.knowledge.load import FOLDER
from bot.knowledge.region_list import FILE, get_list, region_problems
from bot.knowledge.regions import Region, all_regions, region, regions_in

LINES = [
    line.split("=>")
    for line in Path(__file__).with_name("regions.txt").read_text("utf-8").splitlines()
    if "=>" in line and not line.startswith("#")
]
# Regencies and cities of each province.
COUNTS = {
    "Aceh": (18, 5), "Sumatera Utara": (25, 8), "Sumatera Barat": (12, 7), "Riau": (10, 2), "Jambi": (9, 2),
    "Sumatera Selatan": (13, 4), "Bengkulu": (9, 1), "Lampung": (13, 2), "Kepulauan Bangka Belitung": (6, 1),
    "Kepulauan Riau": (5, 2), "DKI Jakarta": (1, 5), "Jawa Barat": (18, 9), "Jawa Tengah": (29, 6),
    "DI Yogyakarta": (4, 1), "Jawa Timur": (29, 9), "Banten": (4, 4), "Bali": (8, 1), "Nusa Tenggara Barat": (8, 2),
    "Nusa Tenggara Timur": (21, 1), "Kalimantan Barat": (12, 2), "Kalimantan Tengah": (13, 1),
    "Kalimantan Selatan": (11, 2), "Kalimantan Timur": (7, 3), "Kalimantan Utara": (4, 1), "Sulawesi Utara": (11, 4),
    "Gorontalo": (5, 1), "Sulawesi Tengah": (12, 1), "Sulawesi Barat": (6, 0), "Sulawesi Selatan": (21, 3),
    "Sulawesi Tenggara": (15, 2), "Maluku": (9, 2), "Maluku Utara": (8, 2), "Papua": (8, 1), "Papua Barat": (7, 0),
    "Papua Barat Daya": (5, 1), "Papua Tengah": (8, 0), "Papua Pegunungan": (8, 0), "Papua Selatan": (4, 0),
}  # fmt: skip


def shown(one: Region) -> str:
    return one.title + ("?" if one.options else "")


@pytest.mark.parametrize(("said", "meant"), LINES, ids=[said.strip() for said, _ in LINES])
def test_line(said: str, meant: str) -> None:
    assert [shown(one) for one in regions_in(said)] == [one for one in meant.strip().split("; ") if one]


def test_enough_lines_and_false_alarms() -> None:
    assert len(LINES) >= 150
    assert sum(not meant.strip() for _, meant in LINES) >= 50


def test_the_whole_country() -> None:
    assert {one.name: (len(one.kabupaten), len(one.kota)) for one in get_list().provinces} == COUNTS
    kinds = Counter(one.kind for one in all_regions().values())
    assert (kinds["provinsi"], kinds["kabupaten"], kinds["kota"]) == (38, 416, 98)


@pytest.mark.parametrize("one", all_regions().values(), ids=lambda one: one.id)
def test_found_by_its_full_name(one: Region) -> None:
    kind = "" if one.kind == "wilayah" else one.kind
    assert regions_in(f"izin usaha di {kind} {one.name} berapa lama") == [one]
    if kind:
        assert regions_in(f"DPMPTSP {kind.upper()} {one.name.upper()}, {one.province}")[0] == one


@pytest.mark.parametrize("one", get_list().provinces, ids=lambda one: one.name)
def test_every_spelling_leads_to_its_region(one: object) -> None:
    province = next(each for each in get_list().provinces if each is one)
    for kind, places in (("kabupaten", province.kabupaten), ("kota", province.kota)):
        for name, spellings in places.items():
            for spelling in spellings:
                found = [each.title for each in regions_in(f"kalau di {kind} {spelling}?")]
                assert len(found) == 1 and found[0].endswith(name), (spelling, found)


def test_a_wrong_list_is_told(tmp_path: Path) -> None:
    assert region_problems() == []
    text = (FOLDER / FILE).read_text("utf-8")
    text = text.replace("    Sabang: []\n", "").replace("everyday:\n- [agam", "everyday:\n- [atlantis, agam, agam")
    (tmp_path / FILE).write_text(text, "utf-8")
    assert region_problems(tmp_path) == [
        "regions.yaml: 38 provinces, 416 kabupaten, 97 kota; Indonesia has 38, 416 and 98",
        "regions.yaml: everyday: agam stands 2 times",
        "regions.yaml: everyday: atlantis names no place of this list",
        "regions.yaml: behind: sabang names no place of this list",
    ]
    (tmp_path / "empty").mkdir()
    assert "regions.yaml" in region_problems(tmp_path / "empty")[0]


@pytest.mark.parametrize(
    ("said", "office"),
    [
        ("kab bandung", "DPMPTSP Kabupaten Bandung"),
        ("bandung", "DPMPTSP Kabupaten Bandung atau DPMPTSP Kota Bandung"),
        ("jaksel", "DPMPTSP Provinsi DKI Jakarta"),
        ("jatim", "DPMPTSP Provinsi Jawa Timur"),
        ("madura", "DPMPTSP kabupaten atau kota setempat"),
    ],
)
def test_office(said: str, office: str) -> None:
    assert regions_in(said)[0].office == office


def test_an_unclear_name_tells_its_options() -> None:
    (found,) = regions_in("di serang")
    assert [region(one).title for one in found.options] == ["Kabupaten Serang", "Kota Serang"]
    assert found.province == "Banten"


def test_empty() -> None:
    assert regions_in("") == [] and regions_in("??? 123 !!") == []
