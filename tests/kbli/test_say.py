"""Replies about codes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.kbli.say import answer, tell
from bot.answers.kbli.wording import LIMIT
from bot.answers.payloads import MAX_PAYLOAD, MAX_TITLE, parse
from bot.kbli.find import of_trade
from bot.kbli.models import SCALES
from bot.kbli.risk import scale_in
from bot.knowledge.trades import get_table
from bot.messages import Reply
from tests.kbli.small import IMPORTED


def checked(reply: Reply) -> Reply:
    assert len(reply.text) <= LIMIT, reply.text
    assert len(reply.buttons) <= 4 and len({one.title for one in reply.buttons}) == len(reply.buttons), reply
    for one in reply.buttons:
        assert 1 <= len(one.title) <= MAX_TITLE and parse(one.payload)[0] == "ask_kbli"
    for bad in ("..", " ,", "( ", "tergantung .", "  ", "!"):
        assert bad not in reply.text, (bad, reply.text)
    return reply


@pytest.mark.parametrize("identity", get_table().trades)
def test_every_trade_has_a_whole_reply(identity: str) -> None:
    trade = get_table().trades[identity]
    for before in ("", "jual ", "bikin ", "agen "):
        reply = checked(answer(before + trade.names[0]))
        if "\n\nSumber:" in reply.text and "tertutup" not in reply.text:
            assert "2025" in reply.text and not reply.text.split("\n\n")[0].endswith("…"), reply.text


def test_every_code_has_a_whole_reply() -> None:
    for code in get_table().codes:
        checked(answer("", {"code": code}))
        checked(answer("", {"code": code, "part": "risk"}))


def test_choice_then_tap() -> None:
    reply = checked(answer("mau usaha kopi susu kekinian, kbli nya brp"))
    assert reply.text.startswith("Tergantung tempat minumnya. KBLI (kode jenis usaha) 2025: 56304 ")
    assert "Nomornya sama di edisi 2020. Anda berjualan di mana?" in reply.text
    assert reply.text.endswith("Sumber: data KBLI 2025 (sekunder; periksa di oss.go.id/kbli)")
    _, entities = parse(reply.buttons[2].payload)
    assert answer("", entities).text.startswith("56306 adalah penjual minuman keliling")
    assert answer("", {"trade": "kopi", "option": "2"}).text.startswith("56303, ")
    assert answer("", {"trade": "kopi", "option": "9"}).text == answer("", {"trade": "kopi"}).text
    assert checked(answer("di gerobak keliling", {"trade": "kopi"})).text.startswith("56306 paling dekat")
    assert answer("risikonya apa?", {"code": "56304"}).text.startswith("Tidak diketahui")
    assert "Usahanya apa?" in answer("", {"trade": "gone"}).text and "Usahanya apa?" in answer("", {}).text


def test_the_usual_code_comes_first_without_a_question() -> None:
    assert checked(answer("laundry kbli berapa")).text.startswith("96100 paling dekat: laundry (")
    assert "96200 (kini 96100)" in answer("laundry").text


def test_a_code_named_with_its_trade() -> None:
    fits = checked(answer("jahit seragam ratusan stel, 14111 aja bener?"))
    assert fits.text.startswith("Bisa, kalau") and "14120" in fits.text
    wrong = checked(answer("laundry pakai 56304 boleh?"))
    assert wrong.text.startswith("Kemungkinan bukan: 56304 itu kedai minuman") and "96100" in wrong.text


def test_two_trades() -> None:
    reply = checked(answer("jual gas sama galon"))
    assert "1. Gas: 47772" in reply.text and "2. Galon: " in reply.text and "satu NIB" in reply.text
    assert [one.title for one in reply.buttons] == ["Gas", "Galon"]
    three = checked(answer("jual baju, sepatu, dan tas"))
    assert "tiga usaha" in three.text and three.text.endswith("Pasal 211") and "…" not in three.text


def test_brand_closed_unknown() -> None:
    assert answer("kayak indomaret").text.startswith("Merek tidak menentukan kode")
    closed = checked(answer("slot online"))
    assert "tertutup" in closed.text and "sekunder" in closed.text
    assert "Belum saya kenali" in answer("xyzzy").text


def test_codes() -> None:
    def said(text: str) -> str:
        return checked(answer(text, {}, IMPORTED)).text

    assert "edisi mana?" in said("13133")
    assert "13132" in checked(answer("", {"code": "13133", "edition": "2020"}, IMPORTED)).text
    assert "meragukan: 17091" in said("56999") and "56304" in said("56999") and "56400" not in said("56999")
    assert said("14999").startswith("Belum pasti penerus 14999") and "meragukan" in said("14999")
    assert "Belum saya ketahui penerusnya" in said("77777")
    assert said("99998").startswith("Tidak ada: 99998")
    assert answer("kbli apa ya").text.startswith("Usahanya apa?")
    assert "belum lengkap" in said("5630") and "56301" in said("5630")
    assert said("563041").startswith("Kelebihan digit") and "56304" in said("563041")
    assert "bentuk NIB" in said("1234567890123")
    nik = said("kode 3319019001010001")
    assert "NIK" in nik and "33190" not in nik and "3319" not in said("kode 3319019001010001 dan 56304")
    assert "33190" not in said("nomor 331901900101")
    assert "kategori perdagangan" in said("kategori G")
    assert "56304: kedai minuman" in said("56304 sama 99998") and "99998: tidak ada" in said("56304 sama 99998")
    assert "lokomotif" not in said("56304"), "what it excludes is not told as covered"
    assert answer("99998").text.startswith("Belum saya ketahui"), "nothing imported: the table is not everything"


def test_risk() -> None:
    def said(text: str) -> str:
        return checked(answer(text, {}, IMPORTED)).text

    asked = checked(answer("risiko 56304", {}, IMPORTED))
    assert "Skala Anda yang mana?" in asked.text and len(asked.buttons) == len(SCALES)
    micro = checked(answer("", parse(asked.buttons[0].payload)[1], IMPORTED)).text
    assert micro.startswith("Rendah (NIB) untuk usaha mikro") and "menurut sumber sekunder" in micro
    assert "oss.go.id" in micro
    assert micro == said("56304 resikonya apa? modal cm 30jt")
    small = said("risiko 56304 usaha kecil")
    assert "rendah (NIB) atau menengah tinggi" in small and "tidak memilihkan" in small
    large = said("risiko 56304 usaha besar")
    assert large.startswith("Tidak diketahui untuk usaha besar") and "bukan berarti rendah" in large
    assert said("risiko 56301").startswith("Tidak diketahui") and "bukan berarti rendah" in said("risiko 56301")
    assert answer("risiko 56304").text.startswith("Tidak diketahui"), "nothing imported"
    assert "Tidak ada: 99998" in said("risiko 99998")
    assert "56306 (penjual minuman keliling)" in answer("risiko kopi keliling gerobak, usaha mikro").text


def test_scale_in() -> None:
    assert [scale_in(text) for text in ("modal 30jt", "modal saya Rp2 miliar", "modal 7,5 M", "modal 20 m")] == [
        "mikro", "kecil", "menengah", "besar",
    ]  # fmt: skip
    assert (
        scale_in("modal 30.000.000") == "mikro"
        and scale_in("modal kerja") == ""
        and scale_in("usaha menengah") == "menengah"
    )
    assert scale_in("risiko menengah rendah") == ""


WORDS = [
    "jual",
    "bikin",
    "sama",
    "kopi",
    "es teh",
    "56304",
    "edisi 2020",
    "risiko",
    "kategori",
    "G",
    "judi",
    "bekas",
    "di",
    "ruko",
    ",",
    "9" * 16,
]


@given(text=st.one_of(st.text(max_size=300), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)))
@settings(max_examples=150, deadline=None)
def test_anything_gets_a_whole_reply(text: str) -> None:
    for held in (None, IMPORTED):
        reply = answer(text, {}, held)
        assert 0 < len(reply.text) <= LIMIT and "9" * 16 not in reply.text
        assert all(len(one.payload) <= MAX_PAYLOAD and 0 < len(one.title) <= MAX_TITLE for one in reply.buttons)


def test_long_texts_are_quick() -> None:
    begin = time.perf_counter()
    answer("zqxwvu plokij " * 5000)
    assert time.perf_counter() - begin < 2


def test_closed_by_trade() -> None:
    found = of_trade("judi")
    assert found and found.kind == "closed" and "Perjudian" in tell(found).text
