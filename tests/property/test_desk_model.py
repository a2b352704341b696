"""Whatever is done at the desk, in any order: the store holds what a dictionary would hold, and every act is on record.

Undoing takes back the newest act on an article and nothing else, restoring brings back exactly what was removed, and
each act that was done has one entry in the record, each that was refused none.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from corpus.desk import Desk
from corpus.drafts import DRAFT_KEPT, Details, Preview
from corpus.errors import ArticleNotFound, Conflict, DraftNotFound
from corpus.model import Added, AlreadyKnown, Rejected
from corpus.store import open_store
from tests.fakes.desk import ANN, GUILD, MEMBER, NOW, story

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime
    from typing import TypeVar

    from corpus.model import Article

    T = TypeVar("T")

TITLES = ("A ruling", "A fine")
TEXTS = tuple(story(number) for number in range(4))
titles, texts = st.sampled_from(TITLES), st.sampled_from(TEXTS)
numbers = st.integers(0, 20)


@dataclass
class Held:
    """An article as the dictionary holds it: its revisions, whether it is out, and its acts as (entry, act, when)."""

    revisions: list[tuple[str, str]]
    acts: list[tuple[int, str, datetime]]
    out: bool = False
    before_removal: Article | None = None


class DeskAgainstDictionary(RuleBasedStateMachine):
    """Acts in any order, on a real file."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name, "amicus.sqlite3")
        self.desk = Desk(self.run(self.stack.enter_async_context(open_store(path))))
        self.held: dict[str, Held] = {}
        self.down: set[str] = set()
        self.waiting: list[str] = []
        self.recorded = 0
        self.now = NOW

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    # --- what the dictionary says

    def holder(self, text: str, *, besides: str = "") -> str | None:
        """The key of the article that has the text in one of its revisions, a live one before a removed one."""
        found = [
            key for key, one in self.held.items() if key != besides and text in {text for _, text in one.revisions}
        ]
        return min(found, key=lambda key: self.held[key].out) if found else None

    def done(self, key: str, act: str) -> None:
        """The act on the article is in the record, once, as its newest entry."""
        self.recorded += 1
        entry = self.run(self.desk.last_entry(GUILD, key))
        assert entry is not None
        assert (entry.action, entry.key, entry.at) == (act, key, self.now)
        self.held[key].acts.append((entry.number, act, self.now))

    def pick(self, number: int) -> str:
        keys = sorted(self.held)
        return keys[number % len(keys)] if keys else "never"

    # --- acts

    @rule(title=titles, text=texts, suggested=st.booleans())
    def draft(self, title: str, text: str, *, suggested: bool) -> None:
        giver = MEMBER if suggested else ANN
        queued = {one.draft.text for one in self.run(self.desk.queue(GUILD, 100))}
        outcome = self.run(self.desk.draft_text(Details(title=title, text=text), GUILD, giver, self.now))
        holder = self.holder(text)
        if text in self.down or (holder and self.held[holder].out):
            assert isinstance(outcome, Rejected)
        elif holder:
            assert isinstance(outcome, AlreadyKnown)
            assert outcome.key == holder
        elif suggested and text in queued:
            assert isinstance(outcome, Rejected)
        else:
            assert isinstance(outcome, Preview)
            self.waiting.append(outcome.waiting.id)
            self.recorded += 1

    @rule(number=numbers, again=st.booleans())
    def store(self, number: int, *, again: bool) -> None:
        if not self.waiting:
            return
        draft_id = self.waiting[number % len(self.waiting)]
        waiting = self.run(self.desk.preview(draft_id, GUILD)).waiting
        title, text = waiting.draft.title, waiting.draft.text
        outcome = self.run(self.desk.store(draft_id, waiting.version, GUILD, "discord:9", self.now))
        besides = waiting.base.key if waiting.base else ""
        holder = self.holder(text, besides=besides)
        if text in self.down or (holder and self.held[holder].out):
            assert isinstance(outcome, Rejected)
            return
        if holder:
            assert isinstance(outcome, AlreadyKnown)
            return
        assert isinstance(outcome, Added)
        key = outcome.article.key
        assert key not in self.held
        self.held[key] = Held([(title, text)], [])
        self.waiting.remove(draft_id)
        self.done(key, "add")
        if again:
            with pytest.raises(Conflict):
                self.run(self.desk.store(draft_id, waiting.version, GUILD, "discord:9", self.now))

    @rule(number=numbers, title=titles, text=texts)
    def edit(self, number: int, title: str, text: str) -> None:
        key = self.pick(number)
        held = self.held.get(key)
        revision = len(held.revisions) if held else 1
        work = self.desk.draft_edit(GUILD, key, revision, Details(title=title, text=text), ANN, self.now)
        if held is None or held.out:
            with pytest.raises(Conflict if held else ArticleNotFound):
                self.run(work)
            return
        outcome = self.run(work)
        if (title, text) == held.revisions[-1] or (text in self.down and text != held.revisions[-1][1]):
            assert isinstance(outcome, Rejected)
            return
        assert isinstance(outcome, Preview)
        self.recorded += 1
        stored = self.run(self.desk.store(outcome.waiting.id, 1, GUILD, "discord:9", self.now))
        if self.holder(text, besides=key):
            assert isinstance(stored, AlreadyKnown | Rejected)
            return
        assert isinstance(stored, Added)
        held.revisions.append((title, text))
        self.done(key, "revise")

    @rule(number=numbers)
    def give_up(self, number: int) -> None:
        if self.waiting:
            draft_id = self.waiting.pop(number % len(self.waiting))
            self.run(self.desk.reject(draft_id, GUILD, "discord:9", self.now, "off topic"))
            self.recorded += 1

    @rule(number=numbers)
    def remove(self, number: int) -> None:
        key = self.pick(number)
        held = self.held.get(key)
        work = self.desk.remove(GUILD, key, by="discord:9", now=self.now, why="wrong")
        if held is None or held.out:
            with pytest.raises(Conflict if held else ArticleNotFound):
                self.run(work)
            return
        held.before_removal = self.run(self.desk.show(GUILD, key))
        self.run(work)
        held.out = True
        self.done(key, "remove")

    @rule(number=numbers)
    def restore(self, number: int) -> None:
        key = self.pick(number)
        held = self.held.get(key)
        work = self.desk.restore(GUILD, key, by="discord:9", now=self.now)
        if held is None or not held.out:
            with pytest.raises(Conflict if held else ArticleNotFound):
                self.run(work)
            return
        assert self.run(work) == held.before_removal
        held.out = False
        self.done(key, "restore")

    @rule(number=numbers, which=st.integers(0, 2))
    def undo(self, number: int, which: int) -> None:
        key = self.pick(number)
        if key not in self.held:
            return
        held = self.held[key]
        entry, act, at = held.acts[-1 - min(which, len(held.acts) - 1)]
        work = self.desk.undo(entry, GUILD, "discord:9", self.now)
        if entry != held.acts[-1][0] or self.now - at > DRAFT_KEPT:
            with pytest.raises(Conflict):
                self.run(work)
            return
        before = self.run(self.desk.show(GUILD, key))
        undone = self.run(work)
        assert undone.entry.number == entry
        if act == "revise":
            held.revisions.append(held.revisions[-2])
            self.done(key, "revise")
        elif act == "remove":
            assert undone.article == held.before_removal
            held.out = False
            self.done(key, "restore")
        else:
            assert replace(undone.article, removed=None) == before
            held.before_removal, held.out = before, True
            self.done(key, "remove")

    @rule(number=numbers)
    def purge(self, number: int) -> None:
        key = self.pick(number)
        work = self.desk.purge(GUILD, key, by="discord:9", now=self.now)
        if key not in self.held:
            with pytest.raises(ArticleNotFound):
                self.run(work)
            return
        purged = self.run(work)
        held = self.held.pop(key)
        assert purged.revisions == len(held.revisions)
        self.down |= {text for _, text in held.revisions}
        self.waiting = [draft_id for draft_id in self.waiting if self.run(self.is_kept(draft_id))]
        self.recorded += 1

    async def is_kept(self, draft_id: str) -> bool:
        try:
            await self.desk.preview(draft_id, GUILD)
        except DraftNotFound:
            return False
        return True

    @rule(days=st.integers(1, 5))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)

    # --- what always holds

    @invariant()
    def the_store_holds_what_the_dictionary_holds(self) -> None:
        for key, held in self.held.items():
            article = self.run(self.desk.show(GUILD, key))
            assert (article.title, article.text) == held.revisions[-1]
            assert (article.revision, article.removed is not None) == (len(held.revisions), held.out)
            history = self.run(self.desk.history(GUILD, key))
            assert [(one.article.title, one.article.text) for one in history[::-1]] == held.revisions
        live = {key for key, held in self.held.items() if not held.out}
        assert {one.key for one in self.run(self.desk.articles(GUILD))} == live
        assert {one.key for one in self.run(self.desk.titles(GUILD, "a", removed=True))} == self.held.keys() - live
        assert self.run(self.desk.count(GUILD)) == len(live)

    @invariant()
    def each_act_has_one_entry_in_the_record(self) -> None:
        assert self.run(self.desk.audit_length(GUILD)) == self.recorded


TestDeskAgainstDictionary = DeskAgainstDictionary.TestCase
TestDeskAgainstDictionary.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
