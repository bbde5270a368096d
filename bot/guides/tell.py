"""The bubbles of a guide: questions, checklist, steps, waiting, help when stuck, the end."""

from __future__ import annotations

from dataclasses import replace

from bot.answers.contacts import whom_to_ask
from bot.answers.facts import bubbles
from bot.answers.payloads import TO_MENU, TO_PERSON, button
from bot.answers.text import SECONDARY, Item, fact_text, item, lines, numbered, pages, sources_of, with_actor
from bot.guides import wording
from bot.guides.walk import PREPARING, Screen, State, Walk
from bot.knowledge.models import Knowledge, NotStated, OwnStandard, Question, Step
from bot.messages import Reply

NATIONAL = "nasional"
"""The detail of a guide_start that wants the national guide although the office has a standard of its own."""
_WAIT = " Anda menunggu."  # the heading already says it


def tell(knowledge: Knowledge, walk: Walk, state: State, note: str = "") -> list[Reply]:
    """What `state` shows now. `note` is a short first line ("Kita lanjutkan: …")."""
    if state.status == "done":
        replies = [_end(knowledge, walk)]
    elif state.step == PREPARING:
        question = walk.pending()
        replies = [ask(walk, question, first=not state.answers)] if question else _preparation(knowledge, walk)
    else:
        replies = [_screen(knowledge, walk, walk.screens()[walk.index(state.step)])]
    return _noted(note, replies)


def ask(walk: Walk, question: Question, *, first: bool = False) -> Reply:
    """One question of the guide with its options as buttons."""
    pattern = wording.QUESTION_FIRST if first else wording.QUESTION
    options = [
        button(one.label, "guide_answer", **_id(walk), question=question.id, answer=one.id) for one in question.options
    ]
    return Reply(pattern.format(title=walk.procedure.title, question=question.text), tuple(options))


def ask_which(walk: Walk) -> Reply:
    """Which of several answers is to be changed."""
    choices = [
        button(_current(walk, question), "guide_answer", **_id(walk), question=question.id)
        for question in walk.procedure.questions[:10]
    ]
    return Reply(wording.WHICH_ANSWER, tuple(choices))


def help_with(knowledge: Knowledge, walk: Walk, state: State) -> list[Reply]:
    """ "Saya macet": what the documents know about the step, whom to ask, and a person."""
    buttons = [TO_PERSON, button(wording.RESUME, "guide_resume")]
    if walk.procedure.questions:
        buttons.append(button(wording.CHANGE_ANSWER, "guide_answer", **_id(walk)))
    whom, sources = whom_to_ask(knowledge, knowledge.offices[walk.service.office])
    contact = Item(f"\n{whom}\n{wording.STUCK_SECRETS}", sources)
    if state.step == PREPARING:
        found = pages(knowledge, wording.STUCK_PREPARING, [Item(contact.text.strip(), sources)])
        return list(bubbles(found, buttons))
    screen = walk.screens()[walk.index(state.step)]
    known = [part for step in screen.steps for part in _known(step, named=len(screen.steps) > 1)]
    head = (
        wording.STUCK_HEAD if any(step.stuck or step.remark for step in screen.steps) else wording.STUCK_NOTHING
    ).format(position=_span(screen))
    return list(bubbles(pages(knowledge, head, [*known, contact]), buttons))


def own_or_national(knowledge: Knowledge, walk: Walk, own: OwnStandard) -> Reply:
    """The person's own office has a standard for this: it goes first, the national guide second."""
    head = wording.OWN_STANDARD.format(office=knowledge.offices[own.office].label)
    page = pages(knowledge, head, [item(own)], tail=wording.OWN_OR_NATIONAL)[0]
    buttons = (
        button(wording.OWN_GUIDE, "guide_start", service=own.service),
        button(wording.NATIONAL_GUIDE, "guide_start", **_id(walk), detail=NATIONAL),
    )
    return Reply(page.text, buttons, page.sources)


def place(walk: Walk, state: State) -> str:
    """ "langkah 3 dari 12", for sentences."""
    if state.step == PREPARING:
        return wording.PLACE_PREPARING
    screen = walk.screens()[walk.index(state.step)]
    return wording.PLACE_STEP.format(position=_span(screen), total=screen.total)


def _preparation(knowledge: Knowledge, walk: Walk) -> list[Reply]:
    """The checklist, then the cautions; the buttons stand under the last bubble."""
    listed = walk.checklist()
    if isinstance(listed, NotStated):
        remark = Item(lines(wording.PREPARE_NOT_STATED, listed.remark or ""), (listed.source,))
        items = [remark]
    else:
        items = numbered(listed)
    found = pages(knowledge, wording.PREPARE.format(title=walk.procedure.title), items)
    cautions = [item(fact, "• ") for fact in walk.service.cautions]
    if walk.procedure.remark:
        cautions.append(Item("• " + walk.procedure.remark))
    if cautions:
        found += pages(knowledge, wording.CAUTIONS, cautions)
    buttons = [button(wording.FIRST_STEP, "guide_next", **_id(walk), step=PREPARING)]
    if walk.procedure.questions:
        buttons.append(button(wording.CHANGE_ANSWER, "guide_answer", **_id(walk)))
    buttons.append(button(wording.STOP, "guide_stop"))
    return list(bubbles(found, buttons))


