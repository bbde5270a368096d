"""Texts for an applicant when the engine has no part in it: files, floods, outages, queues, old menus."""

from __future__ import annotations

from bot.messages import Button, Reply

MENU = Button("Menu utama", "/show_menu")
PERSON = Button("Bicara dengan petugas", "/talk_to_human")
BACK_TO_BOT = Button("Kembali ke Pandu", "/back_to_bot")

EMPTY = Reply(
    "Pesan Anda sampai, tetapi saya tidak menemukan tulisan di dalamnya. Tuliskan pertanyaan Anda, misalnya "
    '"apa syarat izin industri di Kudus?"',
    (MENU,),
)
EMPTY_AGAIN = Reply(
    "Saya hanya bisa membaca tulisan. Pilih menu di bawah, atau bicaralah dengan petugas.", (MENU, PERSON)
)
OLD_BUTTON = Reply("Pilihan itu sudah tidak berlaku. Silakan mulai lagi dari menu.", (MENU,))
STALE_MENU = "Menu dengan nomor itu sudah lewat. Ini pilihan yang terakhir:"
NO_MENU = Reply("Saat ini tidak ada menu bernomor. Tuliskan pertanyaan Anda, atau buka menu utama.", (MENU,))
FLOOD = Reply("Saya menerima banyak pesan sekaligus. Semuanya tersimpan; saya jawab pesan Anda yang terakhir.")
OUTAGE = Reply(
    "Maaf, Pandu sedang mengalami gangguan. Pesan Anda sudah tersimpan dan akan saya jawab begitu pulih. "
    "Anda tidak perlu mengirim ulang."
)
ERROR = Reply(
    "Maaf, terjadi kesalahan di sistem kami saat menjawab pesan tadi. Silakan coba sekali lagi dengan kata lain, "
    "atau bicaralah dengan petugas.",
    (MENU, PERSON),
)
BACK = Reply("Anda kembali terhubung dengan Pandu. Apa yang ingin Anda tanyakan?", (MENU,))
WAITING = Reply(
    "Pesan Anda saya teruskan ke petugas. Selama menunggu, Pandu tidak ikut menjawab. "
    "Ingin bertanya lagi kepada Pandu? Pilih tombol di bawah.",
    (BACK_TO_BOT,),
)

KEPT = (
    "tersimpan dalam percakapan ini agar bisa dilihat petugas. Saya tidak membaca isinya. "
    "Jangan kirim foto KTP, kata sandi, atau kode OTP di sini."
)
MEDIA = {
    "photo": Reply(f"Foto Anda {KEPT} Ada yang ingin Anda tanyakan?", (MENU, PERSON)),
    "document": Reply(f"Dokumen Anda {KEPT} Ada yang ingin Anda tanyakan?", (MENU, PERSON)),
    "video": Reply(f"Video Anda {KEPT} Ada yang ingin Anda tanyakan?", (MENU, PERSON)),
    "voice": Reply("Maaf, saya belum bisa mendengarkan pesan suara. Tolong tuliskan pertanyaan Anda.", (MENU, PERSON)),
    "sticker": Reply("Terima kasih stikernya. Tuliskan pertanyaan Anda tentang izin usaha, atau buka menu.", (MENU,)),
    "location": Reply(
        "Terima kasih, tetapi saya tidak memakai lokasi. Sebutkan saja nama kabupaten atau kotanya, misalnya "
        '"Kudus" atau "Pariaman".',
        (MENU,),
    ),
    "contact": Reply(
        "Saya tidak menyimpan kontak orang lain. Tuliskan pertanyaan Anda tentang izin usaha, atau buka menu.", (MENU,)
    ),
    "other": Reply("Maaf, jenis pesan itu belum bisa saya baca. Tolong tuliskan pertanyaan Anda.", (MENU, PERSON)),
}
