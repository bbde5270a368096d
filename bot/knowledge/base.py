"""The parts of every entry of `knowledge/`: a sentence, and where it stands."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]

Review = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""The day when somebody should look whether it is still true."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_SHORT_SOURCE = re.compile(r"(?P<document>[A-Za-z0-9-]+)(?: \[(?P<mark>S|V|2nd)\])?(?:, (?P<clause>.+))?")


class Source(Model):
    """`document` is an id in knowledge/documents.yaml; `clause` names the place ("langkah 3", "Persyaratan no. 2").

    In the files it is one line: `S3, A langkah 1` or `pp-28-2025 [V], Pasal 205`.
    """

    document: str
    clause: str = ""
    mark: Literal["S", "V", "2nd"] = "S"

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        match = _SHORT_SOURCE.fullmatch(value.strip())
        if match is None:
            raise ValueError(f"'{value}' is not a source; write: DOCUMENT, clause or DOCUMENT [V], clause")
        return {key: part for key, part in match.groupdict().items() if part is not None}


class Fact(Model):
    """A sentence as applicants read it. `printed` keeps the document's own spelling where the two differ.

    `editor_note` is for whoever keeps the file (a misprint, a doubt about numbering); it is never shown.
    """

    text: str
    source: Source
    printed: str | None = None
    remark: str | None = None
    editor_note: str | None = None
