"""The names of things on the desk's pages, in Indonesian."""

from __future__ import annotations

from bot.answers.wording import CHOICE_TITLES
from bot.conversations.hiding import NAME as HIDDEN_NAME

ALL_OFFICES = "Semua kantor"
ALL_SERVICES = "Semua layanan"

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
    "recallable": ("hourglass", "Masih dapat dibatalkan"),
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

MEANINGS = CHOICE_TITLES | {  # of a message, also those that applicants are never offered
    "affirm": "Mengiyakan",
    "ask_entry": "Pertanyaan yang punya jawaban sendiri",
    "ask_kbli": "Mencari kode KBLI",
    "complaint_answer": "Jawaban untuk laporan",
    "deny": "Menolak",
    "goodbye": "Berpamitan",
    "greet": "Menyapa",
    "guide_answer": "Jawaban di panduan",
    "guide_back": "Mundur di panduan",
    "guide_next": "Maju di panduan",
    "guide_stop": "Berhenti dari panduan",
    "guide_stuck": "Macet di panduan",
    "help": "Minta penjelasan cara memakai",
    "inform": "Menyebut kantor atau layanan",
    "nlu_fallback": "Tidak dipahami",
    "out_of_scope": "Di luar layanan",
    "start": "Memulai chat",
    "survey_feedback": "Tanggapan survei",
    "thanks": "Berterima kasih",
}

__all__ = ["FIELDS", "HIDDEN_NAME", "KINDS", "MEANINGS", "STATUSES", "WEEKDAYS"]
