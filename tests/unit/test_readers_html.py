"""Pages become drafts with what they say of themselves; a bad page becomes a reason."""

from __future__ import annotations

import time
from datetime import date

import pytest

from corpus.errors import Unreadable
from corpus.model import Draft, Rejected, Source, SourceKind
from corpus.readers import DEFAULT_LIMITS, Limits, read_bytes
from corpus.readers.html import paragraphs, read_html
from corpus.readers.pageinfo import from_json_ld
from tests.fakes.pages import LOREM, html_page

SOURCE = Source(SourceKind.URL, "https://news.example/a")
ARTICLE = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebSite", "name": "Not this"},
        {
            "@type": ["NewsArticle"],
            "headline": "Court hears the company out",
            "author": [{"@type": "Person", "name": "Ann Bell"}, {"@id": "#carl"}, "https://x.example/eve"],
            "dateModified": "2021-03-05T08:00:00Z",
            "datePublished": "2021-03-01T10:00:00Z",
            "publisher": {"@id": "#daily"},
            "isAccessibleForFree": "False",
            "inLanguage": "en-GB",
            "mainEntityOfPage": {"@id": "https://news.example/a"},
        },
        {"@id": "#daily", "@type": "Organization", "name": "Daily Courier"},
        {"@id": "#carl", "name": "Carl Dorn"},
    ],
}


def draft_of(page: str | bytes) -> Draft:
    data = page.encode() if isinstance(page, str) else page
    (outcome,) = read_bytes(data, name="a.html", source=SOURCE)
    assert isinstance(outcome, Draft), outcome
    return outcome


def test_a_page_that_takes_too_long_is_given_up_and_all_of_it_ends_within_ten_seconds() -> None:
    limits = Limits(parse_seconds=1)
    began = time.monotonic()
    page = b"<html><body>" + b"<div>x</div>" * 160_000
    (outcome,) = read_bytes(page, name="a.html", source=SOURCE, limits=limits)
    passed = time.monotonic() - began
    assert isinstance(outcome, Rejected)
    assert outcome.reason == "reading this HTML took longer than 1 seconds and was stopped"
    assert passed - limits.parse_seconds + DEFAULT_LIMITS.parse_seconds < 9


def test_the_article_is_read_without_its_page() -> None:
    draft = draft_of(html_page())
    assert draft.text == "\n\n".join(LOREM)
    assert draft.title == "Court hears the company"
    assert draft.source == SOURCE


def test_json_ld_tells_the_particulars_and_the_first_day() -> None:
    draft = draft_of(html_page(json_ld=ARTICLE))
    assert draft.title == "Court hears the company out"
    assert draft.authors == ("Ann Bell", "Carl Dorn")
    assert draft.published == date(2021, 3, 1)
    assert (draft.publication, draft.url, draft.language) == ("Daily Courier", "https://news.example/a", "en")
    assert draft.partial


def test_meta_tags_tell_where_json_ld_does_not() -> None:
    head = (
        '<meta property="og:title" content="Court hears the company | Daily Courier">'
        '<meta property="og:site_name" content="Daily Courier"><meta name="author" content="By Ann Bell and Carl Dorn">'
        '<meta property="article:modified_time" content="2021-03-05"><link rel="canonical" href="https://news.example/b">'
        '<meta property="article:published_time" content="2021-03-01T10:00:00Z">'
    )
    draft = draft_of(html_page(head=head, language="en-US"))
    assert (draft.title, draft.publication) == ("Court hears the company", "Daily Courier")
    assert draft.authors == ("By Ann Bell and Carl Dorn".removeprefix("By "),) or draft.authors == (
        "Ann Bell",
        "Carl Dorn",
    )
    assert (draft.published, draft.url, draft.language) == (date(2021, 3, 1), "https://news.example/b", "en")
    assert not draft.partial


def test_microdata_tells_the_published_day_even_next_to_a_modified_one() -> None:
    extra = (
        '<meta itemprop="dateModified" content="2021-03-05"><meta itemprop="datePublished" content="2021-03-01">'
        '<span itemprop="author"><b itemprop="name">Ann Bell</b></span>'
    )
    draft = draft_of(html_page(extra=extra))
    assert (draft.published, draft.authors) == (date(2021, 3, 1), ("Ann Bell",))


def test_captions_and_furniture_are_left_out() -> None:
    extra = (
        "<figure><img src='a.png'><figcaption>The court at night. Ann Bell/Getty Images</figcaption></figure>"
        "<p>READ MORE: What the law says</p><p>Ann Bell | Agency Nord | Getty Images</p>"
    )
    assert draft_of(html_page(extra=extra)).text == "\n\n".join(LOREM)


def test_the_points_of_a_list_stay_together() -> None:
    assert paragraphs("One here.\n- a point\n- another\nTwo here.\n| a | b |\n|\n\n***") == (
        "One here.\n\n- a point\n- another\n\nTwo here.\n\na · b"
    )


def test_a_page_in_an_undeclared_old_encoding_is_read() -> None:
    page = html_page([*LOREM, "The café’s owner was not there."]).encode("cp1252")
    assert "The café’s owner was not there." in draft_of(page).text


def test_slips_of_a_page_are_left_out_not_held_against_it() -> None:
    bad = {"@type": "NewsArticle", "headline": "x" * 400, "datePublished": "soon", "url": "javascript:1", "author": 5}
    draft = draft_of(html_page(json_ld=bad))
    assert draft.published is None
    assert draft.url is None
    assert len(draft.title) <= 300


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<html><body></body></html>", "holds no article text"),
        ("<html>" + "x" * 2_000_000, "the page is 2 MB large; at most 2 MB are read"),
        ("<html><body>" + "<div>" * 100_000 + "A few words stand here.", "holds no"),
        ("<html><script type='application/ld+json'>" + "[" * 500_000, "holds no article text"),
        ("<html><table>" + "<tr><td>" * 20_000, ""),
        ("<html><ul>" + "<li><ul>" * 100_000 + "Words here.", ""),
        ("<html><p>" + "<" * 500_000, "holds no"),
    ],
    ids=["empty", "large", "deep", "json", "cells", "lists", "brackets"],
)
def test_a_hostile_page_is_rejected_with_a_reason(page: str, words: str) -> None:
    (outcome,) = read_bytes(page.encode(), name="a.html", source=SOURCE)
    assert isinstance(outcome, Rejected)
    assert words in outcome.reason
    assert outcome.reason


def test_a_page_without_an_article_but_with_its_text_in_json_ld_is_read() -> None:
    linked = {"@type": "Article", "headline": "Court hears", "articleBody": "\n\n".join(LOREM)}
    assert draft_of(html_page([], json_ld=linked)).text.endswith(LOREM[-1])


def test_a_page_of_nothing_has_no_article() -> None:
    with pytest.raises(Unreadable):
        read_html(b"<html><body><script>1</script></body></html>")


@pytest.mark.parametrize("script", ["", "{", "5", "[]", '{"@type": "Person"}', '{"@graph": 5}', "[" * 100_000])
def test_json_ld_without_an_article_tells_nothing(script: str) -> None:
    found = from_json_ld([script])
    assert (found.title, found.text, found.authors) == (None, "", ())


def test_json_ld_is_read_through_comments_and_line_breaks_in_texts() -> None:
    found = from_json_ld(['<!-- {"@type": "Article", "headline": "Two\nlines", "author": {"name": ["A B", "C"]}} -->'])
    assert (found.title, found.authors) == ("Two\nlines", ("A B", "C"))
