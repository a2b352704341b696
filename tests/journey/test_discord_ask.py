"""Asking, searching and looking around, through the real client: what a member sees."""

from __future__ import annotations

import asyncio
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

import pytest

from corpus.collection import LIBRARY, Collection
from retrieval.model import Answered, NeedsDetail, NotAQuestion, NotInCorpus, Partial, Topic
from tests.discord import CommandError
from tests.fakes.discord_app import answered, corpus, passages_of, quote
from tests.fakes.discord_bot import EPIC, PARLER, QUESTION, ROTHSTEIN, SENTENCE, stage

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.model import Answer


async def test_an_answer_picks_out_the_words_quotes_the_sentence_and_names_its_source(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        reply = await here.member().slash("ask", question=QUESTION)
        assert reply.deferred
        assert not reply.ephemeral
        head, piece = reply.message.texts()
        assert "## Barbara Rothstein" in head
        assert piece == (
            "> U.S. District Judge **Barbara Rothstein** said the company was unlikely to prevail.\n"
            "**1.** **Judge refuses to order Amazon to restore Parler** · CNBC · 21 January 2021 (5 years ago)"
        )
        assert reply.message.links() == [("Read the article", "https://example.com/parler")]
        assert reply.message.labels() == ["In context", "Read the article", "Helpful", "Not helpful", "Why this?"]


async def test_an_article_without_a_link_has_no_link_button(tmp_path: Path) -> None:
    told = {QUESTION: answered(quote(EPIC, "Apple called it a victory."))}
    async with stage(tmp_path, told=told) as here:
        reply = await here.member().slash("ask", question=QUESTION)
        assert reply.message.links() == []


async def test_an_addition_to_an_answer_is_shown(tmp_path: Path) -> None:
    told = {QUESTION: answered(quote(PARLER, SENTENCE), notes=("A later article says otherwise.",))}
    async with stage(tmp_path, told=told) as here:
        reply = await here.member().slash("ask", question=QUESTION)
        assert "-# A later article says otherwise." in reply.message.text


async def test_a_refusal_says_what_is_missing_and_labels_the_closest_passages_as_such(tmp_path: Path) -> None:
    near = quote(EPIC, "Apple called it a victory.", "Apple")
    told = {"q?!": NotInCorpus(0.1, "No article names the judge in Epic v. Sony.", (near,))}
    async with stage(tmp_path, told=told) as here:
        reply = await here.member().slash("ask", question="q?!")
        head, piece = reply.message.texts()
        assert "### The corpus does not answer this\nNo article names the judge in Epic v. Sony." in head
        assert "## " not in head.replace("### ", "")
        assert piece.startswith("**Closest passages.** They do not answer the question.\n> Apple called it a victory.")


async def test_articles_that_differ_are_shown_side_by_side_without_a_verdict(tmp_path: Path) -> None:
    differing = Answered(
        0.9,
        (quote(PARLER, SENTENCE, "Barbara Rothstein"), quote(PARLER, "Parler had sued Amazon.", number=2)),
        conflicts=(quote(EPIC, "Judge Yvonne Gonzalez Rogers ruled on Friday.", "Yvonne Gonzalez Rogers", number=3),),
    )
    async with stage(tmp_path, told={QUESTION: differing}) as here:
        reply = await here.member().slash("ask", question=QUESTION)
        head, first, otherwise, further = reply.message.texts()
        assert head.endswith(
            "### Articles differ on this\n-# Which is right is left open.\n"
            "**1.** Barbara Rothstein · **2.** Yvonne Gonzalez Rogers"
        )
        assert "## Barbara" not in head
        assert first.startswith("> U.S. District Judge **Barbara Rothstein**")
        assert otherwise == (
            "**Another article says:**\n> Judge **Yvonne Gonzalez Rogers** ruled on Friday.\n"
            "**2.** **Epic loses most of its case** · The Verge · 10 September 2021 (4 years ago)"
        )
        assert further.startswith("**Further evidence:**\n> Parler had sued Amazon.\n**3.**")
        assert reply.message.labels().count("In context") == 3


@pytest.mark.parametrize(("polarity", "word"), [(True, "Yes"), (False, "No")])
async def test_the_yes_or_no_stands_in_front_of_the_sentence_that_says_it(
    tmp_path: Path,
    polarity: bool,  # noqa: FBT001 - a table
    word: str,
) -> None:
    said = Answered(0.9, (quote(PARLER, SENTENCE), quote(EPIC, "Apple called it a victory.")), polarity=polarity)
    async with stage(tmp_path, told={QUESTION: said}) as here:
        _, first, second = (await here.member().slash("ask", question=QUESTION)).message.texts()
        assert first.startswith(f"**{word}.**\n> U.S. District Judge")
        assert second.startswith("> Apple")


MEANT = "who is the judge in Parler v. Amazon?"
REFUSED = NotInCorpus(
    0.1, "No article speaks of Parlor.", did_you_mean=MEANT, related=("Who sued Amazon?", "Who lost against Apple?")
)


async def test_what_may_have_been_meant_and_related_questions_are_asked_at_a_press(tmp_path: Path) -> None:
    told: dict[str, Answer] = {"parlor?": REFUSED, MEANT: ROTHSTEIN, "Who lost against Apple?": ROTHSTEIN}
    async with stage(tmp_path, told=told) as here:
        ann = here.member()
        for label in (MEANT, "Who lost against Apple?"):
            reply = await ann.slash("ask", question="parlor?")
            assert f"Did you mean “{MEANT}”" in reply.message.text
            assert "**Questions near this one that the corpus answers:**" in reply.message.text
            chosen = await ann.press(reply.message, label)
            assert chosen.message.id == reply.message.id
            assert "## Barbara Rothstein" in chosen.message.text
            assert here.app.asker.asked[-1].text == label
            assert here.app.asker.asked[-1].filters == here.app.asker.asked[-2].filters
            assert "Who sued Amazon?" not in chosen.message.labels()


async def test_long_related_questions_are_offered_as_a_menu_beside_what_may_have_been_meant(tmp_path: Path) -> None:
    long = "Which of the courts that have had to do with it has said that it was not for it to decide on that?"
    refused = NotInCorpus(0.1, "No article.", did_you_mean=MEANT, related=("Who sued?", long))
    async with stage(tmp_path, told={"parlor?": refused, long: ROTHSTEIN}) as here:
        ann = here.member()
        reply = await ann.slash("ask", question="parlor?")
        assert MEANT in reply.message.labels()
        chosen = await ann.select(reply.message, "2")
        assert "## Barbara Rothstein" in chosen.message.text


async def test_another_member_can_not_ask_a_related_question_in_the_askers_message(tmp_path: Path) -> None:
    async with stage(tmp_path, told={"parlor?": REFUSED}) as here:
        reply = await here.member("ann").slash("ask", question="parlor?")
        pressed = await here.member("bob").press(reply.message, "Who sued Amazon?")
        assert "Only the member who asked" in (await pressed.followup()).text
        assert len(here.app.asker.asked) == 1


async def test_questions_offered_are_shown_as_text(tmp_path: Path) -> None:
    hostile = "@everyone <@1> **x** [y](https://evil.example) ||z||?"
    refused = NotInCorpus(0.1, "No article.", did_you_mean=hostile, related=(hostile,))
    async with stage(tmp_path, told={"parlor?": refused}) as here:
        message = (await here.member().slash("ask", question="parlor?")).message
        assert not message.pings
        assert "\\@everyone \\<\\@1\\> \\*\\*x\\*\\* \\[y\\](https\\://evil.example) \\|\\|z\\|\\|?" in message.text
        assert message.labels().count(hostile) == 2


async def test_a_partial_answer_says_what_it_lacks(tmp_path: Path) -> None:
    part = Partial(0.6, (quote(PARLER, SENTENCE, "Barbara Rothstein"),), "The date of the ruling is not stated.")
    async with stage(tmp_path, told={QUESTION: part}) as here:
        text = (await here.member().slash("ask", question=QUESTION)).message.text
        assert "### Answered in part" in text
        assert "## Barbara Rothstein" in text
        assert "The date of the ruling is not stated." in text


async def test_small_talk_gets_help(tmp_path: Path) -> None:
    async with stage(tmp_path, told={"hello there": NotAQuestion(Topic.GREETING)}) as here:
        reply = await here.member().slash("ask", question="hello there")
        assert "### Hello!" in reply.message.text
        assert "/ask" in reply.message.text


async def test_an_unclear_question_offers_choices_and_the_press_of_one_asks_about_it(tmp_path: Path) -> None:
    told: dict[str, Answer] = {
        "who is the judge?": NeedsDetail(0.3, "Two cases fit.", ("Parler v. Amazon", "Epic v. Apple")),
        "Parler v. Amazon: who is the judge?": ROTHSTEIN,
    }
    async with stage(tmp_path, told=told) as here:
        ann = here.member()
        reply = await ann.slash("ask", question="who is the judge?")
        assert "Two cases fit." in reply.message.text
        chosen = await ann.press(reply.message, "Parler v. Amazon")
        assert "## Barbara Rothstein" in chosen.message.text
        assert chosen.message.id == reply.message.id
        assert "Epic v. Apple" not in chosen.message.labels()


async def test_many_choices_are_offered_as_a_menu(tmp_path: Path) -> None:
    choices = tuple(f"Case number {number}" for number in range(30))
    told: dict[str, Answer] = {
        "who is the judge?": NeedsDetail(0.3, "Many cases fit.", choices),
        "Case number 7: who is the judge?": ROTHSTEIN,
    }
    async with stage(tmp_path, told=told) as here:
        ann = here.member()
        reply = await ann.slash("ask", question="who is the judge?")
        chosen = await ann.select(reply.message, "Case number 7")
        assert "## Barbara Rothstein" in chosen.message.text


async def test_another_member_can_not_choose_for_the_asker(tmp_path: Path) -> None:
    told: dict[str, Answer] = {"who is the judge?": NeedsDetail(0.3, "Two cases fit.", ("A v. B", "C v. D"))}
    async with stage(tmp_path, told=told) as here:
        reply = await here.member("ann").slash("ask", question="who is the judge?")
        pressed = await here.member("bob").press(reply.message, "A v. B")
        assert "Only the member who asked" in (await pressed.followup()).text
        assert len(here.app.asker.asked) == 1


async def test_the_filters_reach_the_question(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        await here.member().slash("ask", question=QUESTION, publication="CNBC", since="January 2021", until="2021")
        filters = here.app.asker.asked[0].filters
        assert filters.publications == ("CNBC",)
        assert (filters.since, filters.until) == (date(2021, 1, 1), date(2021, 12, 31))
        assert filters.collections == (LIBRARY, Collection(here.guild.id))


async def test_a_date_that_names_no_day_is_told_privately_and_costs_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, limits={"member_burst": 1}) as here:
        ann = here.member()
        reply = await ann.slash("ask", question=QUESTION, since="01/02/2021")
        assert reply.ephemeral
        assert "`since`: “01/02/2021” is no date I understand" in reply.message.text
        assert "later than" in (await ann.slash("ask", question=QUESTION, since="2022", until="2021")).message.text
        assert "## Barbara" in (await ann.slash("ask", question=QUESTION)).message.text


async def test_direct_messages_see_the_library_only(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        reply = await here.server.member("ann").slash("ask", question=QUESTION)
        assert "## Barbara Rothstein" in reply.message.text
        assert here.app.asker.asked[0].filters.collections == (LIBRARY,)


async def test_a_thread_is_as_good_as_a_channel(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member().at(here.server.thread(here.guild.first_channel))
        assert "## Barbara Rothstein" in (await ann.slash("ask", question=QUESTION)).message.text


async def test_a_question_has_3_to_300_characters(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        for question in ("ab", "x" * 301):
            with pytest.raises(CommandError):
                await here.member().slash("ask", question=question)


async def test_publications_are_suggested_from_what_the_member_may_see(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        own, foreign = (
            corpus(f"# k | T | {name}\nText.", collection=Collection(guild), first_id=number)[0]
            for number, (name, guild) in enumerate([("Verdict", here.guild.id), ("Versus", 999)], 10)
        )
        here.app.store.put(own)
        here.app.store.put(foreign)
        assert await here.member().autocomplete("ask", "publication", "ver") == [
            ("Verdict", "Verdict"),
            ("The Verge", "The Verge"),
        ]
        assert await here.server.member("ann").autocomplete("ask", "publication", "ver") == [("The Verge", "The Verge")]


async def test_a_search_shows_ranked_passages_on_pages(tmp_path: Path) -> None:
    async with stage(tmp_path, answer={"evidence_per_page": 3}) as here:
        here.app.asker.found = passages_of(EPIC)
        ann = here.member()
        reply = await ann.slash("search", words="Apple ruling")
        assert "### 7 passages" in reply.message.text
        assert "Page 1 of 3" in reply.message.text
        following = await ann.press(reply.message, "Next")
        assert "**4.** **Epic loses most of its case**" in following.message.text
        assert "Helpful" not in following.message.labels()


async def test_a_search_without_a_hit_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        reply = await here.member().slash("search", words="zebra")
        assert "### No passage has these words" in reply.message.text


async def test_the_sources_are_counted_by_collection_and_publication(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        reply = await here.member().slash("sources")
        assert reply.ephemeral
        assert "**Library:** 2 articles" in reply.message.text
        assert "**This server's own articles:** 0 articles" in reply.message.text
        assert "- CNBC: 1 article, newest 21 January 2021 (5 years ago)" in reply.message.text


async def test_many_sources_stand_on_pages(tmp_path: Path) -> None:
    many = corpus("\n# ".join(["", *(f"k{n} | T | Paper {n:02}\nText." for n in range(60))]))
    async with stage(tmp_path, many) as here:
        ann = here.member()
        reply = await ann.slash("sources")
        assert "Page 1 of 3" in reply.message.text
        assert "Paper 30" in (await ann.press(reply.message, "Next")).message.text


async def test_help_is_private(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        reply = await here.member().slash("help")
        assert reply.ephemeral
        assert "**/ask**" in reply.message.text


async def test_a_member_who_asks_too_much_is_told_when_to_try_again(tmp_path: Path) -> None:
    async with stage(tmp_path, limits={"member_burst": 1}) as here:
        ann = here.member()
        await ann.slash("ask", question=QUESTION)
        reply = await ann.slash("ask", question=QUESTION)
        assert reply.ephemeral
        assert "You have asked many questions in a short time. Try again <t:" in reply.message.text
        assert "## Barbara" in (await here.member("bob").slash("ask", question=QUESTION)).message.text


async def test_a_guild_that_asks_too_much_is_told_so(tmp_path: Path) -> None:
    async with stage(tmp_path, limits={"guild_burst": 1}) as here:
        await here.member("ann").slash("ask", question=QUESTION)
        reply = await here.member("bob").slash("ask", question=QUESTION)
        assert "This server has asked many questions" in reply.message.text
        assert "## Barbara" in (await here.server.member("bob").slash("ask", question=QUESTION)).message.text


async def test_hostile_text_is_shown_as_text(tmp_path: Path) -> None:
    hostile = corpus(
        "# k | @everyone [win](https://evil.example) <@&1> | <#5> | 2021-01-01 | javascript:alert(1)\n"
        "@everyone <@1> </ask:1> <t:0:R> ||x|| https://evil.example **Rothstein** `code` # not."
    )[0]
    told = {QUESTION: answered(quote(hostile, hostile.text, "Rothstein"))}
    async with stage(tmp_path, [hostile], told) as here:
        reply = await here.member().slash("ask", question=QUESTION)
        assert not reply.message.pings
        assert reply.message.links() == []
        assert (
            "\\@everyone \\<\\@1\\> \\</ask\\:1\\> \\<t\\:0\\:R\\> \\|\\|x\\|\\| https\\://evil.example"
            in reply.message.text
        )


async def test_a_question_is_acknowledged_within_300_ms_while_a_hundred_are_under_way(tmp_path: Path) -> None:
    async with stage(tmp_path, limits={"guild_burst": 1000, "concurrent": 100}) as here:
        here.app.asker.held = asyncio.Event()
        people = [here.member(f"m{number}") for number in range(120)]
        started = [await person.start("ask", question=QUESTION) for person in people[:100]]
        async with asyncio.timeout(10):
            await asyncio.gather(*(interaction.acknowledged.wait() for interaction in started))
        assert len(here.app.asker.asked) == 100
        for person in people[100:]:
            started.append(await person.start("ask", question=QUESTION))
            await started[-1].acknowledged.wait()
        assert median(interaction.acknowledged_ms or 0.0 for interaction in started[100:]) < 300
        here.app.asker.held.set()
        replies = await asyncio.gather(*(p.finish(i) for p, i in zip(people, started, strict=True)))
        assert max(reply.acknowledged_ms for reply in replies) < 3000
        assert all("## Barbara Rothstein" in reply.message.text for reply in replies)
