"""What sites allow (RFC 9309), and the turns that requests take."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import pairwise

import pytest

from corpus.fetch import DEFAULT_FETCH_LIMITS, Expect, Fetched, Fetcher, RobotsForbid, RobotsUnknown
from corpus.fetch.robots import KnownRules, read_rules
from corpus.fetch.turns import Turns
from tests.fakes.hostile import Hostile, page, says
from tests.fakes.pages import html_page
from tests.fakes.web import Web

PAGE = html_page()
FEED = "<rss></rss>"


class Hours:
    """A clock that moves only while somebody sleeps by it, or when told to."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.naps: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.naps.append(round(seconds, 3))
            self.now += seconds
        await asyncio.sleep(0)


RULES: list[tuple[str, str, bool]] = [
    ("", "/a", True),
    ("User-agent: *\nDisallow: /", "/a", False),
    ("User-agent: *\nDisallow:", "/a", True),
    ("User-agent: *\nDisallow: /private", "/a", True),
    ("User-agent: *\nDisallow: /private", "/private/a", False),
    ("User-agent: *\nDisallow: /private", "/x/../private/a", False),
    ("User-agent: *\nDisallow: /private", "/%70rivate/a", False),
    ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/a", True),
    ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?b", True),
    ("User-agent: *\nDisallow: /*/print/", "/news/print/a", False),
    ("User-agent: *\nDisallow: /*?s=", "/news?s=a", False),
    ("User-agent: Amicus\nDisallow: /", "/a", False),
    ("User-agent: AMICUS\nDisallow: /", "/a", False),
    ("User-agent: amicus/2.0\nDisallow: /", "/a", False),
    ("User-agent: amicus # us\nDisallow: /", "/a", False),
    ("User-agent: Amicus\nAllow: /\n\nUser-agent: *\nDisallow: /", "/a", True),
    ("User-agent: *\nDisallow: /\n\nUser-agent: Amicus\nDisallow: /private", "/a", True),
    ("User-agent: Other\nDisallow: /", "/a", True),
    ("User-agent: Ami\nDisallow: /", "/a", True),
    ("User-agent: Amicuscuriae\nDisallow: /", "/a", True),
    ("User-agent: somebody-else\nDisallow: /", "/a", True),
    ("User-agent: Other\nUser-agent: Amicus\nDisallow: /", "/a", False),
    ("\ufeffUser-agent: *\r\nDisallow: /", "/a", False),
    ("<html><body>Not found</body></html>", "/a", True),
    ("Disallow: /", "/a", True),
]


@pytest.mark.parametrize(("text", "path", "allowed"), RULES)
async def test_a_page_is_fetched_where_the_rules_allow_it(text: str, path: str, allowed: bool) -> None:  # noqa: FBT001 - a column of the table
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.robots(text)
        for known in ("/a", "/private/a", "/news/a", "/a.pdf", "/news/print/a", "/news"):
            web.page(known, PAGE)
        if allowed:
            assert isinstance(await fetcher.fetch(web.url(path)), Fetched)
        else:
            with pytest.raises(RobotsForbid, match=r"^127\.0\.0\.1 asks programs not to read this page"):
                await fetcher.fetch(web.url(path))
            assert [seen.path for seen in web.requests] == ["/robots.txt"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429])
async def test_a_site_without_rules_allows_everything(status: int) -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.robots("User-agent: *\nDisallow: /", status)
        web.page("/a", PAGE)
        assert isinstance(await fetcher.fetch(web.url("/a")), Fetched)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_site_whose_rules_can_not_be_read_just_now_is_left_alone_and_asked_again_later(status: int) -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.robots("", status)
        web.page("/a", PAGE)
        with pytest.raises(RobotsUnknown, match=r"robots\.txt of 127\.0\.0\.1 can't be read at the moment"):
            await fetcher.fetch(web.url("/a"))
        assert web.asked("/a") == 0
        web.robots("")
        assert isinstance(await fetcher.fetch(web.url("/a")), Fetched)


