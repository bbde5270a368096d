"""Codes looked up by officers, by everyday words and by number."""

from __future__ import annotations

from bot.console.kbli import found_for
from bot.kbli.classification import Classification, Entry
from tests.console.conftest import SignedIn

HELD = Classification(
    codes={
        "56304": Entry("56304", "Aktivitas Kedai Minuman", "Kedai. Kelompok ini tidak mencakup bar."),
        "77410": Entry("77410", "Penyewaan Teleskop Bintang", "Teleskop bintang."),
        **{f"4{n:04d}": Entry(f"4{n:04d}", f"Kegiatan Lain {n}", "Lain.") for n in range(200)},
    },
    codes_2020={"56999": Entry("56999", "Kedai Lama")},
    links={"56999": {"56304": False, "77410": True}},
    risks={"56304": {"mikro": ("Rendah", "Menengah Tinggi")}},
)


async def test_page(signed_in: SignedIn) -> None:
    dewi = await signed_in("officer")
    empty = (await dewi.get("/console/kbli")).text
    assert "usaha di knowledge/trades" in empty and "pandu kbli import" in empty
    page = (await dewi.get("/console/kbli", params={"q": "jualan es teh <b>gerobak</b>"})).text
    assert "56306" in page and "Yang dibaca pemohon" in page and "<b>gerobak" not in page
    assert "bukan berarti rendah" in page
    assert (await dewi.get("/console/kbli", params={"q": "x" * 5000})).status_code == 200


def test_words() -> None:
    found = found_for("usaha kopi", HELD)
    assert [one.code for one in found.codes][:3] == ["56304", "56303", "56306"]
    assert "10761" in [one.code for one in found.codes], "officers see all codes of the trade"
    first = found.codes[0]
    assert first.official == "Aktivitas Kedai Minuman" and "tidak mencakup" in first.text
    assert first.risks == {"mikro": ("Rendah", "Menengah Tinggi")} and found.why[0][0] == "kopi"


def test_code_of_2020() -> None:
    (old,) = found_for("56999", HELD).codes
    assert old.edition == 2020 and [(one.entry.code, one.doubtful) for one in old.heirs] == [
        ("56304", False), ("77410", True),
    ]  # fmt: skip


def test_official_words() -> None:
    found = found_for("kopi sambil lihat teleskop bintang", HELD)
    assert [one.code for one in found.also] == ["77410"]
    assert found_for("judi", HELD).codes == []
