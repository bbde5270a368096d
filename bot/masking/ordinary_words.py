"""Words that talk about a password says, and that are none."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OWNERS = _words(
    """
    aku ambo awak denai emailku gua gue gw kami kita ku kula kulo mine my nya our saya sy
    """
)
LEADING = _words(
    """
    account adalah aja akun are bang baru benar betul bu buat cek cuma di dulu email emailku for ganti gmail
    hanya ialah ini is itu jadi kak lain lama lamaku mas mba mbak menjadi min nomor oss pak pakai pake saja
    sekarang siinas terakhir the tolong ubah untuk utk was ya yah yaitu yang yg
    """
)
"""Between a word for a password and the password; "password saya itu …"."""
ASIDE = _words(
    """
    bang bu buat di kak mas mba mbak min pak tolong untuk utk ya yah
    """
)
"""After one of these a comma begins something else."""
CALLED = _words(
    """
    admin bang bapak bos bu gan ibu kak kakak mas mba mbak min pak sis
    """
)
GREETING = CALLED | _words(
    """
    assalamualaikum hai halo ini malam maaf pagi permisi selamat siang sore
    """
)
"""Alone before a word for a password they do not talk about it."""
GIVING = _words(
    """
    coba isi ketik masukan masukin masukkan memakai pakai pake pakek pakenya
    """
)
"""Before a word for a password, when the password itself follows."""
BEFORE = _words(
    """
    bukan change diminta forget forgot ganti kendala lupa masalah meminta mengganti mengubah mereset minta new
    reset soal tanpa tentang ubah
    """
)
"""Before it, when it is only talked about."""
NOUNS = _words(
    """
    beringin berlian beruang diamond dian dinamit dinosaurus dirgantara disko menara mendoan mendung mentari
    mentega mentimun pendekar pendopo pengantin penguin penyu permata terang terasi teratai terigu terompet
    terong terowongan
    """
)
"""Those begin like verbs and are none."""
ORDINARY = _words(
    """
    a abai acak ada adakah adalah adik admin administrator ado again agak agar aja akan akhirnya aktif aku akun
    alun aman amat anak and anda ane aneh angel angka apa apabila apak apakah apalagi aplikasi app are as asal
    asli at atas atau atm awal ayah ayo baa bagaimana bagus bahasa bahkan bahwa bakal balik banget bank banking
    bantu bantuan bantuin bapak barapo baru basi batas bawaan bawah bdn beda begini begitu belakang belom belum
    benar bendahara bener berapa berkas besar besok betul bgmn bgt bhs biar biasa biasanya bila bilo bingung
    biro bisa bisuak bkpm blank blm blokir blum bner bocor bohong boleh bolehkah bos bpjs browser brp buat buka
    bukan bukankah buntu but by cabang cadangan calo campur campuran can capek cara caranya cari cek centang
    changed chat coba cocok coretax correct could cs cukup cuma curi daftar dagang dah dalam dan dapat dapetnya
    dari daripada darurat dasar default deh dek demi dengan depan dereng desa dia digit dima dinas dinonaktifkan
    direktur djp do dobel does doesn dokumen don dong dpt dr dua dulu duluan durung ebupot either email emang
    engga enggak eror error euy even ever excel expire expired facebook file fine fitur for forgot forgotten
    format formulir foto from ga gabisa gada gagal gaiso gaje gak gambar gampang ganti gapapa gara garis gawat
    gede gimana gini gitu gk gmn gone google group grup gue habis hack had hai halaman halo handphone hangus
    hanya hapus harap hari harus has hasil have help here hilang hilap hiliang him hp hub hubungi huruf ibu ical
    if ijin iki ilang ilegal in incorrect indak indonesia industri ingat inget inggris ingin ini instagram
    instansi insyaallah internet invalid is isian iso istri it itu iya iyo izin jadi jadul jam jangan jarang
    jasa jawab jebol jelas jelek jg jika jk jo judul juga jumat jumlah kabupaten kacau kadaluarsa kadaluwarsa
    kadang kadin kados kadung kak kakak kalau kali kalian kalo kamis kan kantor kapan kapital karakter karena
    karna karo kartu karyawan kasih kata katanya kayaknya kayanya ke keblokir kebobolan kecamatan kecil
    kedaluwarsa keder kedua kelalen kelewat kelewatan keliru keluar kelupa kelupaan kelurahan kemalingan kemarin
    kembar kemudian kena kenapa kendala kenopo kepada kepala kepriye kertas kesel kesupen ketemu ketiga ketik
    ketika kirim kl klik muat klo knapa ko kode kok koma kombinasi kompleks komputer konfirmasi konsultan kosong
    kosongan kota kuat kubuka kudu kunci kuno kurang kusut kuubah kuwi lagi lah lai lain laku lali lalu lama
    langkah langsung laptop last later lawas layanan layar lemah lemot lengkapi lenyap letak leungit lewat lho
    link locked login logout loh lost lowercase lpse lumayan lupa lupain lupo maaf macet mah maka maksud
    maksudnya malah maling mana mandek manga masa masalah masih masuk masukan masukin masukkan mau maupun
    mbanking mboten meeting melalui melarang melenceng melihat memakai memang member meminta mending mengapa
    menu merasa mereka mesin message mesti min minggu minimal minta misal misalnya missing mo mobile modem mohon
    mosok mudah mulai mumet muncul mung musnah must musti nah nama namun nan nanti nda ndak necessary needed
    needs negara nek never new ngaco ngadat ngeblok ngendi ngga nggak nggih nggo ngilang ngulang niki niku ning
    njaluk no nolak nomer nomor nonaktif not notaris notif notifikasi now nuwun nyari nyasar nyoba of off ok
    okay oke oknum old oleh on once only operator opo or ora orang order otomatis out over pada padahal padha
    page pajak pakai paling palsu panjang pas pasaran pasca password pasti payah pegang pegawai pegawaine
    pelayanan pemda pemilik pencarian pendaftaran pendek pengurus penting penuh perlu permisi pernah pertama
    perusahaan pesan pira piro piye please poho portal pribadi printer pripun provinsi pula pulih pundi punya
    punyo pusat pusing rabu rahasia raib raiso random rejected rekening required reset resmi ribet right romawi
    router rumit rusak ruwet saat sabananyo sabtu sadang sadar saged sah saja salah sama samean sampai sampe
    sampean sampun sana sandi sangat sapa satu sbg sblm sebab sebaiknya sebel sebelum sebelumnya sebentar secara
    sedang sederhana segera sekali sekalian sekarang sekolah sekretaris sekunder selain selalu selama selasa
    sementara semua semuanya sendiri senin sent seperti sering serta server sesuai sesudah setelah setiap sewu
    should sia siapa sih simbol simpan simpel since sing sini sinkron sinkronisasi sirna sistem situ situs skrg
    so soal soalnya some sometimes sopo spasi sso staf staff standar still stolen strong suami sudah sukses
    sulit supaya supe surat surel susah syarat ta tab tadi tahu tak takut tampil tanda tanpa tanya tanyakan tapi
    tau tautan tdk teh telah telat telepon teman tempat tentang tentu tepat terbaru tertentu terus tetap tetep
    tgl that then there they this tho tiap tiba tidak tido tiga tiktok tipe titik to token tolak tolong tombol
    too tp trs tulis tulisan tulung tutorial tutup ubah uda udah udh ulang ulangi umum undang uni unik untuk
    update upper uppercase usang user username usul utama valid vendor verifikasi via video wa wae wajib waktu
    was we weak web website wes what whatsapp when where which who why wifi will wis with without wrong ya yaitu
    yakin yang yaopo yg yo you zoom
    """
)
