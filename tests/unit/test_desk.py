"""Bringing articles in: by link, file and form, seen before they are stored, and stored once."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from corpus.collection import LIBRARY
from corpus.desk import CHOICES, REASON_CHARS, Desk
from corpus.drafts import (
    DRAFT_KEPT,
    QUEUE_KEPT,
    AuditFilter,
    Base,
    Choice,
    Details,
    DraftState,
    Handling,
    Place,
    Preview,
)
from corpus.errors import ArticleNotFound, Conflict, DraftNotFound, EntryNotFound
from corpus.model import Added, AlreadyKnown, Article, NearDuplicate, Rejected, SourceKind
from corpus.store import Store, open_store
from tests.fakes.desk import ANN, BOB, FEED, GUILD, LIBRARIAN, MEMBER, NOW, OTHER, Web, story

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

LINK = "https://example.com/a"
TEXT = "The judge denied the motion on Thursday. The company had sued in January, and will appeal."
PAGES = """
    https://example.com/a
        Judge denies motion
        The judge denied the motion on Thursday. The company had sued in January, and will appeal.
    https://example.com/moved -> https://example.com/a
    https://example.com/empty
"""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(tmp_path / "amicus.sqlite3") as opened:
        yield opened


@pytest.fixture
def web() -> Web:
    return Web(PAGES)


@pytest.fixture
def desk(store: Store, web: Web) -> Desk:
    return Desk(store, fetcher=web)


def previewed(outcome: Preview | AlreadyKnown | Rejected) -> Preview:
    assert isinstance(outcome, Preview), outcome
    return outcome


def refused(outcome: object) -> Rejected:
    assert isinstance(outcome, Rejected), outcome
    return outcome


async def waiting(desk: Desk, text: str = TEXT, place: Place = GUILD, **details: str) -> Preview:
    return previewed(await desk.draft_text(Details(text=text, **details), place, ANN, NOW))


async def added(desk: Desk, text: str = TEXT, place: Place = GUILD, **details: str) -> Article:
    preview = await waiting(desk, text, place, **details)
    outcome = await desk.store(preview.waiting.id, 1, place, "discord:1", NOW)
    assert isinstance(outcome, Added), outcome
    return outcome.article


async def actions(desk: Desk, place: Place = GUILD) -> list[str]:
    return [entry.action for entry in await desk.audit(place, limit=50)][::-1]


# --- by link


async def test_a_link_becomes_a_preview_of_the_cleaned_article(desk: Desk) -> None:
    preview = previewed(await desk.draft_url(LINK, GUILD, ANN, NOW))
    draft = preview.waiting.draft
    assert (draft.title, draft.text, draft.url, draft.publication) == ("Judge denies motion", TEXT, LINK, "example.com")
    assert (draft.source.kind, draft.language, draft.partial) == (SourceKind.URL, "en", False)
    assert (preview.passages, preview.known, preview.alike, preview.before) == (1, None, (), None)
    assert await actions(desk) == ["draft"]


async def test_a_link_that_is_stored_is_told_and_not_fetched(desk: Desk, web: Web) -> None:
    stored = await added(desk, url=LINK)
    known = await desk.draft_url("http://www.example.com/a/?utm_source=x#top", GUILD, BOB, NOW)
    assert known == AlreadyKnown(stored.key, stored.title, GUILD.own)
    assert web.asked == []


async def test_a_link_that_leads_to_a_stored_one_is_told_after_the_redirect(desk: Desk, web: Web) -> None:
    stored = await added(desk, "Another text came to light.", url=LINK)
    known = await desk.draft_url("https://example.com/moved", GUILD, ANN, NOW)
    assert known == AlreadyKnown(stored.key, stored.title, GUILD.own)
    assert web.asked == ["https://example.com/moved"]


async def test_the_same_text_behind_another_link_is_known(desk: Desk) -> None:
    stored = await added(desk)
    assert await desk.draft_url(LINK, GUILD, ANN, NOW) == AlreadyKnown(stored.key, stored.title, GUILD.own)


async def test_a_link_without_a_page_or_an_article_is_refused_with_the_reason(desk: Desk) -> None:
    assert refused(await desk.draft_url("https://example.com/gone", GUILD, ANN, NOW)).reason.startswith("There is noth")
    assert "is empty" in refused(await desk.draft_url("https://example.com/empty", GUILD, ANN, NOW)).reason
    assert "no link" in refused(await desk.draft_url("example", GUILD, ANN, NOW)).reason
    assert await actions(desk) == []


async def test_without_a_fetcher_links_are_refused(store: Store) -> None:
    assert "not fetched here" in refused(await Desk(store).draft_url(LINK, GUILD, ANN, NOW)).reason


# --- by file and form


async def test_a_file_becomes_a_preview_with_what_was_dropped_and_where_it_came_from(desk: Desk) -> None:
    data = f"Judge denies motion\n\nAdvertisement\n\n{TEXT}".encode()
    preview = previewed(await desk.draft_file("a.txt", data, None, GUILD, ANN, NOW, reference="message 5"))
    draft = preview.waiting.draft
    assert (draft.title, draft.text, draft.source.reference) == ("Judge denies motion", TEXT, "message 5")
    assert [one.line for one in draft.dropped] == ["Advertisement"]


async def test_a_file_of_json_lines_is_taken_with_one_article_and_refused_with_two(desk: Desk) -> None:
    line = json.dumps({"id": "mine", "title": "A ruling", "text": TEXT, "published": "2021-01-21"}).encode()
    preview = previewed(await desk.draft_file("a.jsonl", line, None, GUILD, ANN, NOW))
    assert (preview.waiting.draft.published, preview.waiting.draft.key) == (date(2021, 1, 21), None)
    assert (
        "several articles"
        in refused(await desk.draft_file("a.jsonl", line + b"\n" + line, None, GUILD, ANN, NOW)).reason
    )


async def test_the_key_in_a_file_never_makes_it_a_revision_of_an_article(desk: Desk) -> None:
    stored = await added(desk, story(1))
    line = json.dumps({"id": stored.key, "title": "Another", "text": story(2)}).encode()
    preview = previewed(await desk.draft_file("a.jsonl", line, None, GUILD, MEMBER, NOW))
    outcome = await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW)
    assert isinstance(outcome, Added)
    assert (outcome.article.key, outcome.article.revision) == ("another", 1)


async def test_a_file_that_is_no_article_is_refused(desk: Desk) -> None:
    assert (
        "a PNG picture" in refused(await desk.draft_file("a.png", b"\x89PNG\r\n", "image/png", GUILD, ANN, NOW)).reason
    )


async def test_a_form_is_refused_with_every_wrong_field(desk: Desk) -> None:
    reason = refused(await desk.draft_text(Details("x" * 301, published="soon", text="Hm."), GUILD, ANN, NOW)).reason
    assert [name for name in ("Title:", "Date:", "Text:") if name in reason] == ["Title:", "Date:", "Text:"]


async def test_text_with_halves_of_surrogate_pairs_is_kept_without_them(desk: Desk) -> None:
    preview = await waiting(desk, "The judge \ud800 denied \U0001f3db the motion.\x00", title="A \udfff ruling")
    outcome = await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW)
    assert isinstance(outcome, Added)
    assert outcome.article.title == "A \ufffd ruling"


# --- duplicates


async def test_a_removed_article_is_not_brought_back_but_can_be_restored(desk: Desk) -> None:
    stored = await added(desk, url=LINK)
    await desk.remove(GUILD, stored.key, by="discord:9", now=NOW, why="wrong")
    for outcome in (
        await desk.draft_text(Details(text=TEXT), GUILD, ANN, NOW),
        await desk.draft_url(LINK, GUILD, ANN, NOW),
    ):
        rejected = refused(outcome)
        assert rejected.key == stored.key
        assert "removed on 2026-03-01 by discord:9 (wrong)" in rejected.reason
        assert "can be restored" in rejected.reason


async def test_what_was_taken_down_cannot_come_in_again(desk: Desk, web: Web) -> None:
    stored = await added(desk, url=LINK)
    purged = await desk.purge(GUILD, stored.key, by="discord:9", now=NOW, why="asked to")
    assert purged.revisions == 1
    assert "taken down" in refused(await desk.draft_text(Details(text=TEXT.upper()), GUILD, ANN, NOW)).reason
    assert "taken down" in refused(await desk.draft_url(LINK, GUILD, ANN, NOW)).reason
    assert web.asked == []


async def test_near_duplicates_are_shown_with_their_share_the_most_alike_first(desk: Desk) -> None:
    near = await added(desk, story(*range(10)), title="Near")
    nearer = await added(desk, story(*range(5), *range(20, 25)), title="Nearer")
    preview = await waiting(desk, story(*range(7), 20, 21, 22))
    assert [(one.key, one.share > 0.6) for one in preview.alike] == [(nearer.key, True), (near.key, True)]


async def near_duplicate(desk: Desk) -> tuple[Article, Preview]:
    stored = await added(desk, story(1, 2, 3, 4), title="First")
    return stored, await waiting(desk, story(1, 2, 3, 5), title="Second")


async def test_a_near_duplicate_is_not_stored_before_somebody_decided(desk: Desk) -> None:
    stored, preview = await near_duplicate(desk)
    outcome = await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW)
    assert isinstance(outcome, NearDuplicate)
    assert outcome.key == stored.key


async def test_both_are_kept_where_that_is_decided(desk: Desk) -> None:
    stored, preview = await near_duplicate(desk)
    choice = Choice(Handling.KEEP_BOTH, (stored.key,))
    outcome = await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW, choice)
    assert isinstance(outcome, Added)
    assert (outcome.article.key, outcome.article.revision) == ("second", 1)


async def test_the_stored_one_is_revised_where_it_is_to_be_replaced(desk: Desk) -> None:
    stored, preview = await near_duplicate(desk)
    choice = Choice(Handling.REPLACE, (stored.key,), stored.key)
    outcome = await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW, choice)
    assert isinstance(outcome, Added)
    assert (outcome.article.key, outcome.article.revision, outcome.article.title) == (stored.key, 2, "Second")


async def test_a_near_duplicate_in_the_library_cannot_be_replaced_from_a_guild(desk: Desk) -> None:
    stored = await added(desk, story(1, 2, 3, 4), LIBRARIAN, title="First")
    preview = await waiting(desk, story(1, 2, 3, 5), title="Second")
    assert [one.collection for one in preview.alike] == [LIBRARY]
    choice = Choice(Handling.REPLACE, (stored.key,), stored.key)
    refused(await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW, choice))
    assert (await desk.show(LIBRARIAN, stored.key)).revision == 1


async def test_one_that_came_meanwhile_is_shown_before_anything_is_stored(desk: Desk) -> None:
    preview = await waiting(desk, story(1, 2, 3, 5), title="Second")
    assert preview.alike == ()
    stored = await added(desk, story(1, 2, 3, 4), title="First")
    outcome = await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW)
    assert isinstance(outcome, NearDuplicate)
    assert [one.key for one in (await desk.preview(preview.waiting.id, GUILD)).alike] == [stored.key]


async def test_two_drafts_of_one_text_give_one_article(desk: Desk) -> None:
    first, second = await waiting(desk), await waiting(desk)
    outcomes = await asyncio.gather(
        *(desk.store(one.waiting.id, 1, GUILD, "discord:1", NOW) for one in (first, second))
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["Added", "AlreadyKnown"]
    assert await desk.count(GUILD) == 1


# --- drafts that wait


async def test_a_draft_waits_a_week_and_a_suggestion_three_months(desk: Desk) -> None:
    own = await waiting(desk)
    suggested = previewed(await desk.draft_text(Details(text=story(1)), GUILD, MEMBER, NOW)).waiting
    assert (own.waiting.state, own.waiting.expires_at) == (DraftState.WAITING, NOW + DRAFT_KEPT)
    assert (suggested.state, suggested.expires_at, suggested.tell) == (DraftState.QUEUED, NOW + QUEUE_KEPT, True)


async def test_storing_twice_stores_once_and_says_who_did(desk: Desk) -> None:
    preview = await waiting(desk)
    await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW)
    with pytest.raises(Conflict, match=r"stored already by discord:1 on 2026-03-01 09:30 UTC"):
        await desk.store(preview.waiting.id, 1, GUILD, "discord:2", NOW)
    assert await actions(desk) == ["draft", "add"]


async def test_a_press_that_comes_twice_at_once_stores_once(desk: Desk) -> None:
    preview = await waiting(desk)
    presses = (desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW) for _ in range(2))
    outcomes = await asyncio.gather(*presses, return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Added", "Conflict"]


async def test_a_draft_that_was_edited_is_not_stored_as_it_was_seen_before(desk: Desk) -> None:
    preview = await waiting(desk)
    edited = await desk.edit_draft(preview.waiting.id, 1, Details(title="Better"), GUILD, "discord:2", NOW)
    assert previewed(edited).waiting.version == 2
    with pytest.raises(Conflict, match="edited meanwhile"):
        await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW)
    outcome = await desk.store(preview.waiting.id, 2, GUILD, "discord:1", NOW)
    assert isinstance(outcome, Added)
    assert outcome.article.title == "Better"


async def test_the_second_of_two_edits_is_told(desk: Desk) -> None:
    preview = await waiting(desk)
    await desk.edit_draft(preview.waiting.id, 1, Details(title="Better"), GUILD, "discord:2", NOW)
    with pytest.raises(Conflict, match="edited meanwhile"):
        await desk.edit_draft(preview.waiting.id, 1, Details(title="Worse"), GUILD, "discord:1", NOW)
    assert (await desk.preview(preview.waiting.id, GUILD)).waiting.draft.title == "Better"


async def test_an_edit_that_comes_twice_counts_once(desk: Desk) -> None:
    preview = await waiting(desk)
    for _ in range(2):
        edited = await desk.edit_draft(preview.waiting.id, 1, Details(title="Better"), GUILD, "discord:2", NOW)
        assert previewed(edited).waiting.version == 2
    assert await actions(desk) == ["draft", "edit draft"]


async def test_a_new_text_of_a_draft_is_cleaned_and_split_anew(desk: Desk) -> None:
    preview = await waiting(desk)
    text = "Advertisement\n\n" + "\n\n".join(story(*range(place, place + 9)) for place in range(0, 27, 9))
    edited = previewed(await desk.edit_draft(preview.waiting.id, 1, Details(text=text), GUILD, "discord:1", NOW))
    assert edited.waiting.draft.dropped[0].line == "Advertisement"
    assert edited.passages > 1
    outcome = await desk.store(preview.waiting.id, 2, GUILD, "discord:1", NOW)
    assert isinstance(outcome, Added)
    assert len(outcome.article.passages) == edited.passages


async def test_an_edit_with_wrong_fields_changes_nothing(desk: Desk) -> None:
    preview = await waiting(desk)
    edited = await desk.edit_draft(preview.waiting.id, 1, Details(title="", url="nowhere"), GUILD, "discord:1", NOW)
    assert refused(edited).reason.startswith("Title: an article needs one. Link:")
    assert await desk.preview(preview.waiting.id, GUILD) == preview


async def test_an_edit_shows_that_the_draft_is_a_stored_article_now(desk: Desk) -> None:
    stored = await added(desk)
    preview = await waiting(desk, story(1))
    edited = await desk.edit_draft(preview.waiting.id, 1, Details(text=TEXT), GUILD, "discord:1", NOW)
    assert previewed(edited).known == AlreadyKnown(stored.key, stored.title, GUILD.own)


async def test_a_cancelled_draft_is_not_stored_and_keeps_no_text(desk: Desk) -> None:
    preview = await waiting(desk)
    cancelled = await desk.cancel(preview.waiting.id, GUILD, "discord:1", NOW)
    assert cancelled.state is DraftState.CANCELLED
    with pytest.raises(Conflict, match="cancelled already by discord:1"):
        await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW)
    shown = await desk.preview(preview.waiting.id, GUILD)
    assert (shown.waiting.draft.text, shown.passages, shown.waiting.is_open) == ("", 0, False)


async def test_a_draft_of_another_guild_or_of_the_library_is_not_found(desk: Desk) -> None:
    own, shared = await waiting(desk), await waiting(desk, place=LIBRARIAN)
    with pytest.raises(DraftNotFound) as never:
        await desk.preview("0" * 16, GUILD)
    for draft_id, place in ((own.waiting.id, OTHER), (shared.waiting.id, GUILD), ("\ud800", GUILD)):
        for act in (
            desk.preview(draft_id, place),
            desk.store(draft_id, 1, place, "discord:1", NOW),
            desk.edit_draft(draft_id, 1, Details(title="x"), place, "discord:1", NOW),
            desk.cancel(draft_id, place, "discord:1", NOW),
            desk.reject(draft_id, place, "discord:1", NOW, "no"),
        ):
            with pytest.raises(DraftNotFound) as error:
                await act
            assert str(error.value) == str(never.value)


# --- the queue


async def test_the_queue_holds_suggestions_and_feed_items_the_oldest_first(desk: Desk) -> None:
    await waiting(desk, story(1))
    for number, giver in ((2, MEMBER), (3, FEED)):
        await desk.draft_text(Details(text=story(number)), GUILD, giver, NOW + timedelta(minutes=number))
    await desk.draft_text(Details(text=story(4)), OTHER, MEMBER, NOW)
    queue = await desk.queue(GUILD, 10)
    assert [one.draft.text for one in queue] == [story(2), story(3)]
    assert [one.by for one in await desk.queue(GUILD, 1, 1)] == ["feed:1"]
    assert await desk.queue_length(GUILD) == 2


async def test_a_rejected_suggestion_is_out_of_the_queue_with_its_reason(desk: Desk) -> None:
    suggested = previewed(await desk.draft_text(Details(text=story(1)), GUILD, MEMBER, NOW)).waiting
    rejected = await desk.reject(suggested.id, GUILD, "discord:1", NOW, " off topic \ud800" + "x" * 2_000)
    assert rejected.decision is not None
    assert rejected.decision.reason.startswith("off topic")
    assert len(rejected.decision.reason) == REASON_CHARS
    assert await desk.queue_length(GUILD) == 0
    with pytest.raises(Conflict, match="rejected already by discord:1"):
        await desk.store(suggested.id, 1, GUILD, "discord:2", NOW)


async def test_an_approved_suggestion_is_an_article_of_who_approved_it(desk: Desk) -> None:
    suggested = previewed(await desk.draft_text(Details(text=story(1)), GUILD, MEMBER, NOW)).waiting
    outcome = await desk.store(suggested.id, 1, GUILD, "discord:1", NOW)
    assert isinstance(outcome, Added)
    assert outcome.article.added_by == "discord:1"
    assert await actions(desk) == ["suggest", "add"]
    decided = (await desk.preview(suggested.id, GUILD)).waiting
    assert decided.decision is not None
    assert (decided.by, decided.decision.key) == ("discord:3", outcome.article.key)


# --- edits


async def test_an_edit_of_an_article_is_a_draft_on_its_revision(desk: Desk) -> None:
    stored = await added(desk, publication="CNBC")
    preview = previewed(await desk.draft_edit(GUILD, stored.key, 1, Details(publication="CNN"), ANN, NOW))
    assert preview.waiting.base == Base(stored.key, 1)
    assert preview.before is not None
    assert (preview.before.publication, preview.waiting.draft.publication) == ("CNBC", "CNN")
    assert (preview.known, preview.alike) == (None, ())
    outcome = await desk.store(preview.waiting.id, 1, GUILD, "discord:2", NOW)
    assert isinstance(outcome, Added)
    assert (outcome.article.key, outcome.article.revision, outcome.article.text) == (stored.key, 2, TEXT)
    assert await actions(desk) == ["draft", "add", "draft", "revise"]


async def test_an_edit_keeps_the_text_as_it_came_in(desk: Desk, store: Store) -> None:
    stored = await added(desk, f"Advertisement\n\n{TEXT}")
    preview = previewed(await desk.draft_edit(GUILD, stored.key, 1, Details(title="Better"), ANN, NOW))
    await desk.store(preview.waiting.id, 1, GUILD, "discord:2", NOW)
    assert await store.raw_text(stored.id, 2) == f"Advertisement\n\n{TEXT}"


async def test_an_edit_that_changes_nothing_is_refused(desk: Desk) -> None:
    stored = await added(desk, published="2021-01-21")
    same = Details(title=stored.title, published="January 21, 2021", text=TEXT + "\n")
    assert refused(await desk.draft_edit(GUILD, stored.key, 1, same, ANN, NOW)).reason == "Nothing was changed."
    rejected = await desk.draft_new_text(GUILD, stored.key, "a.txt", TEXT.encode(), None, ANN, NOW)
    assert refused(rejected).reason == "Nothing was changed."


async def test_an_edit_of_an_old_revision_is_refused_with_who_changed_it(desk: Desk) -> None:
    stored = await added(desk)
    for title in ("Better", "Best"):
        revision = (await desk.show(GUILD, stored.key)).revision
        preview = previewed(await desk.draft_edit(GUILD, stored.key, revision, Details(title=title), ANN, NOW))
        await desk.store(preview.waiting.id, 1, GUILD, "discord:2", NOW)
    with pytest.raises(Conflict, match="discord:2 has changed the article meanwhile on 2026-03-01 09:30 UTC"):
        await desk.draft_edit(GUILD, stored.key, 1, Details(title="Worse"), ANN, NOW)


async def test_the_second_of_two_edits_of_one_revision_is_not_stored(desk: Desk) -> None:
    stored = await added(desk)
    first, second = [
        previewed(await desk.draft_edit(GUILD, stored.key, 1, Details(title=title), ANN, NOW)).waiting.id
        for title in ("Better", "Best")
    ]
    await desk.store(first, 1, GUILD, "discord:1", NOW)
    with pytest.raises(Conflict, match="discord:1 has changed the article meanwhile"):
        await desk.store(second, 1, GUILD, "discord:2", NOW)
    assert (await desk.show(GUILD, stored.key)).title == "Better"


async def test_new_text_comes_as_a_file_and_keeps_the_particulars(desk: Desk) -> None:
    stored = await added(desk, publication="CNBC", title="A ruling")
    data = f"A ruling\n\n{TEXT} It was late.".encode()
    preview = previewed(await desk.draft_new_text(GUILD, stored.key, "b.txt", data, None, ANN, NOW))
    draft = preview.waiting.draft
    assert (draft.title, draft.publication, draft.text) == ("A ruling", "CNBC", f"{TEXT} It was late.")
    refused(await desk.draft_new_text(GUILD, stored.key, "b.png", b"\x89PNG", None, ANN, NOW))


async def test_an_article_of_the_library_or_another_guild_is_not_edited_from_here(desk: Desk) -> None:
    shared = await added(desk, place=LIBRARIAN)
    theirs = await added(desk, story(2), OTHER)
    for key in (shared.key, theirs.key, "never"):
        for act in (
            desk.draft_edit(GUILD, key, 1, Details(title="x"), ANN, NOW),
            desk.draft_new_text(GUILD, key, "a.txt", b"x", None, ANN, NOW),
            desk.remove(GUILD, key, by="discord:1", now=NOW),
            desk.restore(GUILD, key, by="discord:1", now=NOW),
            desk.purge(GUILD, key, by="discord:1", now=NOW),
        ):
            with pytest.raises(ArticleNotFound, match=f"^no article '{key}' in guild:7$"):
                await act


async def test_a_removed_article_is_not_edited(desk: Desk) -> None:
    stored = await added(desk)
    await desk.remove(GUILD, stored.key, by="discord:9", now=NOW)
    with pytest.raises(Conflict, match="removed on 2026-03-01 by discord:9; restore it first"):
        await desk.draft_edit(GUILD, stored.key, 1, Details(title="Better"), ANN, NOW)


async def test_an_edit_may_keep_a_link_that_the_library_has_too(desk: Desk) -> None:
    stored = await added(desk, url=LINK, title="Ours")
    await added(desk, story(1, 2, 3), LIBRARIAN, url=LINK)
    preview = previewed(await desk.draft_edit(GUILD, stored.key, 1, Details(title="Better"), ANN, NOW))
    assert isinstance(await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW), Added)


async def test_an_edit_cannot_replace_another_article(desk: Desk) -> None:
    stored, other = await added(desk, story(1, 2, 3)), await added(desk, story(5, 6, 7))
    preview = previewed(await desk.draft_edit(GUILD, stored.key, 1, Details(text=story(5, 6, 8)), ANN, NOW))
    assert [one.key for one in preview.alike] == [other.key]
    choice = Choice(Handling.REPLACE, (other.key,), other.key)
    refused(await desk.store(preview.waiting.id, 1, GUILD, "discord:1", NOW, choice))


async def test_a_text_that_was_taken_down_does_not_come_back_by_an_edit(desk: Desk) -> None:
    gone, stored = await added(desk, story(1)), await added(desk, story(2))
    await desk.purge(GUILD, gone.key, by="discord:9", now=NOW)
    refused(await desk.draft_edit(GUILD, stored.key, 1, Details(text=story(1)), ANN, NOW))


# --- articles


async def test_a_key_means_the_own_article_before_that_of_the_library(desk: Desk) -> None:
    own = await added(desk, story(1), title="A ruling")
    shared = await added(desk, story(2), LIBRARIAN, title="A ruling")
    assert own.key == shared.key
    assert (await desk.show(GUILD, own.key)).id == own.id
    assert (await desk.show(OTHER, own.key)).id == shared.id
    assert (await desk.history(OTHER, own.key))[0].article.id == shared.id
    with pytest.raises(ArticleNotFound, match=r"^no article 'a-ruling' in guild:8$"):
        await desk.show(replace(OTHER, sees=(OTHER.own,)), own.key)


async def test_an_article_is_found_by_number_where_it_is_seen(desk: Desk) -> None:
    stored = await added(desk)
    assert (await desk.article(stored.id, GUILD)).key == stored.key
    messages = set()
    for number, place in ((stored.id, OTHER), (stored.id + 1, GUILD), (2**64 - 1, GUILD), (-1, GUILD)):
        with pytest.raises(ArticleNotFound) as error:
            await desk.article(number, place)
        messages.add(str(error.value).replace(str(number), "N").replace("N", ""))
    assert len({message.replace("0", "") for message in messages}) == 1


async def test_a_history_tells_what_changed(desk: Desk) -> None:
    stored = await added(desk, title="A ruling")
    details = Details(title="Better", text=TEXT.replace("Thursday", "Friday"))
    preview = previewed(await desk.draft_edit(GUILD, stored.key, 1, details, ANN, NOW))
    await desk.store(preview.waiting.id, 1, GUILD, "discord:2", NOW)
    newest, oldest = await desk.history(GUILD, stored.key)
    assert newest.particulars == (("title", "A ruling", "Better"),)
    assert [line.sign for line in newest.lines] == ["-", "+", " "]
    assert oldest.article.added_by == "discord:1"


async def test_titles_are_offered_by_what_was_typed_of_live_removed_or_both(desk: Desk) -> None:
    for number, title in enumerate(("Parler sues", "Parler loses", "Epic wins")):
        await added(desk, story(number), title=title)
    await desk.remove(GUILD, "parler-loses", by="discord:1", now=NOW)
    assert [one.key for one in await desk.titles(GUILD, "PARL")] == ["parler-sues"]
    assert [one.key for one in await desk.titles(GUILD, "parl", removed=True)] == ["parler-loses"]
    assert [one.key for one in await desk.titles(GUILD, "parl", removed=None)] == ["parler-sues", "parler-loses"]
    assert len(await desk.titles(GUILD, "")) == 2
    assert len(await desk.titles(GUILD, "", 1)) == 1
    assert await desk.titles(OTHER, "") == []
    assert await desk.titles(GUILD, "\ud800") == []
    assert CHOICES == 25  # https://discord.com/developers/docs/interactions/application-commands#autocomplete


# --- the record


async def test_each_act_is_undone_from_its_entry(desk: Desk) -> None:
    stored = await added(desk, url=LINK)
    preview = previewed(await desk.draft_edit(GUILD, stored.key, 1, Details(text=story(1)), ANN, NOW))
    await desk.store(preview.waiting.id, 1, GUILD, "discord:2", NOW)
    entry = await desk.last_entry(GUILD, stored.key)
    assert entry is not None
    undone = await desk.undo(entry.number, GUILD, "discord:9", NOW)
    assert (undone.entry, undone.article.revision, undone.article.text) == (entry, 3, TEXT)
    assert undone.article.passages
    with pytest.raises(Conflict):
        await desk.undo(entry.number, GUILD, "discord:9", NOW)


async def test_an_entry_of_another_guild_is_not_found(desk: Desk) -> None:
    stored = await added(desk)
    entry = await desk.last_entry(GUILD, stored.key)
    assert entry is not None
    for number, place in ((entry.number, OTHER), (entry.number, LIBRARIAN), (10**6, GUILD), (2**64 - 1, GUILD)):
        with pytest.raises(EntryNotFound, match=r"^There is no such entry in the record\.$"):
            await desk.undo(number, place, "discord:1", NOW)
    assert await desk.last_entry(OTHER, stored.key) is None


async def test_the_record_is_filtered_and_counted(desk: Desk) -> None:
    stored = await added(desk)
    await desk.remove(GUILD, stored.key, by="discord:9", now=datetime(2026, 3, 4, tzinfo=UTC), why="wrong")
    assert [one.action for one in await desk.audit(GUILD, AuditFilter(actor="discord:9"), limit=9)] == ["remove"]
    assert await desk.audit_length(GUILD, AuditFilter(since=date(2026, 3, 4))) == 1
    assert await desk.audit_length(GUILD, AuditFilter(key=stored.key, until=date(2026, 3, 1))) == 1
    assert await desk.audit_length(GUILD) == 3
    assert await desk.audit_length(OTHER) == 0


async def test_the_record_comes_as_a_file_without_what_happens_while_it_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.desk._AUDIT_PAGE", 2)
    for number in range(3):
        await added(desk, story(number))
    written = ""
    async for piece in desk.audit_csv(GUILD):
        written += piece
        await waiting(desk, story(len(written)))
    numbers = [int(line.split(",")[0]) for line in written.splitlines()[1:]]
    assert numbers == sorted(set(numbers), reverse=True)
    assert numbers[-1] == 1
