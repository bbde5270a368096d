"""A report in the making: begin, answer, change, put aside, go on, agree, cancel. Nothing is sent from here.

Every function takes a `Reports` with the id of the incoming message it acts for; a message handled twice changes things
once. Nothing is committed here: the transaction belongs to the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.dialects.postgresql import insert

from bot.answers.payloads import TO_MENU, button, person_button
from bot.complaints import checks, wording
from bot.complaints.desk import Reports, all_mine, asking_for, drafting, facts_for, paused, replayed, story_of, touch
from bot.complaints.draft import late_sentence, write
from bot.complaints.facts import CHECKS, FROM_REGISTER, NONE, PREVIEW, QUESTIONS, Facts
from bot.complaints.files import remove_files
from bot.complaints.models import OPEN, Complaint, ComplaintPart
from bot.complaints.preview import consent, preview
from bot.complaints.routing import route_of
from bot.complaints.steps import NotUnderstood, answer_button, ask, choose, first_open, named_in, read
from bot.conversations.hiding import said_to_report
from bot.dates import say_date
from bot.masking import mask_secrets
from bot.messages import Reply
from bot.working_days import today_of

IDLE = timedelta(hours=6)
"""A draft untouched for longer is put aside: a new message is then not taken for its next answer."""

MOST_MISSED = 2
"""Answers to one question that are not understood, until a person is offered."""

OLD = timedelta(days=1)
"""A draft untouched for longer is looked at again, with what the register says now, before it is agreed to."""

MOST_PARTS, MOST_LETTERS, MOST_OPEN = 20, 6000, 10
_CHANGED_WITH = {"story": ("late", "insults", "personal", "recipient", "proof"), "office": ("service", "service_id")}
_CHANGED_WITH |= {"when": ("late",), "service": ("late",), "proof": ("recipient",), "hope": ("personal", "insults")}


async def begin(desk: Reports, told: Sequence[tuple[int, str]], known: Mapping[str, str]) -> list[Reply]:
    """Starts a report with what the person already wrote (message id, text) and what is known from the conversation.

    A report under way is offered for going on instead.
    """
    if again := await replayed(desk):
        return await show(desk, again)
    if other := await drafting(desk) or await paused(desk):
        return [_already(other)]
    running = [one for one in await all_mine(desk, drafts=False) if one.status in OPEN]
    if len(running) >= MOST_OPEN:
        mine = button(wording.MINE, "complaint_answer", question="list")
        return [Reply(wording.TOO_MANY.format(count=len(running)), (mine,))]
    named = named_in(desk.knowledge, "\n".join(text for _, text in told), known.get("office_id", ""))
    if known.get("number_from"):  # the register goes before what a story seems to name
        answers = {**named, **known}
    else:
        answers = {**known, **named} if known.get("office_id") in (None, named.get("office_id")) else {**known}
    row = Complaint(conversation_id=desk.conversation, step=QUESTIONS[0], answers=answers, status="drafting")
    row.created_at = row.updated_at = desk.now
    desk.session.add(row)
    await desk.session.flush()
    for message, text in told:
        await _add_part(desk, row, message, text)
    return await advance(desk, row, f"{wording.STARTED} {_known(await facts_for(desk, row))}".strip())


async def typed(desk: Reports, row: Complaint, text: str) -> list[Reply]:
    """Free text while a report is made: it is the answer to the open question."""
    if row.moved_by is not None and row.moved_by == desk.message:
        return await show(desk, row)
    if row.step == "story":
        return await _tell(desk, row, text)
    facts, asking = await facts_for(desk, row), await asking_for(desk, row)
    if row.step == "files":
        return await _missed(desk, row, ask(asking, facts, "files", wording.FILES_TEXT))
    try:
        answers = read(asking, facts, row.step, mask_secrets(text))
    except NotUnderstood as error:
        if row.step == PREVIEW:
            (*before, asked) = await show(desk, row)
            return [*before, *await _missed(desk, row, asked)]
        asked = ask(asking, facts, row.step, str(error))
        return await _missed(desk, row, replace(asked, text=str(error)) if row.step == "when" else asked)
    return await _answered(desk, row, row.step, answers)


async def _missed(desk: Reports, row: Complaint, asked: Reply) -> list[Reply]:
    """The question once more; when its answer was not understood twice, a person and giving up are offered first."""
    step, _, count = row.answers.get("missed", "").partition(":")
    times = int(count) + 1 if step == row.step else 1
    row.answers = {**row.answers, "missed": f"{row.step}:{times}"}
    row.moved_by = desk.message
    await desk.session.flush()
    if times < MOST_MISSED:
        return [asked]
    asking = await asking_for(desk, row)
    leave = (person_button("complaint"), answer_button(asking, wording.CANCEL, "cancel"))
    titles = {one.title for one in leave}
    kept = tuple(one for one in asked.buttons if one.title not in titles)
    return [Reply(f"{wording.MISSED}\n\n{asked.text}", (*leave, *kept[:8]), asked.sources)]


async def tapped(desk: Reports, row: Complaint, question: str, answer: str) -> list[Reply]:
    """A button of a question. A button of an earlier question changes that answer."""
    if row.moved_by is not None and row.moved_by == desk.message:
        return await show(desk, row)
    facts, asking = await facts_for(desk, row), await asking_for(desk, row)
    try:
        answers = choose(asking, facts, question, answer)
    except NotUnderstood:
        return await show(desk, row)
    return await _answered(desk, row, question, answers)


async def about(desk: Reports, row: Complaint, known: Mapping[str, str]) -> list[Reply]:
    """The application that the report is about, with what the register says; `known` empty: about none of those."""
    if row.moved_by is not None and row.moved_by == desk.message:
        return await show(desk, row)
    old = ("number", "late", *FROM_REGISTER) if row.answers.get("number_from") else ()
    row.answers = {key: value for key, value in row.answers.items() if key not in old}
    replies = await _answered(desk, row, "which", {"which": known.get("number", NONE), **known})
    noted = _known(await facts_for(desk, row))
    return [replace(replies[0], text=f"{noted}\n\n{replies[0].text}" if noted else replies[0].text), *replies[1:]]


async def renewed(desk: Reports, row: Complaint, known: Mapping[str, str]) -> list[Reply]:
    """Shows a draft that was left for long; what came from the register is as it is now (`known` empty: no longer)."""
    left = say_date(today_of(str(row.answers.get("office_id", "")), row.updated_at, desk.zone))
    before = {name: row.answers.get(name) for name in FROM_REGISTER}
    if row.answers.get("number_from") and {name: known.get(name) for name in FROM_REGISTER} != before:
        gone = ("late", *FROM_REGISTER, *(() if known else ("number",)))
        kept = {key: value for key, value in row.answers.items() if key not in gone}
        row.answers = {**kept, **known, "revision": str(int(kept.get("revision", "0")) + 1)}
    row.status = "drafting"
    note = wording.RESUMED_LATE.format(date=left)
    return await advance(desk, row, note) if row.step == PREVIEW else await _touched(desk, row, note)


async def _touched(desk: Reports, row: Complaint, note: str) -> list[Reply]:
    await touch(desk, row)
    return await show(desk, row, note)


async def done(desk: Reports, row: Complaint) -> list[Reply]:
    """ "Selesai" at the story or the files."""
    if row.step == "story" and not await story_of(desk, row):
        return await show(desk, row, wording.STORY_EMPTY)
    if row.step in ("story", "files"):
        return await _answered(desk, row, row.step, {row.step: "1"})
    return await show(desk, row)


async def undo(desk: Reports, row: Complaint) -> list[Reply]:
    """Takes the newest message out of the story."""
    parts = await story_of(desk, row)
    if row.step != "story" or not parts or row.moved_by == desk.message:
        return await show(desk, row)
    await desk.session.delete(parts[-1])
    _forget(row, "story")
    await touch(desk, row)
    return await show(desk, row, wording.STORY_UNDONE.format(count=len(parts) - 1))


async def change(desk: Reports, row: Complaint, part: str, page: int = 1) -> list[Reply]:
    """Goes back to one question, or asks which one."""
    facts, asking = await facts_for(desk, row), await asking_for(desk, row)
    if part in wording.PARTS:
        row.step = part
        await touch(desk, row)
        note = wording.STORY_NEW.format(count=len(facts.story)) if part == "story" and facts.story else ""
        return [ask(asking, facts, part, note)]
    only_if = {"proof": "proof", "which": "candidates"}
    names = [one for one in wording.PARTS if only_if.get(one, one) in facts.answers or one not in only_if]
    shown = names[:8] if page == 1 else names[8:]
    buttons = [answer_button(asking, wording.PARTS[one], "change", one) for one in shown]
    if page == 1:
        buttons.append(answer_button(asking, wording.MORE_PARTS, "change", page=2))
    buttons.append(answer_button(asking, wording.PREVIEW, "preview"))
    return [Reply(wording.CHANGE_WHICH, tuple(buttons))]


async def back(desk: Reports, row: Complaint) -> list[Reply]:
    """The question before the present one."""
    facts = await facts_for(desk, row)
    order = [one for one in QUESTIONS if one in facts.answers and one != row.step]
    if row.step in QUESTIONS:
        order = [one for one in order if QUESTIONS.index(one) < QUESTIONS.index(row.step)]
    return await change(desk, row, order[-1]) if order else await show(desk, row)


async def own_words(desk: Reports, row: Complaint, keep: bool) -> list[Reply]:
    """Keeps the person's wording as it is, or tidies it."""
    return await _answered(desk, row, PREVIEW, {"words": "ya" if keep else "tidak"})


