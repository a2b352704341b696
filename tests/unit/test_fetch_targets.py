"""Links as people write them, and what is asked for then."""

from __future__ import annotations

import pytest

from corpus.fetch import BadLink
from corpus.fetch.addresses import is_public, read_address
from corpus.fetch.targets import follow, read_host_ports, read_target

LINKS = [
    ("http://news.example", "http://news.example/"),
    ("HTTPS://News.Example/A", "https://news.example/A"),
    ("https://news.example:443/a", "https://news.example/a"),
    ("http://news.example:443/a", "http://news.example:443/a"),
    ("http://news.example:8080/a", "http://news.example:8080/a"),
    ("http://news.example:/a", "http://news.example/a"),
    ("http://news.example./a", "http://news.example/a"),
    ("http://news.example?a=b", "http://news.example/?a=b"),
    ("http://news.example/a?", "http://news.example/a"),
    ("http://news.example/a#b?c", "http://news.example/a"),
    ("\n http://news.example/a \t", "http://news.example/a"),
    ("http://my_site.news.example/", "http://my_site.news.example/"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://bu\u0308cher.example/", "https://xn--bcher-kva.example/"),
    ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
    ("https://faß.example/", "https://xn--fa-hia.example/"),
    ("https://例え.example/記事", "https://xn--r8jz45g.example/%E8%A8%98%E4%BA%8B"),
    ("https://news.example/می\u200cخواهم", "https://news.example/%D9%85%DB%8C%E2%80%8C%D8%AE%D9%88%D8%A7%D9%87%D9%85"),
    ("http://news.example/a%2fb%zz%", "http://news.example/a%2fb%25zz%25"),
    ("http://news.example/a/./b/../c/%2e%2E/d", "http://news.example/a/d"),
    ("http://news.example/../../a", "http://news.example/a"),
    ("http://news.example/a/..", "http://news.example/"),
    ("http://news.example//a//b", "http://news.example//a//b"),
    ('http://news.example/"<a>"?q={b}|c', "http://news.example/%22%3Ca%3E%22?q=%7Bb%7D%7Cc"),
    ("http://8.8.8.8/a", "http://8.8.8.8/a"),
    ("http://[2a00:1450:4001::200E]:8080/a", "http://[2a00:1450:4001::200e]:8080/a"),
    ("http://[64:ff9b::8.8.8.8]/", "http://[64:ff9b::808:808]/"),
]


@pytest.mark.parametrize(("link", "asked"), LINKS)
def test_a_link_is_asked_for_in_its_plain_form(link: str, asked: str) -> None:
    assert read_target(link).url == asked


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        ("/b", "https://news.example/b"),
        ("b?c", "https://news.example/a/b?c"),
        ("?c", "https://news.example/a/x?c"),
        ("../b#d", "https://news.example/b"),
        ("//other.example/b", "https://other.example/b"),
        ("http://other.example:8080", "http://other.example:8080/"),
    ],
)
def test_a_place_to_send_on_to_is_read_from_where_it_stands(location: str, asked: str) -> None:
    assert follow(read_target("https://news.example/a/x"), location).url == asked


def test_a_place_to_send_on_to_that_names_none_is_no_link() -> None:
    with pytest.raises(BadLink):
        follow(read_target("https://news.example/a/x"), " ")


@pytest.mark.parametrize(
    "address",
    [
        *("8.8.8.8", "1.1.1.1", "93.184.215.14", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1"),
        *("2a00:1450:4001::200e", "2606:4700::1111", "2001:4860:4860::8888", "64:ff9b::808:808"),
    ],
)
def test_a_public_address_is_public(address: str) -> None:
    read = read_address(address)
    assert read is not None
    assert is_public(read)


def test_allowed_hosts_are_read_as_links_are() -> None:
    entries = ["Intranet.Example.:8080", "[0::1]:80", "127.0.0.1:22", "bücher.example:443"]
    hosts = {("intranet.example", 8080), ("::1", 80), ("127.0.0.1", 22), ("xn--bcher-kva.example", 443)}
    assert read_host_ports(entries) == hosts
    assert read_target("http://127.0.0.1:22/", frozenset(hosts)).port == 22
