"""Texts for applicants and officers about handing over. Nothing here states an office's facts."""

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
E_GONE = "Akun {name} dinonaktifkan: percakapan kembali ke antrean."
E_TO_OFFICER = "{name} menyerahkan percakapan kepada {to}."
E_TO_TEAM = "{name} menyerahkan percakapan kepada tim {to}."
E_TAKEN_OVER = "{name} mengambil alih dari {before}."
E_GIVEN_BACK = "{name} mengembalikan percakapan ke Pandu."
E_CLOSED = "{name} menutup percakapan."
E_BACK_TO_BOT = "Pemohon kembali ke Pandu."
E_REQUESTED = "Masuk antrean: {reason}"

STEPPED_IN = "Petugas masuk sendiri ke percakapan."
THE_QUEUE = "antrean"
NOT_WAITING = "Pemohon sudah kembali ke Pandu, jadi percakapan ini tidak lagi menunggu."

EMPTY_NOTE = "Catatan masih kosong."
LONG_NOTE = "Catatan terlalu panjang (paling banyak {most} karakter)."

# The queue, to the applicant
PLACE = "Anda urutan ke-{place} dalam antrean petugas."
MEASURE = "Separuh dari {count} pemohon terakhir pada jam seperti ini dilayani dalam {minutes} menit."
NO_MEASURE = "Lama menunggu belum ada ukurannya."
OUTSIDE_HOURS = (
    "Saat ini di luar jam layanan petugas. Petugas kembali {when}. Tulis pertanyaan Anda sekarang; semuanya tersimpan. "
    "Bila ingin dijawab pada waktu tertentu, pilih di bawah."
)
CALL_BACK_KEPT = "Dicatat: petugas diminta menjawab Anda {when}. Tulis pertanyaan Anda di sini bila belum."
CALL_BACK_GONE = "Waktu itu sudah lewat."
B_PLACE = "Cek antrean"

E_CALL_BACK = "Pemohon minta dijawab: {when}"
NO_CALL_BACK = "Permintaan itu tidak ada atau sudah selesai."
BAD_HOURS = "Jam {day} tidak benar: jam tutup harus setelah jam buka, dan tidak boleh bertumpuk."
REASON_NEEDED = "Tulis alasannya."
WORKS_ANYWAY = "{day} sudah hari kerja: bukan hari libur, cuti bersama, atau akhir pekan."
TIMES_NEEDED = "{day} jatuh pada akhir pekan: tulis jam buka dan jam tutupnya."
NO_ZONE = "Pilih kantor, lalu WIB, WITA, atau WIT."
NAME_NEEDED = "Tulis namanya, misalnya Ramadan."
BAD_SPAN = "Tanggal akhir harus sama dengan atau sesudah tanggal mulai, paling lama satu tahun."
SPAN_TAKEN = "Tanggalnya bertumpuk dengan “{name}”. Hapus yang itu dulu, atau pilih tanggal lain."
NO_SPAN = "Jam khusus itu sudah tidak ada."

# Approval
CHECKING = "Pertanyaan Anda saya terima. Jawabannya diperiksa petugas dulu, lalu saya kirim di sini."
HOLDING = (
    "Maaf menunggu. Petugas belum sempat memeriksa jawabannya, jadi pertanyaan Anda saya teruskan ke antrean petugas. "
    "Anda tidak perlu mengulang."
)
R_EXPIRED = "Jawaban Pandu tidak sempat diperiksa."
R_TOPIC = "Topik ini dijawab petugas: {topic}."
HANDED_OVER = "Pertanyaan ini dijawab langsung oleh petugas, jadi percakapan Anda saya teruskan."
HELD_BY_RULE = "Menunggu persetujuan."
HELD_TOPIC = "Topik {topic} menunggu persetujuan."
HELD_UNSURE = "Pandu kurang yakin (di bawah {percent}%)."
HELD_ELSEWHERE = "Percakapan ini sedang dipegang petugas lain."
DECIDED = "Jawaban ini sudah diputuskan atau waktunya sudah habis."
BAD_RULE = "Aturan tidak lengkap: pilih topik yang dikenal, kantor, layanan, atau batas keyakinan."
BAD_END = "Waktu berakhirnya sudah lewat."
OTHER_OFFICE = "Ini milik kantor lain. Petugas hanya mengubah milik kantornya sendiri."
HELD_PLACE = "Jawaban kantor atau layanan ini menunggu persetujuan."
BAD_BELOW = "Batas keyakinan harus di antara 0 dan 1."
BAD_TEXT = "Teks tidak boleh kosong, paling banyak {most} karakter."
NO_RULE = "Aturan itu tidak ada."
ONLY_SUPERVISOR_RULES = "Hanya penyelia atau administrator yang dapat mengubah aturan."

