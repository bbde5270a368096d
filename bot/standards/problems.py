"""Problems of `pandu knowledge check` in the words of officers, with the field that they are about."""

from __future__ import annotations

import re

FIELDS = {
    "label": "Nama tombol",
    "title": "Judul",
    "name": "Nama kantor",
    "region": "Daerah",
    "aliases": "Nama lain",
    "requirements": "Persyaratan",
    "procedures": "Alur",
    "duration": "Jangka waktu",
    "cost": "Biaya",
    "product": "Hasil layanan",
    "legal_basis": "Dasar hukum",
    "complaints": "Pengaduan",
    "contacts": "Kontak",
    "kind": "Jenis layanan",
    "short": "Nama dokumen",
    "id": "Nama",
    "ask": "Cara bertanya",
    "answer": "Jawaban",
    "facts": "Sumber",
    "stages": "Tahap",
    "questions": "Pertanyaan",
    "troubles": "Kartu masalah",
}
_RULES: tuple[tuple[str, str], ...] = (
    (r"at most (\d+) characters", "paling banyak {1} huruf; persingkat kalimatnya."),
    (r"at least (\d+) characters?", "paling sedikit {1} huruf."),
    (r"at least ([2-9]) items", "paling sedikit {1} isian."),
    (r"at least 1 item", "belum ada isinya."),
    (r"text and remark have more than (\d+)", "lebih dari {1} huruf; persingkat."),
    (r"printed: '(.{1,400}?)' does not occur", "kata \u201c{1}\u201d tidak ada di dokumen."),
    (r"(?<!\S)(\S+) does not occur in", "\u201c{1}\u201d tidak ada di dokumen; salin huruf demi huruf."),
    (
        r"(?<!\S)(\S+): stands neither in a stored document",
        "\u201c{1}\u201d tidak ada di dokumen yang disimpan; salin huruf demi huruf.",
    ),
    (r"the name '(.{1,400}?)' also points to (\S+)", "nama \u201c{1}\u201d sudah dipakai di {2}."),
    (r"'(.{1,400}?)' is formatting", "tanda {1} mengacaukan tampilan WhatsApp; hapus."),
    (r"there is no office (\S*)", "pilih kantornya, atau isi nama kantor baru."),
    (r"is not what '(.{1,400}?)' says", "angkanya tidak sesuai dengan \u201c{1}\u201d."),
    (r"[Ss]tring should match pattern", "hanya huruf kecil, angka, dan tanda hubung."),
    (r"Field required|valid string", "belum diisi."),
    (r"Input should be|Extra inputs", "isinya tidak dikenal."),
    # documents
    (r"the file (\S+) is missing", "teks dokumen {1} tidak tersimpan."),
    (r"needs a file, a url, or a remark", "dokumen ini perlu teks, alamat web, atau keterangan di mana dibaca."),
    (r"no fact comes from it", "tidak ada keterangan yang diambil dari dokumen ini."),
    (r"no entry of documents\.yaml names this file", "teks ini tidak dipakai dokumen mana pun."),
    (r"there is no legal note (\S+)", "catatan hukum {1} tidak ada."),
    (r"there is no document (\S+)", "dokumen {1} tidak ada."),
    (r"(?<!\S)(\S+) is marked (\S+);", "tanda sumber {2} tidak cocok dengan dokumen {1}."),
    (r"the place in (\S+) is not named", "sebutkan bagian mana dari dokumen {1}."),
    (r"'(.{1,400}?)' is not a source", "\u201c{1}\u201d bukan sumber; tulis dokumen dan bagiannya."),
    (r"step (\d+): quotes nothing of", "langkah {1} belum mengutip kata dokumennya."),
    (r"taken from (\S+); this standard is (\S+)", "diambil dari dokumen {1}, padahal standar ini {2}."),
    # services
    (r"own_standards: (\S+) has no service (\S+)", "layanan {2} tidak ada di kantor {1}."),
    (r"next_services: there is no (\S+)", "layanan lanjutan {1} tidak ada."),
    (r"the steps are numbered", "nomor langkahnya harus urut dari 1 tanpa yang hilang atau berulang."),
    (r"step (\S+) refers to step (\S+)", "langkah {1} merujuk ke langkah {2} yang tidak ada."),
    (r"there is no question (\S+)", "pertanyaan {1} tidak ada."),
    (r"(?<!\S)(\S+) has no answer (\S+)", "pertanyaan {1} tidak punya pilihan {2}."),
    (r"nothing depends on (\S+)", "pertanyaan {1} tidak menentukan apa pun; hapus."),
    (r"the steps of (\S+) add up to (\S+) days and (\S+) minutes", "jumlah waktu langkah {1}: {2} hari {3} menit."),
    (r"(?<!\S)(\S+) occurs (\d+) times", "\u201c{1}\u201d muncul {2} kali."),
    # complaint routes
    (r"there is no body (\S+)", "lembaga {1} tidak ada."),
    (r"there is no visibility (\S+)", "pilihan identitas {1} tidak ada."),
    (r"the last route, and only that, has no signs", "hanya jalur terakhir yang boleh tanpa tanda."),
    (r"must be verification, followup, reply", "tahapnya harus verifikasi, tindak lanjut, jawaban."),
    # question entries and trouble cards
    (r"there is no fact (\S+)", "keterangan {1} yang menjadi sumbernya tidak ada lagi."),
    (r"mixes the offices (.{1,400})", "mencampur keterangan beberapa kantor ({1}); satu jawaban, satu kantor."),
    (
        r"rests on secondary sources only",
        "hanya bersumber sekunder; tulis di jawabannya \u201cmenurut sumber sekunder, periksa lagi\u201d.",
    ),
    (r"'(.{1,400}?)' is office language", "\u201c{1}\u201d bahasa kantor; pakai kata sehari-hari."),
    (r"the number (\S+) stands in none of its facts", "angka {1} tidak ada di sumbernya."),
    (r"the address '(.{1,400}?)' stands in none", "alamat \u201c{1}\u201d tidak ada di sumbernya."),
    (r"'(.{1,400}?)' stands in none of its facts", "nama \u201c{1}\u201d tidak ada di sumbernya."),
    (r"awaits a reply and asks nothing", "menunggu jawaban, padahal tidak bertanya."),
    (r"asks what nobody hears", "berakhir dengan pertanyaan yang jawabannya tidak didengar."),
    (r"replies: there is no (\S+)", "lanjutan jawaban {1} tidak ada."),
    (r"there is no entry (\S+)", "jawaban {1} tidak ada."),
    (r"has an answer or an entry that answers", "isi jawabannya, atau sebut jawaban yang sudah ada; salah satu."),
    (r"states (\S+) without a fact", "{1} disebut tanpa sumber."),
    (r"there is no tried way (\S+)", "cara \u201c{1}\u201d tidak dikenal."),
    (r"near: there is no card (\S+)", "kartu masalah {1} tidak ada."),
    (r"next: there is no stage (\S+)", "tahap {1} tidak ada."),
    (r"next: there is no (\S+)", "lanjutan {1} tidak ada."),
    (r"the id (\S+) is used (\d+) times", "nama {1} dipakai {2} kali."),
    (r"the id is (\S+)", "namanya tidak sama dengan {1}."),
    (r"'(.{1,400}?)' is also asked by (\S+)", "pertanyaan \u201c{1}\u201d sudah ada di {2}."),
    (r"there is no such kind of entry", "jenis keterangan ini tidak dikenal."),
    (r"nothing to publish", "tidak ada yang berubah."),
    # stages
    (r"there is no service (\S+)", "layanan {1} tidak ada."),
    (r"has stages for", "tahap statusnya tidak cocok dengan alurnya."),
    (r"step (\S+) belongs to no stage", "langkah {1} tidak masuk tahap mana pun."),
    (r"there is no step (\S+)", "langkah {1} tidak ada."),
    (r"(?<!\S)(\S+) is never reached", "tahap {1} tidak pernah tercapai."),
    (r"an end has no next stage", "tahap akhir tidak punya lanjutan, tahap lain harus punya."),
    (r"turn 'nobody' is for an end", "hanya tahap akhir yang tidak menunggu siapa pun."),
    (r"the promised time does not run", "waktu yang dijanjikan tidak berjalan selama menunggu pemohon."),
    (r"says not what the applicant has to do", "belum menyebut apa yang harus dilakukan pemohon."),
    (r"OSS status (\S+) means (\d+) stages", "status OSS {1} berarti {2} tahap sekaligus."),
    (r"there is no OSS status (\S+)", "status OSS {1} tidak dikenal."),
)
_COMPILED = tuple((re.compile(pattern), sentence) for pattern, sentence in _RULES)
_LONGEST = 80  # characters of a quotation
UNKNOWN = "tidak memenuhi aturan pengetahuan; tunjukkan pesan ini kepada administrator"