async def test_rules_that_break_off_are_not_half_believed() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.raw("/robots.txt", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nUser-agent: *\n")
        with pytest.raises(RobotsUnknown):
            await fetcher.fetch(web.url("/a"))


async def test_rules_are_read_where_the_site_sends_on_to() -> None:
    async with Web() as web, Web() as other, Fetcher([web.host, other.host]) as fetcher:
        web.page("/a", PAGE)
        web.redirect("/robots.txt", other.url("/rules"), 301)
        other.page("/rules", "User-agent: *\nDisallow: /a", media_type="text/plain")
        with pytest.raises(RobotsForbid):
            await fetcher.fetch(web.url("/a"))


async def test_rules_that_are_sent_round_in_a_circle_are_none() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.page("/a", PAGE)
        web.redirect("/robots.txt", "/robots.txt")
        assert isinstance(await fetcher.fetch(web.url("/a")), Fetched)


async def test_the_rules_of_the_site_that_a_link_is_sent_on_to_count_too() -> None:
    async with Web() as web, Web() as other, Fetcher([web.host, other.host]) as fetcher:
        web.redirect("/a", other.url("/b"))
        other.robots("User-agent: *\nDisallow: /b")
        with pytest.raises(RobotsForbid, match="sends on"):
            await fetcher.fetch(web.url("/a"))
        assert other.asked("/b") == 0


async def test_rules_are_kept_for_an_hour() -> None:
    clock = Hours()
    async with Web() as web, Fetcher([web.host], clock=clock) as fetcher:
        web.page("/a", PAGE)
        await fetcher.fetch(web.url("/a"))
        web.robots("User-agent: *\nDisallow: /")
        clock.now += 3_599
        await fetcher.fetch(web.url("/a"))
        clock.now += 1
        with pytest.raises(RobotsForbid):
            await fetcher.fetch(web.url("/a"))
        assert web.asked("/robots.txt") == 2


async def test_where_a_person_reads_no_rules_are_asked_for() -> None:
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.robots("User-agent: *\nDisallow: /")
        web.page("/a", PAGE)
        assert isinstance(await fetcher.fetch(web.url("/a"), robots=False), Fetched)
        assert web.asked("/robots.txt") == 0


async def test_of_endless_rules_the_beginning_counts() -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"# more\n" * 200_000 + b"Disallow: /b\n"
    async with Web() as web, Fetcher([web.host]) as fetcher:
        web.page("/robots.txt", rules, media_type="text/plain", packed=True)
        web.page("/b", PAGE)
        with pytest.raises(RobotsForbid):
            await fetcher.fetch(web.url("/a"))
        assert isinstance(await fetcher.fetch(web.url("/b")), Fetched)


async def test_a_site_that_is_gone_is_told_as_itself_and_not_as_its_rules() -> None:
    async with Hostile(says(page(b""))) as site:
        gone = site.host
    async with Fetcher([gone]) as fetcher:
        with pytest.raises(Exception, match="There is no connection to"):
            await fetcher.fetch(f"http://{gone}/a")


def test_a_robots_txt_of_many_agents_and_many_rules_is_read_once_for_each_rule() -> None:
    many = "".join(f"User-agent: bot{n}\n" for n in range(12_000)) + "Disallow: /private/a/b\n" * 12_000
    rules = read_rules(many.encode())
    assert rules.allows("http://a.example/private/a/b")
    kept = sum(len(agent._rules) for agent in rules.parsed._user_agents.values())
    assert kept <= 3 * 12_000


@pytest.mark.parametrize(
    ("text", "delay"), [("5", 5.0), ("0.5", 0.5), ("-1", 0.0), ("nan", 0.0), ("inf", 0.0), ("x", 0)]
)
def test_the_pause_that_a_site_asks_programs_for_is_read(text: str, delay: float) -> None:
    assert read_rules(f"User-agent: *\nCrawl-delay: {text}".encode()).delay_seconds == delay


def test_only_so_many_rules_are_remembered() -> None:
    limits = replace(DEFAULT_FETCH_LIMITS, robots_origins=3, robots_kept_chars=1_000)
    known = KnownRules(limits, Hours())
    for number in range(5):
        known.keep(f"http://{number}.example", read_rules(b"User-agent: *\n"))
    assert [known.of(f"http://{number}.example") is not None for number in range(5)] == [False, False, True, True, True]
    known.keep("http://large.example", read_rules(b"#" * 990))
    assert known.of("http://4.example") is None
    assert known.of("http://large.example") is not None


# Turns


async def test_polling_pauses_between_two_requests_to_one_host_and_single_fetches_do_not() -> None:
    clock = Hours()
    async with Web() as web, Fetcher([web.host], clock=clock, sleep=clock.sleep) as fetcher:
        web.feed("/feed", FEED)
        web.page("/a", PAGE)
        await fetcher.fetch(web.url("/a"))
        await fetcher.fetch(web.url("/a"))
        assert clock.naps == []
        await fetcher.fetch(web.url("/feed"), expect=Expect.FEED, polling=True)
        await fetcher.fetch(web.url("/feed"), expect=Expect.FEED, polling=True)
        assert clock.naps == [1.0, 1.0]


@pytest.mark.parametrize(("asked_for", "kept"), [("5", 5.0), ("0.2", 1.0), ("86400", 30.0)])
async def test_polling_keeps_the_pause_that_the_site_asks_for_within_bounds(asked_for: str, kept: float) -> None:
    clock = Hours()
    async with Web() as web, Fetcher([web.host], clock=clock, sleep=clock.sleep) as fetcher:
        web.robots(f"User-agent: *\nCrawl-delay: {asked_for}")
        web.feed("/feed", FEED)
        for _ in range(3):
            await fetcher.fetch(web.url("/feed"), expect=Expect.FEED, polling=True)
        assert clock.naps == [kept] * 3


async def test_one_host_is_asked_one_request_at_a_time_and_all_of_them_a_few() -> None:
    turns = Turns(3, Hours())
    under_way: list[str] = []
    most = {"all": 0, "one": 0}

    async def ask(host: str) -> None:
        async with turns.turn(host):
            under_way.append(host)
            most["all"] = max(most["all"], len(under_way))
            most["one"] = max(most["one"], under_way.count(host))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            under_way.remove(host)

    await asyncio.gather(*(ask(f"{number % 5}.example") for number in range(40)))
    assert most == {"all": 3, "one": 1}
    assert not turns._waiting


async def test_two_that_poll_one_host_pause_for_each_other_and_nobody_else_waits_for_them() -> None:
    clock = Hours()
    turns = Turns(8, clock, clock.sleep)
    at: list[float] = []

    async def poll() -> None:
        async with turns.turn("a.example", 10):
            at.append(clock.now)

    async with turns.turn("a.example"):
        pass
    await asyncio.gather(poll(), poll(), poll())
    assert all(later - sooner >= 10 for sooner, later in pairwise(at))
    assert at[0] >= 1_010


async def test_a_turn_that_is_given_up_is_free_for_the_next() -> None:
    turns = Turns(1, Hours())
    async with turns.turn("a.example"):
        waiting = asyncio.create_task(turns.turn("a.example").__aenter__())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
    async with asyncio.timeout(30), turns.turn("a.example"):
        assert list(turns._waiting) == ["a.example"]
    assert not turns._waiting