def _screen(knowledge: Knowledge, walk: Walk, screen: Screen) -> Reply:
    if screen.waiting:
        head = wording.WAITING.format(positions=_span(screen), total=screen.total)
        items = [
            _waiting(walk, step, position) for position, step in enumerate(screen.steps, start=screen.positions[0])
        ]
        page = pages(knowledge, head, items, gap="\n", tail=wording.WAITING_NOTE, limit=900)[0]
    else:
        head = wording.STEP.format(position=screen.positions[0], total=screen.total)
        page = pages(knowledge, head, _task(walk, screen.steps[0]), limit=900)[0]
    move: dict[str, str | int | None] = {**_id(walk), "step": screen.number}
    buttons = (
        button(wording.NEXT, "guide_next", **move),
        button(wording.BACK, "guide_back", **move),
        button(wording.STUCK, "guide_stuck", **move),
        button(wording.STOP, "guide_stop"),
    )
    return Reply(page.text, buttons, page.sources)


def _task(walk: Walk, step: Step) -> list[Item]:
    """What the applicant does, with what, how long it takes and what comes of it, where stated."""
    found = [Item(step.text, (step.source,))]
    found += [item(detail) for detail in step.details if walk.holds(detail.condition)]
    if step.optional and "tidak wajib" not in step.text:
        found.append(Item(wording.OPTIONAL))
    if step.needs:
        found.append(Item(wording.NEEDS.format(needs=", ".join(step.needs))))
    if step.time:
        found.append(Item(wording.TIME.format(time=fact_text(step.time)), sources_of(step)))
    if step.output:
        found.append(Item(wording.OUTPUT.format(output=", ".join(step.output))))
    if step.source.mark == "2nd":
        found.append(Item(wording.SECOND))
    return found


def _waiting(walk: Walk, step: Step, position: int) -> Item:
    text = with_actor(step.text.replace(_WAIT, "").strip() or step.text, step.actor_label)
    details = [detail for detail in step.details if walk.holds(detail.condition)]
    if step.source.mark == "2nd":
        text = SECONDARY + text
    told = " ".join([text, *(fact_text(detail) for detail in details)])
    time = f" {wording.TIME.format(time=step.time.text)}." if step.time else ""
    sources = [*sources_of(step), *(detail.source for detail in details)]
    return Item(f"{position}. {told}{time}", tuple(sources))


def _known(step: Step, *, named: bool) -> list[Item]:
    """Everything known that helps on a step; `named` repeats which step it is."""
    found = [Item(step.text, (step.source,))] if named or not (step.stuck or step.remark) else []
    found += [item(fact, "• ") for fact in step.stuck]
    if step.remark:
        found.append(Item("• " + step.remark, (step.source,)))
    if step.needs:
        found.append(Item("• Kelengkapan: " + ", ".join(step.needs), (step.source,)))
    if step.time:
        found.append(Item("• Waktu: " + fact_text(step.time), sources_of(step)))
    if step.output:
        found.append(Item("• Hasil: " + ", ".join(step.output), (step.source,)))
    return found


def _end(knowledge: Knowledge, walk: Walk) -> Reply:
    outcome = [item(walk.procedure.outcome)] if walk.procedure.outcome else []
    following = [knowledge.services[one] for one in walk.service.next_services if one in knowledge.services]
    tail = wording.DONE_NEXT.format(services=", ".join(one.label for one in following)) if following else ""
    page = pages(knowledge, wording.DONE, outcome, tail=tail, limit=900)[0]
    buttons = [button(one.label, "inform", service=one.id, detail="menu") for one in following[:2]]
    buttons.append(TO_MENU)
    return Reply(page.text, tuple(buttons), page.sources)


def _span(screen: Screen) -> str:
    first, last = screen.positions
    return str(first) if first == last else f"{first}–{last}"


def _current(walk: Walk, question: Question) -> str:
    """The answer given, as a button title; the question's text while there is none."""
    given = walk.answers.get(question.id)
    return next((one.label for one in question.options if one.id == given), question.text)


def _id(walk: Walk) -> dict[str, str]:
    """The entities that name this guide; the flow only where a service has several."""
    return {"service": walk.service.id, "flow": walk.procedure.id}


def _noted(note: str, replies: list[Reply]) -> list[Reply]:
    return [replace(replies[0], text=f"{note}\n\n{replies[0].text}"), *replies[1:]] if note else replies
