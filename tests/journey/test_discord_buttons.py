"""The buttons under an answer, through the real client: pages, context, sharing, votes; after restarts and removals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.records.answers import Votes
from bot.sheet import Outcome
from retrieval.model import Answered, NotInCorpus
from tests.discord import DiscordStandIn
from tests.fakes.discord_app import answered, corpus, fake_app, passages_of, quote
from tests.fakes.discord_bot import EPIC, PARLER, QUESTION, ROTHSTEIN, SENTENCE, running, stage

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.model import Answer

MANY = answered(*(quote(EPIC, found.text, number=number) for number, found in enumerate(passages_of(EPIC), 1)))
THREE = {"evidence_per_page": 3}


async def test_the_asker_turns_pages_forth_and_back(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: MANY}, answer=THREE) as here:
        ann = here.member()
        first = (await ann.slash("ask", question=QUESTION)).message
        before = first.text
        assert first.button("Previous").disabled
        await ann.press(first, "Next")
        assert "**4.**" in first.text
        assert "Page 2 of 3" in first.text
        await ann.press(first, "Next")
        assert first.button("Next").disabled
        await ann.press(first, "Previous")
        await ann.press(first, "Previous")
        assert first.text == before


async def test_another_member_can_not_turn_pages(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: MANY}, answer=THREE) as here:
        reply = await here.member("ann").slash("ask", question=QUESTION)
        bob = here.member("bob")
        pressed = await bob.press(reply.message, "Next")
        notice = await pressed.followup()
        assert notice.ephemeral
        assert "Only the member who asked" in notice.text
        assert "Page 1 of 3" in reply.message.text


async def test_anybody_sees_a_quotation_in_context_privately(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        reply = await here.member("ann").slash("ask", question=QUESTION)
        notice = await (await here.member("bob").press(reply.message, "In context")).followup()
        assert notice.ephemeral
        head, before, marked, after = notice.texts()
        assert head.startswith("### In context\n**Judge refuses to order Amazon to restore Parler** · CNBC")
        assert before == "A federal judge on Thursday refused to order Amazon to restore web service to Parler."
        assert marked == "> U.S. District Judge **Barbara Rothstein** said the company was unlikely to prevail."
        assert after == "Parler had sued Amazon."
        assert notice.links() == [("Read the article", "https://example.com/parler")]


async def test_a_very_long_sentence_is_read_page_by_page(tmp_path: Path) -> None:
    sentence = "The court held, " + "on and on, " * 900 + "that it was so."
    article = corpus(f"# long | Long | CNBC\nBefore it. {sentence} After it.")[0]
    async with stage(tmp_path, [article], {QUESTION: answered(quote(article, sentence))}) as here:
        ann = here.member()
        reply = await ann.slash("ask", question=QUESTION)
        assert "[…]" in reply.message.text
        context = await (await ann.press(reply.message, "In context")).followup()
        seen = [context.text]
        while not context.button("Next").disabled:
            await ann.press(context, "Next")
            seen.append(context.text)
        words = " ".join(" ".join(seen).replace("### In context\n**Long** · CNBC\n", "").replace("> ", "").split())
        assert words.count("on and on,") == 900
        await ann.press(context, "Previous")
        assert context.text == seen[-2]


async def test_a_private_answer_is_shared_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member()
        private = await ann.slash("ask", question=QUESTION, private=True)
        assert private.ephemeral
        assert not here.member("bob").sees(private.message)
        pressed = await ann.press(private.message, "Share")
        shared = await pressed.followup()
        await pressed.edited(edits=2)
        assert not shared.ephemeral
        assert f"Shared by {ann.mention}" in shared.text
        assert "## Barbara Rothstein" in shared.text
        assert not shared.pings
        assert "Share" not in [*shared.labels(), *private.message.labels()]


async def test_a_double_press_of_share_posts_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member()
        private = (await ann.slash("ask", question=QUESTION, private=True)).message
        presses = [await ann.start_press(private, "Share"), await ann.start_press(private, "Share")]
        for press in presses:
            await ann.finish(press)
        public = [message for message in here.server.messages if not message.ephemeral]
        assert len(public) == 1


async def test_an_answer_that_could_not_be_posted_can_be_shared_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member()
        private = (await ann.slash("ask", question=QUESTION, private=True)).message
        here.server.fail("POST", "/webhooks/", status=403, times=1)
        notice = await (await ann.press(private, "Share")).followup()
        assert "name the incident" in notice.text
        shared = await (await ann.press(private, "Share")).followup()
        assert "## Barbara Rothstein" in shared.text
        # Discord's refusal was arranged; nothing else was wrong with the request.
        here.server.violations.clear()


async def test_the_shared_copy_has_pages_and_votes_of_its_own_message(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: MANY}, answer=THREE) as here:
        ann = here.member()
        private = (await ann.slash("ask", question=QUESTION, private=True)).message
        shared = await (await ann.press(private, "Share")).followup()
        await ann.press(shared, "Next")
        assert "Page 2 of 3" in shared.text
        assert f"Shared by {ann.mention}" in shared.text
        assert "Page 1 of 3" in private.text


async def test_a_public_answer_has_no_share_button(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        assert "Share" not in (await here.member().slash("ask", question=QUESTION)).message.labels()


async def test_each_member_has_one_vote_and_may_change_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann, bob = here.member("ann"), here.member("bob")
        message = (await ann.slash("ask", question=QUESTION)).message
        first = await (await ann.press(message, "Helpful")).followup()
        assert first.ephemeral
        assert "Your vote: helpful" in first.text
        assert "now: not helpful" in (await (await ann.press(message, "Not helpful")).followup()).text
        await (await bob.press(message, "Helpful")).followup()
        await (await bob.press(message, "Helpful")).followup()
        counted = await here.client.records.answers.votes(here.app.now())
        assert counted == [Votes(Outcome.ANSWERED, answers=1, helpful=1, not_helpful=1)]


async def test_buttons_work_after_a_restart(tmp_path: Path) -> None:
    async with DiscordStandIn() as server:
        guild = server.guild("Newsroom")
        ann = server.member("ann", guild)
        async with fake_app(tmp_path, [EPIC], {QUESTION: MANY}, answer=THREE) as app, running(server, app):
            message = (await ann.slash("ask", question=QUESTION)).message
        async with fake_app(tmp_path, [EPIC], answer=THREE) as app, running(server, app):
            await ann.press(message, "Next")
            assert "Page 2 of 3" in message.text
            assert "Your vote" in (await (await ann.press(message, "Helpful")).followup()).text
        server.assert_clean()


async def test_an_expired_answer_says_so_at_every_button(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: MANY}, answer=THREE) as here:
        ann = here.member()
        message = (await ann.slash("ask", question=QUESTION)).message
        here.app.now.advance(timedelta(days=30))
        for button in message.buttons():
            if button.custom_id and not button.disabled:
                notice = await (await ann.press(message, custom_id=button.custom_id)).followup()
                assert "This answer has expired" in notice.text


async def test_expired_records_are_erased_with_their_votes(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member()
        message = (await ann.slash("ask", question=QUESTION)).message
        await (await ann.press(message, "Helpful")).followup()
        answers = here.client.records.answers
        assert await answers.purge(here.app.now() + timedelta(days=29)) == 0
        assert await answers.purge(here.app.now() + timedelta(days=30)) == 1
        assert await answers.votes(here.app.now()) == []


async def test_a_removed_article_is_shown_no_more_at_the_press_of_any_button(tmp_path: Path) -> None:
    told = {QUESTION: answered(quote(PARLER, SENTENCE, "Barbara Rothstein"), quote(EPIC, "Apple called it a victory."))}
    async with stage(tmp_path, told=told) as here:
        ann, bob = here.member("ann"), here.member("bob")
        message = (await ann.slash("ask", question=QUESTION)).message
        here.app.store.remove(PARLER)
        pressed = await bob.press(message, "Helpful")
        await pressed.followup()
        assert "Rothstein" not in message.text
        assert "has been removed from the corpus" in message.text
        assert "Apple called it a victory." in message.text
        here.app.store.put(PARLER)
        await (await bob.press(message, "Helpful")).followup()


DIFFERING = Answered(
    0.9,
    (quote(PARLER, SENTENCE, "Barbara Rothstein"),),
    conflicts=(quote(EPIC, "Judge Yvonne Gonzalez Rogers ruled on Friday.", "Yvonne Gonzalez Rogers", number=2),),
    polarity=True,
)


async def test_with_an_article_goes_what_it_says_otherwise(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: DIFFERING}) as here:
        ann = here.member()
        message = (await ann.slash("ask", question=QUESTION)).message
        assert "### Articles differ on this" in message.text
        here.app.store.remove(EPIC)
        await (await ann.press(message, "Helpful")).followup()
        assert "Articles differ" not in message.text
        assert "Gonzalez" not in message.text
        assert "## Barbara Rothstein" in message.text
        assert "**Yes.**" in message.text


async def test_with_the_first_article_go_its_short_answer_and_its_yes_or_no(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: DIFFERING}) as here:
        ann = here.member()
        message = (await ann.slash("ask", question=QUESTION)).message
        here.app.store.remove(PARLER)
        await (await ann.press(message, "Helpful")).followup()
        assert "Articles differ" not in message.text
        assert "Rothstein" not in message.text
        assert "Yes" not in message.text
        assert "**Another article says:**\n> Judge **Yvonne Gonzalez Rogers** ruled on Friday." in message.text
        assert "## Yvonne" not in message.text


async def test_what_was_offered_goes_with_an_article_that_was_quoted(tmp_path: Path) -> None:
    near = quote(EPIC, "Apple called it a victory.")
    refused = NotInCorpus(0.1, "No article.", (near,), did_you_mean="Who is Tim Cook?", related=("Who won?",))
    async with stage(tmp_path, told={QUESTION: refused}) as here:
        ann = here.member()
        message = (await ann.slash("ask", question=QUESTION)).message
        here.app.store.remove(EPIC)
        await ann.press(message, "Who won?")
        assert "has been removed from the corpus" in message.text
        assert "Tim Cook" not in message.text
        assert "Who won?" not in [*message.labels(), message.text]
        assert len(here.app.asker.asked) == 1


async def test_differing_articles_and_questions_offered_outlive_a_restart(tmp_path: Path) -> None:
    offering = NotInCorpus(0.1, "No article.", related=("Who won?",))
    told: dict[str, Answer] = {QUESTION: DIFFERING, "lost?": offering}
    async with DiscordStandIn() as server:
        ann = server.member("ann", server.guild("Newsroom"))
        async with fake_app(tmp_path, [PARLER, EPIC], told) as app, running(server, app):
            differing = (await ann.slash("ask", question=QUESTION, private=True)).message
            offered = (await ann.slash("ask", question="lost?")).message
            before = differing.text
        async with fake_app(tmp_path, [PARLER, EPIC], {"Who won?": ROTHSTEIN}) as app, running(server, app):
            shared = await (await ann.press(differing, "Share")).followup()
            assert shared.text == f"-# Shared by {ann.mention}\n{before}"
            chosen = await ann.press(offered, "Who won?")
            assert "## Barbara Rothstein" in chosen.message.text
        server.assert_clean()


async def test_a_removed_article_is_not_read_in_context(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member()
        message = (await ann.slash("ask", question=QUESTION)).message
        here.app.store.remove(PARLER)
        await ann.press(message, "In context")
        assert "has been removed from the corpus" in message.text
        assert "Rothstein" not in message.text


async def test_a_revised_article_is_shown_as_it_was_quoted_and_said_to_be_revised(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: MANY}, answer=THREE) as here:
        ann = here.member()
        message = (await ann.slash("ask", question=QUESTION)).message
        here.app.store.revise(EPIC, "Another text altogether.")
        await ann.press(message, "Next")
        assert "revised since; quoted from revision 1" in message.text
        custom_id = f"{(message.button('Next').custom_id or '').partition(':turn')[0]}:context:1:4"
        context = await (await ann.press(message, custom_id=custom_id)).followup()
        assert "> Apple called it a victory." in context.text
        assert "Another text" not in context.text


async def test_the_same_record_in_another_guild_has_expired(tmp_path: Path) -> None:
    async with stage(tmp_path, told={QUESTION: ROTHSTEIN}) as here:
        message = (await here.member().slash("ask", question=QUESTION)).message
        record = (message.button("Helpful").custom_id or "").split(":")[1]
        answers = here.client.services.answers
        assert await answers.reopen(record, here.guild.id, here.app.now()) is not None
        assert await answers.reopen(record, 12345, here.app.now()) is None
        assert await answers.reopen(record, None, here.app.now()) is None


async def test_no_message_is_kept_in_memory_and_the_buttons_still_work(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        ann = here.member()
        private = (await ann.slash("ask", question=QUESTION, private=True)).message
        await (await ann.press(private, "In context")).followup()
        assert list(here.client.persistent_views) == []
        store = here.client._connection._view_store
        assert store._views == {}
        assert len(store._dynamic_items) == 1
