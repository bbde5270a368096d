"""Fixed phrases of the actions. Nothing here states a rule, a duration, a cost or a contact of an office."""

from __future__ import annotations

INTRO = (
    "Halo, saya Pandu, asisten untuk pengurusan izin usaha. Saya bukan OSS dan bukan SIINas; saya menjelaskan syarat, "
    "langkah, biaya, dan lama prosesnya menurut dokumen standar pelayanan, dan memandu Anda langkah demi langkah."
)
INTRO_SHORT = "Halo, saya Pandu, asisten untuk pengurusan izin usaha. Saya bukan OSS dan bukan SIINas."
DATA_LINK = "Penjelasannya: {url}"

MENU = (
    "Apa yang bisa saya bantu? Tulis saja pertanyaan Anda, atau pilih:",
    "Ini menunya. Silakan pilih atau tulis pertanyaan:",
)
GREETING = ("Halo! Ada yang bisa saya bantu soal izin usaha?", "Halo lagi. Silakan tulis pertanyaan Anda, atau pilih:")
HELP = (
    "Anda bisa bertanya dengan kata-kata sendiri, misalnya:\n"
    "• apa syarat izin industri di Kudus?\n"
    "• berapa lama izin perluasan di Magetan?\n"
    "• kode OTP tidak masuk\n"
    "• mulai panduan\n\n"
    "Ketik “menu” untuk daftar pilihan, “petugas” untuk bicara dengan orang."
)

NOTE = "Pemberitahuan: {text}\n\n(Berlaku sampai {until}.)"

THANKS = ("Sama-sama. Semoga urusannya lancar.", "Sama-sama. Tulis lagi kapan saja bila perlu.")
GOODBYE = ("Sampai jumpa. Semoga usahanya lancar.", "Baik, sampai bertemu lagi.")
AFFIRMED = ("Baik. Apa yang ingin Anda tanyakan?", "Siap. Silakan tulis pertanyaannya, atau buka menu.")
DENIED = ("Baik, tidak apa-apa. Ada hal lain yang ingin ditanyakan?", "Baik. Silakan tulis kapan saja bila perlu.")
FEEDBACK = (
    "Terima kasih masukannya; petugas dapat membacanya di percakapan ini. Ada yang macet? Tulis saja apa yang terjadi, "
    "mungkin bisa saya bantu sekarang."
)
VENT = "Maaf kalau mengecewakan. Apa yang macet? Tulis saja, mungkin bisa saya bantu sekarang."
LEFT_ALONE = ("Baik. Tulis saja kalau nanti perlu.", "Sama-sama. Tulis saja kalau nanti perlu.")
TAKEN_NOTE = ("Ya. Tulis saja kalau ada yang lain.", "Baik. Saya di sini kalau perlu.")
HOW_I_AM = "Baik, terima kasih. Ada yang ingin ditanyakan soal izin usaha, tulis saja."
NO_CHAT = (
    "Untuk mengobrol saya kurang pandai; bidang saya izin usaha. Tulis saja kalau ada yang perlu.",
    "Soal itu saya tidak bisa. Kalau ada urusan izin usaha, tulis saja.",
)
SHARED = "Terima kasih sudah berbagi pengalaman; petugas dapat membacanya di percakapan ini."
IDENTITY = (
    "{answer} Pandu, program komputer, bukan orang. {of}Saya menjawab soal izin usaha dari dokumen standar pelayanan "
    "yang saya pegang dan menyebut sumbernya. Saya bukan OSS dan bukan SIINas, jadi saya tidak bisa membuka akun, "
    "menerbitkan izin, atau mengubah data Anda. Kalau perlu, petugas bisa menggantikan saya di percakapan ini."
)
IDENTITY_SHORT = "{answer} Pandu, program komputer, bukan orang. Perlu orang, tulis “petugas”."
I_AM, I_AM_YES, I_AM_NO = "Saya", "Ya, saya", "Bukan, saya"
OF_OFFICE = "Di sini saya menjawab untuk {office}. "
OF_NO_OFFICE = "Saya bukan kantor atau petugas DPMPTSP. "
PRIVACY = (
    "Yang disimpan: nomor atau nama akun chat Anda, isi percakapan ini, berkas yang Anda kirim, dan posisi Anda di "
    "panduan; untuk permohonan yang terhubung, juga kapan statusnya dilihat. Gunanya untuk menjawab dan melanjutkan "
    "panduan. Petugas dapat membaca percakapan ini.\n\n"
    "Jangan kirim kata sandi, kode OTP, NIK, atau foto KTP ke sini; saya tidak memerlukannya."
)
WARNING = (
    "Demi keamanan, jangan kirim NIK, kata sandi, atau kode OTP ke chat ini. Saya tidak memerlukannya. Bila bisa, "
    "hapus pesan tadi dari sisi Anda; kalau itu kata sandi, sebaiknya segera diganti."
)

