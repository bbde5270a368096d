"""Citizens' troubles with public services that are no licensing: sent to LAPOR!, not to a page about licences."""

from __future__ import annotations

import pytest

from bot.answers import finding
from bot.answers.context import Context
from bot.hearing import listen
from bot.knowledge.load import get_knowledge

ENTRY = "lapor-layanan-umum"


@pytest.mark.parametrize(
    "text",
    [
        "pak jalan di kampung saya sudah dua tahun berlubang, kemarin ada yang jatuh. kapan ditambal",
        "lampu jalan mati semua di gang saya",
        "air PDAM sudah 3 hari ga ngalir di perumahan kami",
        "lampu merah di perempatan pasar mati dari kemarin",
        "selokan depan masjid mampet, tiap hujan air masuk rumah warga",
        "dalan desa rusak kabeh, kapan didandani pak",
    ],
)
def test_it_is_said_where_to_report_it(text: str) -> None:
    knowledge = get_knowledge()
    found = finding.find(knowledge, listen(knowledge, text, "out_of_scope", 0.6), Context())
    assert found.best is not None
    assert found.best.passage.id == ENTRY
    assert found.outcome != "unsure"


@pytest.mark.parametrize(
    "text",
    [
        "jalan usaha saya mandek, izin ga keluar keluar",
        "jalan depan gudang saya sempit, apa kkpr bisa ditolak",
        "mau buka usaha jual lampu hias kbli nya apa",
        "pabrik tetangga buang sampah dan limbah ke sungai",
        "mau buka usaha bank sampah perlu izin apa",
        "aplikasi oss mati terus dari kemarin",
    ],
)
def test_a_matter_of_licensing_is_not_sent_away(text: str) -> None:
    knowledge = get_knowledge()
    found = finding.find(knowledge, listen(knowledge, text), Context())
    assert found.best is None or found.best.passage.id != ENTRY
