"""What members miss in the corpus, in a database made by the migrations."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.wanted import TOPIC_MOST_CHARS, TopicNotFound, TopicState, Wanted, terms_of
from corpus.collection import LIBRARY, Collection
from corpus.errors import Conflict
from retrieval.index import Filters
from tests.fakes.records import GUILD, NOW, audited, opened

if TYPE_CHECKING:
    from pathlib import Path

HERE = Filters((LIBRARY, Collection(GUILD)))
HOUR = timedelta(hours=1)
BY = "discord:99"


async def test_equal_requests_of_several_members_are_one_topic_that_counts_them(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        wanted = Wanted(records.wanted)
        first = await wanted.request(" Who sued the Norland Company? ", HERE, 1, GUILD, NOW)
        other = await wanted.request("who is suing Norland companies", HERE, 2, GUILD, NOW + HOUR)
        assert (first.new, first.topic.count, first.topic.text) == (True, 1, "Who sued the Norland Company?")
        assert (other.new, other.topic.count, other.topic.id) == (True, 2, first.topic.id)
        assert await wanted.listed(GUILD, limit=10) == [other.topic]
        assert (other.topic.first_at, other.topic.last_at) == (NOW, NOW + HOUR)


async def test_a_member_counts_once_however_often_they_press(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        wanted = Wanted(records.wanted)
        pressed = await asyncio.gather(*(wanted.request("Norland?", HERE, 1, GUILD, NOW) for _ in range(5)))
        assert sorted(one.new for one in pressed) == [False] * 4 + [True]
        assert {one.topic.count for one in pressed} == {1}
        assert [entry.action for entry in await audited(store)] == ["request"]


async def test_an_entry_of_the_audit_record_names_the_topic_by_its_number_and_not_in_the_members_words(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path) as (store, records):
        wanted = Wanted(records.wanted)
        topic = (await wanted.request("Norland?", HERE, 1, GUILD, NOW)).topic
        await wanted.decide(topic.id, GUILD, TopicState.DONE, BY, NOW)
        shown = [(entry.actor, entry.action, entry.detail, entry.at) for entry in await audited(store)]
        assert shown == [
            ("discord:1", "request", f"request {topic.id}", NOW),
            (BY, "wanted done", f"request {topic.id}", NOW),
        ]


async def test_a_guilds_topics_are_its_own(tmp_path: Path) -> None:
    async with opened(tmp_path) as (store, records):
        wanted = Wanted(records.wanted)
        here = (await wanted.request("Norland?", HERE, 1, GUILD, NOW)).topic
        there = (await wanted.request("Norland?", HERE, 1, 8, NOW)).topic
        assert (here.count, there.count) == (1, 1)
        assert await wanted.listed(GUILD, limit=10) == [here]
        assert await wanted.length(8) == 1
        told = []
        for number in (there.id, there.id + 1000):
            with pytest.raises(TopicNotFound) as raised:
                await wanted.find(number, GUILD)
            told.append(str(raised.value).replace(str(number), "N"))
            with pytest.raises(TopicNotFound):
                await wanted.decide(number, GUILD, TopicState.DONE, BY, NOW)
        assert told[0] == told[1]
        assert (await wanted.find(there.id, 8)).state is TopicState.OPEN
        assert len(await audited(store)) == 1


@pytest.mark.parametrize("state", [TopicState.DONE, TopicState.DISMISSED])
async def test_a_topic_is_decided_on_once(tmp_path: Path, state: TopicState) -> None:
    async with opened(tmp_path) as (store, records):
        wanted = Wanted(records.wanted)
        topic = (await wanted.request("Norland?", HERE, 1, GUILD, NOW)).topic
        decided = await wanted.decide(topic.id, GUILD, state, BY, NOW + HOUR)
        assert (decided.state, decided.decided_by, decided.decided_at) == (state, BY, NOW + HOUR)
        with pytest.raises(Conflict, match=f"marked as {state} by somebody else"):
            await wanted.decide(topic.id, GUILD, TopicState.DONE, "discord:98", NOW + HOUR)
        assert await wanted.listed(GUILD, limit=10) == []
        assert await wanted.length(GUILD) == 0
        assert [entry.action for entry in await audited(store)] == ["request", f"wanted {state}"]


async def test_of_two_moderators_who_decide_at_once_one_is_told(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        wanted = Wanted(records.wanted)
        topic = (await wanted.request("Norland?", HERE, 1, GUILD, NOW)).topic
        deciding = (wanted.decide(topic.id, GUILD, TopicState.DISMISSED, f"discord:{n}", NOW) for n in range(4))
        outcomes = await asyncio.gather(*deciding, return_exceptions=True)
        assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 3


async def test_a_topic_can_not_be_decided_to_be_open(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        with pytest.raises(ValueError, match="open"):
            await Wanted(records.wanted).decide(1, GUILD, TopicState.OPEN, BY, NOW)


async def test_what_is_asked_for_again_after_a_decision_is_a_new_topic(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        wanted = Wanted(records.wanted)
        topic = (await wanted.request("Norland?", HERE, 1, GUILD, NOW)).topic
        await wanted.decide(topic.id, GUILD, TopicState.DONE, BY, NOW)
        again = await wanted.request("Norland?", HERE, 1, GUILD, NOW)
        assert again.new
        assert again.topic.id != topic.id


async def test_topics_are_listed_by_how_many_want_them_then_by_the_newest_request(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        wanted = Wanted(records.wanted)
        for at, (question, member) in enumerate([("a1", 1), ("b2", 1), ("c3", 1), ("a1", 2)]):
            await wanted.request(question, HERE, member, GUILD, NOW + at * HOUR)
        assert [topic.text for topic in await wanted.listed(GUILD, limit=10)] == ["a1", "c3", "b2"]
        assert [topic.text for topic in await wanted.listed(GUILD, limit=1, offset=1)] == ["c3"]


async def test_a_long_question_is_kept_as_far_as_a_question_may_go(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        made = await Wanted(records.wanted).request("x " * 1000, HERE, 1, GUILD, NOW)
        assert len(made.topic.text) == TOPIC_MOST_CHARS


async def test_topics_are_erased_some_time_after_the_decision(tmp_path: Path) -> None:
    async with opened(tmp_path) as (_, records):
        wanted = Wanted(records.wanted)
        topics = [(await wanted.request(question, HERE, 1, GUILD, NOW)).topic for question in ("a1", "b2")]
        await wanted.decide(topics[0].id, GUILD, TopicState.DONE, BY, NOW)
        assert await records.wanted.purge(NOW - HOUR) == 0
        assert await records.wanted.purge(NOW) == 1
        assert await wanted.listed(GUILD, limit=10) == topics[1:]


def test_requests_are_equal_by_their_terms_whatever_their_order_case_and_function_words() -> None:
    assert terms_of("Did AWS sue Norland?", HERE) == terms_of("norland suing amazon web services", HERE)
    assert terms_of("Norland fined", HERE) != terms_of("Norland sued", HERE)


def test_requests_differ_by_period_and_publication() -> None:
    narrowed = [
        HERE,
        Filters(since=date(2024, 1, 1)),
        Filters(until=date(2024, 1, 1)),
        Filters(publications=("CNBC",)),
        Filters(publications=("CNBC", "Reuters")),
    ]
    assert len({terms_of("Norland?", filters) for filters in narrowed}) == 5
    assert terms_of("Norland?", Filters(publications=("Reuters", "cnbc"))) == terms_of("Norland?", narrowed[-1])


def test_questions_of_nothing_but_function_words_differ_as_they_are_written() -> None:
    assert terms_of("Who is it?", HERE) == terms_of(" who is IT? ", HERE)
    assert terms_of("Who is it?", HERE) != terms_of("When was that?", HERE)
