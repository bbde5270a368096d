"""Regions and services in a conversation: gone on with, asked for, not held, none, another."""

from __future__ import annotations

import pytest

from bot.answers.payloads import parse
from tests.actions.chat import Chat


async def test_the_last_question_goes_on_in_another_region(chat: Chat) -> None:
    magetan = {"office": "magetan", "service_kind": "expansion"}
    first = await chat.say("berapa lama izin perluasan di magetan", "ask_duration", magetan)
    assert "5 hari" in first.text
    second = await chat.say("kalau di kudus?", "inform", {"office": "kudus"})
    assert "15 hari" in second.text and "5 hari, dihitung" not in second.text
    third = await chat.say("biayanya?", "ask_cost")
    assert "Kudus" in third.text and "tidak disebutkan" in third.text.lower()
    fourth = await chat.say("yang baru", "inform", {"service_kind": "new"})
    assert "tidak disebutkan dalam SOP Kudus" in fourth.text, "it is the same for both services"
    assert {source["document"] for source in fourth.sources} == {"SOP Kudus 2021"}
    assert chat.slots["service"] == "kudus-iui"
    fifth = await chat.say("syaratnya?", "ask_requirements")
    assert "KTP" in fifth.text and "NPWP" in fifth.text and "Perluasan" not in fifth.text
    assert {source["document"] for source in fifth.sources} == {"SOP Kudus 2021"}
    assert chat.slots["service"] == "kudus-iui"


async def test_a_region_that_was_asked_for_answers_the_question(chat: Chat) -> None:
    asked = await chat.say("berapa lama?", "ask_duration")
    assert "Usaha Anda di daerah mana?" in asked.text and not asked.sources
    assert parse(asked.buttons["Kabupaten Kudus"]) == ("ask_duration", {"office": "kudus"})
    told = await chat.say("kudus", "inform", {"office": "kudus"})
    assert told.text.startswith("15 hari")
    clauses = ["A, Waktu langkah 1 sampai 8", "B, Waktu langkah 1 sampai 8"]
    assert told.sources == [{"document": "SOP Kudus 2021", "clause": one} for one in clauses], "it holds for both"
    assert chat.slots["office"] == "kudus" and not chat.slots.get("service")


async def test_a_tapped_region_asks_for_the_service(chat: Chat) -> None:
    await chat.say("berapa lama?", "ask_duration")
    which = await chat.tap("Kabupaten Kudus")
    assert parse(which.buttons["Izin Usaha Industri"]) == ("ask_duration", {"service": "kudus-iui"})
    assert "15 hari" in (await chat.tap("Izin Usaha Industri")).text
    assert chat.slots["office"] == "kudus" and chat.slots["service"] == "kudus-iui"


async def test_typed_words_do_not_choose_a_region(chat: Chat) -> None:
    asked = await chat.say("mau urus ijin industri", "ask_procedure", {"service": "kudus-iui"})
    assert {source["document"] for source in asked.sources} == {"PP 28/2025"}, "what holds everywhere"
    assert "Kudus" not in asked.text and not chat.slots.get("service") and not chat.slots.get("office")
    told = await chat.say("kudus", "inform", {"office": "kudus"})
    assert "Kudus" in told.text and "1. " in told.text


async def test_an_office_with_one_service_is_not_asked_which(chat: Chat) -> None:
    said = await chat.say("syarat di pariaman", "ask_requirements", {"office": "pariaman"})
    assert "KTP elektronik" in said.text


async def test_pariaman_offers_the_ways_for_steps_but_not_for_the_cost(chat: Chat) -> None:
    cost = await chat.say("biaya", "ask_cost", {"office": "pariaman"})
    assert "tidak dipungut biaya" in cost.text
    assert {source["document"] for source in cost.sources} == {"SK Pariaman 22/2021"}
    steps = await chat.say("langkahnya?", "ask_procedure")
    assert "mandiri 15 langkah, dibantu 16 langkah" in steps.text
    assert steps.buttons["Langkah mandiri"] == '/ask_entry{"topic":"pariaman-mandiri-langkah"}'
    assert steps.buttons["Langkah dibantu"] == '/ask_entry{"topic":"pariaman-dibantu-langkah"}'
    assert {source["document"] for source in steps.sources} == {"SK Pariaman 22/2021"}
    told = await chat.say("dibantu", "inform", {"flow": "dibantu"})
    assert "antrean" in told.text and "Dinas Teknis" in told.text
    assert {source["document"] for source in told.sources} == {"SK Pariaman 22/2021"}
    guide = {"service": "pariaman-ketenagakerjaan-mt", "flow": "dibantu"}
    assert parse(told.buttons["Dibantu petugas"]) == ("guide_start", guide)
    assert chat.slots["subject"] == "pariaman-dibantu-langkah"


