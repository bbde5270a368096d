"""What the desk's pages call things, in Indonesian."""

from __future__ import annotations

from bot.dialogue.intents import FAMILIES

CHANNELS = {"whatsapp": "WhatsApp", "telegram": "Telegram", "simulator": "Simulator"}
CHANNEL_ICONS = {"whatsapp": "message-circle", "telegram": "send", "simulator": "smartphone"}

KINDS = {  # why a person is needed: title, tone of its badge
    "requested": ("Minta petugas", ""),
    "failures": ("Pandu tidak paham", "calm"),
    "anger": ("Kecewa", "warn"),
    "emergency": ("Darurat", "bad"),
    "topic": ("Topik untuk petugas", "calm"),
    "stepped_in": ("Petugas masuk", ""),
    "survey": ("Belum terbantu", "warn"),
    "complaint": ("Pengaduan", "warn"),
}

STATUSES = {  # of an outgoing message: icon, title
    "held": ("hourglass", "Menunggu persetujuan"),
    "pending": ("clock", "Menunggu dikirim"),
    "sending": ("clock", "Sedang dikirim"),
    "sent": ("check", "Terkirim"),
    "delivered": ("check-check", "Sampai di ponsel"),
    "read": ("check-check", "Dibaca"),
    "failed": ("triangle-alert", "Tidak terkirim"),
    "suppressed": ("ban", "Tidak dikirim"),
}

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

FIELDS = {  # of canned replies
    "nama": "nama pemohon",
    "nomor_permohonan": "nomor permohonan",
    "layanan": "layanan",
    "kantor": "nama kantor",
    "petugas": "nama Anda",
}

_FAMILIES = {
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
TOPICS = {family: _FAMILIES[family] for family in FAMILIES}
"""What a rule may be about, by family (bot/dialogue/intents.py)."""
