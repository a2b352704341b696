"""What is kept of an answer, for how long, and what is shown when its message is touched again."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.answers import Answers, Origin, Reply
from bot.guildsettings import GuildBook
from bot.privacy import Preferences, QuestionLog
from bot.records.model import UNLOGGED_KEPT, MessagePlace, Posted
from bot.workload import Workload
from corpus.collection import LIBRARY, Collection
from corpus.model import Added
from retrieval.index import Filters
from retrieval.model import NeedsDetail
from tests.fakes.discord_app import Replies, answered, quote
from tests.fakes.drafts import draft, prepared
from tests.fakes.records import GUILD, MEMBER, NOW, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from bot.records import Records
    from corpus.model import Article
    from corpus.store import Store

BY = "discord:1"
MOST = timedelta(days=30)
ASKER = Origin(MEMBER, GUILD, private=False)
FILTERS = Filters((LIBRARY, Collection(GUILD)))
AT = MessagePlace(50, 60)


@dataclass
class Desk:
    """A store with an article in the library and one of the guild's own; `who?` is answered from both."""

    store: Store
    records: Records
    book: GuildBook
    preferences: Preferences
    replies: Replies
    answers: Answers
    shared: Article
    own: Article

    async def ask(self, question: str = "who?", *, at: MessagePlace | None = None) -> Reply:
        reply = await self.answers.ask(question, FILTERS, ASKER, NOW, at=at)
        assert isinstance(reply, Reply)
        return reply

    async def texts(self, reply: Reply, now: datetime = NOW) -> list[str | None]:
        """What is quoted when the message is opened again; None for what was withdrawn."""
        again = await self.answers.reopen(reply.record.id, GUILD, now)
        assert again is not None
        return [piece.evidence.text if piece.evidence else None for piece in again.sheet.pieces]


@asynccontextmanager
async def at_work(folder: Path) -> AsyncIterator[Desk]:
    async with opened(folder) as (store, records):
        shared = await stored(store, "Vantel was fined.", LIBRARY)
        own = await stored(store, "Norland was sued.", Collection(GUILD))
        both = answered(quote(shared, "Vantel was fined."), quote(own, "Norland was sued.", number=2))
        cases = NeedsDetail(0.5, "Two cases fit.", ("A v. B", "C v. D"))
        replies = Replies({"who?": both, "which?": cases, "A v. B: which?": both})
        book, preferences = GuildBook(records.settings), Preferences(records.members)
        answers = Answers(
            questions=replies,
            articles=store,
            records=records.answers,
            workload=Workload(2),
            keep_for=QuestionLog(book, preferences, MOST).keep_for,
            collections=book.collections,
        )
        yield Desk(store, records, book, preferences, replies, answers, shared, own)


async def stored(store: Store, text: str, collection: Collection) -> Article:
    outcome = (await store.add([prepared(draft(text))], collection, by=BY, now=NOW))[0]
    assert isinstance(outcome, Added)
    return outcome.article


async def test_a_record_is_kept_as_long_as_guild_and_member_want(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        assert (await desk.ask()).record.expires_at == NOW + MOST
        await desk.book.change(GUILD, lambda settings: replace(settings, record_days=3), by=BY, now=NOW)
        assert (await desk.ask()).record.expires_at == NOW + timedelta(days=3)
        await desk.preferences.choose(MEMBER, NOW, question_log=False)
        reply = await desk.ask()
        assert await desk.texts(reply, NOW + UNLOGGED_KEPT - timedelta(seconds=1)) != []
        assert await desk.answers.reopen(reply.record.id, GUILD, NOW + UNLOGGED_KEPT) is None


async def test_a_record_is_not_opened_from_another_guild(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        reply = await desk.ask()
        assert await desk.answers.reopen(reply.record.id, 8, NOW) is None
        assert await desk.answers.reopen(reply.record.id, None, NOW) is None


async def test_the_place_of_an_answer_is_kept_with_its_record_or_later(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        first = await desk.ask(at=AT)
        found = await desk.answers.search("fined", FILTERS, ASKER, NOW, at=MessagePlace(50, 61))
        later = await desk.ask()
        await desk.answers.posted(later.record.id, MessagePlace(50, 62))
        assert found.record.quoted == ()
        assert await desk.answers.withdraw(desk.own.id) == [
            Posted(first.record.id, GUILD, 50, 60),
            Posted(later.record.id, GUILD, 50, 62),
        ]


async def test_an_answer_that_was_chosen_takes_the_place_of_the_question(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        asked = await desk.ask("which?", at=AT)
        chosen = await desk.answers.choose(asked, 0, ASKER, NOW, at=AT)
        assert isinstance(chosen, Reply)
        assert await desk.answers.withdraw(desk.own.id) == [Posted(chosen.record.id, GUILD, 50, 60)]


async def test_what_was_taken_down_is_not_shown_when_its_messages_are_drawn_again(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        reply = await desk.ask(at=AT)
        await desk.store.purge(LIBRARY, desk.shared.key, by=BY, now=NOW, why="asked to")
        posted = await desk.answers.withdraw(desk.shared.id)
        assert [one.record_id for one in posted] == [reply.record.id]
        assert await desk.texts(reply) == [None, "Norland was sued."]


async def test_a_library_that_is_switched_off_is_not_shown_in_earlier_answers_nor_asked_again(tmp_path: Path) -> None:
    async with at_work(tmp_path) as desk:
        reply, asked = await desk.ask(), await desk.ask("which?")
        await desk.book.change(GUILD, lambda settings: replace(settings, library=False), by=BY, now=NOW)
        assert await desk.texts(reply) == [None, "Norland was sued."]
        again = await desk.answers.reopen(asked.record.id, GUILD, NOW)
        assert again is not None
        await desk.answers.choose(again, 0, ASKER, NOW)
        assert desk.replies.asked[-1].filters.collections == (Collection(GUILD),)
        await desk.book.change(GUILD, lambda settings: replace(settings, library=True), by=BY, now=NOW)
        assert await desk.texts(reply) == ["Vantel was fined.", "Norland was sued."]