async def test_the_same_question_asked_back_is_worded_differently(chat: Chat) -> None:
    first = await chat.say("biaya", "ask_cost")
    second = await chat.say("biayanya berapa", "ask_cost")
    assert first.text != second.text
    assert first.buttons == second.buttons


@pytest.mark.parametrize(
    ("text", "entities", "region"),
    [
        ("biaya izin industri di jepara", {}, "Kabupaten Jepara"),
        ("biaya di padang pariaman", {"office": "pariaman"}, "Kabupaten Padang Pariaman"),
    ],
)
async def test_a_region_that_is_not_held_is_said_so(
    chat: Chat, text: str, entities: dict[str, str], region: str
) -> None:
    said = await chat.say(text, "ask_cost", entities)
    assert f"Saya belum punya standar {region}. Tanyakan ke DPMPTSP {region}" in said.text
    assert "dipungut" not in said.text and "gratis" not in said.text.lower()
    assert {source["document"] for source in said.sources} == {"PP 28/2025"}, "nothing of another office"
    assert said.buttons["Bicara petugas"] == "/talk_to_human"
    assert chat.slots["office"] == f"region:{region}"


async def test_a_place_that_is_none_is_asked_for(chat: Chat) -> None:
    said = await chat.say("biaya di sana", "ask_cost", {"office": "wonderland"})
    assert "Usaha Anda di daerah mana?" in said.text and "Daerah lain" in said.buttons
    assert "dipungut" not in said.text


async def test_another_region_by_button(chat: Chat) -> None:
    await chat.say("biaya", "ask_cost")
    assert "belum memegang standar pelayanan daerah itu" in (await chat.tap("Daerah lain")).text


async def test_a_service_is_not_asked_for_again_and_again(chat: Chat) -> None:
    first = await chat.send('/ask_procedure{"office":"kudus"}')
    assert first.text.endswith("Kabupaten Kudus?") or first.text.endswith("Kabupaten Kudus:")
    second = await chat.send("/ask_requirements")
    assert second.text.startswith("Saya jawab untuk Izin Usaha Industri.")
    assert "Syarat – Izin Usaha Industri (OSS) di Kabupaten Kudus" in second.text
    assert "Syarat – Izin Perluasan" in (await chat.tap("Perluasan Industri")).text


async def test_what_holds_for_both_services_of_an_office_needs_no_choice(chat: Chat) -> None:
    first = await chat.say("berlaku untuk pabrik besar saja di kudus?", "ask_procedure", {"office": "kudus"})
    assert "tidak disebutkan: SOP Kudus hanya menulis nama izinnya" in first.text
    assert {source["document"] for source in first.sources} == {"SOP Kudus 2021", "PP 28/2025"}
    second = await chat.say("syaratnya", "ask_requirements")
    assert second.text.startswith("Syarat izin usaha industri dan perluasan yang tertulis di SOP Kudus: KTP, NPWP")
    clauses = {source["clause"] for source in second.sources}
    assert {source["document"] for source in second.sources} == {"SOP Kudus 2021"}
    assert {"A kolom Kelengkapan", "B kolom Kelengkapan"} <= clauses and not chat.slots.get("service")


async def test_a_choice_between_national_systems_is_no_question_of_region(chat: Chat) -> None:
    tapped = await chat.send('/ask_procedure{"service_kind":"verification"}')
    assert "yang mana?" in tapped.text and "Daerah lain" not in tapped.buttons
    said = await chat.say(
        "apa saja langkah verifikasi sertifikat standar", "ask_procedure", {"service_kind": "verification"}
    )
    assert said.text.startswith("Verifikasi Sertifikat Standar atau Izin lewat OSS") and "oss.go.id" in said.text
    assert {source["document"] for source in said.sources} == {"Standar Pelayanan IUI/OSS (daerah tidak disebut)"}
    assert "Mulai panduan" in said.buttons and "Daerah lain" not in said.buttons
    assert chat.slots["service"] == "verifikasi-iui-oss" and not chat.slots.get("office")
