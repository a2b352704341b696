"""Feeds become items with links that can be fetched; what is no feed becomes a reason, whatever it does to a parser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from corpus.errors import Unreadable
from corpus.readers import Limits, Worker, open_worker
from corpus.readers.feed import read_feed
from corpus.readers.feedfound import FeedFound, as_message, of_message
from corpus.readers.limits import DEFAULT_LIMITS
from tests.fakes.feeds import atom, entry, item, rss

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "https://news.example/feeds/law.xml"


def found_in(data: bytes, limits: Limits = DEFAULT_LIMITS) -> FeedFound:
    return read_feed(data, URL, limits)


def title_of(given: str) -> str:
    return found_in(rss(item(title=given, link="/a"))).items[0].title


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with open_worker() as one:
        yield one


def test_an_item_of_rss_has_its_guid_link_title_and_time() -> None:
    found = found_in(
        rss(
            item(title="A ruling", link="https://news.example/a", guid="id-1", date="Mon, 01 Mar 2021 23:30:00 -0500"),
            title="The Daily Courier",
        )
    )
    assert found.title == "The Daily Courier"
    (one,) = found.items
    assert (one.identity, one.link, one.title) == ("id-1", "https://news.example/a", "A ruling")
    assert one.published == datetime(2021, 3, 2, 4, 30, tzinfo=UTC)


def test_an_entry_of_atom_has_its_id_link_title_and_time() -> None:
    found = found_in(
        atom(entry(title="A ruling", link="b/c", number="urn:1", published="2021-03-01T10:00:00Z"), title="Courier")
    )
    (one,) = found.items
    assert (found.title, one.identity, one.link) == ("Courier", "urn:1", "https://news.example/feeds/b/c")
    assert one.published == datetime(2021, 3, 1, 10, tzinfo=UTC)


def test_rdf_feeds_are_read() -> None:
    data = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b"<channel><title>R</title></channel><item rdf:about='https://news.example/1'><title>a</title>"
        b"<link>https://news.example/1</link></item></rdf:RDF>"
    )
    assert [one.link for one in found_in(data).items] == ["https://news.example/1"]


def test_a_feed_without_items_is_a_feed() -> None:
    assert found_in(rss(title="Empty")) == FeedFound("Empty")


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("/2021/a", "https://news.example/2021/a"),
        ("a?b=1&amp;c=2", "https://news.example/feeds/a?b=1&c=2"),
        ("//other.example/a", "https://other.example/a"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("ftp://news.example/a", None),
        ("http://", None),
        ("http://[::1", None),
        ("https://news.example/a b", None),
        ("https://news.example/" + "x" * 3_000, None),
        ("", None),
    ],
)
def test_links_are_whole_addresses_of_the_web_or_none(given: str, link: str | None) -> None:
    assert found_in(rss(item(title="A", link=given, guid="1"))).items[0].link == link


def test_without_a_link_a_guid_that_is_an_address_is_the_link() -> None:
    (one,) = found_in(rss(item(title="A", guid="https://news.example/p"))).items
    assert (one.identity, one.link) == ("https://news.example/p", "https://news.example/p")


def test_a_guid_that_is_no_address_is_not_made_one() -> None:
    (one,) = found_in(rss(item(title="A", guid="id-1"))).items
    assert (one.identity, one.link) == ("id-1", None)


def test_without_a_guid_the_link_tells_items_apart() -> None:
    (one,) = found_in(rss(item(title="A", link="/a"))).items
    assert one.identity == "https://news.example/a"


def test_an_item_with_a_title_alone_is_kept_without_a_link_and_one_with_nothing_is_left_out() -> None:
    found = found_in(rss(item(title="Only a title"), item(), "<item><description>words</description></item>"))
    assert [(one.identity, one.link) for one in found.items] == [("title:Only a title", None)]


def test_of_items_with_the_same_guid_the_first_counts() -> None:
    found = found_in(rss(item(title="New", link="/b", guid="1"), item(title="Old", link="/a", guid="1")))
    assert [one.title for one in found.items] == ["New"]


def test_an_endless_guid_is_shortened_and_still_tells_items_apart() -> None:
    found = found_in(rss(*(item(title="A", link="/a", guid="x" * 5_000 + end) for end in "yz")))
    assert len({one.identity for one in found.items}) == 2
    assert all(len(one.identity) <= 100 for one in found.items)


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("A <b>ruling</b>", "A ruling"),
        ("A &lt;i&gt;ruling&lt;/i&gt;", "A ruling"),
        ("A &amp;lt;i&amp;gt;ruling&amp;lt;/i&amp;gt;", "A ruling"),
        ("AT&amp;amp;T", "AT&T"),
        ("<![CDATA[Fish & <em>chips</em>]]>", "Fish & chips"),
        ("1 &lt; 2 and 3 &gt; 2", "1 < 2 and 3 > 2"),
        ("two\n   lines\u2028three", "two lines three"),
        ("in\u202evisible\u200b", "invisible"),
        ("<script>x</script>", "x"),
        ("", ""),
    ],
)
def test_titles_are_words_on_one_line(given: str, title: str) -> None:
    assert title_of(given) == title


def test_titles_are_cut_at_the_limit() -> None:
    assert title_of("a" * 50_000) == "a" * DEFAULT_LIMITS.title_chars


@pytest.mark.parametrize("date", ["", "soon", "32 Foo 99999", "0000-00-00", "1601-01-01T00:00:00Z", "9" * 400])
def test_a_date_that_is_none_is_left_out(date: str) -> None:
    assert found_in(rss(item(title="A", link="/a", date=date))).items[0].published is None


def test_a_date_to_come_is_kept_as_it_is_given() -> None:
    (one,) = found_in(rss(item(title="A", link="/a", date="Fri, 01 Mar 2099 10:00:00 GMT"))).items
    assert one.published == datetime(2099, 3, 1, 10, tzinfo=UTC)


def test_dated_items_are_newest_first_and_only_so_many() -> None:
    dated = [item(title=f"{n}", link=f"/{n}", date=f"2021-03-{n:02}T10:00:00Z") for n in range(1, 10)]
    found = found_in(rss(*dated), Limits(feed_items=3))
    assert [one.title for one in found.items] == ["9", "8", "7"]


def test_items_that_are_not_all_dated_keep_their_order() -> None:
    found = found_in(rss(item(title="A", link="/a"), item(title="B", link="/b", date="2021-03-01T10:00:00Z")))
    assert [one.title for one in found.items] == ["A", "B"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" ", "is empty"),
        (b"hello world", "is no feed; RSS and Atom are read"),
        (b'<?xml version="1.0"?><urlset><url/></urlset>', "is no feed; RSS and Atom are read"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is no feed; RSS and Atom are read"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "is JSON, no feed; RSS and Atom are read"),
        (b"<!doctype html><html><head><title>x</title></head></html>", "is a page, not a feed, and it names none"),
        (b"<html xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id></entry></html>", "is a page, not a feed, and"),
    ],
)
def test_what_is_no_feed_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=f"^{reason}"):
        found_in(data)


def test_a_page_tells_which_feeds_it_names() -> None:
    page = (
        '<!doctype html><html><head><link rel="stylesheet" href="a.css">'
        '<link rel="alternate" type="application/rss+xml" href="/feed?a=1&amp;b=2">'
        '<LINK REL="home alternate" TYPE="application/atom+xml; charset=utf-8" HREF="https://other.example/atom">'
        '<link rel="alternate" type="application/rss+xml" href="/feed?a=1&amp;b=2">'
        '<link rel="alternate" type="application/rss+xml" href="javascript:1">'
        '<link rel="alternate" type="application/rss+xml">'
        '<link rel="alternate" hreflang="de" href="/de"></head></html>'
    )
    named = ("https://news.example/feed?a=1&b=2", "https://other.example/atom")
    assert found_in(page.encode()) == FeedFound(named=named)


def test_the_path_of_a_local_file_is_not_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss(item(title="secret", link="/a")))
    with pytest.raises(Unreadable, match="is no feed"):
        found_in(str(secret).encode())


def test_an_address_is_not_fetched() -> None:
    with pytest.raises(Unreadable, match="is no feed"):
        found_in(b"http://127.0.0.1:9/feed.xml")


@pytest.mark.parametrize("system", ["file:///etc/passwd", "http://127.0.0.1:9/x"])
def test_entities_of_other_files_stay_empty(system: str) -> None:
    declared = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{system}"><!ENTITY % y SYSTEM "{system}"> %y;]>'
    data = rss(item(title="a&x;b", link="/a")).decode().replace("?>", f"?>{declared}", 1)
    (one,) = found_in(data.encode()).items
    assert "root" not in one.title


def test_an_encoding_that_is_not_the_declared_one_is_read_all_the_same() -> None:
    data = rss(item(title="Café", link="/a")).decode()
    assert found_in(data.encode("cp1252")).items[0].title == "Café"
    assert found_in(data.encode("utf-16")).items[0].title == "Café"
    declared = data.replace("?>", ' encoding="no-such-thing"?>', 1)
    assert found_in(declared.encode()).items[0].title == "Café"


def test_a_feed_that_breaks_off_gives_the_items_before() -> None:
    data = rss(*(item(title=f"{n}", link=f"/{n}") for n in range(5)))
    assert [one.title for one in found_in(data[:-70]).items][:4] == ["0", "1", "2", "3"]


def test_a_feed_comes_through_the_child_as_it_was_read(worker: Worker) -> None:
    data = rss(
        item(title="Ann’s \U0001f600", link="/a", guid="1", date="2021-03-01T10:00:00Z"), item(title="B"), title="C"
    )
    found = worker.parse_feed(data, URL)
    assert found == found_in(data)
    assert of_message(as_message(found)) == found


def test_a_page_comes_through_the_child_with_its_feeds(worker: Worker) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/f"></head></html>'
    assert worker.parse_feed(page, URL).named == ("https://news.example/f",)


def test_a_feed_that_is_too_large_is_not_even_parsed(worker: Worker) -> None:
    with pytest.raises(Unreadable, match=r"^the feed is 10 MB large; at most 5 MB are read$"):
        worker.parse_feed(b" " * 10_000_000, URL)


def test_a_feed_of_too_many_items_ends_with_its_reason_and_the_next_is_read() -> None:
    data = rss(*(item(title=f"{n}", link=f"/{n}") for n in range(20_000)))
    with open_worker(Limits(parse_seconds=0.5)) as hurried, pytest.raises(Unreadable) as refused:
        hurried.parse_feed(data, URL)
    assert str(refused.value) == "reading this feed took longer than 0.5 seconds and was stopped"
    with open_worker() as another:
        assert another.parse_feed(rss(title="Next"), URL).title == "Next"


def test_a_billion_laughs_and_deep_nesting_end_within_the_limits(worker: Worker) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{entities}]>'
    for data in (
        f'{laughs}<rss version="2.0"><channel><item><title>&l9;</title><link>/a</link></item></channel></rss>',
        '<rss version="2.0"><channel>' + "<item>" * 100_000,
        '<rss version="2.0"><channel><item><title>' + "<a>" * 100_000,
        '<rss version="2.0"><channel><item><title>' + "&lt;" * 100_000,
        "<rss" + " a='" * 100_000,
    ):
        try:
            found = worker.parse_feed(data.encode(), URL)
        except Unreadable:
            continue
        assert all(len(one.title) <= DEFAULT_LIMITS.title_chars for one in found.items)


def test_an_answer_of_another_form_is_no_feed() -> None:
    for answer in ({}, {"title": 1, "items": [], "named": []}, {"title": "", "items": [1], "named": []}):
        with pytest.raises(Unreadable):
            of_message(answer)
