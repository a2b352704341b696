"""The application around the Discord client: articles and answers are fakes with a friendly notation, the rest is real.

A corpus is written as text: each article begins with `# KEY | TITLE | PUBLICATION | DATE | LINK` (the last three may be
left out), its paragraphs follow. Answers are put together from quotations of it and told to the asker by question.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING

from bot.app import open_newsdesk
from bot.config import Settings
from bot.records import Records
from corpus.collection import LIBRARY, Collection
from corpus.errors import ArticleNotFound
from corpus.model import Article, Passage, PublicationCount, Span
from corpus.passages import sentences
from retrieval.answer import Found
from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
from retrieval.index import Hit
from retrieval.model import Answered, Citation, Evidence, NotAQuestion, NotInCorpus, Partial
from retrieval.question import parse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from bot.guildsettings import GuildBook
    from corpus.desk import Desk
    from corpus.drafts import WaitingDraft
    from corpus.feeds import Feeds
    from corpus.model import AuditEntry
    from corpus.store import Store
    from retrieval.model import Answer, Asked

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Clock:
    """The present moment, moved by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.time = now

    def __call__(self) -> datetime:
        return self.time

    def advance(self, by: timedelta) -> None:
        """Time has passed."""
        self.time += by


class Shelf:
    """The articles in memory, all else in a real store: what the bot needs of it."""

    def __init__(self, store: Store, articles: Sequence[Article] = ()) -> None:
        self._store = store
        self._revisions: dict[tuple[int, int], Article] = {}
        self._live: dict[int, int] = {}
        self._changes = 0
        self.publications_read = 0
        self.broken: Exception | None = None
        for article in articles:
            self.put(article)

    def put(self, article: Article) -> None:
        """The article is live in this revision."""
        self._revisions[article.id, article.revision] = article
        self._live[article.id] = article.revision
        self._changes += 1

    def remove(self, article: Article) -> None:
        """The article is not live any more."""
        del self._live[article.id]
        self._changes += 1

    def revise(self, article: Article, text: str) -> Article:
        """The article has a new text."""
        newer = replace(article, revision=article.revision + 1, text=text)
        self.put(newer)
        return newer

    async def read(self, article_ids: Sequence[int]) -> dict[int, Article]:
        """Live articles."""
        if self.broken is not None:
            raise self.broken
        live = [number for number in article_ids if number in self._live]
        return {number: self._revisions[number, self._live[number]] for number in live}

    async def find(
        self, collection: Collection, key: str, *, revision: int | None = None, removed_too: bool = False
    ) -> Article:
        """One article, in an old revision if so asked."""
        for (number, found), article in self._revisions.items():
            wanted = revision or self._live.get(number)
            known = removed_too or number in self._live
            if (article.collection, article.key, found) == (collection, key, wanted) and known:
                return article
        raise ArticleNotFound(key)

    async def publications(self, collections: Sequence[Collection]) -> list[PublicationCount]:
        """Publications by number of articles."""
        self.publications_read += 1
        here = self._here(collections)
        counted = Counter(article.publication for article in here)
        newest = {
            name: max((one.published for one in here if one.publication == name and one.published), default=None)
            for name in counted
        }
        return [PublicationCount(name, number, newest[name]) for name, number in counted.most_common()]

    async def count(self, collections: Sequence[Collection]) -> int:
        """The number of live articles."""
        return len(self._here(collections))

    async def last_change(self) -> int:
        """The number of changes so far."""
        return self._changes

    async def open_suggestions(self, actor: str) -> int:
        """How many of their suggestions wait for a decision."""
        return await self._store.open_suggestions(actor)

    async def checkpoint(self) -> None:
        """The log of changes is empty."""
        await self._store.checkpoint()

    async def acts_of(self, actor: str) -> list[AuditEntry]:
        """Their entries in the audit record."""
        return await self._store.acts_of(actor)

    async def drafts_of(self, actor: str) -> list[WaitingDraft]:
        """The drafts that they brought in."""
        return await self._store.drafts_of(actor)

    async def expire_drafts(self, now: datetime) -> int:
        """Drafts whose time is over are erased."""
        return await self._store.expire_drafts(now)

    async def purge_collection(self, collection: Collection, now: datetime) -> int:
        """All of a collection is erased."""
        return await self._store.purge_collection(collection, now)

    def _here(self, collections: Sequence[Collection]) -> list[Article]:
        live = (self._revisions[number, revision] for number, revision in self._live.items())
        return [article for article in live if article.collection in collections]


