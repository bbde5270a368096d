"""The record of how an answer came about: what was heard and found, the passage said, never the person's words."""

from __future__ import annotations

import json

import pytest

from bot.answers.decision import facts_below
from bot.knowledge.load import of_files
from tests.actions.chat import Chat


async def test_a_question_leaves_what_was_heard_found_and_said(chat: Chat) -> None:
    said = await chat.say("syarat izin usaha industri di kudus apa ya, saya Budi", "ask_requirements")
    decision = said.decision
    assert decision["said"] == "list/kudus-iui/requirements"
    assert decision["heard"]["offices"] == ["kudus"] and decision["outcome"] == "sure"
    assert decision["candidates"][0]["passage"] == decision["said"] and 0 < decision["candidates"][0]["score"] <= 1
    assert (decision["office"], decision["service"]) == ("kudus", "kudus-iui")
    assert "budi" not in json.dumps(decision).lower() and len(json.dumps(decision)) < 2000
    facts = facts_below(of_files(), decision["said"])
    assert facts and {one.aspect for one in facts} == {"requirement"}


async def test_a_tapped_topic_says_its_list_and_small_talk_says_nothing(chat: Chat) -> None:
    said = await chat.send('/ask_cost{"service":"kudus-iui"}')
    assert said.decision["said"] == "list/kudus-iui/cost" and "heard" not in said.decision
    assert (await chat.say("terima kasih", "thanks")).decision == {}


async def test_what_is_not_found_is_recorded_as_unsure(chat: Chat) -> None:
    said = await chat.say("xyzzy plugh qwrt", "nlu_fallback")
    assert "said" not in said.decision
    assert said.decision.get("outcome", "unsure") != "sure"


@pytest.mark.parametrize("passage", ["no-such-passage", "", "list/none/requirements", "term/none"])
def test_a_passage_that_is_gone_has_no_facts(passage: str) -> None:
    assert list(facts_below(of_files(), passage)) == []
