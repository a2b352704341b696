"""What an item's page must be to come in by itself, what the feed adds to it, and which failures are tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from corpus.collection import LIBRARY
from corpus.drafts import Alike, FeedItem, FeedMode, Removed, Resembling, Stage
from corpus.errors import Unreadable
from corpus.feeditems import (
    DIRECT_WORDS,
    Readable,
    completed,
    doubt_about,
    may_work_later,
    sentence_of,
    stage_in,
    stored_before,
)
from corpus.fetch import FetchError, Malformed, NotPublic, RobotsUnknown, StatusFailed, TookTooLong, WrongKind
from corpus.model import AlreadyKnown, Removal
from tests.fakes.drafts import draft

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG = draft("It was so. " + "word " * DIRECT_WORDS, title="A ruling")
ITEM = FeedItem("id", "https://news.example/a", "The feed's title", NOW - timedelta(days=1))
NOTHING = Resembling()


def test_an_article_that_nobody_needs_to_look_at() -> None:
    assert doubt_about(LONG, NOTHING, ()) == doubt_about(LONG, NOTHING, ("de", "en")) == ""


def test_every_doubt_has_its_sentence() -> None:
    alike = Alike("ruling-2", LIBRARY, 1, "Another", None, None, None, 0.734)
    assert doubt_about(LONG, Resembling(alike=(alike,)), ()) == "It has 73 % of its text in common with ruling-2."
    assert doubt_about(replace(LONG, partial=True), NOTHING, ()) == "It is an excerpt: the page is not free to read."
    for title in ("", "It was so.", "It was…"):
        assert doubt_about(replace(LONG, title=title), NOTHING, ()) == "It has no title."
    assert doubt_about(replace(LONG, text="word " * 79), NOTHING, ()) == "It has 79 words only."
    assert doubt_about(replace(LONG, text="word " * 80), NOTHING, ()) == ""
    assert doubt_about(LONG, NOTHING, ("de", "fr")) == "Its language (en) is not among de, fr."


def test_the_feed_gives_a_title_where_the_page_has_none_of_its_own() -> None:
    assert completed(LONG, ITEM, NOW).title == "A ruling"
    for title in ("", "It was so.", "It was…"):
        assert completed(replace(LONG, title=title), ITEM, NOW).title == "The feed's title"
        assert completed(replace(LONG, title=title), replace(ITEM, title=""), NOW).title == title


def test_the_feed_gives_the_day_where_the_page_has_none_and_it_is_not_to_come() -> None:
    assert completed(LONG, ITEM, NOW).published == date(2026, 3, 1)
    assert completed(replace(LONG, published=date(2020, 1, 1)), ITEM, NOW).published == date(2020, 1, 1)
    assert completed(LONG, replace(ITEM, published=None), NOW).published is None
    assert completed(LONG, replace(ITEM, published=NOW + timedelta(days=2)), NOW).published is None


def test_what_was_stored_or_taken_out_is_not_taken_again() -> None:
    assert stored_before(NOTHING) is None
    known = stored_before(Resembling(known=AlreadyKnown("ruling", "A ruling")))
    assert known is not None
    assert (known.stage, known.reason, known.key) == (Stage.DUPLICATE, "It is stored already as ruling.", "ruling")
    removed = stored_before(Resembling(removed=Removed("ruling", "A ruling", Removal("discord:1", NOW, "wrong"))))
    assert removed is not None
    assert removed.reason == "It was removed on 2026-03-02 by discord:1 (wrong)."
    down = stored_before(Resembling(taken_down=True))
    assert down is not None
    assert down.reason == "It was taken down for good."


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (StatusFailed("", status=500), True),
        (StatusFailed("", status=503), True),
        (StatusFailed("", status=429), True),
        (StatusFailed("", status=408), True),
        (StatusFailed("", status=425), True),
        (StatusFailed("", status=404), False),
        (StatusFailed("", status=403), False),
        (StatusFailed("", status=410), False),
        (TookTooLong(""), True),
        (Malformed(""), True),
        (RobotsUnknown(""), True),
        (NotPublic(""), False),
        (WrongKind(""), False),
    ],
)
def test_what_may_work_later_is_tried_again(error: FetchError, *, again: bool) -> None:
    assert may_work_later(error) is again


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("is empty", "It is empty."),
        ("holds no article text", "It holds no article text."),
        ("has 9 lines; at most 5 are read", "It has 9 lines; at most 5 are read."),
        ("the page is 3 MB large; at most 2 MB are read", "The page is 3 MB large; at most 2 MB are read."),
        ("reading this HTML broke off", "Reading this HTML broke off."),
        ("", ""),
    ],
)
def test_what_readers_say_becomes_a_sentence(said: str, sentence: str) -> None:
    assert sentence_of(Unreadable(said)) == sentence


def test_what_fetching_says_is_a_sentence_already() -> None:
    assert sentence_of(NotPublic("is said so")) == "is said so"


def test_only_direct_feeds_store_and_only_without_a_doubt() -> None:
    fine, doubtful = Readable(LONG, ""), Readable(LONG, "It has no title.")
    assert stage_in(FeedMode.DIRECT, fine) is Stage.STORED
    for mode, readable in ((FeedMode.REVIEW, fine), (FeedMode.REVIEW, doubtful), (FeedMode.DIRECT, doubtful)):
        assert stage_in(mode, readable) is Stage.REVIEW
