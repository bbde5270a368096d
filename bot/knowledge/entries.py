"""Entries of knowledge one by one: which kinds there are, how they are read, merged and written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from bot.knowledge.base import Source
from bot.knowledge.load import lines_of, parse_file
from bot.knowledge.models import Document, Knowledge, LegalNote, Office, Service, ServiceStages, Term, Topic
from bot.knowledge.publications import Contents, Key
from bot.knowledge.question_models import Matter, NationalFact, QuestionEntry, TriedWay, TroubleCard

KINDS: dict[str, type[BaseModel]] = {
    "documents": Document,
    "offices": Office,
    "services": Service,
    "stages": ServiceStages,
    "terms": Term,
    "legal_notes": LegalNote,
    "topics": Topic,
    "questions": QuestionEntry,
    "national": NationalFact,
    "troubles": TroubleCard,
    "tried": TriedWay,
    "matters": Matter,
}
FROM_FILE: dict[str, Any] = {"from": "file"}
"""In place of a content: nothing is published any more, the file stands, if there is one."""
SOURCES = "sources"
"""The stored texts of documents, by file name below knowledge/sources/."""
_ONE_FILE = {
    "documents": "documents.yaml",
    "terms": "glossary.yaml",
    "legal_notes": "legal_notes.yaml",
    "topics": "topics.yaml",
}
_FOLDERS = ("offices", "services", "stages", "troubles")
_LISTS = ("questions", "national", "tried", "matters")
_LIST_FILE = "published.yaml"


Wrong = Callable[[Key, str], None]
STAYS = object()
"""In place of a read entry: what the files say stands."""


def merge(files: Knowledge, published: Contents, wrong: Wrong | None = None) -> Knowledge:
    """Files and publications as one. An entry that no longer fits the shape is left out, and told to `wrong`."""
    return laid(files, {key: read(key, content, wrong) for key, content in published.items()})


def read(key: Key, content: dict[str, Any] | None, wrong: Wrong | None = None) -> Any:
    """A content as an entry of the knowledge; None where it is withdrawn."""
    if content is None:
        return None
    if content == FROM_FILE:
        return STAYS
    try:
        return _read(key[0], content)
    except (ValidationError, KeyError) as error:
        if wrong is not None:
            wrong(key, str(error))
        return STAYS


def laid(files: Knowledge, entries: Mapping[Key, Any]) -> Knowledge:
    """Read entries over those of the files."""
    changed: dict[str, dict[str, Any]] = {}
    for (kind, entry), value in entries.items():
        into = changed.setdefault(kind, dict(getattr(files, kind)))
        if value is None:
            into.pop(entry, None)
        elif value is not STAYS:
            into[entry] = value
    return files.model_copy(update=changed) if changed else files


def problems_of(contents: Contents) -> list[str]:
    """What is wrong with the shape of entries; one line each."""
    found: list[str] = []
    for (kind, entry), content in contents.items():
        if kind not in (*KINDS, SOURCES):
            found.append(f"{kind}: there is no such kind of entry")
        elif content is not None and content != FROM_FILE:
            try:
                made = _read(kind, content)
            except ValidationError as error:
                found.extend(f"{kind}/{entry}: {line}" for line in lines_of(error))
            except KeyError:
                found.append(f"{kind}/{entry}: text: Field required")
            else:
                if isinstance(made, BaseModel) and getattr(made, "id", entry) != entry:
                    found.append(f"{kind}/{entry}: the id is {getattr(made, 'id', '')!r}")
    return found


def _read(kind: str, content: dict[str, Any]) -> Any:
    return str(content["text"]) if kind == SOURCES else KINDS[kind].model_validate(content)


def as_content(entry: BaseModel) -> dict[str, Any]:
    """An entry as YAML and JSON hold it: sources on one line, nothing that is only a default."""
    plain = _plain(entry)
    assert isinstance(plain, dict)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Source):
        mark = "" if value.mark == "S" else f" [{value.mark}]"
        return f"{value.document}{mark}, {value.clause}" if value.clause else f"{value.document}{mark}"
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        stated = {name: getattr(value, name) for name in fields}
        return {
            name: _plain(one)
            for name, one in stated.items()
            if fields[name].is_required() or one != fields[name].get_default(call_default_factory=True)
        }
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


# --- folders ------------------------------------------------------------------------------------------------------


def read_folder(folder: Path) -> tuple[dict[Key, dict[str, Any] | None], list[str]]:
    """The entries of a folder in the layout of `knowledge/`, any part of it, and what is wrong with its files."""
    problems: list[str] = []
    found: dict[Key, dict[str, Any] | None] = {}

    def add(kind: str, raw: Any, where: str) -> None:
        if not isinstance(raw, dict) or not isinstance(raw.get("id"), str):
            problems.append(f"{where}: an entry without an id")
        else:
            found[kind, raw["id"]] = raw

    for kind, paths, listed in _files(folder):
        for path in paths:
            where = str(path.relative_to(folder))
            raw = parse_file(path, where, problems)
            for one in raw if listed and isinstance(raw, list) else [raw] if raw is not None else []:
                add(kind, one, where)
    for path in sorted((folder / SOURCES).glob("*")):
        found[SOURCES, path.name] = {"text": path.read_text("utf-8", errors="replace")}
    return found, problems


def _files(folder: Path) -> Iterable[tuple[str, list[Path], bool]]:
    for kind, name in _ONE_FILE.items():
        yield kind, [folder / name] if (folder / name).is_file() else [], True
    for kind in _FOLDERS:
        yield kind, sorted((folder / kind).glob("*.yaml")), False
    for kind in _LISTS:
        yield kind, sorted((folder / kind).glob("*.yaml")), True


def write_folder(folder: Path, contents: Contents) -> list[Path]:
    """Writes entries as files that `read_folder`, and Pandu's own `knowledge/`, read; returns the paths."""
    written: list[Path] = []
    listed: dict[Path, list[dict[str, Any]]] = {}
    for (kind, entry), content in sorted(contents.items()):
        if content is None:
            continue
        content = _ordered(kind, dict(content))  # noqa: PLW2901  # the database keeps no order of fields
        if kind == SOURCES:
            written.append(_written(folder / SOURCES / Path(entry).name, str(content["text"])))
        elif kind in _FOLDERS:
            written.append(_written(folder / kind / f"{entry}.yaml", _dump(content)))
        else:
            listed.setdefault(folder / _ONE_FILE.get(kind, f"{kind}/{_LIST_FILE}"), []).append(content)
    written.extend(_written(path, _dump(entries)) for path, entries in listed.items())
    return written


def _ordered(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """The fields in the order of the model; what does not fit it is written as it is."""
    try:
        return as_content(KINDS[kind].model_validate(content)) if kind in KINDS else content
    except ValidationError:
        return content


def _dump(content: Any) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=120)


def _written(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return path
