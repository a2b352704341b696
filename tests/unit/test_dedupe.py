"""Two articles are compared by their words, two links by the page they name."""

from __future__ import annotations

import pytest

from corpus.dedupe import canonical_url, containment, digest, shingles

TEXT = "The judge ruled on Monday that the company may keep the servers offline for now."


def test_a_text_has_one_run_for_each_five_neighbouring_words() -> None:
    assert len(shingles("one two three four five six seven")) == 3


def test_a_short_text_is_one_run_and_an_empty_one_has_none() -> None:
    assert len(shingles("one two")) == 1
    assert shingles(" … ") == frozenset()


def test_runs_are_the_same_in_every_process_and_fit_a_signed_column() -> None:
    assert shingles("a judge ruled on monday") == {shingles_number := next(iter(shingles("A JUDGE, ruled on Monday!")))}
    assert 0 <= shingles_number < 2**63


def test_containment_is_the_share_of_the_first_in_the_second() -> None:
    longer = TEXT + " A spokesman did not want to comment on the ruling, which came late in the day."
    assert containment(shingles(TEXT), shingles(longer)) == 1.0
    assert 0.3 < containment(shingles(longer), shingles(TEXT)) < 0.6
    assert containment(frozenset(), shingles(TEXT)) == 0.0


def test_other_words_share_nothing() -> None:
    assert containment(shingles(TEXT), shingles("Nothing of this was ever said by anybody in that room.")) == 0.0


def test_the_digest_sees_words_and_order_only() -> None:
    assert digest("“Parler’s” app —  gone!") == digest('"PARLER\'S" app\n\ngone')
    assert digest("app gone") != digest("gone app")
    assert len(digest("")) == 64


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.News.example/a/", "https://news.example/a"),
        ("https://news.example/a?utm_source=x&fbclid=1#top", "https://news.example/a"),
        ("https://news.example:443/a//b", "https://news.example/a/b"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?a=1&b=2"),
        ("https://news.example/a/index.html", "https://news.example/a"),
        ("https://news.example/a/amp", "https://news.example/a"),
        (" https://news.example ", "https://news.example/"),
    ],
)
def test_links_to_one_page_are_equal(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/a", "https://news.example/b"),
        ("https://news.example/a?id=1", "https://news.example/a?id=2"),
        ("https://news.example:8443/a", "https://news.example/a"),
        ("https://news.example/A", "https://news.example/a"),
    ],
)
def test_links_to_two_pages_differ(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("url", ["not a link", "mailto:a@b.example", "https://[broken", "https://x:99999999/", ""])
def test_what_is_no_link_comes_back(url: str) -> None:
    assert canonical_url(url) == url


@pytest.mark.parametrize(
    "url", ["https://[::1]:8080/a?b=ü&c=%20#d", "http://www.www.x.example/amp/amp", "https://x.example/?="]
)
def test_a_second_time_changes_nothing(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)
