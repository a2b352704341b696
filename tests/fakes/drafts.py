"""Drafts for tests that are about storing, with a splitter that makes each sentence a passage of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.collection import LIBRARY
from corpus.model import Article, Draft, Passage, Source, SourceKind, Span
from corpus.passages import split

if TYPE_CHECKING:
    from datetime import date

    from corpus.model import Prepared


def draft(
    text: str,
    *,
    title: str = "A ruling",
    key: str | None = None,
    publication: str | None = None,
    published: date | None = None,
    url: str | None = None,
    raw_text: str | None = None,
) -> Draft:
    """A draft as a reader would give it."""
    return Draft(
        title=title,
        text=text,
        raw_text=text if raw_text is None else raw_text,
        source=Source(SourceKind.FILE, "ruling.txt"),
        key=key,
        publication=publication,
        published=published,
        url=url,
    )


def prepared(one: Draft) -> Prepared:
    """The draft with its passages."""
    spans = [Span(found.start(), found.end()) for found in re.finditer(r"\S[^.]*\.?", one.text)]
    return one, tuple(Passage(span, (span,)) for span in spans)


def article_of(one: Draft) -> Article:
    """The article that the library would hold of a draft that brings its key; it has no number yet (0)."""
    assert one.key is not None
    return Article(
        id=0,
        collection=LIBRARY,
        key=one.key,
        revision=1,
        title=one.title,
        text=one.text,
        publication=one.publication,
        published=one.published,
        url=one.url,
        language=one.language,
        passages=split(one.text),
    )