def in_indonesian(problem: str) -> str:
    """ "Persyaratan no. 3: …"; what no rule knows is told with its own words behind."""
    for pattern, sentence in _COMPILED:
        if found := pattern.search(problem):
            said = [found.group(), *(part[:_LONGEST] for part in found.groups(""))]
            return f"{_place_of(problem[: found.start()])}: {sentence.format(*said)}"
    return f"{_place_of('')}: {UNKNOWN} ({problem[:200]})."


_PARTS = {"contacts": "complaints", "stages": "procedures"} | {
    name: name for name in ("requirements", "procedures", "duration", "cost", "product", "legal_basis", "complaints")
}


def part_of(problem: str) -> str:
    """The part of a draft that a problem is about; "title" for what stands above all parts."""
    named = re.findall(r"[a-z_]+", problem.partition(": ")[2].partition("'")[0])
    return next((_PARTS[one] for one in named if one in _PARTS), "title")


def _place_of(before: str) -> str:
    parts = re.findall(r"[a-z_]+|\d+", before)
    named = [FIELDS[part] for part in parts if part in FIELDS]
    numbers = [int(part) + 1 for part in parts if part.isdigit()]
    name = next(iter(named), "Draf")
    return f"{name} no. {numbers[-1]}" if numbers and named else name
