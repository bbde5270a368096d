"""Steps that somebody says were tried, which are left out; an error text is no such thing."""

from __future__ import annotations

import pytest

from bot.hearing import listen
from bot.knowledge.load import of_files


@pytest.mark.parametrize(
    ("message", "tried"),
    [
        ("udah ke dukcapil kata mereka aman", {"dukcapil"}),
        ("sdh coba email lama sama nomor lama ga bisa", {"old-login"}),
        ("udah telpon dinas ga diangkat, udah dateng juga", {"phoned", "came"}),
        ("udah lengkap semua masih ga bisa", {"refill"}),
        ("orangnya udah ga bisa dihubungi", {"asked-helper"}),
        ("wa oss ga dibales", {"asked-oss"}),
        ("jawaban dinas sudah saya tanggapi, belum dibalas", {"replied-lapor"}),
        ("sudah tanya tertulis ke sana", {"wrote"}),
        ("bersihin cache, pindah laptop, jaringan lain, tetap mentok", {"cache", "other-device", "other-network"}),
        ("percuma pasang ulang min", {"reinstall"}),
        ("incognito gak ngaruh", {"other-browser"}),
        ("reinstalled the app, switched browsers, same thing", {"reinstall", "other-browser"}),
        ("aplikasine wis tak copot, wifine wis ganti wifi, podo wae", {"reinstall", "other-network"}),
    ],
)
def test_what_was_done_is_heard(message: str, tried: set[str]) -> None:
    assert set(listen(of_files(), message).tried) == tried


@pytest.mark.parametrize(
    "message",
    [
        "gagal tersambung ke dukcapil udah 3 kali",
        "nik tidak ditemukan di dukcapil padahal sudah punya ktp",
        "tolong coba permudah kalau orang lupa kata sandi",
        "form galat terus padahal internet lancar dan sinyal bagus, sudah sejak pagi",
        "email lama udah mati, kode tetap ke sana",
        "dulu pernah didaftarin pendamping desa, sekarang nik sudah terdaftar",
        "akta perubahan sudah dibuat notaris bulan lalu",
        "pengelola pasar sudah punya kkpr",
        "di layar tertulis sudah selesai padahal jalannya masih rusak",
        "sudah lima kali mengadu tidak pernah ditanggapi dinas",
        "aduan saya sudah di tanggapi tapi jawabannya tidak nyambung",
        "kalau mau pasang ulang aplikasi, cache harus dihapus tidak",
        "enaknya pakai laptop atau hp lain",
    ],
)
def test_an_error_text_or_a_story_is_nothing_tried(message: str) -> None:
    assert not listen(of_files(), message).tried
