"""Words of calls, as a lock screen or a group may show them: no name, no number of a person, nothing that was said."""

from __future__ import annotations

NEW = "Percakapan baru menunggu"
NEW_BEFORE_OPENING = "Percakapan menunggu sejak sebelum buka"
ANSWERED = "Pemohon membalas Anda"
EMERGENCY = "Darurat: menunggu petugas"
NUMBERED = "Percakapan {number}"
WAITING = "{title} {minutes} menit"
WITH_SERVICE = "{title} – {service}"
EXAMPLE, EXAMPLE_BODY = "Notifikasi Pandu aktif", "Begini Anda dipanggil di perangkat ini."

E_CALLED = "Darurat: petugas kantor dipanggil."
E_REPEATED = "Darurat belum diambil: petugas kantor dipanggil lagi."
E_SUPERVISOR = "Darurat belum diambil: penyelia dipanggil."
E_GROUP = "Darurat belum diambil: grup kantor diberi tahu."
E_NO_GROUP = "Darurat belum diambil, dan kantor belum menyebut grup."

GROUP_JOINED = (
    "Grup ini sekarang dipanggil bila keadaan darurat di Pandu tidak diambil siapa pun ({office}). "
    "Pesan hanya memuat nomor percakapan dan tautannya. Pesan lain di grup ini tidak dibaca."
)
GROUP_CALL = "Darurat: percakapan {number} menunggu petugas {minutes} menit."
GROUP_TRY = "Ini contoh: begini grup ini dipanggil dari Pandu."
ALL_OFFICES = "semua kantor"
NO_CHANNEL = "Saluran grup ini tidak aktif di server."
GROUP_REFUSED = "Pesan tidak diterima grup: mungkin Pandu sudah dikeluarkan, atau tidak boleh menulis di sana."
