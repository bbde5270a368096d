"""Texts for applicants about their data, in chat."""

from __future__ import annotations

B_COPY = "Salinan data saya"
B_TEXT = "Kirim sebagai teks"
B_MORE_TEXT = "Lanjut"
B_ERASE = "Hapus data saya"
B_SURE = "Ya, hapus semuanya"
B_KEEP = "Jangan hapus"
B_OSS = "Data di OSS"

COPY = "Ini yang Pandu simpan tentang percakapan ini:\n{lines}"
COPY_LINK = (
    "Salinan lengkapnya dapat diunduh {minutes} menit ke depan:\n{url}\n\nTautan itu membuka data Anda tanpa kata "
    "sandi; jangan diteruskan ke orang lain."
)
COPY_NO_LINK = "Salinan lengkapnya saya kirim sebagai teks bila Anda menekan tombol di bawah."
COPY_FILE = "Salinan lengkapnya saya kirim sebagai berkas di percakapan ini; jangan diteruskan ke orang lain."
COPY_CAPTION = "Salinan data Anda di Pandu"
COPY_SIGNS = "Tanda ? dapat menggantikan emoji atau huruf yang tidak dapat dicetak di sini; teks aslinya ada di chat."
COPY_READ = "Petugas membaca percakapan ini {count} kali (dicatat per jam), terakhir {day}."
COPY_UNREAD = "Belum ada catatan petugas membaca percakapan ini."
TEXT_PAGE = "Data Anda, bagian {page} dari {pages}:\n\n{text}"

ERASE = "Menghapus data Anda di Pandu. Ini bukan penghapusan di OSS atau SIINas.\n\nYang dihapus:\n{gone}"
STAYS = "Yang tetap ada, dan sebabnya:\n{stays}"
ERASE_SURE = "Penghapusan tidak bisa dibatalkan. Hapus sekarang? Tombol ini berlaku {minutes} menit.\n\n{source}"
GONE_MESSAGES = "semua pesan di percakapan ini ({count})"
GONE_FILES = "berkas yang Anda kirim ({count})"
GONE_NAME = "nama dan nomor atau akun chat Anda"
GONE_GUIDES = "langkah panduan yang Anda jalani ({count})"
GONE_DRAFTS = "laporan dan draf yang belum dikirim petugas atau sistem kantor ({count}); yang menunggu ikut dibatalkan"
GONE_SENT = "isi dan nama di laporan yang sudah dikirim petugas atau sistem kantor ({count})"
GONE_LINKS = "hubungan percakapan ini ke permohonan ({count})"
GONE_REST = "ingatan kerja, catatan pemahaman, permintaan dan catatan petugas tentang percakapan ini"

HELD = (
    "Data percakapan ini untuk sementara tidak dapat dihapus, karena kantor masih memerlukannya untuk urusan yang "
    "belum selesai. Permintaan Anda tercatat. Sebabnya dapat Anda tanyakan kepada petugas."
)
STARTED = "Baik. Penghapusan dimulai sekarang. Setelah selesai, satu pesan terakhir datang di sini."
ALREADY = "Penghapusannya sudah dimulai. Pesan terakhir datang di sini."
EXPIRED = "Waktu untuk memastikan sudah lewat, jadi tidak ada yang dihapus. Bila masih ingin, mulai lagi:"
KEPT = "Baik, tidak ada yang dihapus."
DONE = (
    "Data Anda di Pandu sudah dihapus: {counts}.\n\n{stays}Nomor atau akun chat ini masih tersimpan paling lama satu "
    "jam, supaya pesan ini sampai. Bila Anda menulis lagi, percakapan baru dimulai."
)
DONE_STAYS = (
    "Yang tetap ada: catatan kantor tentang permohonan dan laporan yang sudah dikirim, tanpa isi percakapan.\n\n"
)
REMOVED = "[dihapus]"
FILE_GONE = "Dihapus setelah masa simpan."

CHANGED = "{changed} {text}{link}"
COMMANDS = "Ketik “data saya” untuk salinan, “hapus data saya” untuk menghapus."
ROLES = {"officer": "petugas", "supervisor": "penyelia", "administrator": "pengelola sistem"}

LOOKS = {
    "read": "membaca {what}",
    "listed": "melihat {what} di daftar",
    "taken": "mengambil {what} untuk dikirim",
    "revealed": "membuka isi {what}",
    "file-read": "membuka berkas {what}",
    "receipt": "mencetak tanda terima {what}",
}
SYSTEM = "sistem kantor"