@dataclass
class Replies:
    """An asker that gives the answers it was told, by question; `held` lets them wait."""

    told: dict[str, Answer] = field(default_factory=dict)
    explained: list[Asked] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    broken: Exception | None = None
    held: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, asked: Asked) -> Answer:
        """The answer told for this question, or a refusal."""
        self.asked.append(asked)
        self.reached.set()
        if self.held is not None:
            await self.held.wait()
        if self.broken is not None:
            raise self.broken
        return self.told.get(asked.text, NotInCorpus(0.1, "Nothing in the corpus is about this."))

    async def search(self, asked: Asked, k: int) -> list[Found]:
        """The passages told."""
        self.asked.append(asked)
        return self.found[:k]

    async def explain(self, asked: Asked) -> Explanation:
        """The answer told for this question, with what was quoted in it as what was found and weighed."""
        self.explained.append(asked)
        if self.broken is not None:
            raise self.broken
        answer = self.told.get(asked.text, NotInCorpus(0.1, "Nothing in the corpus is about this."))
        return explanation(asked.text, answer, asked.as_of)


class Idle:
    """A follower with nothing to follow."""

    def __init__(self) -> None:
        self.running = asyncio.Event()

    async def run(self) -> None:
        """Waits until it is cancelled."""
        self.running.set()
        await asyncio.Event().wait()


@dataclass
class FakeApp:
    """The parts of the application that the client needs."""

    settings: Settings
    store: Shelf
    desk: Desk
    feeds: Feeds
    guilds: GuildBook
    records: Records
    asker: Replies
    follower: Idle
    now: Clock


def corpus(text: str, *, collection: Collection = LIBRARY, first_id: int = 1) -> list[Article]:
    """The articles written in `text`."""
    articles: list[Article] = []
    for block in dedent(text).strip().split("\n# "):
        head, _, body = block.removeprefix("# ").partition("\n")
        key, title, *rest = (part.strip() for part in head.split("|"))
        publication, published, url = (*rest, "", "", "")[:3]
        articles.append(
            Article(
                id=first_id + len(articles),
                collection=collection,
                key=key,
                revision=1,
                title=title,
                text=body.strip(),
                publication=publication or None,
                published=date.fromisoformat(published) if published else None,
                url=url or None,
            )
        )
    return articles


def quote(article: Article, text: str, answer: str | None = None, *, number: int = 1) -> Evidence:
    """`text` as evidence from the article, with `answer` picked out."""
    start = article.text.index(text)
    citation = Citation.of(article, Span(start, start + len(text)), number)
    picked = Span(text.index(answer), text.index(answer) + len(answer)) if answer else None
    return Evidence(text, citation, picked)


def answered(*evidence: Evidence, notes: tuple[str, ...] = ()) -> Answered:
    """An answer with this evidence."""
    return Answered(0.9, evidence, notes)


def explanation(text: str, answer: Answer, as_of: datetime = START) -> Explanation:
    """How this answer may have come about: each quotation in it was found as a passage and weighed as a sentence."""
    question = parse(text, as_of)
    pieces = [
        *(answer.evidence if isinstance(answer, Answered | Partial) else ()),
        *(() if isinstance(answer, Answered | NotAQuestion) else answer.closest),
    ]
    found = tuple(
        FoundPassage(rank, 3.0 / rank, piece.citation, piece.text, (Share("parler", 2.0), Share("judg", 1.0)))
        for rank, piece in enumerate(pieces, 1)
    )
    weighed = tuple(
        WeighedSentence(
            rank, 2.0, 0.8, piece.citation, piece.text, piece.short_answer, (Share("case", 2.5), Share("bias", -0.5))
        )
        for rank, piece in enumerate(pieces, 1)
    )
    return Explanation(question, answer, "It is the best of what was found.", found, weighed)


def passages_of(article: Article) -> list[Found]:
    """Each sentence of the article as a passage found."""
    spans = sentences(article.text)
    return [
        Found(Hit(at, article.id, 1.0 / at), article, Passage(span, (span,), at)) for at, span in enumerate(spans, 1)
    ]


@asynccontextmanager
async def fake_app(
    folder: Path, articles: Sequence[Article] = (), told: Mapping[str, Answer] | None = None, **sections: object
) -> AsyncIterator[FakeApp]:
    """The application on a database in `folder`; `sections` are settings, such as `limits={"member_burst": 1}`."""
    settings = Settings.model_validate({"data_dir": str(folder), "corpus": {"starter": False}, **sections})
    async with open_newsdesk(settings) as opened:
        yield FakeApp(
            settings=settings,
            store=Shelf(opened.store, articles),
            desk=opened.desk,
            feeds=opened.feeds,
            guilds=opened.guilds,
            records=Records(opened.store),
            asker=Replies(dict(told or {})),
            follower=Idle(),
            now=Clock(),
        )
