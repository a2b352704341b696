"""Drafts out of what people typed, and out of articles that are edited; pure, with the rules of the readers.

It takes time in proportion to the text, and loads what finds sentences: call it in a worker thread.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from corpus.details import Fault, Faults, filled
from corpus.errors import Unreadable
from corpus.model import Draft, Source, SourceKind
from corpus.readers.draft import make_draft
from corpus.readers.head import Head
from corpus.readers.limits import DEFAULT_LIMITS, Limits
from corpus.readers.text import split_head

if TYPE_CHECKING:
    from corpus.drafts import Details
    from corpus.model import Article


def typed(details: Details, source: Source, limits: Limits = DEFAULT_LIMITS) -> Draft | Faults:
    """The article that was typed or pasted; a head at the beginning of its text counts where a field was left empty.

    Without a title it gets one as a file does. A key that the head names does not count.
    """
    given = _without_empty(details)
    try:
        head, body = split_head(_lines(details.text or ""), limits)
    except Unreadable as error:
        return _with(filled(given, Head(), limits), Fault("text", str(error)))
    found = filled(given, head, limits)
    try:
        draft = make_draft(body, replace(head if isinstance(found, Faults) else found, key=None), source, limits)
    except Unreadable as error:
        return _with(found, Fault("text", f"it {error}"))
    return found if isinstance(found, Faults) else draft


def edited(draft: Draft, details: Details, limits: Limits = DEFAULT_LIMITS) -> Draft | Faults:
    """The draft with what was typed in place of what it held; a new text is cleaned like any other."""
    held = Head(draft.title, None, draft.publication, draft.authors, draft.published, draft.url)
    found = filled(details, held, limits)
    changed = details.text is not None and _lines(details.text).strip() != draft.text
    if changed and (details.text or "").strip():
        try:
            new = make_draft(
                _lines(details.text or ""), found if isinstance(found, Head) else held, draft.source, limits
            )
        except Unreadable as error:
            return _with(found, Fault("text", f"it {error}"))
        draft = replace(new, key=draft.key)
    if isinstance(found, Faults):
        return found
    return replace(
        draft,
        title=found.title or draft.title,
        publication=found.publication,
        authors=found.authors,
        published=found.published,
        url=found.url,
    )


def of_article(article: Article, raw_text: str) -> Draft:
    """The article as a draft, to be edited."""
    return Draft(
        title=article.title,
        text=article.text,
        raw_text=raw_text,
        source=Source(SourceKind.PASTE, f"edit of {article.key}, revision {article.revision}"),
        publication=article.publication,
        authors=article.authors,
        published=article.published,
        url=article.url,
        language=article.language,
        partial=article.partial,
    )


def with_new_text(draft: Draft, read: Draft) -> Draft:
    """The draft with the text of what was read; its particulars stay, those that it lacks are taken from there."""
    return replace(
        read,
        key=draft.key,
        title=draft.title,
        publication=draft.publication or read.publication,
        authors=draft.authors or read.authors,
        published=draft.published or read.published,
        url=draft.url or read.url,
    )


def same_article(one: Draft, other: Draft) -> bool:
    """Whether both would be stored alike: where they came from and what was dropped does not count."""
    return _compared(one) == _compared(other)


def _compared(draft: Draft) -> tuple[object, ...]:
    left_out = {"raw_text", "source", "key", "dropped", "flagged"}
    return tuple(getattr(draft, field.name) for field in fields(draft) if field.name not in left_out)


def _without_empty(details: Details) -> Details:
    """In a form for a new article, an empty field was not filled in."""
    return replace(
        details,
        title=_filled_in(details.title),
        publication=_filled_in(details.publication),
        published=_filled_in(details.published),
        url=_filled_in(details.url),
        authors=_filled_in(details.authors),
        text=None,
    )


def _filled_in(typed: str | None) -> str | None:
    return typed if typed is not None and typed.strip() else None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _with(found: Head | Faults, fault: Fault) -> Faults:
    return Faults((*(found.all if isinstance(found, Faults) else ()), fault))
