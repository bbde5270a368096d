from tests.complaints.conftest import Person


async def test_x(person: Person) -> None:
    orig = person.chat._turn

    async def loud(text, *a):
        said = await orig(text, *a)
        print("\n>>>", text)
        for m in said.messages:
            print("  |", m["text"].replace("\n", "\n  | "))
            print(
                "    ",
                [b["title"] for b in m["buttons"]],
            )
        return said

    person.chat._turn = loud
    await person.to_preview()
    await person.tap("Pakai kata saya sendiri")
    await person.tap("Pakai bahasa rapi")
    await person.tap("Ya, sudah benar")
    await person.tap("Saya kirim sendiri")
    await person.tap("Sudah saya kirim")
    await person.say("12")
    await person.say("1916449")
    await person.say("cek laporan saya", "track_status")
    await person.tap("Sudah dijawab")
    await person.say("kata lapor sudah diteruskan ke dinas")
    await person.tap("Belum selesai")
    await person.tap("Kontak Ombudsman")
