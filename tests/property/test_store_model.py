"""Whatever is done to the store, it holds what a dictionary would hold, and its changes lead an index to the same."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from corpus.collection import LIBRARY, Collection
from corpus.errors import ArticleNotFound, Conflict
from corpus.model import Added, AlreadyKnown, Article, Passage, Rejected, Span
from corpus.store import open_store
from corpus.store.packing import pack, unpack
from tests.fakes.corpus import without_sentences
from tests.fakes.drafts import draft, prepared

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import TypeVar

    from corpus.store import Store

    T = TypeVar("T")

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
COLLECTIONS = (LIBRARY, Collection(7), Collection(8))
collections = st.sampled_from(COLLECTIONS)
keys = st.sampled_from(["a", "b", "c"])
texts = st.sampled_from(["One.", "One. Two.", "Three is a crowd.", "Ünï “four”. Five 🏛."])


class StoreAgainstDictionary(RuleBasedStateMachine):
    """Acts in any order, on a real file."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "amicus.sqlite3")
        self.store: Store = self.run(self.stack.enter_async_context(open_store(self.path)))
        self.live: dict[tuple[Collection, str], Article] = {}
        self.out: dict[tuple[Collection, str], Article] = {}
        self.texts: dict[tuple[Collection, str, int], str] = {}
        self.index: dict[int, Article] = {}
        self.followed = 0
        self.acts = 0
        self.now = NOW

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    @rule(collection=collections, key=keys, text=texts)
    def add(self, collection: Collection, key: str, text: str) -> None:
        self.now += timedelta(seconds=1)
        [outcome] = self.run(self.store.add([prepared(draft(text, key=key))], collection, "ann", self.now))
        name = (collection, key)
        before = self.live.get(name)
        if name in self.out:
            assert isinstance(outcome, Rejected)
        elif before and before.text == text:
            assert outcome == AlreadyKnown(key, "A ruling")
        else:
            assert isinstance(outcome, Added)
            assert outcome.article.revision == (before.revision + 1 if before else 1)
            self.live[name] = outcome.article
            self.texts[(*name, outcome.article.revision)] = text
            self.acts += 1

    @rule(collection=collections, key=keys)
    def remove(self, collection: Collection, key: str) -> None:
        name = (collection, key)
        work = self.store.remove(collection, key, by="bob", now=self.now)
        if name in self.live:
            removed = self.run(work)
            assert removed.removed is not None
            self.out[name] = self.live.pop(name)
            self.acts += 1
        else:
            with pytest.raises(Conflict if name in self.out else ArticleNotFound):
                self.run(work)

    @rule(collection=collections, key=keys)
    def restore(self, collection: Collection, key: str) -> None:
        name = (collection, key)
        work = self.store.restore(collection, key, by="bob", now=self.now)
        if name in self.out:
            self.live[name] = self.out.pop(name)
            assert self.run(work) == self.live[name]
            self.acts += 1
        else:
            with pytest.raises(Conflict if name in self.live else ArticleNotFound):
                self.run(work)

    @precondition(lambda self: self.acts > self.followed)
    @rule(limit=st.integers(1, 4))
    def follow(self, limit: int) -> None:
        for change in self.run(self.store.changes(self.followed, limit)):
            assert change.number > self.followed
            self.followed = change.number
            self.index.pop(change.article_id, None)
            if change.article is not None:
                self.index[change.article_id] = change.article

    @rule()
    def reopen(self) -> None:
        self.run(self.stack.aclose())
        self.stack = AsyncExitStack()
        self.store = self.run(self.stack.enter_async_context(open_store(self.path)))

    @invariant()
    def live_articles_are_read_as_they_were_stored(self) -> None:
        everything = [article.id for article in (*self.live.values(), *self.out.values())]
        assert self.run(self.store.read(everything)) == {article.id: article for article in self.live.values()}

    @invariant()
    def an_index_that_followed_every_change_holds_what_is_live(self) -> None:
        assert self.run(self.store.last_change()) == self.acts
        if self.followed == self.acts:
            assert self.index == {article.id: without_sentences(article) for article in self.live.values()}

    @invariant()
    def every_revision_keeps_its_text(self) -> None:
        for (collection, key, revision), text in self.texts.items():
            found = self.run(self.store.find(collection, key, revision=revision, removed_too=True))
            assert found.text == text

    @invariant()
    def each_collection_counts_its_own(self) -> None:
        for collection in COLLECTIONS:
            mine = {key for owner, key in self.live if owner == collection}
            assert {one.key for one in self.run(self.store.articles([collection], limit=10))} == mine
            assert self.run(self.store.count([collection])) == len(mine)

    @invariant()
    def lists_and_counts_agree_with_what_is_live(self) -> None:
        state = self.run(self.store.state())
        sizes = {(one.collection, one.key): len(one.passages) for one in self.live.values()}
        assert (state.articles, state.removed, state.passages) == (len(self.live), len(self.out), sum(sizes.values()))
        for removed, wanted in ((False, self.live), (True, self.out)):
            lines = self.run(self.store.articles(COLLECTIONS, removed=removed, limit=10))
            assert [one.id for one in lines] == sorted((one.id for one in wanted.values()), reverse=True)
            assert all(one.passages == len(wanted[one.collection, one.key].passages) for one in lines)

    @invariant()
    def every_act_stands_once_in_the_audit_record(self) -> None:
        assert len(self.run(self.store.audit(COLLECTIONS, limit=1_000))) == self.acts


StoreAgainstDictionary.TestCase.settings = settings(
    max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
test_store_against_dictionary = StoreAgainstDictionary.TestCase


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    """A passage anywhere, with sentences that ascend and do not overlap."""
    edges = sorted(draw(st.lists(st.integers(0, 10_000), min_size=2, max_size=40)))
    spans = [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False)]
    start, end = draw(st.integers(0, edges[0])), draw(st.integers(edges[-1], 20_000))
    return Passage(Span(start, end), tuple(spans))


@given(passages())
def test_packed_sentences_come_back_as_they_were(passage: Passage) -> None:
    assert unpack(pack(passage), passage.span.start) == passage.sentences


@given(st.integers(0, 50), st.integers(1, 50))
def test_sentences_that_overlap_or_stick_out_are_not_packed(start: int, length: int) -> None:
    span = Span(start, start + length)
    overlapping = Passage(Span(0, 200), (Span(0, start + length), span))
    outside = Passage(Span(start + 1, 200), (span,))
    for passage in (overlapping, outside):
        with pytest.raises(ValueError, match="out of order"):
            pack(passage)
