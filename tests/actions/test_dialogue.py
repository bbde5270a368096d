"""Whole conversations through the executor: first contact, continuing, asking back, trouble, a person."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from actions.run import HANDLERS, action_of
from tests.actions.chat import PRIVACY, Chat

ROOT = Path(__file__).parents[2]


def test_actions_and_intents_are_those_of_the_rules() -> None:
    rules = yaml.safe_load((ROOT / "nlu_data" / "rules.yml").read_text("utf-8"))["rules"]
    pairs = {rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in rules}
    assert {intent: action_of(intent) for intent in pairs} == pairs
    assert set(HANDLERS) == set(yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["actions"])


async def test_first_greeting_introduces_and_shows_the_menu(chat: Chat) -> None:
    said = await chat.say("halo", "greet", first=True)
    assert "saya Pandu" in said.text
    assert "bukan OSS dan bukan SIINas" in said.text
    assert PRIVACY in said.text
    assert said.buttons["Syarat izin"] == "/ask_requirements" and len(said.buttons) == 5
    assert "Biaya" in (await chat.tap("Menu")).buttons
    again = await chat.say("halo", "greet")
    assert "saya Pandu" not in again.text


async def test_a_first_question_gets_a_short_introduction_and_its_answer(chat: Chat) -> None:
    said = await chat.say(
        "syarat izin perluasan di magetan",
        "ask_requirements",
        {"office": "magetan", "service_kind": "expansion"},
        first=True,
    )
    assert len(said.messages) == 2
    assert PRIVACY in said.messages[0]["text"]
    assert "1. NIB. 2. Scan akta" in said.messages[1]["text"]
    assert {source["document"] for source in said.messages[1]["sources"]} == {"Standar Pelayanan Magetan"}


async def test_a_part_of_a_standard_is_found_by_its_title(chat: Chat) -> None:
    said = await chat.say("sarana di kantor magetan apa saja", "ask_detail", {"office": "magetan"})
    assert "scanner" in said.text
    several = await chat.say("jaminan apa saja", "ask_detail")
    assert "kepastian syarat, waktu, biaya, dan prosedur" in several.text
    assert {one["document"] for one in (*said.sources, *several.sources)} == {"Standar Pelayanan Magetan"}


async def test_lkpm_is_told_apart_from_siinas(chat: Chat) -> None:
    said = await chat.say("bedanya lkpm sama laporan siinas", "siinas_reporting")
    assert said.text.startswith("Tidak sama: LKPM (laporan investasi) lewat OSS")
    assert "e-Reporting" in said.text and "sekunder, periksa lagi" in said.text
    assert {one["document"] for one in said.sources} >= {"PP 28/2025", "Panduan layanan SIINas"}


async def test_the_default_office_answers(chat: Chat) -> None:
    local = Chat(chat.session, chat.knowledge, chat.conversation, office="magetan")
    assert "5 hari" in (await local.say("berapa lama", "ask_duration")).text


@pytest.mark.parametrize(
    ("text", "intent", "service"),
    [
        ("gimana daftar akun siinas", "siinas_registration", "siinas-akun"),
        ("gimana isi data perusahaan di siinas", "siinas_company_data", "siinas-data-perusahaan"),
        ("gimana isi laporan siinas", "siinas_reporting", "siinas-laporan"),
        ("gimana caranya minta skpbki", "siinas_exemption", "siinas-skpbki"),
        ("gimana caranya verifikasi siinas", "siinas_verification", "siinas-verifikasi"),
    ],
)
async def test_siinas_questions_find_their_service(chat: Chat, text: str, intent: str, service: str) -> None:
    said = await chat.say(text, intent, {"office": "kudus"})
    assert chat.slots["service"] == service
    assert "1. " in said.text and "Sumber: Panduan layanan SIINas" in said.text
    assert {one["document"] for one in said.sources} == {"Panduan layanan SIINas"}


async def test_siinas_schedule_and_trouble(chat: Chat) -> None:
    assert "e-Reporting" in (await chat.say("kapan batas waktu lapor siinas", "siinas_reporting")).text
    trouble = await chat.say("email balasan siinas gak masuk masuk", "siinas_registration")
    assert trouble.text.startswith("E-mail SIINas") and "cek spam" in trouble.text
    assert "Sumber: " in trouble.text
    tried = await chat.tap("Sudah dicoba semua")
    assert "Helpdesk SIINas" in tried.text and tried.buttons["Bicara petugas"] == "/talk_to_human"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("apa syarat daftar akun siinas", "NPWP, NIB"),
        ("daftar siinas bayar brp", "Biaya – "),
        ("berapa lama daftar siinas", "Lama proses – "),
        ("gimana daftar siinas", "2. Pilih Registrasi akun SIINas"),
    ],
)
async def test_siinas_questions_are_answered_at_the_level_asked(chat: Chat, text: str, told: str) -> None:
    assert told in (await chat.say(text, "siinas_registration")).text


@pytest.mark.parametrize(
    "payload",
    [
        '/ask_detail{"office":"kudus","detail":"' + "x" * 150 + '"}',
        '/ask_cost{"office":"","page":"-4","step":"x"}',
        '/ask_requirements{"service":"kudus-iui","page":9999}',
        '/ask_procedure{"service":"pariaman-ketenagakerjaan-mt","flow":"lain","step":77}',
        '/ask_term{"term":"' + "y" * 150 + '","page":55}',
        '/account_problem{"topic":"tidak-ada","page":99}',
        '/ask_risk_or_kbli{"topic":"tidak-ada","detail":"list","page":99}',
        '/guide_answer{"service":"x","flow":"y","question":"z","answer":"?"}',
        '/guide_next{"service":"kudus-iui","flow":"utama","step":-5}',
        '/guide_start{"service":"kudus-iui","flow":"entah"}',
        '/inform{"service_kind":"ekspor"}',
        '/ask_contact{"office":"unnamed","page":7}',
    ],
)
async def test_payloads_typed_by_hand_get_a_sensible_sentence(chat: Chat, payload: str) -> None:
    said = await chat.send(payload)
    assert said.text.strip()
    assert all(len(one) <= 200 for one in said.buttons.values())


async def test_terms_by_id_by_words_and_unknown(chat: Chat) -> None:
    assert "Nomor Induk Berusaha" in (await chat.say("nib itu apa", "ask_term", {"term": "nib"})).text
    assert "Klasifikasi Baku" in (await chat.say("apa itu kode kbli", "ask_term")).text
    unknown = await chat.say("apa itu zonasi", "ask_term")
    assert unknown.text.startswith("Jawaban untuk itu belum saya punya")
    assert unknown.sources == [], "nothing is stated of a term that is not held"
    assert list(unknown.buttons.values())[-1] == "/talk_to_human" and len(unknown.buttons) > 1


async def test_risk_is_explained_from_words_or_level(chat: Chat) -> None:
    asked = await chat.say("cek risiko usaha saya", "ask_risk_or_kbli")
    assert "ruang lingkup, dan skala" in asked.text and "tidak menebaknya" in asked.text
    assert "PP 28/2025" in {one["document"] for one in asked.sources}
    level = await chat.say("kalau MT?", "ask_risk_or_kbli", {"risk_level": "MT"})
    assert level.text.startswith("Risiko menengah tinggi") and level.sources


async def test_two_misunderstandings_lead_to_a_person(chat: Chat) -> None:
    ranking = ("nlu_fallback", "out_of_scope", "ask_cost", "cannot_log_in", "greet", "ask_term", "ask_product")
    first = await chat.say("hmm gitu deh", "nlu_fallback", ranking=ranking)
    assert list(first.buttons.values()) == ["/ask_cost", "/cannot_log_in", "/ask_term", "/talk_to_human"]
    second = await chat.say("ya gitu", "nlu_fallback", ranking=ranking)
    assert second.buttons["Bicara petugas"] == "/talk_to_human"
    later = [(await chat.say("ya gitu", "nlu_fallback", ranking=ranking)).text for _ in range(4)]
    texts = [first.text, second.text, *later]
    assert all(one != following for one, following in pairwise(texts))
    await chat.say("biaya di magetan", "ask_cost", {"office": "magetan"})
    assert (await chat.say("zzz", "nlu_fallback", ranking=ranking)).text == texts[0]


@pytest.fixture
async def no_applications(session: AsyncSession) -> None:
    """An office that has registered nothing, whatever ran before."""
    await session.execute(text("truncate applications cascade"))


@pytest.mark.usefixtures("no_applications")
async def test_yes_takes_the_first_guess(chat: Chat) -> None:
    await chat.say("hmm", "nlu_fallback", ranking=("track_status",))
    assert "belum terhubung" in (await chat.say("iya", "affirm")).text


@pytest.mark.parametrize("text", ["cuaca besok", "skor bola semalam", "melipat kertas", "siapa presiden indonesia"])
async def test_out_of_scope_is_kind_and_varies(chat: Chat, text: str) -> None:
    said = [await chat.say(text, "out_of_scope") for _ in range(5)]
    assert "izin usaha" in said[0].text
    assert all("Bicara petugas" in one.buttons and "lapor.go.id" in one.text for one in said)
    assert {source["document"] for one in said for source in one.sources} == {"laman Tentang LAPOR!"}
    assert all(one.text != following.text for one, following in pairwise(said))


async def test_a_matter_that_is_known_after_all_is_answered(chat: Chat) -> None:
    said = await chat.say("cara daftar merek dagang", "out_of_scope")
    assert said.sources and "failures" not in {name for name, value in chat.slots.items() if value}


async def test_a_repeated_not_stated_answer_is_not_said_in_the_same_words(chat: Chat) -> None:
    first = await chat.say("biaya", "ask_cost", {"office": "kudus", "service": "kudus-iui"})
    second = await chat.say("biaya", "ask_cost", {"office": "kudus", "service": "kudus-iui"})
    assert first.text != second.text and first.text in second.text


async def test_the_person_is_asked_for_once_with_a_reason(chat: Chat) -> None:
    await chat.say("biaya", "ask_cost", {"office": "kudus", "service": "kudus-iui"})
    said = await chat.say("mau bicara orang", "talk_to_human")
    assert "petugas" in said.text
    assert said.buttons == {"Kembali ke Pandu": "/back_to_bot"}
    ((conversation, reason),) = chat.requests
    assert conversation == chat.conversation
    assert "Biaya" in reason and "Kudus" in reason


@pytest.mark.parametrize(
    ("text", "intent", "first", "never"),
    [
        ("kode otp tidak masuk", "otp_not_received", "Cek ejaan e-mail dan folder spam", "Jangan kirim kode"),
        ("nik sudah terdaftar", "nik_already_registered", "Jangan daftar ulang", "Jangan kirim NIK"),
        ("tidak bisa login oss", "cannot_log_in", "Lupa kata sandi", "Jangan kirim kata sandi atau OTP"),
        ("gagal unggah dokumen", "upload_failed", "kecilkan, beri nama pendek", ""),
    ],
)
async def test_account_trouble_states_sourced_facts_and_asks_for_no_secret(
    chat: Chat, text: str, intent: str, first: str, never: str
) -> None:
    said = await chat.say(text, intent)
    assert first in said.text and "Sumber: " in said.text
    tried = await chat.tap("Sudah dicoba semua")
    assert "Bantuan OSS" in tried.text and "0811-6774-642" in tried.text and "Sumber: " in tried.text
    assert never in tried.text
    assert tried.buttons["Bicara petugas"] == "/talk_to_human"


async def test_unclear_account_trouble_offers_what_is_known(chat: Chat) -> None:
    said = await chat.say("akun saya bermasalah", "account_problem")
    assert said.buttons["Kode OTP tidak masuk"] == '/account_problem{"topic":"otp-not-received"}'
    assert "Sumber: " in (await chat.tap("Kode OTP tidak masuk")).text
    assert "Sumber: " in (await chat.say("lupa password terus", "account_problem")).text


async def test_numbers_of_people_are_never_repeated(chat: Chat) -> None:
    nik = "3319012345678901"
    for intent in ("track_status", "nlu_fallback", "nik_already_registered", "ask_cost", "out_of_scope"):
        said = await chat.say(f"nik saya {nik} tolong dicek", intent, {"nik": nik})
        assert nik not in said.text
        assert "jangan kirim NIK" in said.messages[0]["text"]


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("kode otp saya 482913", True),
        ("password: rahasia123", True),
        ("kata sandi saya adalah mawar", True),
        ("lupa password", False),
        ("otp tidak masuk", False),
        ("nib 1234567890123", False),
    ],
)
async def test_secrets_are_warned_about(chat: Chat, text: str, warned: bool) -> None:
    assert ("Demi keamanan" in (await chat.say(text, "account_problem")).text) == warned


@pytest.mark.usefixtures("no_applications")
async def test_status_is_honest(chat: Chat) -> None:
    said = await chat.say("sudah sampai mana izin saya", "track_status", {"application_number": "IP-2026-0001"})
    assert "belum terhubung" in said.text and "oss.go.id" in said.text
    assert "IP-2026" not in said.text
    assert "Kabupaten Magetan" in said.buttons
    known = await chat.say("status di magetan", "track_status", {"office": "magetan"})
    assert "0351-891321" in known.text


async def test_complaints_get_channels_and_no_false_promise(chat: Chat) -> None:
    said = await chat.say("petugasnya tidak ramah", "complaint")
    assert "Anda berhak mengadu" in said.text and "sumber sekunder, periksa lagi" in said.text
    assert "Buat laporan" in said.buttons and said.buttons["Bicara petugas"].startswith("/talk_to_human")
    assert "Kabupaten Magetan" in (await chat.tap("Saluran kantor")).buttons
    told = await chat.tap("Kabupaten Magetan")
    assert "0895633648010" in told.text and "LAPOR!" in told.text
    await chat.say("keluhan di kudus", "complaint", {"office": "kudus"})
    kudus = await chat.tap("Saluran kantor")
    assert "tidak disebutkan" in kudus.text and "LAPOR!" in kudus.text
    assert "Belum ada yang dikirim" in (await chat.say("saya mau mengadu", "complaint")).text


async def test_identity_and_privacy(chat: Chat) -> None:
    assert "bukan orang" in (await chat.say("kamu siapa", "bot_identity")).text
    privacy = await chat.tap("Data pribadi saya")
    assert "Petugas dapat membaca" in privacy.text and PRIVACY in privacy.text


async def test_help_desk_contacts_are_found_by_name(chat: Chat) -> None:
    assert "kontak@oss.go.id" in (await chat.say("nomor wa oss berapa", "ask_contact")).text


async def test_small_talk(chat: Chat) -> None:
    assert "Sama-sama" in (await chat.say("makasih", "thanks")).text
    assert (await chat.say("makasih", "thanks")).text != (await chat.say("makasih ya", "thanks")).text
    assert (await chat.say("dah", "goodbye")).text
    assert (await chat.say("ya", "affirm")).buttons == {"Menu": "/show_menu"}
    assert (await chat.say("tidak", "deny")).buttons == {"Menu": "/show_menu"}
    assert (await chat.say("bagus aplikasinya", "survey_feedback")).buttons == {"Menu": "/show_menu"}
    assert "menu" in (await chat.say("bantuan", "help")).text