OUT_OF_SCOPE = (
    "Maaf, itu bukan soal izin usaha, jadi bukan bidang saya.",
    "Untuk hal itu saya belum punya dokumennya. Kalau masih berkaitan dengan izin usaha, petugas bisa membantu.",
    "Yang ini juga di luar dokumen saya. Pilih menu, atau bicara dengan petugas.",
)
OUTSIDE_POINTER = (
    "Kalau ini layanan pemerintah yang lain, sampaikan ke kantornya atau lewat LAPOR!. {ways} "
    "Soal izin usaha, tanya saja di sini."
)
UNHEARD = (
    "Tidak ditanggapi juga? Layanan pemerintah dapat dilaporkan lewat LAPOR!, dan saya bisa membantu menulisnya. {ways}"
)
OTHER_SYSTEM = (
    "Sepertinya itu urusan {name}, bukan OSS, SIINas, atau LAPOR!. Tentang akun, sandi, galat, dan aturannya tidak ada "
    "apa-apa di sumber saya. Tanyakan ke pengelolanya, lewat menu Bantuan atau Kontak di aplikasi atau situsnya, atau "
    "di kantornya. Saya membantu soal izin usaha. Kalau ini ternyata soal NIB atau akun OSS, tuliskan saja."
)
ASK_BACK = (
    "Maaf, saya belum menangkap maksudnya. Maksud Anda …?",
    "Masih belum pas, ya. Pilih yang paling dekat, atau bicara dengan petugas:",
    "Saya belum bisa menjawab yang ini. Petugas bisa membantu Anda, atau coba lewat menu.",
    "Maaf, saya masih belum paham. Supaya tidak berputar-putar, mau saya hubungkan ke petugas?",
)
HANDOFF = (
    "Baik, percakapan ini saya serahkan ke petugas. Petugas dapat membaca percakapan di atas, jadi Anda tidak perlu "
    "mengulang. Jawabannya datang di chat ini; saya tidak bisa menjanjikan jamnya. "
    "Selama menunggu, Pandu tidak ikut menjawab."
)
ANGRY_AT_US = (
    "Maaf, saya belum membantu Anda dengan baik; wajar kalau kesal. Percakapan ini saya serahkan ke petugas. Petugas "
    "membaca percakapan di atas; Anda tidak perlu mengulang."
)
REASON_ANGRY = "Pemohon kesal kepada Pandu."
LOST = (
    "Maaf, saya sudah beberapa kali tidak menangkap maksud Anda. Supaya tidak berputar-putar, percakapan ini saya "
    "serahkan ke petugas. Petugas membaca percakapan di atas; Anda tidak perlu mengulang."
)
REASON_LOST = "Pandu tidak memahami {count} pesan berturut-turut."
TALK_ABOUT = " soal {service}"
TALK_SAID = " Pesan terakhirnya: “{said}”"
TALK_RECAP = "Tadi Anda berbicara dengan petugas {officer}{about}.{said}\n\nMasih ada yang bisa saya bantu?"
TALK_ENDED = "Tadi Anda dilayani petugas {officer}; kalau masih ada yang kurang, tulis saja."
TALK_GOES_ON = "Melanjutkan percakapan Anda dengan petugas {officer}{about}:"
REASON_NOT_HELPED = "Jawaban Pandu soal {topic} belum membantu."
REASON_NOT_HELPED_AT_ALL = "Jawaban Pandu belum membantu."
REASON_COMPLAINT = "Pemohon punya keluhan dan meminta petugas."
REASON_ASKED = "Pemohon meminta petugas."
REASON_GUIDE = "Pemohon meminta petugas saat menjalani panduan {title}, {place}."
REASON_TOPIC = "Pemohon meminta petugas setelah bertanya soal {topic}."

TRACK_STATUS = (
    "Pandu belum terhubung dengan data permohonan, jadi saya tidak bisa melihat status Anda. "
    "Periksa di akun OSS Anda (oss.go.id)."
)
TRACK_NO_NUMBER = "Nomor permohonan tidak perlu dikirim ke sini."
TRACK_ASK = "Untuk menanyakan ke kantornya, pilih daerahnya:"

COMPLAINT_WHERE = "Ini saluran pengaduan {office} menurut dokumennya:"
COMPLAINT_NONE = "Saluran pengaduan {office} tidak disebutkan dalam standar pelayanannya."
COMPLAINT_LAPOR = "LAPOR! disebut dalam standar pelayanan lain sebagai kanal pengaduan layanan publik:"
COMPLAINT_REGION = "Keluhannya tentang kantor di daerah mana? Saya tunjukkan saluran pengaduannya."

