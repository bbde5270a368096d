"""Topics of rules, as officers read them: the families of bot/dialogue/intents.py."""

from __future__ import annotations

from typing import Final

from bot.dialogue.intents import family_of

TOPICS: Final[dict[str, str]] = {
    "greet": "Salam pembuka",
    "goodbye": "Salam penutup",
    "thanks": "Terima kasih",
    "affirm": "Ya atau lanjut",
    "deny": "Tidak atau batal",
    "bot_identity": "Tentang Pandu",
    "ask_requirements": "Persyaratan",
    "ask_procedure": "Alur dan langkah",
    "ask_duration": "Lama proses",
    "ask_cost": "Biaya",
    "ask_product": "Produk layanan dan istilah",
    "ask_legal_basis": "Dasar hukum",
    "ask_contact": "Kontak dan pengaduan kantor",
    "ask_risk_or_kbli": "Risiko dan KBLI",
    "account_problem": "Masalah akun OSS",
    "siinas_registration": "SIINas: pendaftaran",
    "siinas_company_data": "SIINas: data perusahaan",
    "siinas_reporting": "SIINas: pelaporan",
    "siinas_verification": "SIINas: verifikasi",
    "track_status": "Status permohonan",
    "complaint": "Keluhan dan pengaduan",
    "talk_to_human": "Minta petugas",
    "survey_feedback": "Survei dan umpan balik",
    "out_of_scope": "Di luar layanan atau tidak dipahami",
}


def topic_title(topic: str) -> str:
    """Of a family, or of the family that an intent belongs to."""
    return TOPICS.get(topic) or TOPICS[family_of(topic)]
