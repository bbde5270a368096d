"""Several questions in one message, with the really trained model."""

from __future__ import annotations

from bot.dialogue.intents import family_of
from tests.engine.conftest import Actions, RunningEngine

TWO = {
    "syarat dan biayanya apa saja ya?": {"ask_requirements", "ask_cost"},
    "syaratnya apa, trus berapa lama jadinya?": {"ask_requirements", "ask_duration"},
    "mau tanya biaya perluasan sama dasar hukumnya apa": {"ask_cost", "ask_legal_basis"},
    "otp gak masuk masuk, nomor cs oss berapa ya?": {"otp_not_received", "ask_contact"},
    "berapa lama prosesnya dan gratis apa bayar?": {"ask_duration", "ask_cost"},
    "cara daftar siinas gimana? syaratnya apa aja?": {"siinas_registration", "ask_requirements"},
    "permohonan saya sampai mana ya? tolong sambungkan ke petugas": {"track_status", "talk_to_human"},
    "dokumen apa yang perlu disiapkan terus ngurusnya lewat mana": {"ask_requirements", "ask_procedure"},
    "kbli toko kelontong berapa ya, sekalian syarat izinnya": {"ask_risk_or_kbli", "ask_requirements"},
    "biayane piro lan suwene pirang dina?": {"ask_cost", "ask_duration"},
    "apo sajo syaratnyo, bara biayanyo?": {"ask_requirements", "ask_cost"},
    "what are the requirements and how long does it take?": {"ask_requirements", "ask_duration"},
    "lama prosesnya berapa hari, kontak kantornya dong": {"ask_duration", "ask_contact"},
    "lupa password, sama mau ganti email": {"cannot_log_in", "change_email_or_phone"},
}
ONE = [
    "berapa biaya izin usaha industri di kudus?",
    "halo min, selamat pagi, mau tanya syaratnya apa saja ya? makasih",
    "bisa bicara sama petugas dan staf yang paham nggak ya",
    "kode otp nya gak masuk masuk dari tadi, sudah dicoba berkali kali",
    "nama usaha, alamat, dan nomor telepon saya salah semua di nib, mau diubah",
]


def parts(engine: RunningEngine, actions: Actions, text: str) -> tuple[str, list[str]]:
    """The intent, and the intents of the parts as an action gets them."""
    understood = engine.turn("parts", text=text).json()["understood"]
    message = actions.calls[-1]["tracker"]["latest_message"]
    return understood["intent"], [one["name"] for one in message["parts"]]


def test_both_questions_are_found(engine: RunningEngine, actions: Actions) -> None:
    found = {text: parts(engine, actions, text) for text in TWO}
    missed = {text: found[text] for text, wanted in TWO.items() if not wanted <= {found[text][0], *found[text][1]}}
    assert len(missed) <= 2, missed
    assert not [text for text in found if found[text][0] == "nlu_fallback"]


def test_one_question_has_no_second(engine: RunningEngine, actions: Actions) -> None:
    for text in ONE:
        intent, found = parts(engine, actions, text)
        assert intent not in ("greet", "thanks"), text  # politeness around a question is not the question
        others = {family_of(name) for name in found} - {family_of(intent)}
        assert not others, f"{text}: {intent} {found}"
