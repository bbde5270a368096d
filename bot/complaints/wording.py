"""Texts for a person whose report is made, sent and watched. Facts come from knowledge/complaint_routes.yaml."""

from __future__ import annotations

# buttons
WRITE = "Buat laporan"
CONTINUE = "Lanjutkan laporan"
LATER = "Simpan dulu"
CANCEL = "Batalkan"
CANCEL_YES = "Ya, hapus laporan"
KEEP = "Tidak jadi hapus"
DONE = "Selesai"
UNDO = "Hapus pesan terakhir"
SKIP = "Lewati"
CHANGE = "Ubah"
PREVIEW = "Lihat laporan"
AGREE = "Ya, sudah benar"
OWN_WORDS = "Pakai kata saya sendiri"
TIDY_WORDS = "Pakai bahasa rapi"
MINE = "Laporan saya"
SENT = "Sudah saya kirim"
SELF = "Saya kirim sendiri"
OFFICER = "Dikirimkan petugas"
CONNECTOR = "Kirim ke kantor"
ANSWERED = "Sudah dijawab"
NOT_ANSWERED = "Belum ada jawaban"
SOLVED = "Ya, sudah selesai"
NOT_SOLVED = "Belum selesai"
CHANNELS = "Saluran kantor"
STATUS = "Cek status izin"

# listening
TIRED = "Kalau sudah terlalu lama atau mengecewakan, saya bisa membantu membuat laporan."
SORRY = "Maaf atas pengalaman itu, dan terima kasih sudah menyampaikannya."
LISTEN = (
    "Saya bisa membantu menyusun laporan yang rapi, memilih alamat yang tepat (misalnya LAPOR!), dan mengingatkan "
    "tenggatnya. Belum ada yang dikirim; Anda yang memutuskan nanti. Mau mulai?"
)
ASK_FIRST = "Silakan sampaikan keluhan Anda."
REASON_EMERGENCY = "DARURAT: pemohon menulis tentang ancaman atau kekerasan. Sudah diberi nomor 110."
LISTEN_MONEY = "Jangan kirim bukti atau nama petugas di sini. Simpan bukti aslinya baik-baik."
EMERGENCY = "{fact}\n\nPetugas saya panggil ke percakapan ini. Layanan ini tidak memantau keadaan darurat.\n\n{source}"
DRAFT_SAVED = "Laporan yang sedang dibuat saya simpan."

