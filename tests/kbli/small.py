"""A small invented classification, as an office would import it."""

from __future__ import annotations

from bot.kbli.classification import Classification, Entry

NOW = [
    Entry("13133", "Industri Kain Batik", "Kelompok ini mencakup pembatikan dengan malam."),
    Entry("56301", "Aktivitas Bar", "Kelompok ini mencakup bar."),
    Entry(
        "56304",
        "Aktivitas Kedai Minuman",
        "Kelompok ini mencakup kedai minuman. Kelompok ini tidak mencakup lokomotif uap, lihat 30200.",
    ),
    Entry("56400", "Aktivitas Jasa Intermediasi Penyediaan Makanan dan Minuman", "Kelompok ini mencakup perantara."),
    Entry("77410", "Penyewaan Teleskop Bintang", "Kelompok ini mencakup penyewaan teleskop dan teropong bintang."),
    Entry("17091", "Industri Kertas Tisu", "Kelompok ini mencakup tisu."),
    Entry("20999", "Industri Teleskop", "Kelompok ini mencakup pembuatan teleskop bintang."),
    *(Entry(f"4{number:04d}", f"Kegiatan Lain {number}", "Kelompok ini mencakup lain.") for number in range(300)),
]
BEFORE = [
    Entry("13133", "Industri Pencetakan Kain"),
    Entry("56304", "Kedai Minuman"),
    Entry("56999", "Kedai Lama"),
    Entry("14999", "Konveksi Lama"),
    Entry("77777", "Tanpa Penerus"),
]
LINKS = {
    "13133": {"13132": False},
    "56304": {"56304": False, "56400": False},
    "56999": {"56304": False, "56301": False, "56400": False, "17091": True},
    "14999": {"17091": True},
}
RISKS = {"56304": {"mikro": ("Rendah",), "kecil": ("Rendah", "Menengah Tinggi")}}


IMPORTED = Classification({one.code: one for one in NOW}, {one.code: one for one in BEFORE}, LINKS, RISKS)
