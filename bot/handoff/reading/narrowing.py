"""The list's filter: its fields, and the SQL conditions that they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bot.conversations import walls
from bot.handoff.triage.targets import SOON

View = Literal["waiting", "mine", "open", "all", "snoozed", "closed"]
"""`open`: waiting or with an officer; `all`: those the bot has, too; `snoozed`: put off until later."""
Sort = Literal["", "waiting", "newest", "due"]
Due = Literal["", "late", "soon"]

SEEN = walls.OF_SIGHT.format(c="c")
_AWAKE = "(h.snoozed_until is null or h.snoozed_until <= :now)"
_VIEWS: dict[str, str] = {
    "waiting": f"h.closed_at is null and h.owned_at is null and {_AWAKE}",
    "mine": f"h.closed_at is null and h.owned_at is not null and h.officer_id = :officer and {_AWAKE}",
    "snoozed": "h.closed_at is null and h.snoozed_until > :now",
    "closed": """h.closed_at is not null and not exists (
        select from handoffs n where n.conversation_id = h.conversation_id and n.id > h.id)""",
}
_DUE: dict[str, str] = {"late": "h.due_at <= :now", "soon": "h.due_at <= :soon"}


@dataclass(frozen=True, slots=True)
class InboxFilter:
    """Which conversations, and in which order. Empty fields do not restrict.

    `search`: words of names or of what was written, an application's number, or the last digits of a telephone number.
    `officer`: whose "mine". `office` and `service`: ids of knowledge/. `reason`: a handoff's kind. `due`: whose reply
    target was missed ("late"), or will be soon. `label`: its id. `sort`: "" for danger, then the least of the channel's
    window, then the longest waiting. `sight`: of whoever looks. Conversations that the bot has are in no filter but the
    search and the label.
    """

    view: View = "waiting"
    officer: int | None = None
    search: str = ""
    office: str = ""
    service: str = ""
    reason: str = ""
    team: int | None = None
    due: Due = ""
    label: int | None = None
    sort: Sort = ""
    page: int = 1
    sight: walls.Sight = walls.ALL

    @property
    def of_people(self) -> bool:
        """Whether it leaves out what the bot has."""
        return self.view != "all" or bool(self.office or self.service or self.reason or self.team or self.due)


def conditions(wanted: InboxFilter, values: dict[str, Any], mark: str = "") -> list[str]:
    """On the handoff `h` and its conversation `c`, for everything but the search. Adds what they need to `values`, its
    names ending with `mark`; :now and :soon, :officer and the sight are the caller's (`times`)."""
    found = [_VIEWS.get(wanted.view, "h.closed_at is null")]
    if wanted.sight.offices is not None:
        found.append(SEEN)
    if wanted.due:
        found.append(_DUE[wanted.due])
    if wanted.label is not None:
        found.append(f"c.id in (select conversation_id from conversation_labels where label_id = :label{mark})")  # noqa: S608
        values[f"label{mark}"] = wanted.label
    plain = {"office": wanted.office, "service": wanted.service, "kind": wanted.reason, "team_id": wanted.team}
    for column, value in plain.items():
        if value:
            found.append(f"h.{column} = :{column}{mark}")
            values[f"{column}{mark}"] = value
    return found


def times(now: Any) -> dict[str, Any]:
    return {"now": now, "soon": now + SOON}
