"""The same standard as text, page, Word, PDF, sheet and CSV reads the same."""

from __future__ import annotations

import pytest

from tests.standards.drafts import read
from tests.standards.kinds import KINDS, OFFICE, ROWS, TITLE


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_reads_the_same(name: str) -> None:
    draft = read(KINDS[name](), name)
    assert len(draft.services) == 1
    service = draft.services[0]
    items = dict(ROWS)
    assert service.title == TITLE.removeprefix("STANDAR PELAYANAN ")
    assert service.office == OFFICE
    assert [r.text for r in service.requirements or []] == items["Persyaratan"]
    assert [p.steps for p in service.procedures or []] == [items["Sistem, Mekanisme dan Prosedur"]]
    assert [stated.text for stated in service.duration or []] == items["Jangka Waktu Penyelesaian"]
    assert [stated.text for stated in service.cost or []] == items["Biaya/Tarif"]
    assert service.product == items["Produk Pelayanan"]
    assert service.legal_basis == items["Dasar Hukum"]
    assert [(c.kind, c.value) for c in service.complaints or []] == [
        ("phone", "0298-555321"),
        ("email", "pengaduan@mekarwangi.go.id"),
    ]
