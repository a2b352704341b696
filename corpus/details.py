"""What a person typed into a form, as an article's particulars: every wrong field is named at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from corpus.errors import Unreadable
from corpus.readers.dates import parse_date
from corpus.readers.head import one_line, read_authors, read_url
from corpus.readers.limits import DEFAULT_LIMITS, Limits, check_length

_T = TypeVar("_T")

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from corpus.drafts import Details
    from corpus.readers.head import Head


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that can't be taken as it was typed, and why."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field.capitalize()}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Faults:
    """All fields that can't be taken, in the form's order; as text, a sentence each."""

    all: tuple[Fault, ...]

    def __str__(self) -> str:
        return " ".join(f"{str(fault).rstrip('.')}." for fault in self.all)


def filled(details: Details, head: Head, limits: Limits = DEFAULT_LIMITS) -> Head | Faults:
    """The head with what was typed in place of what it held, or all that is wrong with what was typed.

    A field that is None stays as it is, an empty one is cleared, but for title and text: an article needs them.
    """
    form = _Form(limits)
    head = replace(
        head,
        title=form.read("title", details.title, head.title, _title),
        publication=form.read("publication", details.publication, head.publication, _name),
        published=form.read("date", details.published, head.published, _date),
        url=form.read("link", details.url, head.url, _link),
        authors=form.read("authors", details.authors, head.authors, _authors) or (),
    )
    form.read("text", details.text, None, _text)
    return Faults(tuple(form.faults)) if form.faults else head


class _Form:
    """Reads one field after the other and remembers what was wrong."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.faults: list[Fault] = []

    def read(
        self, field: str, typed: str | None, before: _T | None, read: Callable[[str, Limits], _T | None]
    ) -> _T | None:
        """What was typed, read; what was there before where nothing was, or where it can't be read."""
        if typed is None:
            return before
        try:
            return read(typed, self._limits)
        except (ValueError, Unreadable) as error:
            self.faults.append(Fault(field, str(error)))
            return before


def _title(typed: str, limits: Limits) -> str:
    title = one_line(typed)
    check_length(title, limits.title_chars, "it")
    if not title:
        raise ValueError("an article needs one")
    return title


def _text(typed: str, limits: Limits) -> str:
    check_length(typed, limits.raw_chars, "it")
    if not typed.strip():
        raise ValueError("an article needs one")
    return typed


def _name(typed: str, limits: Limits) -> str | None:
    name = one_line(typed)
    check_length(name, limits.field_chars, "it")
    return name or None


def _date(typed: str, limits: Limits) -> date | None:
    del limits
    written = one_line(typed)
    return parse_date(written) if written else None


_IN_BRACKETS = re.compile(r"<([^<>]*)>")
"""How a link is written on Discord so that no picture of its page is shown."""


def _link(typed: str, limits: Limits) -> str | None:
    return link_of(typed, limits) if one_line(typed) else None


def link_of(typed: str, limits: Limits = DEFAULT_LIMITS) -> str:
    """The link that was typed; raises Unreadable or ValueError with the reason where it is none that can be kept."""
    written = one_line(typed)
    bare = _IN_BRACKETS.fullmatch(written)
    link = read_url(bare[1] if bare else written, limits)
    if "@" in urlsplit(link).netloc:
        raise ValueError("the link must hold no user name and no password: others will see it")
    return link


_SUFFIX: Final = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_AND: Final = re.compile(r"\s+(?:and|&)\s+", re.IGNORECASE)


def _authors(typed: str, limits: Limits) -> tuple[str, ...] | None:
    names: list[str] = []
    for part in re.split(r"[;\n]" if ";" in typed else r"[,\n]", typed):
        name = one_line(part)
        if _SUFFIX.fullmatch(name) and names:
            names[-1] += f", {name}"
        elif name:
            names += _joined(name)
    return read_authors(names, limits)


def _joined(name: str) -> list[str]:
    """The names of `Jane Doe and John Smith`, but `Simon and Schuster` is one."""
    parts = _AND.split(name)
    return parts if all(" " in part for part in parts) else [name]
