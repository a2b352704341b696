"""The application around the Discord client, made of fakes with a friendly notation.

A corpus is written as text: each article begins with `# KEY | TITLE | PUBLICATION | DATE | LINK` (the last three may be
left out), its paragraphs follow. Answers are put together from quotations of it and told to the asker by question.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from textwrap import dedent
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.records import Records
from bot.records.tables import metadata
from corpus.collection import LIBRARY, Collection
from corpus.errors import ArticleNotFound
from corpus.model import Article, Passage, PublicationCount, Span
from corpus.passages import sentences
from corpus.store.database import Database
from retrieval.answer import Found
from retrieval.explanation import Explanation, FoundPassage, Share, WeighedSentence
from retrieval.index import Hit
from retrieval.model import Answered, Citation, Evidence, NotAQuestion, NotInCorpus, Partial
from retrieval.question import parse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

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
    """The corpus in memory and the records in a real database: what the bot needs of the store."""

    def __init__(self, database: Database, articles: Sequence[Article] = ()) -> None:
        self._database = database
        self._revisions: dict[tuple[int, int], Article] = {}
        self._live: dict[int, int] = {}
        self.broken: Exception | None = None
        for article in articles:
            self.put(article)

    def put(self, article: Article) -> None:
        """The article is live in this revision."""
        self._revisions[article.id, article.revision] = article
        self._live[article.id] = article.revision

    def remove(self, article: Article) -> None:
        """The article is not live any more."""
        del self._live[article.id]

    def revise(self, article: Article, text: str) -> Article:
        """The article has a new text."""
        newer = replace(article, revision=article.revision + 1, text=text)
        self.put(newer)
        return newer

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One writer's transaction."""
        return self._database.writing()

    def view(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One reader's view."""
        return self._database.reading()

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
    settings = Settings.model_validate({"data_dir": str(folder), **sections})
    file = folder / "records.sqlite3"
    with closing(sqlite3.connect(file)) as plain:
        plain.execute("PRAGMA journal_mode = WAL")
    database = Database(file, timeout_s=5.0)
    try:
        async with database.writing() as connection:
            await connection.run_sync(metadata.create_all)
        shelf = Shelf(database, articles)
        yield FakeApp(settings, shelf, Records(shelf), Replies(dict(told or {})), Idle(), Clock())
    finally:
        await database.close()
