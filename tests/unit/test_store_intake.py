"""What becomes of drafts: a new article, a new revision, nothing, or a refusal with its reason."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from corpus.collection import LIBRARY, Collection
from corpus.model import Added, AlreadyKnown, Draft, IngestOutcome, Passage, Rejected, Span
from corpus.store import Store, open_store
from corpus.store.intake import made_key
from tests.fakes.drafts import draft, prepared

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
DAY = date(2021, 1, 21)
LONG = "The judge denied the motion on Thursday because the company had shown no likelihood of success on its claims."
OTHER = "A jury in San Francisco found that the search company had not infringed any patent of the database maker."


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(tmp_path / "amicus.sqlite3") as opened:
        yield opened


async def add(store: Store, *drafts: Draft, collection: Collection = LIBRARY) -> list[IngestOutcome]:
    return await store.add([prepared(one) for one in drafts], collection, "ann", NOW)


def shape(outcomes: list[IngestOutcome]) -> list[str]:
    """The outcomes in short: `key@revision` for what was stored."""
    return [
        f"{one.article.key}@{one.article.revision}" if isinstance(one, Added) else type(one).__name__
        for one in outcomes
    ]


async def test_a_key_given_is_kept(store: Store) -> None:
    assert shape(await add(store, draft(LONG, key="Case 7/b"))) == ["Case 7/b@1"]


async def test_a_key_is_made_from_title_and_date(store: Store) -> None:
    assert shape(await add(store, draft(LONG, title="Parler v. AWS: a Ruling", published=DAY))) == [
        "parler-v-aws-a-ruling-2021-01-21@1"
    ]


def test_a_made_key_is_cut_at_a_word_and_holds_no_accents() -> None:
    key = made_key(draft(LONG, title="Übermaß " + "schon wieder " * 20))
    assert key.startswith("ubermass-schon-wieder-")
    assert len(key) <= 80
    assert key.endswith(("schon", "wieder"))


def test_a_title_without_latin_letters_still_makes_a_key_of_its_own() -> None:
    keys = {made_key(draft(LONG, title=title)) for title in ("最高裁判所", "連邦裁判所")}
    assert len(keys) == 2
    assert all(key.startswith("article-") for key in keys)


async def test_the_same_input_again_changes_nothing(store: Store) -> None:
    drafts = [draft(LONG, key="a"), draft(OTHER, title="Another"), draft("Short.", title="Third", published=DAY)]
    await add(store, *drafts)
    before = await store.state()
    assert shape(await add(store, *drafts)) == ["AlreadyKnown"] * 3
    assert await store.state() == before
    assert len(await store.audit([LIBRARY], limit=99)) == 3


async def test_the_same_key_with_another_text_is_a_new_revision(store: Store) -> None:
    await add(store, draft(LONG, key="a"))
    assert shape(await add(store, draft(OTHER, key="a"))) == ["a@2"]
    assert (await store.find(LIBRARY, "a")).text == OTHER


@pytest.mark.parametrize(
    "changed",
    [
        draft(LONG, key="a", title="Another title"),
        draft(LONG, key="a", publication="CNBC"),
        draft(LONG, key="a", published=DAY),
        draft(LONG, key="a", url="https://example.com/a"),
        draft(LONG.replace("  ", " ") + " ", key="a"),
    ],
    ids=["title", "publication", "date", "link", "white space"],
)
async def test_any_change_under_the_same_key_is_a_new_revision(store: Store, changed: Draft) -> None:
    await add(store, draft(LONG, key="a"))
    assert shape(await add(store, changed)) == ["a@2"]
    assert shape(await add(store, changed)) == ["AlreadyKnown"]


async def test_two_keys_are_two_articles_even_with_one_text(store: Store) -> None:
    assert shape(await add(store, draft(LONG, key="a"), draft(LONG, key="b"))) == ["a@1", "b@1"]


async def test_without_a_key_the_same_words_are_known_under_whatever_title(store: Store) -> None:
    await add(store, draft(LONG, key="a"))
    [outcome] = await add(store, draft(LONG.upper(), title="Shouted"))
    assert outcome == AlreadyKnown("a", "A ruling")


async def test_without_a_key_the_same_words_twice_in_one_input_are_stored_once(store: Store) -> None:
    assert shape(await add(store, draft(LONG), draft(LONG, title="Copy"))) == ["a-ruling@1", "AlreadyKnown"]


async def test_without_a_key_the_same_link_is_known(store: Store) -> None:
    await add(store, draft(LONG, key="a", url="https://example.com/story"))
    [outcome] = await add(store, draft(OTHER, title="Other", url="https://example.com/story#comments"))
    assert outcome == AlreadyKnown("a", "A ruling")


async def test_without_a_key_a_corrected_text_of_the_same_piece_is_a_new_revision(store: Store) -> None:
    await add(store, draft(LONG, published=DAY, publication="CNBC"))
    corrected = draft(LONG + " She signed it.", published=DAY, publication="CNBC")
    assert shape(await add(store, corrected)) == ["a-ruling-2021-01-21@2"]
    assert shape(await add(store, corrected)) == ["AlreadyKnown"]


async def test_without_a_key_a_story_that_has_grown_to_twice_its_length_is_a_new_revision(store: Store) -> None:
    await add(store, draft(LONG))
    assert shape(await add(store, draft(f"{LONG} {OTHER} {OTHER[::-1]}"))) == ["a-ruling@2"]


async def test_without_a_key_the_text_before_a_correction_is_known_too(store: Store) -> None:
    await add(store, draft(LONG))
    await add(store, draft(LONG + " She signed it."))
    assert shape(await add(store, draft(LONG))) == ["AlreadyKnown"]


async def test_without_a_key_other_pieces_of_the_same_title_are_told_apart_by_a_number(store: Store) -> None:
    pieces = [draft(LONG, title="Roundup"), draft(OTHER, title="Roundup"), draft("It rained.", title="Roundup")]
    assert shape(await add(store, *pieces)) == ["roundup@1", "roundup-2@1", "roundup-3@1"]
    assert shape(await add(store, *reversed(pieces))) == ["AlreadyKnown"] * 3


async def test_the_same_story_from_another_outlet_is_another_article(store: Store) -> None:
    await add(store, draft(LONG, publication="CNBC"))
    assert shape(await add(store, draft(LONG + " It said so.", publication="Reuters"))) == ["a-ruling-2@1"]


async def test_one_id_for_two_contents_in_one_input_is_refused(store: Store) -> None:
    drafts = [draft(LONG, key="a"), draft(OTHER, key="a")]
    for expected in (["a@1", "Rejected"], ["AlreadyKnown", "Rejected"]):
        outcomes = await add(store, *drafts)
        assert shape(outcomes) == expected
        assert isinstance(outcomes[1], Rejected)
        assert "stands twice in this input" in outcomes[1].reason


@pytest.mark.parametrize("again", [draft(LONG, key="a"), draft(LONG), draft(OTHER, key="a")])
async def test_what_was_removed_stays_removed_and_the_refusal_says_how_to_restore_it(
    store: Store, again: Draft
) -> None:
    await add(store, draft(LONG, key="a"))
    await store.remove(LIBRARY, "a", by="bob", now=NOW, why="retracted")
    [outcome] = await add(store, again)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == (
        "“A ruling” was removed on 2026-03-01 by bob (retracted); it can be restored: its key is a"
    )
    assert await store.count([LIBRARY]) == 0


async def test_a_text_of_several_revisions_is_known_by_the_newest_of_them(store: Store) -> None:
    for text, title in [(LONG, "First"), (OTHER, "Between"), (LONG, "Last"), (OTHER, "Now")]:
        await add(store, draft(text, key="a", title=title))
    assert await add(store, draft(LONG, title="Elsewhere")) == [AlreadyKnown("a", "Last")]


async def test_a_live_article_counts_before_a_removed_one_with_the_same_text(store: Store) -> None:
    await add(store, draft(LONG, key="a"), draft(LONG, key="b"))
    await store.remove(LIBRARY, "a", by="bob", now=NOW)
    assert await add(store, draft(LONG)) == [AlreadyKnown("b", "A ruling")]


async def test_what_another_collection_holds_is_not_known_here(store: Store) -> None:
    guild = Collection(7)
    await add(store, draft(LONG, url="https://example.com/a"))
    assert shape(await add(store, draft(LONG, url="https://example.com/a"), collection=guild)) == ["a-ruling@1"]
    await store.remove(guild, "a-ruling", by="bob", now=NOW)
    assert shape(await add(store, draft(LONG))) == ["AlreadyKnown"]


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (draft("", key="a"), "it has no text"),
        (draft(LONG, key=""), "its id has 0 characters; 1 to 200 are possible"),
        (draft(LONG, key="k" * 201), "its id has 201 characters; 1 to 200 are possible"),
        (draft(LONG, key=" a"), "begins or ends with a space"),
        (draft(LONG, key="a\nb"), "can't be shown"),
        (draft("Half \ud83d of a pair."), "broken characters"),
        (draft(LONG, title="\udc80"), "broken characters"),
    ],
)
async def test_what_can_not_be_stored_is_refused_with_its_reason(store: Store, one: Draft, reason: str) -> None:
    [outcome, good] = await add(store, one, draft(OTHER, key="good"))
    assert isinstance(outcome, Rejected)
    assert reason in outcome.reason
    assert shape([good]) == ["good@1"]


@pytest.mark.parametrize(
    "passages",
    [
        (Passage(Span(0, 999), ()),),
        (Passage(Span(0, 10), (Span(5, 11),)),),
        (Passage(Span(0, 10), (Span(5, 8), Span(4, 9))),),
        (Passage(Span(5, 10), ()), Passage(Span(0, 4), ())),
    ],
)
async def test_passages_that_do_not_fit_the_text_are_refused(store: Store, passages: tuple[Passage, ...]) -> None:
    [outcome] = await store.add([(draft(LONG), passages)], LIBRARY, "ann", NOW)
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "its passages do not fit its text"


async def test_nothing_to_store_is_no_fault(store: Store) -> None:
    assert await add(store) == []


@pytest.mark.parametrize("key", [None, "parler", "another"])
async def test_what_was_taken_down_comes_in_under_no_key(store: Store, key: str | None) -> None:
    link = "https://example.com/parler"
    await add(store, draft(LONG, key="parler", url=link))
    await store.purge(LIBRARY, "parler", by="ann", now=NOW, why="court order")
    for place in (LIBRARY, Collection(7)):
        for again in (draft(LONG.upper(), key=key), draft(OTHER, key=key, url=f"{link}?utm_source=x")):
            [outcome] = await add(store, again, collection=place)
            assert isinstance(outcome, Rejected)
            assert outcome.reason == "it was taken down for good and can't be stored again"
    assert shape(await add(store, draft(OTHER, key="epic"))) == ["epic@1"]


async def test_what_a_server_took_down_keeps_out_of_that_server_only(store: Store) -> None:
    await add(store, draft(LONG, key="parler"), collection=Collection(7))
    await store.purge(Collection(7), "parler", by="ann", now=NOW, why="court order")
    assert shape(await add(store, draft(LONG), collection=Collection(7))) == ["Rejected"]
    assert shape(await add(store, draft(LONG, key="parler"), collection=Collection(8))) == ["parler@1"]
