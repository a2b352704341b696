"""A whole corpus in a few lines of text.

A line at the margin begins an article: its title, then in any order, between bars: the date (2021-01-21), the link
(https://…), the key (key=parler), the collection (guild:7), the language (lang=de), and whatever is left is the
publication. The indented lines below are its text, a paragraph each; each paragraph is a passage:

    Parler v. AWS | CNBC | 2021-01-21 | key=parler
        U.S. District Judge Barbara Rothstein denied the motion. Parler had sued Amazon.
        The ruling came on Thursday.
    Van Buren | Reuters | 2021-06-03 | guild:7
        The court reversed.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from textwrap import dedent
from typing import TYPE_CHECKING

from corpus.collection import LIBRARY, Collection
from corpus.model import Article, Change, Passage, Removal, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WRITTEN_AT = datetime(2024, 1, 1, 12, 0, tzinfo=UTC)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# A sentence ends at a stop before a capital, unless the stop belongs to a short word such as v., Inc. or U.S.
_STOP = re.compile(
    r"(?:(?<![A-Z])(?<!\bv)(?<!\bvs)(?<!\b[A-Z][a-z])(?<!\bInc)(?<!\bCorp)(?<!\bNo)(?<!\bSen)\.|[?!])[”\"]?(?=\s+[A-Z“\"])"
)


class FakeCorpus:
    """Articles in memory, with what an asker and an index need of the store: `read` and `changes`."""

    def __init__(self, notation: str = "") -> None:
        """Hold the articles of `notation`."""
        self._articles: dict[int, Article] = {}
        self._changes: list[int] = []
        self._passages = 0
        self.write(notation)

    def write(self, notation: str) -> list[Article]:
        """Hold the articles of `notation` too; one whose key is held already becomes a new revision."""
        return [self.put(article) for article in read_notation(notation)]

    def put(self, article: Article) -> Article:
        """Hold `article` under numbers given here; its key decides whether it is new."""
        held = next((one for one in self._articles.values() if _name(one) == _name(article)), None)
        passages = tuple(replace(passage, id=self._next_passage()) for passage in article.passages)
        stored = replace(
            article,
            id=held.id if held else len(self._articles) + 1,
            revision=held.revision + 1 if held else 1,
            passages=passages,
        )
        return self._now(stored)

    def remove(self, key: str, collection: Collection = LIBRARY) -> Article:
        """Take the article out; KeyError where there is none."""
        return self._now(replace(self.article(key, collection), removed=Removal("a moderator", WRITTEN_AT)))

    def restore(self, key: str, collection: Collection = LIBRARY) -> Article:
        """Put a removed article back; KeyError where there is none."""
        return self._now(replace(self.article(key, collection), removed=None))

    def article(self, key: str, collection: Collection = LIBRARY) -> Article:
        """The article, also a removed one; KeyError where there is none."""
        for one in self._articles.values():
            if _name(one) == (collection, key):
                return one
        raise KeyError(key)

    @property
    def articles(self) -> list[Article]:
        """The live articles, in the order they came."""
        return [one for one in self._articles.values() if one.removed is None]

    async def read(self, article_ids: Sequence[int]) -> dict[int, Article]:
        """The live ones of these articles, with passages."""
        return {number: live for number in article_ids if (live := self._live(number)) is not None}

    async def changes(self, after: int, limit: int) -> list[Change]:
        """The last change of each article that changed after number `after`, at most `limit`."""
        last = {article_id: number for number, article_id in enumerate(self._changes, 1)}
        numbers = sorted((number, article_id) for article_id, number in last.items() if number > after)
        return [self._change(number, article_id) for number, article_id in numbers[:limit]]

    async def last_change(self) -> int:
        """The number of the newest change, 0 before the first."""
        return len(self._changes)

    def _change(self, number: int, article_id: int) -> Change:
        held, live = self._articles[article_id], self._live(article_id)
        return Change(number, article_id, held.collection, without_sentences(live) if live else None)

    def _live(self, number: int) -> Article | None:
        article = self._articles.get(number)
        return article if article is not None and article.removed is None else None

    def _now(self, article: Article) -> Article:
        self._articles[article.id] = article
        self._changes.append(article.id)
        return article

    def _next_passage(self) -> int:
        self._passages += 1
        return self._passages


def without_sentences(article: Article) -> Article:
    """The article as a change carries it."""
    return replace(article, passages=tuple(replace(passage, sentences=()) for passage in article.passages))


def read_notation(notation: str) -> Iterator[Article]:
    """The articles of `notation`, without numbers (0)."""
    heads: list[tuple[str, list[str]]] = []
    for line in dedent(notation).splitlines():
        if line[:1].strip():
            heads.append((line.strip(), []))
        elif line.strip():
            heads[-1][1].append(line.strip())
    for head, paragraphs in heads:
        yield _article(head, paragraphs)


@dataclass
class _Head:
    title: str
    key: str
    publication: str | None = None
    published: date | None = None
    url: str | None = None
    collection: Collection = LIBRARY
    language: str = "en"

    def take(self, part: str) -> None:
        name, _, value = part.partition("=")
        if _DAY.fullmatch(part):
            self.published = date.fromisoformat(part)
        elif part.startswith(("https://", "http://")):
            self.url = part
        elif part.startswith("guild:"):
            self.collection = Collection.parse(part)
        elif name == "key":
            self.key = value
        elif name == "lang":
            self.language = value
        elif part:
            self.publication = part


def _article(head: str, paragraphs: list[str]) -> Article:
    title, *parts = (part.strip() for part in head.split("|"))
    read = _Head(title, re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"))
    for part in parts:
        read.take(part)
    return Article(
        id=0,
        collection=read.collection,
        key=read.key,
        revision=1,
        title=read.title,
        text="\n\n".join(paragraphs),
        publication=read.publication,
        published=read.published,
        url=read.url,
        language=read.language,
        added_by="a moderator",
        added_at=WRITTEN_AT,
        passages=tuple(_passages(paragraphs)),
    )


def _passages(paragraphs: list[str]) -> Iterator[Passage]:
    at = 0
    for paragraph in paragraphs:
        stops = [0, *(stop.end() for stop in _STOP.finditer(paragraph)), len(paragraph)]
        found = [_trimmed(paragraph, start, end) for start, end in itertools.pairwise(stops)]
        yield Passage(Span(at, at + len(paragraph)), tuple(span.shifted(at) for span in found if len(span)))
        at += len(paragraph) + 2


def _trimmed(paragraph: str, start: int, end: int) -> Span:
    return Span(start + len(paragraph[start:end]) - len(paragraph[start:end].lstrip()), end)


def _name(article: Article) -> tuple[Collection, str]:
    return article.collection, article.key
