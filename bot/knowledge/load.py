"""From the files of `knowledge/` to a `Knowledge`. The shape is checked here, the truth of it in `check`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from bot.knowledge.complaint_models import ComplaintRules
from bot.knowledge.models import (
    Document,
    Kind,
    Knowledge,
    LegalNote,
    Office,
    OssStatus,
    Service,
    ServiceStages,
    Term,
    Topic,
)
from bot.knowledge.privacy_models import PrivacyRules
from bot.knowledge.question_models import Matter, NationalFact, QuestionEntry, TriedWay, TroubleCard
from bot.knowledge.survey_models import SurveyRules

FOLDER = Path(__file__).resolve().parents[2] / "knowledge"


MAX_DEPTH = 50
_TOO_DEEP = re.compile(r"(?:[\[{][^\[{\]}]{0,40}){" + str(MAX_DEPTH + 1) + "}")


class KnowledgeError(Exception):
    """The files cannot be read as knowledge. `problems` has one line each: file, id, place, what is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


_live: Knowledge | None = None


def get_knowledge() -> Knowledge:
    """The knowledge of this installation: the files, and what was published (`bot/knowledge/live.py` renews it).

    Ask again for every turn and page; what was made from it is made again when another object comes.
    """
    return _live or of_files()


@lru_cache
def of_files() -> Knowledge:
    """What stands in `knowledge/`, read once."""
    return load(FOLDER)


def use(knowledge: Knowledge | None) -> None:
    """From now on `get_knowledge` gives this; None: the files alone."""
    global _live  # noqa: PLW0603  # of the process
    _live = knowledge


def load(folder: Path) -> Knowledge:
    """Reads every file of `folder`; raises `KnowledgeError` with all problems of all files."""
    problems: list[str] = []
    complaints = _read_one(folder, "complaint_routes.yaml", ComplaintRules, problems)
    privacy = _read_one(folder, "privacy.yaml", PrivacyRules, problems)
    survey = _read_one(folder, "survey.yaml", SurveyRules, problems)
    parts: dict[str, Any] = {
        "documents": _read_list(folder, "documents.yaml", Document, problems),
        "kinds": _read_list(folder, "kinds.yaml", Kind, problems),
        "offices": _read_folder(folder, "offices", Office, problems),
        "services": _read_folder(folder, "services", Service, problems),
        "terms": _read_list(folder, "glossary.yaml", Term, problems),
        "legal_notes": _read_list(folder, "legal_notes.yaml", LegalNote, problems),
        "topics": _read_list(folder, "topics.yaml", Topic, problems),
        "stages": _read_folder(folder, "stages", ServiceStages, problems),
        "oss_status": _read_list(folder, "oss_status.yaml", OssStatus, problems),
        "national": _read_lists(folder, "national", NationalFact, problems),
        "questions": _read_lists(folder, "questions", QuestionEntry, problems),
        "troubles": _read_folder(folder, "troubles", TroubleCard, problems, some=False),
        "tried": _read_lists(folder, "tried", TriedWay, problems),
        "matters": _read_lists(folder, "matters", Matter, problems),
    }
    if problems or complaints is None or privacy is None or survey is None:
        raise KnowledgeError(problems)
    return Knowledge(**parts, complaints=complaints, privacy=privacy, survey=survey)


def _read_one[T: BaseModel](folder: Path, name: str, kind: type[T], problems: list[str]) -> T | None:
    """One entry that is a whole file."""
    raw = parse_file(folder / name, name, problems)
    try:
        return None if raw is None else kind.model_validate(raw)
    except ValidationError as error:
        problems.extend(f"{name}: {line}" for line in lines_of(error))
    return None


def _read_folder[T: BaseModel](
    folder: Path, name: str, kind: type[T], problems: list[str], *, some: bool = True
) -> dict[str, T]:
    """One entry a file; the file is named after its id. `some`: there must be one."""
    entries: dict[str, T] = {}
    for path in sorted((folder / name).glob("*.yaml")):
        where = f"{name}/{path.name}"
        raw = parse_file(path, where, problems)
        if raw is None:
            continue
        if isinstance(raw, dict) and raw.get("id") != path.stem:
            problems.append(f"{where}: the id is {raw.get('id')!r}; a file is named after its id")
        entries.update(_entries([raw], kind, where, problems))
    if some and not entries and not problems:
        problems.append(f"{name}/: no files")
    return entries


def _read_lists[T: BaseModel](folder: Path, name: str, kind: type[T], problems: list[str]) -> dict[str, T]:
    """Lists of entries in the files of a folder, by theme; each id once in all of them. The folder may be absent."""
    entries: dict[str, T] = {}
    for path in sorted((folder / name).glob("*.yaml")):
        for key, entry in _read_list(folder, f"{name}/{path.name}", kind, problems).items():
            if key in entries:
                problems.append(f"{name}/{path.name}: {key}: the id occurs in another file, too")
            entries[key] = entry
    return entries


def _read_list[T: BaseModel](folder: Path, name: str, kind: type[T], problems: list[str]) -> dict[str, T]:
    """A list of entries in one file; each id once."""
    raw = parse_file(folder / name, name, problems)
    if raw is None:
        return {}
    if not isinstance(raw, list):
        problems.append(f"{name}: must be a list of entries")
        return {}
    entries: dict[str, T] = {}
    for key, entry in _entries(raw, kind, name, problems):
        if key in entries:
            problems.append(f"{name}: {key}: the id occurs twice")
        entries[key] = entry
    return entries


def _entries[T: BaseModel](
    raw: Iterable[Any], kind: type[T], where: str, problems: list[str]
) -> Iterator[tuple[str, T]]:
    for number, item in enumerate(raw, start=1):
        key = str(item.get("id", f"entry {number}")) if isinstance(item, dict) else f"entry {number}"
        try:
            yield key, kind.model_validate(item)
        except ValidationError as error:
            problems.extend(f"{where}: {key}: {line}" for line in lines_of(error))


def parse_file(path: Path, where: str, problems: list[str]) -> Any:
    try:
        content = path.read_text("utf-8")
        if _TOO_DEEP.search(content):  # libyaml's time grows with the square of the depth
            problems.append(f"{where}: brackets are nested more than {MAX_DEPTH} deep")
            return None
        raw = yaml.load(content, Loader=yaml.CSafeLoader)
        if raw is None:
            problems.append(f"{where}: the file is empty")
        return raw
    except FileNotFoundError:
        problems.append(f"{where}: the file is missing")
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        problems.append(f"{where}: {' '.join(str(error).split())}")
    return None


def lines_of(error: ValidationError) -> Iterator[str]:
    """`procedures.0.steps.3.source: Field required`; the tags of `OrNotStated` are left out."""
    seen: set[str] = set()
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(str(part) for part in detail["loc"] if not _is_union_tag(part))
        line = f"{place}: {detail['msg']}" if place else detail["msg"]
        if line not in seen:
            seen.add(line)
            yield line


def _is_union_tag(part: int | str) -> bool:
    return part in ("stated", "gap")