async def pause(desk: Reports, row: Complaint) -> list[Reply]:
    row.status = "paused"
    await touch(desk, row)
    return [_paused(row)]


async def resume(desk: Reports) -> list[Reply]:
    """The draft that is open, or the one put aside last."""
    row = await drafting(desk) or await paused(desk)
    if row is None:
        return [Reply(wording.NO_DRAFT, (TO_MENU,))]
    row.status = "drafting"
    await touch(desk, row)
    return await show(desk, row, wording.RESUMED)


async def cancel(desk: Reports, row: Complaint, sure: bool) -> list[Reply]:
    """Deletes the draft with everything in it, after asking once."""
    if not sure:
        yes = button(wording.CANCEL_YES, "complaint_answer", question="cancel", answer="ya", detail=row.id)
        keep = button(wording.KEEP, "complaint_answer", question="resume", detail=row.id)
        return [Reply(wording.CANCEL_SURE, (keep, yes))]
    await remove_files(desk, row)
    await desk.session.delete(row)
    await desk.session.flush()
    return [Reply(wording.CANCELLED, (TO_MENU,))]


async def agree(desk: Reports, row: Complaint, revision: str, *, again: bool = False) -> list[Reply] | None:
    """The explicit yes to the preview with number `revision`. None when the text is now agreed to.

    A preview that is older than the last change, and a report like one already under way, are shown again first.
    """
    facts = await facts_for(desk, row)
    if row.step != PREVIEW or revision != facts.answers.get("revision", "0"):
        return await show(desk, row, wording.STALE)
    others = [one for one in await all_mine(desk, drafts=False) if one.status in OPEN]
    draft = write(desk.knowledge, facts, desk.today_at(facts.get("office_id")))
    same = checks.same_report(draft.body, [one.body for one in others])
    if same is not None and not again:
        return [consent(await asking_for(desk, row), facts, draft, others[same].title, again=True)]
    row.title, row.body = draft.title, draft.body
    row.route, row.recipient = route_of(desk.knowledge.complaints, facts.told).id, facts.get("recipient")
    row.office, row.service = facts.answers.get("office_id", ""), facts.answers.get("service_id", "")
    row.stage = facts.answers.get("stage", "")
    if facts.anonymous:
        row.answers = {key: value for key, value in row.answers.items() if key != "name"}
    row.status, row.step, row.confirmed_at = "ready", "", desk.now
    await touch(desk, row)
    return None


