"""The known facts of a report: the answers to the questions, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.complaints.models import Complaint
from bot.dates import say_date
from bot.knowledge.complaint_models import Visibility
from bot.knowledge.models import Knowledge, Office, Service
from bot.working_days import NATIONAL, Calendar

QUESTIONS = (
    "kind",
    "which",
    "story",
    "proof",
    "office",
    "service",
    "when",
    "place",
    "hope",
    "files",
    "visibility",
    "name",
    "contact",
    "recipient",
)
CHECKS = ("late", "insults", "personal")
PREVIEW = "preview"
FROM_REGISTER = ("number_from", "stage", "over", "over_due", "over_on")
"""Answers that hold only for the application that the register knows."""

NONE = "-"  # asked, and the person has nothing to say to it


@dataclass(frozen=True, slots=True)
class Facts:
    """One report in the making. `story` holds the messages as written; `answers` the rest ("-" means none).

    `calendar`: the office's working days.
    """

    answers: Mapping[str, str]
    story: Sequence[str] = ()
    files: int = 0
    office: Office | None = None
    service: Service | None = None
    visibility: Visibility | None = None
    when: date | None = None
    calendar: Calendar = NATIONAL

    def get(self, name: str) -> str:
        """The answer, empty when there is none."""
        value = self.answers.get(name, "")
        return "" if value == NONE else value

    @property
    def told(self) -> str:
        return "\n".join(self.story)

    @property
    def written(self) -> str:
        """Everything that the person worded."""
        return "\n".join(filter(None, (self.told, self.get("hope"), self.get("title"))))

    @property
    def office_name(self) -> str:
        return self.office.name if self.office else self.get("office")

    @property
    def service_name(self) -> str:
        return self.service.title if self.service else self.get("service")

    @property
    def number(self) -> str:
        """The application's number. One that Pandu filled in is not in an anonymous report: it tells who wrote it."""
        return "" if self.anonymous and self.get("number_from") else self.get("number")

    @property
    def anonymous(self) -> bool:
        return bool(self.visibility and self.visibility.anonymous)

    @property
    def secret(self) -> bool:
        return bool(self.visibility and self.visibility.secret)

    @property
    def when_text(self) -> str:
        """ "5 November 2026", "sekitar 1 November 2026 (3 minggu lalu)", or the person's own words."""
        words = self.get("when")
        if not self.when:
            return words
        exact = self.answers.get("when_exact") == "1"
        said = self.answers.get("when_said", "")
        told = f" (“{said}”)" if said and not exact else ""
        return say_date(self.when) if exact else f"sekitar {say_date(self.when)}{told}"


def facts_of(
    knowledge: Knowledge, row: Complaint, story: Sequence[str], files: int = 0, calendar: Calendar = NATIONAL
) -> Facts:
    answers = {str(key): str(value) for key, value in row.answers.items()}
    when = answers.get("when_date", "")
    return Facts(
        answers,
        story,
        files,
        knowledge.offices.get(answers.get("office_id", "")),
        knowledge.services.get(answers.get("service_id", "")),
        next((one for one in knowledge.complaints.visibility if one.id == answers.get("visibility")), None),
        date.fromisoformat(when) if when else None,
        calendar,
    )
