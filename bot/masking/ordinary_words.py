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
ORDINARY = _words(
    """
    a acak ada adakah adalah adik admin administrator ado agak agar aja akan akhirnya aktif aku akun alun aman
    amat anak and anda ane angel angka apa apabila apak apakah apalagi app are as asal asli at atas atau awal
    ayah ayo baa bagaimana bahkan bahwa bakal balik banget bantu bantuan bantuin bapak barapo baru basi batas
    bawaan bawah bdn beda begini begitu belakang belom belum benar bendahara bener besar besok betul bgmn bgt
    bhs biar biasa biasanya bila bilo biro bisa bisuak blank blm blum bner bocor boleh bolehkah bos browser brp
    buat buka bukan bukankah but by cabang cadangan calo campuran can cara caranya cek centang changed coba
    cocok correct could cs cukup cuma daftar dah dalam dan dapat dapetnya dari daripada darurat dasar default
    deh dek demi dengan depan dereng desa dia digit dima dinas dinonaktifkan direktur do dobel does doesn don
    dong dpt dr dua dulu duluan durung either email emang engga enggak eror error euy even ever expire expired
    fine fitur for forgot forgotten format from ga gabisa gada gagal gaiso gak gampang ganti gapapa gara garis
    gawat gede gimana gini gitu gk gmn google gue habis hack had hai halaman halo handphone hangus hanya hapus
    harap hari harus has hasil have help here hilang him hp hub hubungi huruf ibu if ijin iki ilang ilegal in
    incorrect indak ingat inget ingin ini insyaallah internet invalid is isian iso istri it itu iya iyo izin
    jadi jam jangan jarang jasa jawab jebol jelas jg jika jk jo juga jumlah kacau kadaluarsa kadaluwarsa kadang
    kados kadung kak kakak kalau kali kalian kalo kan kantor kapan kapital karakter karena karna karo kartu
    karyawan kasih kata katanya kayaknya kayanya ke kebobolan kecil kedaluwarsa kedua kelalen keliru keluar
    kelupaan kemarin kemudian kena kenapa kendala kenopo kepada kepala kepriye kertas kesupen ketemu ketiga
    ketik ketika kirim kl klik klo knapa ko kode kok koma kombinasi kompleks komputer konfirmasi konsultan
    kosong kosongan kuat kubuka kudu kunci kuno kurang kuubah kuwi lagi lah lai lain laku lali lalu lama langkah
    langsung laptop last later layanan layar lemah lemot lengkapi letak lewat lho link locked login logout loh
    lost lowercase lupa lupo maaf macet mah maka maksud maksudnya malah mana manga masa masalah masih masuk
    masukan masukin masukkan mau maupun mboten melalui melarang melihat memakai memang meminta mending mengapa
    menu merasa mereka mesin message mesti min minggu minimal minta misal misalnya missing mo mohon mosok mudah
    mulai muncul mung must musti nah nama namun nan nanti nda ndak necessary needed needs nek never new ngendi
    ngga nggak nggih nggo niki niku ning njaluk no nomer nomor nonaktif not notaris notif notifikasi now nuwun
    of off ok okay oke oknum old oleh on once only operator opo or ora orang order out over pada padahal padha
    page pakai paling palsu panjang pas password pasti pegang pegawai pegawaine pemilik pendaftaran pendek
    pengurus penting penuh perlu permisi pernah pertama perusahaan pesan pira piro piye please pribadi pripun
    pula pulih pundi punya punyo pusat pusing rahasia raiso rejected required reset resmi ribet right rumit
    rusak saat sabananyo sadang sadar saged sah saja salah sama samean sampai sampe sampean sampun sana sandi
    sangat sapa sbg sblm sebab sebaiknya sebelum sebelumnya sebentar secara sedang segera sekali sekalian
    sekarang sekretaris sekunder selain selalu selama sementara semua semuanya sendiri sent seperti sering serta
    server sesuai sesudah setelah setiap sewu should sia siapa sih simbol simpan since sing sini sinkron
    sinkronisasi sistem situ situs skrg so soal soalnya some sometimes sopo spasi staf staff standar still
    strong suami sudah sukses sulit supaya susah syarat ta tab tadi tahu tak takut tampil tanda tanpa tanya
    tanyakan tapi tau tdk teh telah telat telepon teman tempat tentang tepat terbaru terus tetap tetep tgl that
    then there they this tho tiap tiba tidak tido tiga tipe titik to tolong tombol too tp trs tulis tulisan
    tulung tutup ubah uda udah udh ulang umum undang uni unik untuk update upper uppercase user username usul
    utama valid verifikasi via wa wae wajib waktu was we weak web website wes what whatsapp when where which who
    why wifi will wis with without wrong ya yaitu yakin yang yaopo yg yo you
    """
)