async def show(desk: Reports, row: Complaint, note: str = "") -> list[Reply]:
    """The present question, or the preview. For a report that was agreed to: nothing (see `bot.complaints.sending`)."""
    if row.status == "paused":
        return [_paused(row)]
    if row.status != "drafting":
        from bot.complaints.sending import state

        return await state(desk, row)
    facts, asking = await facts_for(desk, row), await asking_for(desk, row)
    if row.step != PREVIEW:
        parts = len(facts.story)
        if row.step == "story" and parts and not note:
            note = wording.STORY_MORE.format(count=parts)
            return [Reply(note, ask(asking, facts, "story").buttons)]
        return [ask(asking, facts, row.step, note)]
    others = [one for one in await all_mine(desk, drafts=False) if one.status in OPEN]
    return await preview(desk, asking, facts, row, others, note)


async def advance(desk: Reports, row: Complaint, note: str = "") -> list[Reply]:
    """Goes to the first open question."""
    facts, asking = await facts_for(desk, row), await asking_for(desk, row)
    row.step = first_open(asking, facts, _found(desk, facts))
    await touch(desk, row)
    return await show(desk, row, note)


def _found(desk: Reports, facts: Facts) -> tuple[str, ...]:
    """The checks that have something to ask."""
    found = {
        "late": late_sentence(desk.knowledge, facts, desk.today_at(facts.get("office_id"))),
        "insults": checks.insults_in(facts.written),
        "personal": checks.personal_in(facts.written),
    }
    return tuple(one for one in CHECKS if found[one])


