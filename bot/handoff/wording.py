"""What applicants and officers read about handing over. Nothing here states an office's facts."""

from __future__ import annotations

SOMEBODY = "kantor"  # "petugas kantor": written from the command line, where nobody has signed in

# To the applicant
CONNECTED = "Anda terhubung dengan petugas {name}."
CHANGED = "Percakapan Anda dilanjutkan oleh petugas {name}."
TO_TEAM = "Percakapan Anda diteruskan ke {team}. Mohon tunggu, petugasnya akan membalas di sini."
QUEUED_AGAIN = "Percakapan Anda kembali ke antrean petugas. Anda tidak perlu mengulang; petugas berikutnya membacanya."
GIVEN_BACK = (
    "Percakapan dengan petugas {name} sudah selesai. Sekarang Anda kembali terhubung dengan Pandu{about}. "
    "Silakan tulis bila masih ada pertanyaan."
)
SOLVED = "Percakapan dengan petugas {name} ditutup. Terima kasih. Pandu siap membantu lagi kapan saja{about}."
ABOUT = " untuk {service}"

# To officers
TAKEN = "Percakapan ini sudah diambil petugas {name}."
NOT_YOURS = "Percakapan ini dipegang petugas {name}. Ambil alih atau minta diserahkan dulu."
IN_QUEUE = "Percakapan ini masih di antrean. Ambil dulu sebelum membalas."
CLOSED = "Percakapan ini sudah selesai dan kembali ke Pandu. Ambil percakapannya dulu bila masih perlu membalas."
UNKNOWN = "Percakapan tidak ditemukan."
ONLY_SUPERVISOR = "Hanya penyelia atau administrator yang dapat mengambil alih percakapan petugas lain."
NO_OFFICER = "Petugas itu tidak ada atau tidak aktif."
NO_TEAM = "Tim itu tidak ada."
WHERE_TO = "Pilih satu petugas atau satu tim."
NOTE_NEEDED = "Tulis catatan singkat untuk yang menerima."

E_CLAIMED = "{name} mengambil percakapan."
E_STEPPED_IN = "{name} masuk ke percakapan."
E_RELEASED = "{name} mengembalikan percakapan ke antrean."
E_LEASE = "Tidak ada kegiatan dari {name}: percakapan kembali ke antrean."
E_TO_OFFICER = "{name} menyerahkan percakapan kepada {to}."
E_TO_TEAM = "{name} menyerahkan percakapan kepada tim {to}."
E_TAKEN_OVER = "{name} mengambil alih dari {before}."
E_GIVEN_BACK = "{name} mengembalikan percakapan ke Pandu."
E_CLOSED = "{name} menutup percakapan."
E_BACK_TO_BOT = "Pemohon kembali ke Pandu."
E_REQUESTED = "Masuk antrean: {reason}"