# Replying
EMPTY_REPLY = "Balasan masih kosong."
BAD_TEXT_LENGTH = "Teks terlalu panjang (paling banyak {most} karakter)."
OPEN_FIELD = "Isian {field} belum terisi."
TOO_MANY_FILES = "Paling banyak {most} berkas sekali kirim."
EMPTY_FILE = "Berkas {name} kosong."
BIG_FILE = "Berkas {name} terlalu besar (paling besar {most} MB)."
WRONG_FILE = "Berkas {name} tidak dapat dikirim: isinya bukan JPG, PNG, PDF, DOCX, atau XLSX yang utuh."
WINDOW_CLOSED = (
    "Sudah lewat {hours} jam sejak pesan terakhir pemohon di {channel}. "
    "Hanya templat yang disetujui yang dapat dikirim."
)
NO_TEMPLATE = "Templat balasan belum diatur ({setting}). Hubungi tim teknis."
NO_MESSAGE = "Pesan itu tidak ada."
NOT_FAILED = "Hanya pesan yang gagal yang dapat dikirim ulang."

# Canned replies
BAD_CANNED = "Judul (paling banyak {title} karakter) dan isi (paling banyak {text}) harus ada."
NO_FIELD = "Isian {{{field}}} tidak dikenal. Yang ada: {fields}."
TITLE_TAKEN = "Judul itu sudah dipakai."
NO_CANNED = "Balasan itu tidak ada."

# The packet
P_NO_NAME = "Nama belum diketahui"
P_NOTHING_ASKED = "Belum ada pertanyaan tertulis."
P_NOTHING_KNOWN = "Belum diketahui."
P_APPLICATION = "permohonan {number}, tahap {stage}"
P_APPLICATIONS = "{count} permohonan terhubung"
P_ANSWERED = "Dijawab soal: {topics}."
P_SOURCES = "Sumber: {sources}."
P_LOST = "{count} pertanyaan tidak dipahami."
P_OTHER_TOPIC = "hal lain"
P_NOT_TRIED = "Belum dicoba dijawab."
P_M_NAME = "nama pemohon"
P_M_OFFICE = "daerah atau kantor"
P_M_SERVICE = "layanan yang dimaksud"
P_M_APPLICATION = "nomor permohonan"
P_M_FILE = "berkas yang gagal diambil"
P_M_NOTHING = "Tidak ada yang kurang."
BAD_CURSOR = "Halaman itu tidak ada."

BAD_TARGET = "Tulis target dalam menit, 1 sampai 10.000, atau kosongkan."
BAD_SNOOZE = "Pilih waktu yang akan datang, paling lama 60 hari lagi."
E_SNOOZED = "{name} menunda percakapan ini sampai {when}."
E_UNSNOOZED = "{name} mengembalikan percakapan ini dari penundaan."
E_WOKEN = "Waktu penundaan selesai."
E_ASSIGNED = "Percakapan dibagikan kepada {to}, yang hadir."
BAD_LABEL = "Beri label nama (paling panjang 30 huruf) dan pilih warnanya."
SAME_LABEL = "Label “{name}” sudah ada di kantor ini."
MANY_LABELS = "Sudah ada {most} label. Hapus yang tidak dipakai dulu."
NO_LABEL = "Label ini tidak ada lagi."
BAD_VIEW = "Beri tampilan nama, paling panjang {most} huruf."
MANY_VIEWS = "Sudah ada {most} tampilan. Hapus yang tidak dipakai dulu."
NO_VIEW = "Tampilan ini tidak ada lagi."
ONLY_SUPERVISOR_VIEW = "Tampilan kantor disimpan dan dihapus penyelia."
