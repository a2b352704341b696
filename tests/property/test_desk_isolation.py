"""What one guild does is nothing to another: each sees and is told the same as if it were alone with the library.

Every command is given in a store that all share, and again in a store where its guild is alone; the library's commands
are given in all of them. Whatever a guild is told, and all that it can list, has to be the same in both.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from corpus.collection import LIBRARY, Collection
from corpus.desk import Desk
from corpus.drafts import Choice, Details, FeedMode, Handling, Place, Preview
from corpus.errors import CorpusError, NotFound
from corpus.store import open_store
from tests.fakes.desk import ANN, MEMBER, NOW, story
from tests.fakes.drafts import draft

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from corpus.store import Store

    T = TypeVar("T")

GUILDS = (Place.of(Collection(7)), Place.of(Collection(8)))
PLACES = (*GUILDS, Place.of(LIBRARY))
TEXTS = (story(1), story(2), story(3, 4, 5, 6), story(3, 4, 5, 7), story(3, 4, 5, 8))
TITLES = ("A ruling", "A fine", "An appeal")
LINKS = ("", "https://example.com/a", "https://example.com/b")
FEEDS = ("https://example.com/feed", "https://example.net/feed")

places = st.sampled_from(PLACES)
keys = st.sampled_from(("a-ruling", "a-ruling-2", "a-fine", "an-appeal"))
texts, titles, links, feeds = (st.sampled_from(some) for some in (TEXTS, TITLES, LINKS, FEEDS))
numbers = st.integers(0, 30)
_GIVEN = re.compile(
    r"\b[0-9a-f]{16}\b|(?<=entry )\d+|(?<=feed )\d+|(?<=[( ]id=)\d+|(?<=article_id=)\d+|(?<=\(number=)\d+"
)


def masked(told: object) -> str:
    """What was told, without the numbers that a store gives by itself."""
    return _GIVEN.sub("…", str(told))


class World:
    """A store with its desk. Drafts and entries are named by their place among those of their collection."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.desk = Desk(store)
        self.drafts: dict[Collection, list[str]] = {place.own: [] for place in PLACES}

    def draft_id(self, place: Place, number: int) -> str:
        """A draft of the place, the newest ones first; one that never was where it has none."""
        made = self.drafts[place.own][::-1]
        return made[number % len(made)] if made else "0" * 16

    async def entry_number(self, place: Place, number: int) -> int:
        """One of the newest entries of the place; one that never was where it has none."""
        entries = await self.desk.audit(place, limit=4)
        return entries[number % len(entries)].number if entries else 10**9

    async def told(self, place: Place, act: Awaitable[object]) -> str:
        """What the act gave, or its error, in a form that can be compared with another world's."""
        try:
            outcome = await act
        except CorpusError as error:
            return masked(f"{type(error).__name__}: {error}")
        if isinstance(outcome, Preview) and outcome.waiting.id not in self.drafts[place.own]:
            self.drafts[place.own].append(outcome.waiting.id)
        return masked(outcome)

    async def view(self, place: Place) -> list[object]:
        """All that can be listed there."""
        desk = self.desk
        listed = await desk.articles(place) + await desk.articles(place, removed=True)
        shown: list[object] = [*sorted(masked(one) for one in listed)]
        shown += [await desk.count(place), await desk.count(place, removed=True)]
        shown += [
            sorted(one.key for one in await desk.titles(place, "a", removed=each)) for each in (True, False, None)
        ]
        for one in listed:
            assert one.collection in place.sees
            assert (await desk.article(one.id, place)).key == one.key
            shown.append(sorted(masked(entry) for entry in await desk.history(place, one.key)))
        shown += [masked(entry) for entry in await desk.audit(place, limit=1_000)]
        shown.append(re.sub(r"(?m)^\d+", "…", masked("".join([piece async for piece in desk.audit_csv(place)]))))
        shown += [await desk.audit_length(place), await desk.queue_length(place)]
        shown += [masked(one) for one in await desk.queue(place, 100)]
        shown += [masked(feed) for feed in await self.store.feeds((place.own,))]
        for text in TEXTS:
            found = await self.store.resembling(draft(text, url=LINKS[1]), place)
            shown.append(masked((found.known, found.removed, found.taken_down, found.alike)))
        return shown


