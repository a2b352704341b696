"""The use cases of an answer's message: ask, search, come back to it later, read a quotation in its context.

Whenever a message is touched again its quotations are read anew from the corpus: what was removed is not shown any
more, what was revised is shown as it was quoted, and said to be revised.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from time import perf_counter
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from bot.records.model import AnswerRecord, Quoted
from bot.sheet import NOT_A_QUESTION, Outcome, Piece, Sheet, sheet_of, sheet_of_search
from bot.surroundings import Surroundings, surroundings_of
from corpus.errors import ArticleNotFound
from corpus.model import Span
from corpus.passages import sentences
from retrieval.model import Asked, Citation, Evidence, NotAQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime, timedelta

    from bot.records.answers import AnswerRecords
    from bot.records.model import MessagePlace, Posted
    from bot.workload import Workload
    from corpus.collection import Collection
    from corpus.model import Article
    from retrieval.answer import Found
    from retrieval.explanation import Explanation
    from retrieval.index import Filters
    from retrieval.model import Answer, Topic

SEARCH_DEPTH: Final = 25

_log = structlog.get_logger(__name__)


class Questions(Protocol):
    """Answers questions and searches."""

    async def ask(self, asked: Asked) -> Answer:
        """The answer, one of the five outcomes."""
        ...

    async def search(self, asked: Asked, k: int) -> Sequence[Found]:
        """The best `k` passages, ranked."""
        ...

    async def explain(self, asked: Asked) -> Explanation:
        """How the answer comes about."""
        ...


class Articles(Protocol):
    """Reads articles."""

    async def read(self, article_ids: Sequence[int]) -> dict[int, Article]:
        """Those of the articles that are live, in their current revision."""
        ...

    async def find(
        self, collection: Collection, key: str, *, revision: int | None = None, removed_too: bool = False
    ) -> Article:
        """The article, in an old revision if so asked; raises ArticleNotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asked, and where; `guild_id` is None in direct messages."""

    member_id: int
    guild_id: int | None
    private: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """A message's content and the record that its buttons refer to."""

    record: AnswerRecord
    sheet: Sheet


