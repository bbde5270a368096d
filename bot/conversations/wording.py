"""Texts for an applicant when the engine has no part in it: files, floods, outages, queues, old menus."""

from __future__ import annotations

from collections.abc import Sequence

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
NO_NEWS = Reply(
    "Baik, Anda tidak akan menerima kabar dan survei dari kami lagi. Pertanyaan Anda tetap saya jawab. "
    "Ingin menerima kabar lagi? Tulis START."
)
NEWS_AGAIN = Reply("Baik, Anda akan menerima kabar dari kami lagi. Ingin berhenti? Tulis STOP.")
THANKED = Reply("Sama-sama. Ada lagi yang ingin Anda tanyakan?", (MENU,))
WAITING = Reply(
    "Pesan Anda saya teruskan ke petugas. Selama menunggu, Pandu tidak ikut menjawab. "
    "Ingin bertanya lagi kepada Pandu? Pilih tombol di bawah.",
    (BACK_TO_BOT,),
)

_FILES = {"photo": "foto", "document": "dokumen", "video": "video"}
KEPT = (
    "sampai dan sedang disimpan untuk petugas; bila gagal, Anda saya kabari. Isinya tidak saya baca. "
    "Jangan kirim foto KTP, kata sandi, atau kode OTP."
)
MEDIA = {
    **{
        kind: Reply(f"{name.capitalize()} Anda {KEPT} Ada yang ingin Anda tanyakan?", (MENU, PERSON))
        for kind, name in _FILES.items()
    },
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


def files_came(kinds: Sequence[str]) -> str:
    """Before the answer to what was written under these files."""
    name = _FILES[kinds[0]] if len(set(kinds)) == 1 else "berkas"
    what = name.capitalize() if len(kinds) == 1 else f"{len(kinds)} {name}"
    return f"{what} Anda sampai dan sedang disimpan untuk petugas; saya tidak membaca isinya."


def album(kinds: Sequence[str]) -> Reply:
    """The one answer to several files that came together without words."""
    name = _FILES[kinds[0]] if len(set(kinds)) == 1 else "berkas"
    return Reply(f"{len(kinds)} {name} Anda {KEPT} Ada yang ingin Anda tanyakan?", (MENU, PERSON))


def file_lost(kind: str, *, too_big: bool, megabytes: float) -> str:
    """What the person is told of a file that could not be kept."""
    name = _FILES.get(kind, "berkas")
    if too_big:
        return (
            f"{name.capitalize()} yang Anda kirim terlalu besar untuk disimpan (paling besar {megabytes:g} MB), jadi "
            "petugas tidak dapat melihatnya. Bila perlu, kirim lagi dalam ukuran yang lebih kecil."
        )
    return (
        f"Maaf, {name} yang Anda kirim tidak berhasil kami simpan, jadi petugas tidak dapat melihatnya. "
        "Bila masih perlu, mohon kirim sekali lagi."
    )


TOO_LATE = "Tidak terkirim selama gangguan layanan chat; warga diberi tahu apa yang terlewat."


def missed(questions: Sequence[str], *, officers: bool) -> str:
    """After an outage of hours: what the person was not told. `officers`: words of an officer, too."""
    lines = [f'• jawaban untuk "{one}"' for one in questions] + (["• pesan dari petugas"] if officers else [])
    what = (
        "\n".join(["Yang belum sampai kepada Anda:", *lines]) if lines else "Ada pesan yang belum sampai kepada Anda."
    )
    return (
        "Maaf, layanan chat sempat terganggu lama sehingga pesan kami tidak terkirim. "
        f"{what}\nBila masih perlu, silakan tanyakan lagi."
    )
