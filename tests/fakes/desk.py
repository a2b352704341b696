"""What the desk and its callers meet: a web of pages in memory, people with a guild, texts that are alike as wanted.

A web is written as text; a link at the margin begins a page, indented lines are its paragraphs, `-> LINK` sends on:

    https://example.com/a
        Judge denies motion
        The judge denied the motion on Thursday.
    https://example.com/b -> https://example.com/a
"""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import dedent

from corpus.collection import Collection
from corpus.desk import Giver
from corpus.drafts import DraftOrigin, Place
from corpus.errors import Unreadable
from corpus.fetch.values import Fetched, NotModified

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
GUILD = Place.of(Collection(7))
OTHER = Place.of(Collection(8))
LIBRARIAN = Place.of(Collection())
ANN = Giver("discord:1")
BOB = Giver("discord:2")
MEMBER = Giver("discord:3", DraftOrigin.SUGGESTION, tell=True)
FEED = Giver("feed:1", DraftOrigin.FEED)


class Web:
    """Pages by their links; remembers what was asked for."""

    def __init__(self, notation: str = "") -> None:
        self.asked: list[str] = []
        self._pages: dict[str, list[str]] = {}
        self._sent_on: dict[str, str] = {}
        page: list[str] = []
        for line in dedent(notation).splitlines():
            if not line[:1].strip():
                page.append(line.strip())
                continue
            link, _, on = line.partition(" -> ")
            page = self._pages.setdefault(link, [])
            if on:
                self._sent_on[link] = on

    async def fetch(self, url: str) -> Fetched | NotModified:
        """The page; Unreadable where there is none."""
        self.asked.append(url)
        final = self._sent_on.get(url, url)
        if final not in self._pages:
            raise Unreadable(f"There is nothing at {url}.")
        return Fetched(final, "\n\n".join(line for line in self._pages[final] if line).encode(), "text/plain")


def story(*numbers: int) -> str:
    """A text with a sentence of its own for each number: texts are alike as far as their numbers are."""
    return " ".join(
        f"In hall {number} judge number {number} heard the {number} lawyers of company {number} for {number} hours."
        for number in numbers
    )
