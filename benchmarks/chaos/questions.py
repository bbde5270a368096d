"""Questions of applicants, each with one answer."""

# Each is understood by itself and has one answer, whatever was said before.
QUESTIONS = (
    "apa saja syarat izin usaha industri di kudus",
    "berapa lama izin perluasan di magetan",
    "berapa biaya izin perluasan di magetan",
    "dasar hukum izin perluasan di magetan apa",
    "apa itu nib",
    "apa itu kbli",
    "cara daftar akun siinas gimana",
    "otp oss gak masuk2 dari tadi",
    "lupa kata sandi oss",
    "kontak dpmptsp kudus",
    "data perusahaan siinas tidak sesuai",
    "apa itu lkpm",
)