# questions
STARTED = "Baik, kita susun laporannya. Satu pertanyaan sekali, semua jawaban bisa diubah."
KNOWN = "Yang sudah saya catat: {known}."
KNOWN_LATE = "janji waktunya terlewati {over} hari kerja"
KIND = "Ini pengaduan, aspirasi (usul), atau permintaan informasi?"
WHICH = "Laporan ini tentang permohonan yang mana?\n{listed}"
WHICH_NONE = "Bukan permohonan itu"
WHICH_AGAIN = "Nomor itu tidak ada di antara permohonan Anda di chat ini. Pilih salah satu, ya."
STORY = (
    "Ceritakan apa yang terjadi, dengan kata-kata Anda sendiri. Boleh beberapa pesan. Tulis apa, kapan, dan di mana. "
    "Kalau sudah, tekan Selesai."
)
STORY_INFO = "Informasi apa yang Anda perlukan? Boleh beberapa pesan. Kalau sudah, tekan Selesai."
STORY_MORE = "Saya catat ({count} pesan). Ada lagi? Tulis saja, atau tekan Selesai."
STORY_TWICE = "Pesan itu sudah tercatat. Ada lagi? Tulis saja, atau tekan Selesai."
STORY_FULL = (
    "Ceritanya sudah cukup panjang ({count} pesan); pesan ini tidak saya tambahkan. Tekan Selesai untuk lanjut."
)
CAPTION_ADDED = "Tulisan di bawahnya saya tambahkan ke cerita."
STORY_REWORDED = "Pesan yang Anda ubah sudah saya ganti di cerita."
EDIT_NOT_TAKEN = 'Mengubah pesan tidak mengubah isi laporan. Untuk mengganti jawaban, tulis "ubah".'
STORY_EMPTY = "Ceritanya belum ada. Tulis dulu apa yang terjadi, walau singkat."
STORY_UNDONE = "Pesan terakhir saya hapus dari laporan. Tersisa {count} pesan."
STORY_NEW = "Cerita yang lama masih ada ({count} pesan). Tambahkan pesan, atau hapus dari yang terakhir."
PROOF = (
    "Apakah ada bukti permintaan uang itu, misalnya percakapan atau kuitansi? Jangan kirim buktinya ke sini; cukup "
    "jawab ya atau tidak, supaya alamatnya tepat."
)
OFFICE = "Kantor mana yang dilaporkan? Pilih, atau tulis nama kantornya."
SERVICE = "Layanan apa? Pilih, atau tulis namanya."
WHEN = "Kapan kejadiannya, atau sejak kapan? Tulis tanggalnya, misalnya 3 November 2026."
WHEN_AGAIN = "Tanggalnya belum terbaca. Tulis seperti 3 November 2026 atau “2 minggu lalu”, atau pilih:"
WHEN_LATER = "Tanggal itu belum terjadi. Kapan kejadiannya?"
PLACE = "Di mana kejadiannya?"
HOPE = "Apa yang Anda harapkan dari kantor itu?"
FILES = "Ada foto atau dokumen pendukung? Kirim ke sini (JPG, PNG, PDF). {limit} Kalau tidak ada, tekan Lewati."
FILES_MORE = "{note} Kirim lagi, atau tekan Selesai."
MISSED = (
    "Maaf, jawaban Anda belum bisa saya pahami. Anda bisa bicara dengan petugas, mengetik batal untuk berhenti, atau "
    "menjawab lagi:"
)
FILES_TEXT = "Di bagian ini saya menunggu berkas. Kirim fotonya, atau pilih:"
VISIBILITY = "Bagaimana nama Anda ditampilkan?\n\n{meanings}{advice}\n\n{source}"
VISIBILITY_ADVICE = "\n\nUntuk laporan seperti ini, {choice} lebih aman bagi Anda."
NAME = "Nama siapa yang dicantumkan sebagai pelapor?"
NAME_HERE = "Nama Anda di chat ini: {name}."
USE_NAME_HERE = "Pakai nama di chat"
CONTACT = "Bila perlu keterangan, Anda dihubungi lewat mana? Tulis nomor atau e-mail, atau pilih:"
RECIPIENT = "Menurut cerita Anda, ini soal: {title}.\n{reason}\n\nSaran saya: {body}. Anda boleh memilih yang lain."
TITLE = "Tulis judul laporannya (paling banyak 100 huruf)."
NUMBER = "Tulis nomor permohonannya, kalau ada."
CHOOSE = "Pilih salah satu, ya."
TOO_LONG = "Jawabannya terlalu panjang. Tulis singkat saja, paling banyak {limit} huruf."

PARTS = {
    "kind": "Jenis",
    "which": "Permohonan",
    "story": "Cerita",
    "office": "Kantor",
    "service": "Layanan",
    "when": "Waktu",
    "place": "Tempat",
    "hope": "Harapan",
    "recipient": "Alamat tujuan",
    "visibility": "Anonim/Rahasia",
    "files": "Lampiran",
    "name": "Nama",
    "contact": "Kontak",
    "title": "Judul",
    "number": "Nomor permohonan",
    "proof": "Bukti",
}
MORE_PARTS = "Bagian lain"

# checks
LATE = "Boleh saya tambahkan kalimat ini? Ini hitungan Pandu, perkiraan, bukan keputusan.\n\n“{sentence}”"
INSULTS = (
    "Ada kata yang bisa terbaca sebagai hinaan ({words}). LAPOR! meminta laporan tanpa hinaan. "
    "Saya hapus kata itu saja?"
)
PERSONAL = (
    "Ada data pribadi dalam cerita: {kinds}. Kalau itu milik orang lain, sebaiknya disamarkan. "
    "Saya samarkan di laporan?"
)

# preview
PREVIEW_HEAD = "Ini laporannya, persis seperti yang akan dipakai:"
ASK_CONSENT = (
    "Untuk: {recipient}\nSebagai: {visibility}{name}\nKontak: {contact}\nLampiran: {files}{notes}\n\nSudah benar? "
    "Belum ada yang dikirim sebelum Anda setuju."
)
PRESS_YES = "Supaya tidak ada yang terkirim karena salah ketik: kalau setuju, tekan tombol “Ya, sudah benar”."
STALE = "Laporannya berubah sejak tombol itu. Ini yang terbaru:"
CHANGE_WHICH = "Bagian mana yang ingin diubah?"
NOTE_LANGUAGE = "Sebagian cerita berbahasa {language}. LAPOR! meminta bahasa Indonesia; petugas bisa membantu."
NOTE_LONG = "Isinya panjang ({length} huruf); formulir LAPOR! mungkin tidak menerimanya sekaligus."
NOTE_SAME = "Ini mirip laporan Anda yang masih berjalan ({which}). Laporan yang sama tidak perlu dikirim dua kali."
NOTE_FILES = "{count} berkas tidak bisa dipakai: {why}"
NOTE_SHORT = "Ceritanya sangat singkat. Laporan yang terlalu umum bisa diarsipkan; tambahkan apa yang terjadi."

