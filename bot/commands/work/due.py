"""`pandu knowledge due`: the list, by document, so that each is opened once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import date

from bot.errors import CannotRun
from bot.knowledge.due import NO_DATE, Due, due, resting_on
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Knowledge

SHOWN = 90  # characters of a fact
NAMED = 6  # entries that rest on it; --json has all


def tell(until: date, document: str, *, as_json: bool, say: Callable[[str], None] = print) -> int:
    """Prints what is due, or all that rests on `document`; 1 when something is due by its date. Raises CannotRun."""
    knowledge = get_knowledge()
    if document and document not in knowledge.documents:
        raise CannotRun(f"There is no document {document} in knowledge/documents.yaml.")
    found = resting_on(knowledge, document) if document else due(knowledge, until)
    if as_json:
        say(json.dumps([one.shown() for one in found], ensure_ascii=False))
    else:
        _list(knowledge, found, say)
        say(f"{len(found)} rest on {document}" if document else f"{len(found)} due until {until.isoformat()}")
    return 1 if found and not document else 0


def _list(knowledge: Knowledge, found: list[Due], say: Callable[[str], None]) -> None:
    groups: dict[str, list[Due]] = defaultdict(list)
    for one in found:
        groups[one.documents[0]].append(one)
    for document, here in groups.items():
        known = knowledge.documents[document]
        say(f"{known.title}  ({known.url or known.file or known.remark})")
        for one in here:
            text = one.text if len(one.text) <= SHOWN else one.text[: SHOWN - 1].rsplit(" ", 1)[0] + "…"
            say(f"  {one.review if one.review != NO_DATE else 'no date   '}  {one.kind:5}  {one.id}: {text}")
            if one.said_in:
                more = f" and {len(one.said_in) - NAMED} more" if len(one.said_in) > NAMED else ""
                say(f"              said in: {', '.join(one.said_in[:NAMED])}{more}")
