"""Everything the survey says that is not in knowledge/survey.yaml."""

from __future__ import annotations

ASK = {
    "handoff": "Terima kasih, percakapan Anda dengan petugas sudah selesai.",
    "licence": "Selamat, permohonan Anda sudah selesai.",
}
INVITE = (
    "{occasion}\n\nBolehkah kami minta penilaian Anda? Survei Kepuasan Masyarakat (SKM): {count} pertanyaan, satu "
    "ketukan tiap pertanyaan. Boleh dilewati atau dihentikan kapan saja. Hasilnya dilaporkan sebagai angka gabungan, "
    "tanpa nama."
)
BEGIN = "Isi survei"
DECLINE = "Tidak, terima kasih"
SKIP = "Lewati"
STOP = "Berhenti"
RESUME = "Lanjutkan survei"

QUESTION = "Survei {number} dari {count}: {name}\n\n{question}"
DECLINED = "Baik, tidak apa-apa. Anda tidak akan ditanya lagi untuk hal ini."
STOPPED = "Baik, survei dihentikan. Jawaban yang sudah Anda berikan tetap dihitung."
LATER = "Bila ingin meneruskan, tekan Lanjutkan survei."
DONE = "Terima kasih! Penilaian Anda sudah dicatat dan membantu kami memperbaiki layanan."
NOTHING_SAID = "Baik, semua pertanyaan dilewati. Terima kasih atas waktu Anda."
CLOSED = "Saat ini tidak ada survei yang terbuka untuk Anda. Terima kasih."

HELPED = "Apakah jawaban ini membantu?"
YES = "Ya, membantu"
NO = "Belum membantu"
GLAD = "Terima kasih, senang bisa membantu. Ada lagi yang ingin Anda tanyakan?"
SORRY = (
    "Terima kasih sudah memberi tahu. Anda bisa bertanya lagi dengan kata lain, atau bicara langsung dengan petugas. "
    "Hubungkan dengan petugas?"
)
