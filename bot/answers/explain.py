"""Terms of the glossary and general subjects: found by id, or by what the person typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answers import wording
from bot.answers.context import Asked
from bot.answers.facts import bubbles, part
from bot.answers.payloads import TO_MENU, button
from bot.answers.text import fact_items, pages
from bot.knowledge.models import Knowledge, Term, Topic
from bot.messages import Button, Reply

_WORD = re.compile(r"[a-z0-9]+")
_LISTED = 7  # choices on one page of a list


def term_answer(knowledge: Knowledge, term: Term, asked: Asked) -> Reply:
    """What a term means, with its related terms as buttons."""
    head = term.term + (f" ({term.expansion})" if term.expansion else "")
    found = pages(knowledge, head, fact_items(term.facts), gap="\n\n")
    number = min(asked.page, len(found))
    more = number < len(found)
    buttons = [button(wording.MORE, "ask_term", term=term.id, page=number + 1)] if more else []
    related = [knowledge.terms[one] for one in term.see_also if one in knowledge.terms and one != term.id]
    buttons += [button(one.term, "ask_term", term=one.id) for one in related[: 2 - len(buttons)]]
    buttons.append(button("Istilah lain", "ask_term", detail="list"))
    return Reply(found[number - 1].text, tuple(buttons), found[number - 1].sources)


def term_list(knowledge: Knowledge, asked: Asked) -> Reply:
    """The glossary as buttons, a page at a time."""
    terms = sorted(knowledge.terms.values(), key=lambda term: term.term.lower())
    choices = [button(one.term, "ask_term", term=one.id) for one in terms]
    return Reply(wording.WHICH_TERM, _choices(choices, "ask_term", asked))


def topic_answer(knowledge: Knowledge, topic: Topic, asked: Asked, intent: str) -> tuple[Reply, ...]:
    """A general subject, one or two bubbles at a time."""
    found = pages(knowledge, topic.title, fact_items(topic.facts), gap="\n\n")
    shown, following = part(found, asked.page)
    buttons = (button(wording.MORE, intent, topic=topic.id, page=following),) if following else ()
    return bubbles(shown, buttons)


def topic_list(knowledge: Knowledge, asked: Asked, intent: str) -> Reply:
    """The general subjects as buttons, a page at a time; troubles with an account have their own list."""
    subjects = [one for one in knowledge.topics.values() if one.group != "account"]
    choices = [button(one.title, intent, topic=one.id) for one in subjects]
    reply = Reply(wording.WHICH_TOPIC, _choices(choices, intent, asked))
    return replace(reply, buttons=(*reply.buttons[:-1], button("Arti istilah", "ask_term", detail="list"), TO_MENU))


def find_term(knowledge: Knowledge, asked: Asked) -> Term | None:
    """By id or name in `asked.term`, else by a name or alias in what was typed (the longest wins)."""
    if asked.term:
        by_id = knowledge.terms.get(asked.term.lower().replace(" ", "-"))
        if by_id:
            return by_id
    names = {one.id: [one.term, *([one.expansion] if one.expansion else []), *one.aliases] for one in _terms(knowledge)}
    found = longest_named(names, asked.term or "") or longest_named(names, asked.text)
    return knowledge.terms[found] if found else None


def find_topic(knowledge: Knowledge, asked: Asked) -> Topic | None:
    """By id, else by an alias in what was typed."""
    if asked.topic in knowledge.topics:
        return knowledge.topics[asked.topic]
    found = longest_named({one.id: [one.title, *one.aliases] for one in knowledge.topics.values()}, asked.text)
    return knowledge.topics[found] if found else None


def longest_named(names: Mapping[str, Sequence[str]], text: str) -> str | None:
    """The id whose longest name stands in `text` as whole words."""
    words = _words(text)
    hits = [
        (len(name), identity)
        for identity, alternatives in names.items()
        for name in alternatives
        if name and _words_of_name(name) in words
    ]
    return max(hits)[1] if hits else None


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.lower()))} "


_words_of_name = lru_cache(maxsize=5000)(_words)  # the knowledge's own names; never what people write


def _terms(knowledge: Knowledge) -> list[Term]:
    return list(knowledge.terms.values())


def _choices(choices: Sequence[Button], intent: str, asked: Asked) -> tuple[Button, ...]:
    last = (len(choices) - 1) // _LISTED + 1
    page = min(asked.page, last)
    shown = list(choices[(page - 1) * _LISTED : page * _LISTED])
    if page < last:
        shown.append(button(wording.MORE, intent, detail="list", page=page + 1))
    return (*shown, TO_MENU)
