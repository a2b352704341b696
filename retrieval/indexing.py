"""What of an article is indexed: for each passage the terms of its heading and of its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from corpus.model import Article
from retrieval.analyser import analyser_for
from retrieval.periods import month_name

ANALYSIS: Final = 3
"""Counts the versions of the analyser's rules and of what is indexed as heading; the lexicon has its own digest."""


def heading(article: Article) -> str:
    """What is indexed in front of each passage: title, publication and date, in words."""
    when = article.published
    day = f"{month_name(when.month)} {when.day} {when.year}" if when else ""
    return "\n".join(part for part in (article.title, article.publication, day) if part)


def indexed_terms(article: Article) -> Iterator[list[str]]:
    """For each passage of the article in order: the terms of its heading and of its text."""
    analyser = analyser_for(article.language)
    head = analyser.terms(heading(article))
    for passage in article.passages:
        yield head + analyser.terms(passage.span.of(article.text))
