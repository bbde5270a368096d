"""National guides to OSS: for everybody, without asking for a region; an office's own standard goes first."""

from __future__ import annotations

import itertools

import pytest

from bot.guides.walk import State, Walk, forward
from bot.knowledge.load import get_knowledge
from tests.actions.chat import Chat

K = get_knowledge()
GUIDES = [one for one in K.services.values() if K.is_national_guide(one)]
ASKS_REGION = ("di daerah mana", "perlu tahu daerahnya", "belum memegang standar")


async def finish(chat: Chat) -> list[str]:
    """Takes the first answer of every question and goes on to the end; the texts on the way."""
    told = []
    for _ in range(40):
        told.append(chat.last.text)
        if "Panduan selesai." in chat.last.text:
            return told
        title = next(title for title in chat.last.buttons if title not in ("Ubah jawaban", "Berhenti"))
        await chat.tap(title)
    raise AssertionError(told)


@pytest.mark.parametrize(
    ("intent", "text", "guide"),
    [
        ("ask_procedure", "mau buka usaha kerupuk rumahan mulai dari mana", "oss-nib"),
        ("ask_procedure", "mau buka laundry mulai dari mana", "oss-nib"),
        ("ask_procedure", "gimana cara bikin nib", "oss-nib"),
        ("account_problem", "cara daftar akun oss", "oss-akun"),
        ("siinas_reporting", "cara lapor lkpm", "lkpm"),
        ("cannot_edit_or_delete_data", "cara menutup nib", "oss-penutupan"),
        ("cannot_edit_or_delete_data", "ubah data nib", "oss-perubahan"),
    ],
)
async def test_from_a_first_message_to_a_finished_guide(chat: Chat, intent: str, text: str, guide: str) -> None:
    said = await chat.say(text, intent)
    assert f'"service":"{guide}"' in said.buttons["Mulai panduan"]
    await chat.tap("Mulai panduan")
    told = await finish(chat)
    assert not any(asked in one for one in told for asked in ASKS_REGION)
    assert "Siapkan dulu" in "\n".join(told)


@pytest.mark.parametrize(
    ("text", "guide"),
    [
        ("pandu saya bikin nib", "Dari akun sampai NIB"),
        ("tolong pandu buat akun oss", "Membuat akun OSS"),
        ("pandu lapor lkpm", "Menyampaikan LKPM"),
        ("pandu saya tutup nib", "Menutup NIB"),
        ("pandu ubah data usaha", "Mengubah data usaha"),
        ("pandu pulihkan akun oss", "Memulihkan akun OSS"),
        ("pandu pemenuhan persyaratan", "Memenuhi persyaratan"),
        ("pandu saya bikin nib di bandung", "Dari akun sampai NIB"),
    ],
)
async def test_a_guide_starts_by_its_name(chat: Chat, text: str, guide: str) -> None:
    said = await chat.say(text, "guide_start")
    assert guide in said.text
    assert not any(asked in said.text for asked in ASKS_REGION)


async def test_who_names_no_guide_is_offered_the_national_ones_first(chat: Chat) -> None:
    said = await chat.say("pandu saya", "guide_start")
    assert next(iter(said.buttons)) == "OSS (nasional)"
    assert "Kabupaten Kudus" in said.buttons
    offered = await chat.tap("OSS (nasional)")
    assert {one.label for one in GUIDES} == set(offered.buttons)
    assert "Dari akun sampai NIB" in (await chat.tap("Buat NIB")).text


async def test_the_standard_of_the_persons_office_goes_first(chat: Chat) -> None:
    offered = await chat.say("pandu saya bikin nib di kudus", "guide_start", {"office": "kudus"})
    assert "Kabupaten Kudus punya standar sendiri" in offered.text
    assert "SOP Kudus 2021" in offered.text
    assert [source["document"] for source in offered.sources] == ["SOP Kudus 2021"]
    assert list(offered.buttons) == ["Panduan kantor itu", "Panduan nasional"]
    assert "Izin Usaha Industri" in (await chat.tap("Panduan kantor itu")).text
    await chat.say("pandu saya bikin nib", "guide_start")
    assert "Dari akun sampai NIB" in (await chat.tap("Panduan nasional")).text


async def test_a_region_without_a_standard_of_its_own_is_not_held_up(chat: Chat) -> None:
    said = await chat.say("pandu saya lapor lkpm di kudus", "guide_start", {"office": "kudus"})
    assert "Menyampaikan LKPM" in said.text


async def test_a_question_about_the_national_affair_keeps_the_answer_of_the_office(chat: Chat) -> None:
    said = await chat.say("berapa lama daftar akun oss di kudus", "ask_duration", {"office": "kudus"})
    assert "15 menit" in said.text


async def test_second_hand_steps_say_so_and_law_does_not(chat: Chat) -> None:
    await chat.say("pandu saya bikin nib", "guide_start")
    for title in ("Sudah punya akun", "Perseorangan", "Mikro", "Lanjut ke langkah 1"):
        await chat.tap(title)
    assert "sumber sekunder, periksa lagi" in chat.last.text
    law = await chat.tap("Lanjut")
    assert "Periksa data pelaku usaha" in law.text
    assert "sekunder" not in law.text


async def test_stuck_names_the_help_desk_of_oss(chat: Chat) -> None:
    await chat.say("pandu saya bikin nib", "guide_start")
    for title in ("Sudah punya akun", "Perseorangan", "Mikro", "Lanjut ke langkah 1"):
        await chat.tap(title)
    stuck = await chat.tap("Saya macet")
    assert "0811-6774-642" in stuck.text
    assert "kata sandi" in stuck.text
    assert "Bicara petugas" in stuck.buttons


@pytest.mark.parametrize("guide", GUIDES, ids=lambda one: one.id)
def test_every_set_of_answers_leads_to_the_end(guide: object) -> None:
    assert guide in GUIDES
    service = K.services[guide.id]  # type: ignore[attr-defined]
    for procedure in service.procedures:
        options = [[(question.id, one.id) for one in question.options] for question in procedure.questions]
        for answers in itertools.product(*options):
            walk = Walk(service, procedure, dict(answers))
            assert walk.checklist()
            state = State(service.id, procedure.id, answers=dict(answers))
            for _ in walk.screens():
                state = forward(walk, state)
                assert state.status == "active"
            assert forward(walk, state).status == "done"