# drafts
PAUSED = "Laporan saya simpan. Ketik “lanjutkan laporan” kapan saja. Tidak ada yang dikirim."
RESUMED = "Kita lanjutkan laporan Anda."
RESUMED_LATE = "Laporan ini terakhir diubah {date}. Periksa lagi isinya; belum ada yang dikirim."
ALREADY = "Masih ada laporan yang belum selesai. Mau dilanjutkan, atau dihapus dulu?"
CANCEL_SURE = (
    "Hapus laporan yang sedang dibuat, beserta cerita dan berkasnya? Percakapan ini sendiri tetap tersimpan seperti "
    "biasa."
)
CANCELLED = "Laporan sudah dihapus, termasuk cerita dan berkasnya. Tidak ada yang dikirim."
NO_DRAFT = "Tidak ada laporan yang sedang dibuat. Kalau ada keluhan, tulis saja apa yang terjadi."
TOO_MANY = "Sudah ada {count} laporan Anda yang masih berjalan. Selesaikan atau tutup salah satunya dulu."

# delivery
READY = "Laporan siap. Belum dikirim ke mana pun. Bagaimana mengirimnya?"
SEND_LAPOR = (
    "Kirim sendiri ke LAPOR!, sekitar 5 menit:\n{contacts}\n\n{account}\n\nIsi menurut urutan "
    "formulirnya (urutan ini dari sumber sekunder; di situs bisa berbeda). Salin Judul dan Isi dari dua "
    "pesan berikut.\n\n{fields}\n\n{source}"
)
SEND_BODY = "Kirim sendiri ke {name}:\n{contacts}\n\nSalin dua pesan berikut.{extra}\n\n{source}"
SEND_NO_CONTACT = "Alamatnya tidak ada di catatan saya; tanyakan ke kantor pemerintah daerah Anda."
ASK_TRACKING = (
    "Sesudah terkirim, LAPOR! memberi Tracking ID (nomor laporan). Tulis atau teruskan nomornya ke sini, supaya saya "
    "bisa menghitung tenggatnya."
)
AFTER_BODY = "Tekan tombol ini setelah Anda mengirimnya. Saya akan menanyakan kabarnya."
QUEUED = (
    "Laporan masuk antrean petugas. Petugas membaca isinya dan mengirimkannya ke {recipient}. Sebelum ada Tracking ID, "
    "anggap laporan belum masuk; saya kabari begitu nomornya ada."
)
SENDING = "Laporan sedang dikirim ke sistem {office}. Ini belum berarti masuk LAPOR!; saya kabari bila sudah diterima."
CONNECTOR_RECEIVED = "Laporan Anda diterima sistem {office} (tanda terima {receipt}). Tracking ID LAPOR! belum ada."
CONNECTOR_DEAD = (
    "Laporan Anda belum berhasil dikirim lewat sistem {office}. Laporannya tetap tersimpan. Anda bisa memilih "
    "cara lain."
)
TRACKED = "Tercatat: {title} punya Tracking ID {tracking}.\n\n{stage}\n\n{source}"
NOT_AN_ID = (
    "Nomor itu tidak seperti Tracking ID LAPOR! (5 sampai 10 angka, misalnya 1916449). Periksa lagi di LAPOR!, lalu "
    "tulis nomornya saja."
)
ID_TAKEN = "Nomor itu sudah tercatat untuk laporan Anda yang lain. Periksa lagi nomornya, ya."
WHICH_REPORT = "Nomor {tracking} untuk laporan yang mana?\n{listed}"
TYPE_ID = "Tulis Tracking ID-nya di sini, misalnya 1916449. Kalau belum ada, tidak apa-apa; kirim kapan saja."
HANDED_OTHER = "Baik, saya catat sudah Anda kirim ke {recipient}. Saya tanyakan kabarnya sekitar {due}."

