"""Questions over the small knowledge: what is answered, what is asked back, what is remembered."""

from __future__ import annotations

import pytest

from bot.answers import Answer, Asked, Context, answer, inform
from bot.answers.payloads import parse
from tests.answers.build import knowledge

K = knowledge()


def ask(topic: str, memory: Context | None = None, default: str = "", **named: object) -> Answer:
    return answer(K, topic, Asked(**named), memory or Context(), default)  # type: ignore[arg-type]


def text(found: Answer) -> str:
    return "\n".join(reply.text for reply in found.replies)


def payloads(found: Answer) -> dict[str, tuple[str, dict[str, str]]]:
    return {button.title: parse(button.payload) for button in found.replies[-1].buttons}


def test_region_is_asked_with_the_whole_question_in_each_button() -> None:
    found = ask("ask_cost")
    assert text(found) == "Aturan tiap daerah bisa berbeda. Usaha Anda di daerah mana?"
    assert payloads(found)["Arum"] == ("ask_cost", {"office": "arum"})
    assert payloads(found)["Daerah lain"] == ("ask_cost", {"office": "lain"})
    assert found.context.topic == "ask_cost"


def test_an_office_with_several_services_asks_which() -> None:
    found = ask("ask_duration", office="arum")
    assert payloads(found) == {
        "arum-baru": ("ask_duration", {"service": "arum-baru"}),
        "arum-luas": ("ask_duration", {"service": "arum-luas"}),
    }
    assert found.context.office == "arum"


def test_a_kind_and_an_office_name_the_service() -> None:
    found = ask("ask_duration", office="arum", kind="expansion")
    assert "5 hari untuk arum-luas." in text(found)
    assert text(found).endswith("Sumber: Dokumen A, Jangka waktu")
    assert found.replies[0].sources[0].clause == "Jangka waktu"
    assert found.context == Context(office="arum", service="arum-luas", topic="ask_duration")


def test_a_kind_alone_asks_the_region_and_is_remembered() -> None:
    first = ask("ask_duration", kind="expansion")
    assert set(payloads(first)) == {"Arum", "Banyu", "Daerah lain"}
    assert payloads(first)["Banyu"] == ("ask_duration", {"service": "banyu-luas"})
    slots = first.context.slots()
    assert slots["service"] == "kind:expansion"
    second = ask("ask_duration", Context.from_slots(slots), office="banyu")
    assert "banyu-luas" in text(second)


def test_a_region_is_asked_also_where_only_one_holds_the_kind() -> None:
    assert payloads(ask("ask_duration", kind="labour"))["Banyu"] == ("ask_duration", {"service": "banyu-kerja"})
    assert "5 hari untuk pusat-akun." in text(ask("ask_duration", kind="account")), "a national one needs no region"


def test_the_office_of_the_installation_answers_when_none_is_named() -> None:
    assert "arum-luas" in text(ask("ask_duration", default="arum", kind="expansion"))
    assert set(payloads(ask("ask_duration", default="arum"))) == {"arum-baru", "arum-luas"}


def test_another_office_keeps_the_kind_of_service() -> None:
    memory = Context(office="arum", service="arum-luas", topic="ask_duration")
    found = ask("ask_duration", memory, office="banyu")
    assert "banyu-luas" in text(found)
    assert "arum" not in text(found)
    assert found.context.office == "banyu"


def test_another_office_without_that_kind_asks_and_never_borrows() -> None:
    memory = Context(office="arum", service="arum-baru", topic="ask_duration")
    found = ask("ask_duration", memory, office="banyu")
    assert set(payloads(found)) == {"banyu-luas", "banyu-kerja"}
    assert "5 hari" not in text(found)


def test_a_kind_that_the_remembered_region_lacks_is_said_to_be_missing() -> None:
    found = ask("ask_cost", Context(office="arum"), kind="labour")
    assert "belum memegang standar perizinan sektor ketenagakerjaan untuk Arum" in text(found)
    assert payloads(found)["Banyu"] == ("ask_cost", {"service": "banyu-kerja"})
    assert "Tidak disebutkan" not in text(found)