class GuildsApart(RuleBasedStateMachine):
    """Commands of two guilds and of the library, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.shared = self.world("shared")
        self.alone = {place.own: self.world(str(place.own.guild_id)) for place in GUILDS}
        self.seen = {place: self.run(self.alone_of(place).view(place)) for place in PLACES}
        self.now = NOW

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    def world(self, name: str) -> World:
        path = Path(self.folder.name, f"{name}.sqlite3")
        return World(self.run(self.stack.enter_async_context(open_store(path))))

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    def both(self, place: Place, command: Callable[[World], Awaitable[object]]) -> None:
        """The command is given wherever its place is; it tells the same there, and leaves the same to be seen."""
        self.now += timedelta(minutes=1)
        told = self.run(self.shared.told(place, command(self.shared)))
        touched = PLACES if place.own == LIBRARY else (place,)
        for one in touched[:2]:
            world = self.alone_of(one)
            assert self.run(world.told(place, command(world))) == told
        self.seen |= {one: self.run(self.alone_of(one).view(one)) for one in touched}
        for one, seen in self.seen.items():
            assert self.run(self.shared.view(one)) == seen

    def alone_of(self, place: Place) -> World:
        """The world in which the guild is alone; of the library, any of them."""
        return self.alone.get(place.own, self.alone[GUILDS[0].own])

    # --- drafts

    @rule(place=places, title=titles, text=texts, link=links)
    def draft_text(self, place: Place, title: str, text: str, link: str) -> None:
        details = Details(title=title, text=text, url=link)
        self.both(place, lambda world: world.desk.draft_text(details, place, ANN, self.now))

    @rule(place=places, title=titles, text=texts)
    def suggest(self, place: Place, title: str, text: str) -> None:
        details = Details(title=title, text=text)
        self.both(place, lambda world: world.desk.draft_text(details, place, MEMBER, self.now))

    @rule(
        place=places, number=numbers, version=st.integers(1, 2), handling=st.sampled_from([None, *Handling]), key=keys
    )
    def store(self, place: Place, number: int, version: int, handling: Handling | None, key: str) -> None:
        choice = Choice(handling, ("a-ruling", "a-fine", "an-appeal"), key) if handling else None

        def command(world: World) -> Awaitable[object]:
            return world.desk.store(world.draft_id(place, number), version, place, "discord:1", self.now, choice)

        self.both(place, command)

    @rule(place=places, title=titles, text=texts)
    def add(self, place: Place, title: str, text: str) -> None:
        async def command(world: World) -> object:
            preview = await world.desk.draft_text(Details(title=title, text=text), place, ANN, self.now)
            if not isinstance(preview, Preview):
                return preview
            world.drafts[place.own].append(preview.waiting.id)
            return await world.desk.store(preview.waiting.id, 1, place, "discord:1", self.now)

        self.both(place, command)

    @rule(place=places, number=numbers, title=titles, text=st.sampled_from((None, *TEXTS)))
    def edit_draft(self, place: Place, number: int, title: str, text: str | None) -> None:
        details = Details(title=title, text=text)

        def command(world: World) -> Awaitable[object]:
            return world.desk.edit_draft(world.draft_id(place, number), 1, details, place, "discord:2", self.now)

        self.both(place, command)

    @rule(place=places, key=keys, revision=st.integers(1, 2), title=titles)
    def edit(self, place: Place, key: str, revision: int, title: str) -> None:
        details = Details(title=title)
        self.both(place, lambda world: world.desk.draft_edit(place, key, revision, details, ANN, self.now))

    @rule(place=places, number=numbers, cancel=st.booleans())
    def close(self, place: Place, number: int, *, cancel: bool) -> None:
        def command(world: World) -> Awaitable[object]:
            draft_id = world.draft_id(place, number)
            if cancel:
                return world.desk.cancel(draft_id, place, "discord:2", self.now)
            return world.desk.reject(draft_id, place, "discord:2", self.now, "off topic")

        self.both(place, command)

    # --- articles

    @rule(place=places, key=keys, act=st.sampled_from(["remove", "restore", "purge"]))
    def change(self, place: Place, key: str, act: str) -> None:
        def command(world: World) -> Awaitable[object]:
            desk = world.desk
            match act:
                case "remove":
                    return desk.remove(place, key, by="discord:1", now=self.now)
                case "restore":
                    return desk.restore(place, key, by="discord:1", now=self.now)
                case _:
                    return desk.purge(place, key, by="discord:1", now=self.now)

        self.both(place, command)

    @rule(place=places, number=numbers)
    def undo(self, place: Place, number: int) -> None:
        async def command(world: World) -> object:
            return await world.desk.undo(await world.entry_number(place, number), place, "discord:2", self.now)

        self.both(place, command)

    @rule(place=places, key=keys)
    def show(self, place: Place, key: str) -> None:
        self.both(place, lambda world: world.desk.show(place, key))

    # --- feeds

    @rule(place=places, url=feeds)
    def follow(self, place: Place, url: str) -> None:
        def command(world: World) -> Awaitable[object]:
            return world.store.add_feed(place.own, url, "A feed", FeedMode.REVIEW, by="discord:1", now=self.now)

        self.both(place, command)

    # --- trespassing

    @rule(place=places, other=places, number=numbers)
    def ask_for_a_draft_of_another(self, place: Place, other: Place, number: int) -> None:
        """By its id, it is not found, in the words for what never was."""
        if other.own == place.own:
            return
        for draft_id in (self.shared.draft_id(other, number), "f" * 16):
            desk, now = self.shared.desk, self.now
            for act in (
                desk.preview(draft_id, place),
                desk.store(draft_id, 1, place, "discord:1", now),
                desk.edit_draft(draft_id, 1, Details(title="x"), place, "discord:1", now),
                desk.cancel(draft_id, place, "discord:1", now),
                desk.reject(draft_id, place, "discord:1", now, "no"),
            ):
                assert self.refused(act) == "There is no such draft, or none any more."

    @rule(place=places)
    def ask_for_every_number(self, place: Place) -> None:
        """What is not in a list that one may see is not found by its number either, in the words for what never was."""
        desk, store = self.shared.desk, self.shared.store
        articles = {one.id for one in self.run(desk.titles(place, "", 1_000, removed=None))}
        entries = {one.number for one in self.run(desk.audit(place, limit=1_000))}
        followed = {one.id for one in self.run(store.feeds((place.own,)))}
        ends = self.run(self.ends())
        for number in range(1, ends + 2):
            if number not in articles:
                never = self.refused(desk.article(10**9, place)).replace("1000000000", str(number))
                assert self.refused(desk.article(number, place)) == never
            if number not in entries:
                told = self.refused(desk.undo(number, place, "discord:1", self.now))
                assert told == self.refused(desk.undo(10**9, place, "discord:1", self.now))
            if number not in followed:
                assert self.refused(store.feed(number, (place.own,))) == self.refused(store.feed(10**9, (place.own,)))

    async def ends(self) -> int:
        """The highest number that anything has in the shared store."""
        entries = [await self.shared.desk.audit(place, limit=1) for place in PLACES]
        return max((one.number for some in entries for one in some), default=0)

    def refused(self, act: Coroutine[object, object, object]) -> str:
        with pytest.raises(NotFound) as error:
            self.run(act)
        return str(error.value)


TestGuildsApart = GuildsApart.TestCase
TestGuildsApart.settings = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