ACCOUNT_NO_SECRETS = "Jangan kirim kata sandi, kode OTP, NIK, atau foto KTP ke chat ini."
ACCOUNT_WHICH = "Kendala akun atau OSS memang merepotkan. Mana yang paling mirip?"
ACCOUNT_OPENING = {
    "account_problem": "Kendala akun memang merepotkan. Ini yang saya tahu:",
    "nik_already_registered": "NIK ditolak karena “sudah terdaftar”, ya. Ini yang saya tahu:",
    "otp_not_received": "Kode atau e-mailnya tidak kunjung masuk, ya. Ini yang saya tahu:",
    "cannot_log_in": "Tidak bisa masuk akun, ya. Ini yang saya tahu:",
    "data_mismatch_dukcapil": "Data dianggap tidak cocok, ya. Ini yang saya tahu:",
    "change_email_or_phone": "Mau mengganti e-mail atau nomor, ya. Ini yang saya tahu:",
    "app_error": "Aplikasi atau situsnya bermasalah, ya. Ini yang saya tahu:",
    "nib_stuck_draft": "NIB-nya tertahan, ya. Ini yang saya tahu:",
    "cannot_download": "Berkasnya tidak bisa diunduh atau dicetak, ya. Ini yang saya tahu:",
    "cannot_edit_or_delete_data": "Ada data yang ingin diubah atau dihapus, ya. Ini yang saya tahu:",
    "upload_failed": "Unggahannya gagal, ya. Ini yang saya tahu:",
    "validation_failed": "Validasinya gagal, ya. Ini yang saya tahu:",
}
ASSUMED = "Saya jawab untuk {service}. Kalau maksud Anda {others}, pilih tombolnya."
NO_TERM = "Istilah itu belum ada di catatan saya. Yang ada:"
STUCK = (
    "Dua jawaban tadi belum menyelesaikannya, jadi sekarang petugas lebih tepat: ia membaca percakapan ini, Anda tidak "
    "mengulang. Ketik “ya” untuk dihubungkan."
)
STUCK_NEXT = "Kalau mau lanjut sendiri, ini tingkat berikutnya."
STILL_STUCK = (
    "Jawaban saya sudah habis untuk masalah ini. Percakapan ini saya serahkan ke petugas; petugas membaca percakapan "
    "di atas, Anda tidak perlu mengulang."
)
REASON_STUCK = "Langkah-langkah untuk “{title}” sudah dicoba dan belum menolong."
NO_MORE_OF_IT = "Lebih dari itu tidak ada dalam sumber saya; tanyakan langsung ke kantor yang mengurusnya."
NOTED = "Tulis itu juga dalam teks di bawah, lalu kirim ke {whom}."
OWNERS = {
    "oss": "Bantuan OSS",
    "siinas": "Helpdesk SIINas (menu Contact Us)",
    "lapor": "LAPOR!, di laporan yang sama",
    "office": "DPMPTSP atau dinas yang memeriksa",
    "other": "kantor yang mengurusnya",
}
NOT_THIS = "Bukan ini yang Anda maksud? Pilih, atau tulis lagi dengan kata lain."
DIFFERS = "Yang ini berbeda tiap daerah. Usaha Anda di daerah mana?"
LOCAL_NOT_HELD = "Saya belum punya aturan khusus {region}; tanyakan ke {office}, dan sebut layanan yang Anda urus."
OF_ANOTHER = "Itu menurut {home}. Saya belum punya standar {region}, dan isinya bisa berbeda; tanyakan ke {office}."
NOT_IN_STANDARD = "Tidak disebutkan dalam standar pelayanannya."
SIDE_NOT_HELD = "{name}: tidak ada dalam sumber saya; tanyakan ke instansi yang menerbitkannya."
NOTHING_SHARED = (
    "Layanan yang saya pegang dari keduanya berlainan, jadi tidak bisa disandingkan. Pilih kantornya, atau tulis yang "
    "ingin dibandingkan, misalnya lama atau biayanya."
)
HALF_NOT_HELD = "Soal “{asked}”: jawaban pastinya belum saya punya. Yang terdekat ada di tombol, atau tanya petugas."
IS_IT = "Jawaban untuk itu belum saya punya, atau saya salah menangkap. Apakah maksud Anda salah satu ini?"
MOODS = {
    "angry": "Memang menjengkelkan kalau macet begini.",
    "tired": "Melelahkan memang kalau tidak kelar-kelar.",
    "desperate": "Kita urai satu per satu.",
}
LOCAL_SERVICES = "layanannya apa saja"
LOCAL_UNKNOWN = (
    "Saya belum punya standar {region}. Tanyakan ke {office}: “Untuk usaha saya, {what}, dan adakah syarat "
    "di luar OSS?”"
)
LOCAL_CONTACT = (
    "Saya belum punya nomor, alamat, dan jam layanan {office}; cari di situs resmi pemerintah daerahnya, yang "
    "berakhiran .go.id."
)
LOCAL_ANY = "berapa lama verifikasinya"
LOCAL_ASPECTS = {
    "duration": "berapa lama prosesnya",
    "cost": "berapa biayanya",
    "requirement": "berkas apa yang diperlukan",
}
PRAISED = "Terima kasih, senang mendengarnya. Semoga urusan Anda lancar."

FORWARDED_FRAUD = (
    "Pesan yang Anda teruskan punya tanda-tanda penipuan. Jangan transfer uang, jangan buka tautannya, dan jangan beri "
    "OTP, kata sandi, atau data pribadi. Bila ragu, tanyakan dulu langsung ke kantor DPMPTSP."
)
