"""The report as it would be sent, what the person should know about it, and the question for the yes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.payloads import button, person_button
from bot.answers.text import references, source_line
from bot.complaints import checks, wording
from bot.complaints.desk import Reports
from bot.complaints.draft import BODY, Draft, write
from bot.complaints.facts import Facts
from bot.complaints.files import prepare
from bot.complaints.language import other_language
from bot.complaints.models import Complaint, ComplaintFile
from bot.complaints.routing import cautions
from bot.complaints.steps import Asking, answer_button
from bot.messages import Reply

_SHORT = 40  # letters of a story below which LAPOR! may find it too general


async def preview(
    desk: Reports, asking: Asking, facts: Facts, row: Complaint, others: Sequence[Complaint], note: str = ""
) -> list[Reply]:
    """Two bubbles: the text exactly as it would be used, and the question with all that goes with it."""
    draft = write(desk.knowledge, facts, asking.today)
    files = await prepare(desk, row)
    same = checks.same_report(draft.body, [one.body for one in others])
    head = f"{note}\n\n{wording.PREVIEW_HEAD}" if note else wording.PREVIEW_HEAD
    text = f"{head}\n\nJudul: {draft.title}\n\nIsi:\n{draft.body}"
    return [Reply(text), consent(asking, facts, draft, others[same].title if same is not None else "", files)]


def consent(
    asking: Asking,
    facts: Facts,
    draft: Draft,
    same: str = "",
    files: Sequence[ComplaintFile] = (),
    *,
    again: bool = False,
) -> Reply:
    """Asks for the yes. `again`: a report like it is under way; the yes then has to be given once more."""
    body = asking.knowledge.complaints.body(facts.get("recipient"))
    notes = _notes(facts, draft, same, files)
    warned = cautions(asking.knowledge.complaints, facts) if body and body.lapor else []
    refs = references(asking.knowledge, [one.source for one in warned])
    if warned:
        notes += [" ".join(one.text for one in warned), source_line(refs)]
    usable = [one for one in files if not one.error]
    text = wording.ASK_CONSENT.format(
        recipient=body.name if body else "-",
        visibility=facts.visibility.label if facts.visibility else "-",
        name=f" ({facts.get('name')})" if facts.get("name") and not facts.anonymous else "",
        contact=facts.get("contact") or "tidak dicantumkan",
        files=f"{len(usable)} berkas" if usable else "tidak ada",
        notes="".join(f"\n\n{one}" for one in notes),
    )
    kept = facts.get("words") == "ya"
    revision = facts.answers.get("revision", "0")
    yes = button(
        wording.AGREE,
        "complaint_answer",
        question="agree",
        answer="lagi" if again else "ya",
        detail=asking.complaint,
        page=revision,
    )
    return Reply(
        text,
        (
            yes,
            answer_button(asking, wording.CHANGE, "change"),
            answer_button(asking, wording.TIDY_WORDS if kept else wording.OWN_WORDS, "words", "" if kept else "ya"),
            answer_button(asking, wording.LATER, "pause"),
            answer_button(asking, wording.CANCEL, "cancel"),
            person_button("complaint"),
        ),
        refs,
    )


def _notes(facts: Facts, draft: Draft, same: str, files: Sequence[ComplaintFile]) -> list[str]:
    notes = []
    if language := other_language(facts.told):
        notes.append(wording.NOTE_LANGUAGE.format(language=language))
    if len(draft.body) > BODY:
        notes.append(wording.NOTE_LONG.format(length=len(draft.body)))
    if len(facts.told) < _SHORT:
        notes.append(wording.NOTE_SHORT)
    if same:
        notes.append(wording.NOTE_SAME.format(which=same))
    refused = [one.error for one in files if one.error]
    if refused:
        notes.append(wording.NOTE_FILES.format(count=len(refused), why="; ".join(dict.fromkeys(refused)) + "."))
    return notes