async def _answered(desk: Reports, row: Complaint, question: str, answers: Mapping[str, str]) -> list[Reply]:
    before = dict(row.answers)
    _forget(row, question)
    row.answers = {
        **{name: value for name, value in row.answers.items() if name != "missed"},
        **answers,
        "revision": str(int(before.get("revision", "0")) + 1),
    }
    return await advance(desk, row)


def _forget(row: Complaint, question: str) -> None:
    """Answers that depended on one that is changed are asked again."""
    stale = _CHANGED_WITH.get(question, ())
    if question in ("office", "service", "number") and row.answers.get("service_id"):
        own = ("number",) if row.answers.get("number_from") else ()
        stale = (*stale, "late", *FROM_REGISTER, *own)
    row.answers = {key: value for key, value in row.answers.items() if key not in stale}


async def add_words(desk: Reports, row: Complaint, text: str) -> str:
    """Adds words under a photo to the story; returns what the person is told. A preview shown before is then old."""
    refused = await _no_room(desk, row, text)
    if refused:
        return refused
    await _add_part(desk, row, desk.message or 0, text)
    _forget(row, "story")
    row.answers = {**row.answers, "revision": str(int(row.answers.get("revision", "0")) + 1)}
    if row.step == PREVIEW:
        facts = await facts_for(desk, row)
        row.step = first_open(await asking_for(desk, row), facts, _found(desk, facts))
    await desk.session.flush()
    return wording.CAPTION_ADDED


async def reworded(desk: Reports, row: Complaint, replaced: Sequence[int], text: str) -> list[Reply]:
    """The person has edited one of the messages `replaced`: a part of the story reads so from now on. It is no answer
    to the open question, and changes no other one.
    """
    if row.moved_by is not None and row.moved_by == desk.message:
        return await show(desk, row)
    parts = await story_of(desk, row)
    part = next((one for one in parts if one.message_id in replaced), None)
    if part is None:
        return await _touched(desk, row, wording.EDIT_NOT_TAKEN)
    if sum(len(one.text) for one in parts if one is not part) + len(text) > MOST_LETTERS:
        return await _touched(desk, row, wording.STORY_FULL.format(count=len(parts)))
    part.text = mask_secrets(text.strip())
    _forget(row, "story")
    row.answers = {**row.answers, "revision": str(int(row.answers.get("revision", "0")) + 1)}
    note = wording.STORY_REWORDED
    return await advance(desk, row, note) if row.step == PREVIEW else await _touched(desk, row, note)


async def _tell(desk: Reports, row: Complaint, text: str) -> list[Reply]:
    if refused := await _no_room(desk, row, text):
        asking, facts = await asking_for(desk, row), await facts_for(desk, row)
        return [Reply(refused, ask(asking, facts, "story").buttons)]
    await _add_part(desk, row, desk.message or 0, text)
    _forget(row, "story")
    await touch(desk, row)
    return await show(desk, row)


async def _no_room(desk: Reports, row: Complaint, text: str) -> str:
    """Why the story does not take these words; empty when it does."""
    parts = await story_of(desk, row)
    words = " ".join(text.split())
    if any(words == " ".join(one.text.split()) for one in parts):
        return wording.STORY_TWICE
    if len(parts) >= MOST_PARTS or sum(len(one.text) for one in parts) + len(text) > MOST_LETTERS:
        return wording.STORY_FULL.format(count=len(parts))
    return ""


async def _add_part(desk: Reports, row: Complaint, message: int, text: str) -> None:
    values = {"complaint_id": row.id, "message_id": message, "text": mask_secrets(text.strip())}
    await desk.session.execute(insert(ComplaintPart).values(values).on_conflict_do_nothing())
    await said_to_report(desk.session, row.id, [message])


def _known(facts: Facts) -> str:
    """What a report begins with, in a sentence; empty when nothing is known."""
    listed = [facts.office_name, facts.service_name]
    listed += [f"nomor {facts.get('number')}"] if facts.get("number") else []
    if facts.service and facts.get("over") not in ("", "0"):
        listed.append(wording.KNOWN_LATE.format(over=facts.get("over")))
    return wording.KNOWN.format(known=", ".join(filter(None, listed))) if any(listed) else ""


def _already(row: Complaint) -> Reply:
    go_on = button(wording.CONTINUE, "complaint_answer", question="resume", detail=row.id)
    drop = button(wording.CANCEL, "complaint_answer", question="cancel", detail=row.id)
    return Reply(wording.ALREADY, (go_on, drop, TO_MENU))


def _paused(row: Complaint) -> Reply:
    go_on = button(wording.CONTINUE, "complaint_answer", question="resume", detail=row.id)
    return Reply(wording.PAUSED, (go_on, TO_MENU))
