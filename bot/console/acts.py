"""The audit log's short names in officers' words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.console.words import MEANINGS
from bot.dates import say_date
from bot.knowledge.models import Knowledge

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
TITLES = {
    "act.recalled": "membatalkan tindakan sebelum dikirim",
    "answer-note.added": "memasang pemberitahuan di depan jawaban",
    "answer-note.ended": "mengakhiri pemberitahuan",
    "answer.approved": "menyetujui jawaban Pandu",
    "answer.edited": "mengubah jawaban Pandu",
    "answer.rejected": "menolak jawaban Pandu",
    "application.advanced": "memajukan permohonan",
    "application.claim-code": "membuat kode klaim",
    "application.contact-added": "menambah kontak pemohon",
    "application.contact-removed": "menghapus kontak pemohon",
    "application.corrected": "membetulkan tahap permohonan",
    "application.exported": "mengunduh daftar permohonan",
    "application.imported": "mengimpor daftar permohonan",
    "application.listed": "melihat permohonan di daftar",
    "application.noted": "menulis catatan permohonan",
    "application.read": "membaca permohonan",
    "application.receipt": "mencetak tanda terima",
    "application.receipt-sent": "mengirim tanda terima",
    "application.receipt-seen": "membuka tanda terima di percakapan (ada kode klaimnya)",
    "application.registered": "mendaftarkan permohonan",
    "audit.exported": "mengunduh catatan",
    "call-back.done": "selesai menghubungi kembali",
    "canned-reply.removed": "menghapus balasan siap",
    "canned-reply.saved": "menyimpan balasan siap",
    "complaint.answered": "mencatat jawaban laporan",
    "complaint.counts-exported": "mengunduh hitungan laporan",
    "complaint.file-read": "membuka berkas laporan",
    "complaint.list-exported": "mengunduh daftar laporan",
    "complaint.listed": "melihat laporan di daftar",
    "complaint.read": "membaca laporan",
    "complaint.retried": "mengirim ulang laporan",
    "complaint.revealed": "membuka identitas pelapor",
    "complaint.submitted": "mencatat nomor LAPOR!",
    "complaint.taken": "mengambil laporan",
    "conversation.exported": "mengunduh daftar percakapan",
    "conversation.listed": "melihat percakapan di daftar",
    "conversation.noted": "menulis catatan percakapan",
    "conversation.read": "membaca percakapan",
    "conversation.replied": "membalas pemohon",
    "emergency.called": "memanggil petugas untuk keadaan darurat",
    "emergency.group": "memberi tahu grup kantor tentang keadaan darurat",
    "emergency.no-group": "darurat tidak diambil dan kantor tidak punya grup",
    "emergency.repeated": "memanggil petugas lagi untuk keadaan darurat",
    "emergency.supervisor": "memanggil penyelia untuk keadaan darurat",
    "figures.exported": "mengunduh laporan layanan",
    "figures.letterhead-set": "mengatur kop surat",
    "conversation.labelled": "memasang label",
    "conversation.unlabelled": "melepas label",
    "label.changed": "mengubah label",
    "label.made": "membuat label",
    "label.removed": "menghapus label",
    "view.removed": "menghapus tampilan kantor",
    "view.saved": "menyimpan tampilan kantor",
    "handoff.claimed": "mengambil percakapan",
    "handoff.closed": "menutup percakapan",
    "handoff.given-back": "mengembalikan percakapan ke Pandu",
    "handoff.lease-ended": "percakapan kembali ke antrean karena didiamkan",
    "handoff.released": "melepas percakapan ke antrean",
    "handoff.snoozed": "menunda percakapan",
    "handoff.unsnoozed": "mengembalikan percakapan dari penundaan",
    "handoff.woken": "penundaan percakapan selesai",
    "handoff.assigned": "percakapan dibagikan otomatis",
    "office.sharing-set": "mengatur pembagian otomatis",
    "officer.skills-set": "mengatur keahlian petugas",
    "handoff.taken-over": "mengambil alih percakapan",
    "handoff.transferred": "mengalihkan percakapan",
    "key.exported": "mengunduh daftar kunci API",
    "key.made": "membuat kunci API",
    "key.revoked": "mencabut kunci API",
    "knowledge.declined": "menolak usulan pengetahuan",
    "knowledge.imported": "mengimpor pengetahuan",
    "knowledge.proposed": "mengusulkan perubahan jawaban",
    "knowledge.published": "menerbitkan pengetahuan",
    "knowledge.reviewed": "meninjau pengetahuan yang terbit",
    "knowledge.undone": "membatalkan penerbitan",
    "message-list.read": "membaca pesan yang tidak dipahami",
    "office.day-closed": "menandai hari kantor tutup",
    "office.day-rested": "membatalkan hari libur yang masuk kerja",
    "office.day-worked": "menandai hari libur yang masuk kerja",
    "office.special-hours-ended": "menghapus jam khusus",
    "office.special-hours-set": "mengatur jam khusus",
    "office.zone-set": "mengatur zona waktu kantor",
    "office.day-opened": "membatalkan hari kantor tutup",
    "office.group-code": "membuat kode grup kantor",
    "office.group-joined": "menghubungkan grup kantor",
    "office.group-lost": "grup kantor mengeluarkan Pandu",
    "office.group-parted": "memutuskan grup kantor",
    "office.hours-set": "mengatur jam layanan",
    "office.target-set": "mengatur target jawaban",
    "officer.added": "menambah petugas",
    "officer.calls-off": "mematikan notifikasi di perangkat",
    "officer.calls-on": "mengaktifkan notifikasi di perangkat",
    "officer.disabled": "menonaktifkan petugas",
    "officer.exported": "mengunduh daftar petugas",
    "officer.enabled": "mengaktifkan petugas",
    "officer.office-set": "mengatur kantor petugas",
    "officer.password-changed": "mengganti kata sandi",
    "officer.password-reset": "membuat kata sandi baru",
    "officer.refused": "gagal masuk",
    "officer.role-changed": "mengubah peran",
    "officer.signed-in": "masuk",
    "officer.signed-out": "keluar",
    "officer.totp-off": "mematikan kode sekali pakai",
    "officer.totp-on": "mengaktifkan kode sekali pakai",
    "person.joined": "menggabungkan percakapan satu orang",
    "person.named": "membetulkan nama pemohon",
    "person.parted": "memisahkan percakapan",
    "privacy.copy-asked": "meminta salinan data",
    "privacy.copy-given": "menerima salinan data",
    "privacy.erased-again": "data yang kembali dari cadangan dihapus lagi",
    "privacy.erased": "data dihapus",
    "privacy.erasing-confirmed": "menegaskan penghapusan data",
    "privacy.erasing-held": "penghapusan tertahan",
    "privacy.held": "melarang penghapusan data",
    "privacy.keys-rotated": "mengganti kunci enkripsi",
    "privacy.released": "mencabut larangan menghapus data",
    "rule.added": "menambah aturan jawaban",
    "rule.ended": "mengakhiri aturan jawaban",
    "standard.drafted": "menyimpan rancangan standar pelayanan",
    "standard.removed": "menghapus rancangan standar pelayanan",
    "team.saved": "menyimpan tim",
    "trial-question.kept": "menyimpan pertanyaan uji",
    "trial-question.removed": "menghapus pertanyaan uji",
    "understanding.exported": "mengunduh contoh pesan",
    "understanding.measured": "mengukur manfaat label",
}

SUBJECTS = {  # what an act was about
    "answer-note": "pemberitahuan",
    "application": "permohonan",
    "application-list": "daftar permohonan",
    "audit": "catatan",
    "canned-reply": "balasan siap",
    "complaint": "laporan",
    "complaint-list": "hitungan laporan",
    "conversation": "percakapan",
    "conversation-list": "daftar percakapan",
    "figures": "angka",
    "key": "kunci API",
    "key-list": "daftar kunci API",
    "message-list": "pesan yang tidak dipahami",
    "measurement": "pengukuran",
    "office": "kantor",
    "officer": "petugas",
    "officer-list": "daftar petugas",
    "proposal": "usulan pengetahuan",
    "publication": "penerbitan",
    "rule": "aturan jawaban",
    "standard-draft": "rancangan standar pelayanan",
    "label": "label",
    "team": "tim",
    "view": "tampilan",
    "trial-question": "pertanyaan uji",
}

DETAILS = {  # what is noted with an act
    "act": "tindakan",
    "again": "lagi",
    "below": "di bawah keyakinan",
    "changed": "berubah",
    "day": "hari",
    "devices": "perangkat",
    "draft": "rancangan",
    "entries": "bagian",
    "file": "berkas",
    "files": "berkas",
    "kind": "jenis",
    "kinds": "jenis",
    "messages": "pesan",
    "minutes": "menit",
    "name": "nama",
    "named": "menyebut",
    "new": "baru",
    "office": "kantor",
    "offices": "kantor",
    "other": "percakapan",
    "on": "menyala",
    "period": "masa",
    "proposal": "usulan",
    "role": "peran",
    "rows": "baris",
    "service": "layanan",
    "stage": "tahap",
    "times": "kali",
    "topic": "topik",
    "undoes": "membatalkan",
    "until": "sampai",
    "what": "laporan",
    "why": "sebab",
    "wrong": "salah",
    "zone": "zona waktu",
}
VALUES = {
    "administrator": "administrator",
    "answered": "pemohon membalas",
    "approve": "tunggu persetujuan petugas",
    "emergency": "darurat",
    "fact": "fakta",
    "hand_over": "serahkan kepada petugas",
    "layanan": "layanan",
    "new": "percakapan baru",
    "officer": "petugas",
    "out_of_scope": "di luar layanan",
    "pengaduan": "pengaduan",
    "phone": "telepon",
    "question": "pertanyaan",
    "skm": "survei (SKM)",
    "supervisor": "penyelia",
}


def who(actor: str, names: Mapping[str, str]) -> str:
    """Who acted, in officers' words. `names`: of officers, by "officer:12"."""
    if actor in names:
        return names[actor]
    kind, _, number = actor.partition(":")
    return {
        "system": "Pandu",
        "command-line": "teknisi",
        "officer": "petugas lain",
        "conversation": f"pemohon di percakapan {number}",
        "api": f"sistem {number}".strip(),
        "key": f"kunci API {number}".strip(),
    }.get(kind, actor)


def told(detail: Mapping[str, Any], knowledge: Knowledge, names: Mapping[str, str]) -> str:
    """What was noted with an act, in officers' words. `names`: of officers, by "officer:12"."""
    return ", ".join(
        f"{DETAILS.get(key, key)}: {_value(key, value, knowledge, names)}" for key, value in detail.items()
    )


def _value(key: str, value: Any, knowledge: Knowledge, names: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_value(key, one, knowledge, names) for one in value) or "semua"
    text = str(value)
    if key == "named":
        return who(f"officer:{text}", names)
    if key == "day" and _DAY.fullmatch(text):
        return say_date(date.fromisoformat(text))
    if key in ("office", "offices"):
        return knowledge.offices[text].label if text in knowledge.offices else text or "semua"
    if key == "service" and text in knowledge.services:
        return knowledge.services[text].label
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return VALUES.get(text) or MEANINGS.get(text) or text
