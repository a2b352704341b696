"""Articles at the terminal: `articles list`, `show`, `remove`, `restore`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from bot.signs import one_line, visible
from bot.terminal import as_json as objects
from bot.terminal import desk_objects
from bot.terminal.face import EMPTY, Block, block
from bot.terminal.session import Exit
from bot.terminal.table import table, total_of
from bot.terminal.working import alone, helped, option_of, with_corpus
from bot.wording import age, day, human_join

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.app import Corpus
    from bot.terminal.session import Session
    from corpus.model import Article, ArticleSummary


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which articles are to be listed."""

    collection: str
    text: str | None
    publication: str | None
    removed: bool
    limit: int
    offset: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """One article, in one of its states."""

    collection: str
    key: str
    revision: int | None = None


def list_(session: Session, wanted: Wanted, *, as_json: bool) -> Exit:
    """The articles were listed, newest first, and how many there are in all."""
    place = alone(wanted.collection)
    text, publication, removed = wanted.text, wanted.publication, wanted.removed

    async def found(corpus: Corpus) -> tuple[list[ArticleSummary], int]:
        page = await corpus.desk.articles(
            place, text=text, publication=publication, removed=removed, limit=wanted.limit, offset=wanted.offset
        )
        return page, await corpus.desk.count(place, text=text, publication=publication, removed=removed)

    page, total = with_corpus(session, found)
    if as_json:
        for article in page:
            session.face.json(objects.of_summary(article))
    elif page:
        session.face.show(table(("KEY", "DATE", "PUBLICATION", "TITLE"), [_cells(article) for article in page]))
    session.face.tell(_total(wanted, len(page), total))
    return Exit.DONE


def _total(wanted: Wanted, shown: int, total: int) -> Block:
    kind = "removed article" if wanted.removed else "article"
    if not total:
        narrowed = wanted.text or wanted.publication
        return block(f"No {kind} matches." if narrowed else f"There are no {kind}s in {wanted.collection}.")
    return total_of(kind, shown=shown, offset=wanted.offset, total=total)


def _cells(article: ArticleSummary) -> tuple[str, str, str, str]:
    title = article.title + (f"  [{article.removed}]" if article.removed else "")
    published = article.published.isoformat() if article.published else "-"
    return article.key, published, article.publication or "-", title.strip()


def show(session: Session, chosen: Chosen, *, raw: bool, as_json: bool) -> Exit:
    """One article was written: as it is read, as an object, or the text it was made from."""
    place = alone(chosen.collection)

    async def found(corpus: Corpus) -> tuple[Article, str]:
        looked_up = corpus.desk.show(place, chosen.key, revision=chosen.revision)
        article = await helped(corpus.desk, place, chosen.key, looked_up)
        return article, await corpus.store.raw_text(article.id, article.revision) if raw else ""

    article, raw_text = with_corpus(session, found)
    if as_json:
        session.face.json(objects.of_article(article) | ({"raw_text": raw_text} if raw else {}))
    elif raw:
        session.face.raw(visible(raw_text) if session.face.on_terminal else raw_text)
    else:
        session.face.show(_page(article, session.now().date()))
    return Exit.DONE


def _page(article: Article, today: date) -> Iterator[Block]:
    yield block(one_line(article.title), "bold")
    yield from particulars(_head(article, today))
    yield EMPTY
    yield block(visible(article.text))


def particulars(named: Iterator[tuple[str, str]]) -> Iterator[Block]:
    """A line for each that has a value."""
    for name, value in named:
        if value:
            yield Block(Text().append(f"{name}: ", "dim").append(one_line(value)))


def _head(article: Article, today: date) -> Iterator[tuple[str, str]]:
    yield "Publication", article.publication or ""
    yield "Published", f"{day(article.published)} ({age(article.published, today)})" if article.published else ""
    yield "By", human_join(article.authors)
    yield "Link", article.url or ""
    yield "Key", f"{article.key} in {article.collection}, revision {article.revision}"
    yield "Language", article.language if article.language != "en" else ""
    yield "Note", "an excerpt: the page was not free to read in full" if article.partial else ""
    yield "Added", f"{article.added_at:%Y-%m-%d} by {article.added_by}" if article.added_at else ""
    yield "Removed", str(article.removed) if article.removed else ""


def remove(session: Session, chosen: Chosen, *, why: str, as_json: bool) -> Exit:
    """The article is in no answer any more."""
    place = alone(chosen.collection)

    async def removed(corpus: Corpus) -> Article:
        act = corpus.desk.remove(place, chosen.key, by=session.who, now=session.now(), why=why)
        return await helped(corpus.desk, place, chosen.key, act)

    article = with_corpus(session, removed)
    if as_json:
        session.face.json(desk_objects.of_act("removed", article))
    back = f"amicus restore {article.key}{option_of(place.own)}"
    session.face.tell(block(f"Removed: {one_line(article.title)}", "green"), block(f"{one_line(back)} brings it back."))
    return Exit.DONE


def restore(session: Session, chosen: Chosen, *, as_json: bool) -> Exit:
    """The removed article is back as it was."""
    place = alone(chosen.collection)

    async def restored(corpus: Corpus) -> Article:
        act = corpus.desk.restore(place, chosen.key, by=session.who, now=session.now())
        return await helped(corpus.desk, place, chosen.key, act, removed=True)

    article = with_corpus(session, restored)
    if as_json:
        session.face.json(desk_objects.of_act("restored", article))
    session.face.tell(block(f"Restored: {one_line(article.title)}", "green"))
    return Exit.DONE
