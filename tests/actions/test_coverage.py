"""Taps on buttons, which reach everything that the knowledge states and never lead nowhere.

Starts at the menu and follows every button of every bubble; guides are walked in tests/guides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers.payloads import MAX_PAYLOAD, MAX_TITLE, parse
from bot.answers.text import LIMIT, SECONDARY
from bot.answers.wording import NOT_STATED, NOT_STATED_ANYWHERE
from bot.conversations.models import Conversation
from bot.guides.tell import help_with, tell
from bot.guides.walk import State, walk_of
from bot.knowledge.load import get_knowledge
from bot.knowledge.models import Contact, Fact, NotStated, Service
from tests.actions.chat import Chat

K = get_knowledge()
DOMAIN = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text("utf-8"))
NOT_FOLLOWED = ("guide_", "complaint_answer", "talk_to_human", "back_to_bot")


@dataclass
class Crawl:
    """What was told, by the payload that led there."""

    bubbles: dict[str, list[str]] = field(default_factory=dict)
    buttons: set[tuple[str, str]] = field(default_factory=set)
    menus: list[int] = field(default_factory=list)

    @property
    def told(self) -> str:
        return squeeze("\n".join(text for texts in self.bubbles.values() for text in texts))


def squeeze(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
async def crawl(database: object) -> Crawl:
    """Every payload once, each in a conversation that remembers nothing."""
    done = Crawl()
    async with database.engine.connect() as connection:  # type: ignore[attr-defined]
        session = AsyncSession(bind=connection, expire_on_commit=False)
        person = Conversation(channel="simulator", address="perayap")
        session.add(person)
        await session.flush()
        chat = Chat(session, K, person.id)
        waiting = ["/show_menu", "/help", "/bot_identity", "/complaint", "/track_status", "/survey_feedback"]
        while waiting:
            payload = waiting.pop()
            intent, entities = parse(payload)
            if payload in done.bubbles or (intent.startswith(NOT_FOLLOWED) and entities.get("question") != "channels"):
                continue
            chat.slots, chat.events = {}, []
            said = await chat.send(payload)
            done.bubbles[payload] = [message["text"] for message in said.messages]
            for message in said.messages:
                found = [(button["title"], button["payload"]) for button in message["buttons"]]
                done.menus.append(len(found))
                assert len({title for title, _ in found}) == len(found), f"{payload}: {found}"
                done.buttons |= set(found)
                waiting += [target for _, target in found]
        await session.close()
    return done


def test_buttons_keep_to_the_contract(crawl: Crawl) -> None:
    intents = {*DOMAIN["intents"], "back_to_bot"}
    for title, payload in crawl.buttons:
        intent, entities = parse(payload)
        assert intent in intents, payload
        assert entities.keys() <= set(DOMAIN["entities"]), payload
        assert 0 < len(title) <= MAX_TITLE
        assert len(payload) <= MAX_PAYLOAD
    assert max(crawl.menus) <= 10


def test_bubbles_fit_a_phone(crawl: Crawl) -> None:
    long = {payload for payload, texts in crawl.bubbles.items() for text in texts if len(text) > LIMIT}
    assert long <= {'/ask_privacy{"detail":"teks"}'}  # one's own data, in few long pieces


def test_no_bubble_holds_what_a_channel_would_garble(crawl: Crawl) -> None:
    for payload, texts in crawl.bubbles.items():
        for text in texts:
            assert text == text.strip(), payload
            assert not re.search(r"\*\*|__|</?[a-z]+>|\n{3,}|\{|\}|None", re.sub(r"https://\S+", "link", text)), (
                f"{payload}: {text}"
            )


def service_facts(service: Service) -> Iterator[Fact]:
    yield service.summary
    for one in (service.applies_to, service.duration, service.cost):
        if not isinstance(one, NotStated):
            yield one
    for several in (service.requirements, service.product, service.legal_basis):
        if not isinstance(several, NotStated):
            yield from several
    for section in service.sections:
        yield from section.items


def facts() -> Iterator[tuple[str, Fact]]:
    for service in K.services.values():
        for fact in service_facts(service):
            yield service.id, fact
    for group in (K.terms, K.topics):
        for entry in group.values():
            for fact in entry.facts:
                yield entry.id, fact
    quoted = {law.note for one in K.services.values() if isinstance(one.legal_basis, list) for law in one.legal_basis}
    for note in quoted - {None}:
        for fact in K.legal_notes[str(note)].facts:
            yield str(note), fact


def sentences(text: str) -> list[str]:
    return [squeeze(part) for part in re.split(r"(?<=[.!?;])\s+", text)]


def test_every_fact_is_reached(crawl: Crawl) -> None:
    told = crawl.told
    missing = [
        (where, sentence) for where, fact in facts() for sentence in sentences(fact.text) if sentence not in told
    ]
    assert missing == []


def test_every_remark_goes_with_its_fact(crawl: Crawl) -> None:
    told = crawl.told
    missing = [
        (where, sentence)
        for where, fact in facts()
        for sentence in sentences(fact.remark or "")
        if sentence and sentence not in told
    ]
    assert missing == []


def test_every_contact_is_reached_exactly_as_printed(crawl: Crawl) -> None:
    def contacts() -> Iterator[Contact]:
        for office in K.offices.values():
            yield from () if isinstance(office.contacts, NotStated) else office.contacts
        for service in K.services.values():
            yield from () if isinstance(service.complaints, NotStated) else service.complaints

    told = crawl.told
    assert [one for one in contacts() if (one.value or one.label) not in told] == []


def test_every_step_is_reached_in_the_list_of_steps(crawl: Crawl) -> None:
    told = crawl.told
    for service in K.services.values():
        for procedure in service.procedures:
            missing = [step.text for step in procedure.steps for part in sentences(step.text) if part not in told]
            assert missing == [], service.id


def test_every_gap_is_told_as_not_stated(crawl: Crawl) -> None:
    for service in K.services.values():
        for topic, value in (
            ("ask_requirements", service.requirements),
            ("ask_duration", service.duration),
            ("ask_cost", service.cost),
            ("ask_product", service.product),
            ("ask_legal_basis", service.legal_basis),
        ):
            text = "\n".join(crawl.bubbles[f'/{topic}{{"service":"{service.id}"}}'])
            assert any(silent in text for silent in (NOT_STATED, NOT_STATED_ANYWHERE)) == isinstance(value, NotStated)


def test_second_hand_facts_are_marked_wherever_they_are_told(crawl: Crawl) -> None:
    guides = [
        reply.text
        for service in K.services.values()
        for procedure in service.procedures
        for step in procedure.steps
        for answers in [{question.id: question.options[0].id for question in procedure.questions}]
        for state in [State(service.id, procedure.id, step.number, answers)]
        for walk in [walk_of(K, state)]
        if walk
        for reply in (*tell(K, walk, state), *help_with(K, walk, state))
    ]
    bubbles = [*guides, *(text for texts in crawl.bubbles.values() for text in texts)]
    second = {fact.text for _, fact in facts() if fact.source.mark == "2nd"}
    assert second
    for sentence in {sentences(text)[0] for text in second}:
        told = [text for text in bubbles if sentence in text]
        assert told, sentence
        assert [text for text in told if not marked(text, sentence)] == []


def marked(text: str, sentence: str) -> bool:
    """Whether the mark stands right before the sentence, or over the list that the sentence is in."""
    before = text[: text.index(sentence)].rstrip("• \n")
    paragraph = text[: text.index(sentence)].rsplit("\n\n", maxsplit=1)[-1]
    return before.endswith(SECONDARY.strip()) or paragraph.startswith(SECONDARY.strip())


def test_nothing_is_said_of_one_office_when_another_was_asked(crawl: Crawl) -> None:
    regions = {office.id: (office.region or "").split()[-1] for office in K.offices.values() if office.region}
    for service in K.services.values():
        others = [name for identity, name in regions.items() if identity != service.office]
        for payload, texts in crawl.bubbles.items():
            if f'"service":"{service.id}"' in payload and service.office in regions:
                assert not any(other in text for text in texts for other in others), payload
