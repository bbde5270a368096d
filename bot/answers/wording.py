"""Everything Pandu says that is no fact from `knowledge/`: greetings, questions, titles of buttons.

Plain Indonesian, "Anda", short lines. Nothing here states a rule, a duration, a cost or a contact.
"""

from __future__ import annotations

# What a question is about, at the head of its answer.
TOPIC_TITLES = {
    "ask_requirements": "Syarat",
    "ask_procedure": "Langkah",
    "ask_duration": "Lama proses",
    "ask_cost": "Biaya",
    "ask_product": "Hasil layanan",
    "ask_legal_basis": "Dasar hukum",
    "ask_contact": "Kontak",
    "ask_detail": "Info lain",
}

# Button titles of questions about one service.
TOPIC_BUTTONS = {
    "ask_requirements": "Syarat",
    "ask_procedure": "Langkah-langkah",
    "ask_duration": "Lama proses",
    "ask_cost": "Biaya",
    "ask_product": "Hasil layanan",
    "ask_legal_basis": "Dasar hukum",
    "ask_contact": "Kontak",
    "ask_detail": "Isi standar lainnya",
    "guide_start": "Mulai panduan",
    "complaint": "Sampaikan keluhan",
}

# "Maksud Anda …?": how an intent is called on a button (at most 24 characters). Absent: never offered.
CHOICE_TITLES = {
    "ask_requirements": "Syarat izin",
    "ask_procedure": "Cara mengurus izin",
    "ask_duration": "Lama proses",
    "ask_cost": "Biaya",
    "ask_product": "Hasil layanan",
    "ask_legal_basis": "Dasar hukum",
    "ask_contact": "Kontak kantor",
    "ask_detail": "Fasilitas dan jaminan",
    "ask_term": "Arti istilah",
    "ask_risk_or_kbli": "Risiko usaha atau KBLI",
    "guide_start": "Dipandu per langkah",
    "guide_resume": "Lanjutkan panduan",
    "account_problem": "Kendala akun OSS",
    "nik_already_registered": "NIK sudah terdaftar",
    "otp_not_received": "Kode OTP tidak masuk",
    "cannot_log_in": "Tidak bisa masuk akun",
    "data_mismatch_dukcapil": "Data tak cocok Dukcapil",
    "change_email_or_phone": "Ganti e-mail atau nomor",
    "app_error": "Aplikasi atau situs eror",
    "nib_stuck_draft": "NIB belum terbit",
    "cannot_download": "Tidak bisa unduh/cetak",
    "cannot_edit_or_delete_data": "Ubah atau hapus data",
    "upload_failed": "Unggah berkas gagal",
    "validation_failed": "Validasi gagal",
    "siinas_registration": "Daftar akun SIINas",
    "siinas_company_data": "Data perusahaan SIINas",
    "siinas_reporting": "Laporan SIINas",
    "siinas_verification": "Verifikasi di SIINas",
    "siinas_exemption": "Pengecualian (SKPBKI)",
    "track_status": "Cek status permohonan",
    "complaint": "Sampaikan keluhan",
    "talk_to_human": "Bicara dengan petugas",
    "ask_privacy": "Data pribadi saya",
    "bot_identity": "Tentang Pandu",
    "show_menu": "Menu",
}

MORE = "Lanjut daftar"
OTHER_REGION = "Daerah lain"
START_GUIDE = "Mulai panduan"
MORE_INFO = "Info lain"

NOT_STATED = "Tidak disebutkan dalam standar pelayanan ini."
NOT_SAID_HOW = "{what} tidak disebut dalam sumber saya."
NOT_STATED_ANYWHERE = "Tidak disebutkan dalam sumber yang saya punya."
ASK_THEM = "Tanyakan ke {office}:"
ASK_OFFICER = "Saya tidak menebak. Tanyakan langsung ke {office}, atau ke petugas lewat tombol di bawah."
ASK_LOCAL = "Saya tidak menebak. Tanyakan ke DPMPTSP di daerah Anda, atau ke petugas lewat tombol di bawah."
SECOND_STEP = "Menurut sumber sekunder, periksa lagi; tampilan layarnya bisa berbeda."
SECOND_STEPS = "Sebagian langkah menurut sumber sekunder, periksa lagi; tampilan layarnya bisa berbeda."
COMPUTED = "(Jumlah ini hasil hitungan dari waktu tiap langkah.)"

ASK_REGION = (
    "Aturan tiap daerah bisa berbeda. Usaha Anda di daerah mana?",
    "Saya perlu tahu daerahnya dulu supaya jawabannya tidak tertukar. Pilih salah satu:",
)
ASK_GUIDE = "Panduan yang mana? Panduan nasional sama di seluruh Indonesia; standar kantor berlaku di daerahnya saja."
ASK_SERVICE = (
    "Layanan yang mana di {office}?",
    "Supaya tepat, pilih dulu layanannya di {office}:",
)
ASK_KIND_OFFICE = (
    "Untuk {kind}, di daerah mana?",
    "Standar {kind} yang mana? Pilih salah satu:",
)
ASK_FLOW = (
    "{service}: Anda mau cara yang mana?",
    "Langkahnya tergantung caranya. Pilih dulu:",
)
UNKNOWN_REGION = (
    "Maaf, Pandu belum memegang standar pelayanan {region}. Aturan daerah lain tidak saya pakai untuk menjawabnya, "
    "karena bisa berbeda.\n\nTanyakan ke DPMPTSP (kantor perizinan) setempat. Yang saya pegang:"
)
THAT_REGION = "daerah itu"
TYPE_REGION = "Kalau daerah Anda tidak ada di sini, ketik namanya, misalnya: kab semarang."
NO_SUCH_SERVICE = (
    "Maaf, Pandu belum memegang standar {kind} untuk {office}. Standar daerah lain tidak saya pakai sebagai "
    "jawabannya. Yang ada untuk {office}:"
)
ALSO_ELSEWHERE = "Standar serupa yang saya pegang ada di: {offices}."
SWITCHED_SERVICE = "Untuk {office}, Pandu memegang layanan ini. Yang mana yang Anda maksud?"
SWITCHED_TO_ONE = "Untuk {office}, Pandu hanya memegang standar “{service}”. Itu yang Anda maksud?"

WHICH_TERM = "Istilah apa yang ingin Anda ketahui? Ketik istilahnya, atau pilih:"
WHICH_TOPIC = "Soal apa yang ingin Anda ketahui?"
WHICH_DETAIL = "{service}: bagian mana yang ingin Anda lihat?"
NO_DETAIL = "Standar layanan ini tidak memuat bagian lain seperti fasilitas atau jaminan pelayanan."
WHICH_OFFICE_MENU = "Layanan di mana yang ingin Anda lihat?"
SAME_AGAIN = ("Jawabannya masih sama:", "Seperti yang tadi saya sampaikan:")

NOT_STATED_HERE = "Tidak disebutkan dalam dokumen ini."
PARTLY_SECONDARY = "(Sebagian dari sumber sekunder, periksa lagi.)"
ALL_TRIED = "Sudah dicoba semua"
TEXT_READY = "Siapkan teksnya"
TEXT_TO_SEND = "Teks yang bisa Anda kirim:"
AFTER_THAT = "Sesudah itu?"
YOU_DO_IT = "Anda sendiri yang mengerjakannya."
