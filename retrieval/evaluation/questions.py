"""Question sets as values: what is asked, and what counts as right."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from corpus.model import Article

TWO_ARTICLE: Final = "two-article"
WRONG_CASE: Final = "wrong-case"
NEAR_MISS: Final = "near-miss"
FALSE_PREMISE: Final = "false-premise"


@dataclass(frozen=True, slots=True)
class Query:
    """A question of a set with what counts as right.

    `articles` are the keys of the articles it is about. `gold` are fragments of the sentences that answer it, verbatim,
    alternatives of each other (of a question on two articles, one fragment for each article); `answers` are accepted
    short answers. `kind` is the kind of question, where the set tells one; `as_of` the asking time, where it matters.
    """

    id: str
    text: str
    articles: tuple[str, ...] = ()
    gold: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    kind: str = ""
    answerable: bool = True
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions over some articles, which are the whole corpus of a run.

    `digest` changes with any question or article. Of a `withheld` set only figures may be shown, no single question.
    """

    name: str
    queries: tuple[Query, ...]
    articles: tuple[Article, ...]
    digest: str
    withheld: bool = False


def digest(parts: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over names and contents."""
    total = hashlib.sha256()
    for name, content in parts:
        total.update(f"{name} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()