class Answers:
    """The use cases. Times are aware, UTC, and passed in.

    `keep_for` says how long a member's records of a guild (None: direct messages) are kept, `collections` what is seen
    there now; both look at memory only.
    """

    def __init__(
        self,
        *,
        questions: Questions,
        articles: Articles,
        records: AnswerRecords,
        workload: Workload,
        keep_for: Callable[[int, int | None], timedelta],
        collections: Callable[[int | None], tuple[Collection, ...]],
    ) -> None:
        self._questions = questions
        self._articles = articles
        self._records = records
        self._workload = workload
        self._keep_for = keep_for
        self._collections = collections
        self._withdrawn: set[int] = set()

    async def ask(
        self, text: str, filters: Filters, origin: Origin, now: datetime, *, at: MessagePlace | None = None
    ) -> Reply | Topic:
        """The answer with its record; only the topic when there is nothing to search for.

        `at` is the place of its message, here and below, where that is known and can be edited later.
        """
        began = perf_counter()
        async with self._workload.answering():
            answer = await self._questions.ask(Asked(text, now, filters))
        ms = _ms_since(began)
        if isinstance(answer, NotAQuestion):
            _log.info("question.answered", outcome=NOT_A_QUESTION, pieces=0, ms=ms)
            return answer.topic
        sheet = sheet_of(text, answer)
        _log.info("question.answered", outcome=sheet.outcome.value, pieces=len(sheet.pieces), ms=ms)
        return await self._kept(sheet, filters, origin, now, at)

    async def search(
        self, words: str, filters: Filters, origin: Origin, now: datetime, *, at: MessagePlace | None = None
    ) -> Reply:
        """The ranked passages with their record."""
        began = perf_counter()
        async with self._workload.answering():
            found = await self._questions.search(Asked(words, now, filters), SEARCH_DEPTH)
        _log.info("search.done", hits=len(found), ms=_ms_since(began))
        return await self._kept(sheet_of_search(words, found), filters, origin, now, at)

    async def choose(
        self, reply: Reply, choice: int, origin: Origin, now: datetime, *, at: MessagePlace | None = None
    ) -> Reply | Topic | None:
        """The question asked again about the case of that choice, or the one offered; None when there is no such."""
        choices, offered = reply.sheet.choices, reply.sheet.offered
        if choice >= len(choices or offered):
            return None
        text = f"{choices[choice]}: {reply.record.question}" if choices else offered[choice]
        return await self.ask(text, reply.record.filters, origin, now, at=at)

    async def explain(self, reply: Reply) -> Explanation:
        """How the answer comes about: asked again over what it was asked over, as of the time that it was asked."""
        began = perf_counter()
        record = reply.record
        async with self._workload.answering():
            explanation = await self._questions.explain(Asked(record.question, record.created_at, record.filters))
        _log.info("question.explained", outcome=record.outcome.value, ms=_ms_since(began))
        return explanation

    async def reopen(self, record_id: str, guild_id: int | None, now: datetime) -> Reply | None:
        """The message as it is to be shown now; None when its record has expired (or is another guild's)."""
        record = await self._records.find(record_id, now)
        if record is None or record.guild_id != guild_id:
            return None
        record = self._narrowed(record)
        articles = await self._articles.read(sorted({quoted.article_id for quoted in record.quoted}))
        pieces = [await self._piece(record, number, articles) for number in range(len(record.quoted))]
        # Cases are named after their articles: once one is removed, its name may be among them.
        chosen_from = record.outcome is Outcome.NEEDS_DETAIL and all(piece.evidence for piece in pieces)
        sheet = Sheet(
            record.outcome,
            record.question,
            tuple(pieces),
            record.missing,
            record.notes,
            record.choices if chosen_from else (),
            did_you_mean=record.did_you_mean,
            related=record.related,
            polarity=record.polarity,
            parts=record.parts,
        )
        return Reply(record, sheet)

    async def surroundings(self, reply: Reply, piece: int) -> Surroundings | None:
        """The quotation of that number (from 0) with the sentences around it; None when its article was removed."""
        shown = reply.sheet.pieces[piece] if piece < len(reply.sheet.pieces) else None
        if shown is None or shown.evidence is None:
            return None
        citation = shown.evidence.citation
        try:
            article = await self._articles.find(citation.collection, citation.key, revision=citation.revision)
        except ArticleNotFound:
            return None
        return surroundings_of(shown.evidence, article.text, sentences(article.text), newer=shown.newer)

    async def share(self, reply: Reply, now: datetime) -> Reply | None:
        """The reply, from now on counted as shared; None when it was before."""
        if not reply.record.private or not await self._records.claim_sharing(reply.record.id, now):
            return None
        return replace(reply, record=replace(reply.record, shared_at=now))

    async def unshare(self, reply: Reply) -> None:
        """The reply is counted as not shared: posting it failed."""
        await self._records.give_up_sharing(reply.record.id)

    async def vote(self, record_id: str, member_id: int, now: datetime, *, helpful: bool) -> bool:
        """The member's one vote is stored, in place of an earlier one; True when that said something else."""
        return await self._records.vote(record_id, member_id, now, helpful=helpful)

    async def posted(self, record_id: str, at: MessagePlace) -> None:
        """The message there is known to show this record's answer, and no other."""
        await self._records.posted(record_id, at)

    async def withdraw(self, article_id: int) -> list[Posted]:
        """The messages of all guilds that quote the article, oldest first; reopened, they show none of what is gone.

        Their records stay, so that a message that can't be reached is drawn again at the next press of its buttons.
        """
        self._withdrawn.add(article_id)
        found = await self._records.quoting(article_id)
        _log.info("answers.withdrawn", article=article_id, messages=len(found))
        return found

    async def overtaken(self, reply: Reply, now: datetime) -> Reply | None:
        """What to show in place of a reply that quotes an article which was withdrawn since it was made; None: itself.

        Looks at memory only, but for those.
        """
        if self._withdrawn.isdisjoint(quoted.article_id for quoted in reply.record.quoted):
            return None
        return await self.reopen(reply.record.id, reply.record.guild_id, now)

    def _narrowed(self, record: AnswerRecord) -> AnswerRecord:
        """The record over what is still seen where it was asked: a guild may have switched the library off."""
        seen = self._collections(record.guild_id)
        still = tuple(collection for collection in record.filters.collections if collection in seen)
        return replace(record, filters=replace(record.filters, collections=still))

    async def _kept(
        self, sheet: Sheet, filters: Filters, origin: Origin, now: datetime, at: MessagePlace | None
    ) -> Reply:
        record = AnswerRecord(
            id=secrets.token_hex(8),
            asker_id=origin.member_id,
            guild_id=origin.guild_id,
            private=origin.private,
            outcome=sheet.outcome,
            question=sheet.question,
            filters=filters,
            quoted=tuple(Quoted.of(piece.role, piece.evidence) for piece in sheet.pieces if piece.evidence),
            created_at=now,
            expires_at=now + self._keep_for(origin.member_id, origin.guild_id),
            missing=sheet.missing,
            notes=sheet.notes,
            choices=sheet.choices,
            did_you_mean=sheet.did_you_mean,
            related=sheet.related,
            polarity=sheet.polarity,
            parts=sheet.parts,
        )
        await self._records.keep(record, at)
        return Reply(record, sheet)

    async def _piece(self, record: AnswerRecord, number: int, articles: dict[int, Article]) -> Piece:
        quoted = record.quoted[number]
        live = articles.get(quoted.article_id)
        gone = Piece(quoted.role, None)
        if live is None or live.collection not in record.filters.collections:
            return gone
        if live.revision == quoted.revision:
            return _piece(quoted, number, live)
        try:
            old = await self._articles.find(live.collection, live.key, revision=quoted.revision)
        except ArticleNotFound:
            return gone
        return replace(_piece(quoted, number, old), newer=live.revision)


def _piece(quoted: Quoted, number: int, article: Article) -> Piece:
    """The quotation read from its article; withdrawn where the article does not reach that far."""
    span = Span(quoted.start, quoted.end)
    text = span.of(article.text)
    if not text or quoted.end > len(article.text):
        return Piece(quoted.role, None)
    return Piece(quoted.role, Evidence(text, Citation.of(article, span, number + 1), quoted.answer, quoted.highlights))


def _ms_since(began: float) -> float:
    return round(1000 * (perf_counter() - began), 1)