def test_a_national_service_does_not_make_us_forget_the_region() -> None:
    found = ask("ask_duration", Context(office="arum"), service="pusat-akun")
    assert found.context.office == "arum"
    assert "arum-luas" in text(ask("ask_duration", found.context, kind="expansion"))


def test_an_unknown_region_is_answered_honestly() -> None:
    found = ask("ask_cost", region="Jepara")
    assert "belum memegang standar pelayanan Jepara" in text(found)
    assert "Daerah lain" not in payloads(found)


def test_the_way_is_asked_only_when_the_answer_depends_on_it() -> None:
    assert "5 hari" in text(ask("ask_duration", service="banyu-kerja"))
    steps = ask("ask_procedure", service="banyu-kerja")
    assert payloads(steps)["mandiri"] == ("ask_procedure", {"service": "banyu-kerja", "flow": "mandiri"})
    chosen = ask("ask_procedure", steps.context, flow="dibantu")
    assert "Panduan dibantu" in text(chosen)
    again = ask("ask_procedure", chosen.context)
    assert "Panduan dibantu" in text(again)


def test_a_way_alone_names_its_service() -> None:
    found = ask("ask_procedure", flow="mandiri")
    assert found.context.service == "banyu-kerja"


def test_not_stated_is_an_answer_and_names_whom_to_ask() -> None:
    silent = ask("ask_cost", service="banyu-kerja")
    assert "Tidak disebutkan dalam standar pelayanan ini." in text(silent)
    assert "Telepon: 021-555" in text(silent)
    without = ask("ask_cost", service="arum-baru")
    assert "petugas" in text(without)
    assert payloads(without)["Bicara petugas"] == ("talk_to_human", {})


def test_a_law_is_followed_by_what_replaced_it() -> None:
    found = text(ask("ask_legal_basis", service="arum-baru"))
    assert found.index("Peraturan Lama Nomor 1") < found.index("→ Sekarang: Sudah diganti Peraturan Baru.")
    assert "Dokumen B, Pasal 9" in found


def test_one_step_can_be_asked() -> None:
    found = text(ask("ask_procedure", service="arum-baru", step=3))
    assert "Langkah 3 dari 5" in found
    assert "Petugas memeriksa berkas." in found
    assert "Cetak izin" not in found


def test_contacts_need_only_the_office() -> None:
    assert "021-555" in text(ask("ask_contact", office="banyu"))
    assert "021-555" in text(ask("ask_contact", Context(service="banyu-luas", office="arum")))
    assert "Arum" in payloads(ask("ask_contact"))


def test_contacts_of_another_office_keep_the_kind_for_the_next_question() -> None:
    memory = Context(office="arum", service="arum-luas", topic="ask_cost")
    contact = ask("ask_contact", memory, office="banyu")
    assert "banyu-luas" in text(ask("ask_duration", contact.context))


@pytest.mark.parametrize("topic", ["ask_requirements", "ask_duration", "ask_cost", "ask_product", "ask_legal_basis"])
def test_every_answer_offers_the_next_questions(topic: str) -> None:
    found = ask(topic, service="banyu-luas")
    assert 2 <= len(found.replies[-1].buttons) <= 3
    assert payloads(found)["Mulai panduan"] == ("guide_start", {"service": "banyu-luas"})
    assert payloads(found)["Info lain"] == ("inform", {"service": "banyu-luas", "detail": "menu"})


def test_naming_only_an_office_or_service_shows_what_there_is() -> None:
    assert set(payloads(inform(K, Asked(office="arum"), Context()))) == {"arum-baru", "arum-luas", "Kontak", "Menu"}
    card = inform(K, Asked(service="arum-baru"), Context())
    assert "Ringkasan arum-baru." in text(card)
    assert payloads(card)["Biaya"] == ("ask_cost", {"service": "arum-baru"})
    assert len(card.replies[-1].buttons) <= 10


def test_slots_of_another_shape_count_as_empty() -> None:
    assert Context.from_slots({"office": 7, "service": None, "topic": ""}) == Context()