# watching
LIST_HEAD = "Laporan Anda:"
LIST_NONE = (
    "Di percakapan ini belum ada laporan yang dibuat. Laporan yang Anda kirim sendiri ke LAPOR! dilihat di akun LAPOR! "
    "Anda; saya tidak bisa melihatnya. Kalau ada yang macet dengan laporan itu, tulis saja apa yang terjadi."
)
STATES = {
    "drafting": "sedang dibuat, belum dikirim",
    "paused": "disimpan, belum dikirim",
    "ready": "siap, belum dikirim",
    "handed": "menunggu Anda kirim dan tulis Tracking ID-nya",
    "handed_other": "Anda kirim sendiri; menunggu kabar",
    "queued": "menunggu dikirim petugas, belum masuk LAPOR!",
    "received": "diterima sistem kantor, belum ada Tracking ID LAPOR!",
    "sending": "sedang dikirim ke sistem kantor, belum masuk LAPOR!",
    "submitted": "masuk LAPOR!, Tracking ID {tracking}",
    "answered": "dijawab kantor; menunggu penilaian Anda",
    "reopened": "dijawab, tetapi menurut Anda belum selesai",
    "closed": "selesai menurut Anda",
}
STAGE_VERIFICATION = "Perkiraan diperiksa dan diteruskan paling lambat {date}."
STAGE_FOLLOWUP = "Perkiraan tindak lanjut kantor paling lambat {date}."
STAGE_REPLY = (
    "Balas di LAPOR! sebelum {date} bila belum puas (perkiraan, dihitung dari jawaban {answered}); lewat itu laporan "
    "dianggap selesai."
)
STAGE_LATE = "Perkiraan waktu tindak lanjut ({date}) sudah lewat."
CALENDAR = "Hitungan hari kerja ini perkiraan; hari libur daerah tidak ikut dihitung."
UNSHOWN = "(isi tidak ditampilkan di daftar)"
ASK_ANSWER = "Apa jawaban kantornya? Tulis atau teruskan di sini (boleh singkat), atau pilih:"
ASK_SOLVED = "Menurut Anda, apakah masalahnya sudah selesai?"
CLOSED = "Syukurlah. Laporan saya catat selesai menurut Anda. Kalau muncul lagi, tulis “belum selesai”."
REOPENED = "Baik, saya catat belum selesai. {deadline}\n\n{hint}\n\n{source}"
REOPENED_REPLY = "Balas di LAPOR! bahwa masalahnya belum selesai, sebelum {date}."
REOPENED_LATE = "Waktu membalas di LAPOR! menurut perkiraan sudah lewat ({date}); Anda bisa membuat laporan lanjutan."
NOT_YET = "Terima kasih kabarnya. {stage}"
ANSWER_NOTED = "Jawabannya saya catat."

# reminders
REMIND_TRACKING = (
    "{title} sudah disusun, tetapi Tracking ID-nya belum saya terima. Sudah Anda kirim? Tulis nomornya di sini."
)
REMIND_DRAFT = "{title} belum selesai disusun dan belum dikirim ke mana pun. Mau dilanjutkan, atau dihapus saja?"
REMIND_DRAFT_OLD = (
    "{title} sudah sebulan tersimpan dan belum dikirim ke mana pun. Lanjutkan bila masih perlu, atau hapus saja. Ini "
    "pengingat terakhir."
)
REMIND_QUEUED = "{title} masih di antrean petugas dan belum masuk LAPOR!. Anda boleh menunggu, atau mengirim sendiri."
REMIND_VERIFICATION = (
    "Laporan {tracking}: waktu pemeriksaan LAPOR! (3 hari kerja) menurut perkiraan sudah lewat. Cek "
    "statusnya di LAPOR!."
)
REMIND_FOLLOWUP = (
    "Laporan {tracking}: waktu tindak lanjut kantor menurut perkiraan sudah lewat. Sudah ada jawaban di LAPOR!?"
)
REMIND_OTHER = "Sudah ada kabar dari {recipient} tentang {title}?"
REMIND_REPLY = (
    "Laporan {tracking}: bila belum puas, balas di LAPOR! sebelum {date}. Lewat itu laporan dianggap selesai. Apakah "
    "masalahnya sudah selesai?"
)
REMIND_OMBUDSMAN = "Laporan {tracking} belum juga dijawab. {hint}\n\n{source}"
FOLLOWED_UP = (
    "Laporan {tracking}: kantor mencatat sudah menindaklanjutinya pada {date}. Baca jawabannya di LAPOR!. {stage}\n\n"
    "Apakah masalahnya sudah selesai?\n\n{source}"
)
SUBMITTED_BY_OFFICER = "Petugas sudah mengirim {title}. Tracking ID LAPOR!: {tracking}.\n\n{stage}"
