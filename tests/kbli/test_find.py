"""From everyday words to codes."""

from __future__ import annotations

import pytest

from bot.kbli.find import MOST, find, of_trade, role_of
from bot.knowledge.trades import get_table, trade_problems
from tests.kbli.small import IMPORTED


def codes(text: str) -> list[str]:
    return [one.code for one in find(text).candidates]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("mau buka warung kopi", "56304"),
        ("jualan es teh di pinggir jalan pakai gerobak", "56306"),
        ("toko sembako", "47112"),
        ("bikin kerupuk di rumah", "10794"),
        ("jual kerupuk", "47249"),
        ("agen kerupuk", "46339"),
        ("cuci mobil", "95312"),
        ("bengkel motor", "95320"),
        ("londri kiloan", "96100"),
        ("dodolan bakso keliling", "56102"),  # Javanese
        ("ngingu wedhus", "01442"),  # Javanese
        ("manggaleh karupuak jangek", "47249"),  # Minang
        ("gawe tempe", "10307"),
        ("pangkas rambut", "96210"),
        ("rental mobil lepas kunci", "77100"),
        ("rental mobil dengan sopir", "49295"),
        ("tukang las pagar", "25111"),
        ("kos kosan", "55909"),
        ("jual pulsa sama token listrik", "61209"),
        ("budidaya lele", "03221"),
        ("service hp", "95102"),
        ("lapak bakso di ruko", "56102"),
        ("mau jual hewan qurban", "47752"),  # not "jual hewan"
        ("rental ps", "93293"),  # "rental" is part of the name
        ("jualan baju anak online", "47711"),  # how, and what
        ("depot air isi ulang", "11052"),
        ("jual buku bekas", "47749"),
        ("import mainan", "46495"),
        ("peternak sapi perah", "01412"),
    ],
)
def test_first_candidate(said: str, code: str) -> None:
    assert codes(said)[0] == code


@pytest.mark.parametrize("said", ["laundri", "cathering", "fotocopi", "barbersop"])
def test_misspelt(said: str) -> None:
    assert find(said).kind == "found"


def test_a_question_only_where_the_text_leaves_it_open() -> None:
    open_, told = find("usaha kopi"), find("kopi keliling pakai gerobak")
    assert not open_.sure and open_.ask == "Anda berjualan di mana?"
    assert told.sure and told.candidates[0].code == "56306"


def test_what_stands_beside_is_not_the_trade() -> None:
    assert find("jualan baju di ruko").trade == "baju"


def test_two_trades() -> None:
    found = find("jual gas sama galon")
    assert found.kind == "several" and [one.trade for one in found.parts] == ["gas", "air-galon"]
    three = find("jual baju, sepatu, dan tas")
    assert [one.trade for one in three.parts] == ["baju", "sepatu", "tas"]
    assert find("jual baju dan celana").kind == "found", "both are the same trade"


def test_a_brand_is_said_to_be_one() -> None:
    assert find("mau buka kayak mixue").brand == "mixue"


@pytest.mark.parametrize(
    "said", ["judi online", "slot", "tanam ganja", "pabrik miras", "jual satwa dilindungi", "mercon"]
)
def test_closed(said: str) -> None:
    found = find(said)
    assert found.kind == "closed" and found.closed and not found.candidates


def test_renting_something_unheard_of() -> None:
    found = find("sewa teleskop")
    assert found.kind == "unknown" and [one.code for one in found.candidates] == ["77299", "77399"]


def test_unknown() -> None:
    assert find("xyzzy plugh").kind == "unknown" and not find("xyzzy plugh").candidates


def test_imported_words_help_where_the_table_ends() -> None:
    found = find("sewa teleskop bintang", IMPORTED)
    assert found.kind == "searched" and found.candidates[0].code == "77410", "renting, not making"
    assert find("lokomotif uap", IMPORTED).kind == "unknown", "what a code excludes does not lead to it"


@pytest.mark.parametrize("trade", get_table().trades.values(), ids=lambda one: one.id)
def test_every_name_leads_to_its_trade(trade: object) -> None:
    one = next(each for each in get_table().trades.values() if each is trade)
    for name in one.names:
        found = find(name)
        assert found.trade == one.id or found.kind == "several", (name, found.trade)
        if found.kind == "found":
            assert 1 <= len(found.candidates) <= MOST
            assert found.sure or found.ask.endswith("?")


def test_the_table() -> None:
    assert trade_problems() == []
    assert len(get_table().trades) >= 450
    assert of_trade("nothing") is None


@pytest.mark.parametrize(
    ("code", "role"), [("47711", "sell"), ("46312", "wholesale"), ("10794", "make"), ("96100", "")]
)
def test_role_of(code: str, role: str) -> None:
    assert role_of(code) == role
