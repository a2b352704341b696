"""What a source says about its article, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from corpus.clean import CHARACTER_STEPS, apply_steps
from corpus.errors import Unreadable
from corpus.noise import names_in
from corpus.readers.dates import parse_date
from corpus.readers.limits import Limits, check_length

FieldValue = str | Sequence[str] | None
"""A field as written: text, a list of texts, or nothing."""


@dataclass(frozen=True, slots=True)
class Head:
    """An article's particulars; None or empty where the source doesn't tell."""

    title: str | None = None
    key: str | None = None
    publication: str | None = None
    authors: tuple[str, ...] = ()
    published: date | None = None
    url: str | None = None
    language: str | None = None
    partial: bool = False


NAMES = {
    "title": ("title", "headline"),
    "key": ("key", "id", "_id"),
    "publication": ("publication", "source", "publisher"),
    "authors": ("authors", "author"),
    "published": ("published", "published_at", "date"),
    "url": ("url", "link"),
    "language": ("language", "lang"),
}
"""The names under which a field may be given, the first found counts."""


def read_head(fields: Mapping[str, FieldValue], limits: Limits, where: Callable[[str], str]) -> Head:
    """The head that `fields` describe; unknown fields are left alone.

    Raises Unreadable for a field that can't be kept as given; `where(name)` tells its place in the source.
    """
    lowered = {name.casefold(): name for name in reversed(list(fields))}

    def given(field: str) -> tuple[str, FieldValue]:
        for name in NAMES[field]:
            written = lowered.get(name)
            if written is not None and fields[written] not in (None, "", []):
                return written, fields[written]
        return field, None

    def checked(field: str, check: Callable[[str, Limits], str]) -> str | None:
        written, value = given(field)
        if value is None:
            return None
        if not isinstance(value, str):
            raise Unreadable(f"{where(written)}{written}: expected a single text, found a list")
        try:
            return check(one_line(value), limits) or None
        except (ValueError, Unreadable) as error:
            raise Unreadable(f"{where(written)}{written}: {error}") from error

    written, names = given("authors")
    published = checked("published", lambda text, _: parse_date(text).isoformat())
    try:
        authors = read_authors(names, limits)
    except Unreadable as error:
        raise Unreadable(f"{where(written)}{written}: {error}") from error
    return Head(
        title=checked("title", _title),
        key=checked("key", _key),
        publication=checked("publication", _name),
        authors=authors,
        published=date.fromisoformat(published) if published is not None else None,
        url=checked("url", read_url),
        language=checked("language", read_language),
    )


def one_line(text: str) -> str:
    """The text on one line, without invisible characters and repeated spaces."""
    return " ".join(apply_steps(text, CHARACTER_STEPS).split())


def _title(text: str, limits: Limits) -> str:
    check_length(text, limits.title_chars, "it")
    return text


def _name(text: str, limits: Limits) -> str:
    check_length(text, limits.field_chars, "it")
    return text


def _key(text: str, limits: Limits) -> str:
    check_length(text, limits.key_chars, "it")
    return text


_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")


def read_language(text: str, limits: Limits) -> str:
    """The language's code without its region; raises ValueError for anything but a code."""
    del limits
    found = _LANGUAGE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is no language code; write en, de or pt-BR")
    return found[1].lower()


def read_url(text: str, limits: Limits) -> str:
    """The link as given; raises ValueError unless it is http or https, names a host and is short enough."""
    check_length(text, limits.url_chars, "it")
    if " " in text or not text.isprintable():
        raise ValueError("a link holds no spaces")
    try:
        parts = urlsplit(text)
        host = parts.hostname
        _ = parts.port
    except ValueError as error:
        raise ValueError(f"{text[:80]!r} is no link: {error}") from error
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise ValueError(f"{text[:80]!r} is no link; it has to begin with http:// or https://")
    return text


def read_authors(given: FieldValue, limits: Limits) -> tuple[str, ...]:
    """The authors of a text (`A, B and C`) or a list, each once."""
    names = list(dict.fromkeys(each_author(given)))
    if len(names) > limits.authors:
        raise Unreadable(f"{len(names)} authors; at most {limits.authors} are kept")
    for name in names:
        check_length(name, limits.field_chars, "a name")
    return tuple(names)


def each_author(given: FieldValue) -> Iterator[str]:
    """The names in a text (`A, B and C`) or a list, without `By`; nothing is checked."""
    if given is None:
        return
    for part in [given] if isinstance(given, str) else given:
        name = re.sub(r"\A(?:by|BY|By)\s+", "", one_line(part))
        several = names_in(name) if isinstance(given, str) else ()
        if several:
            yield from several
        elif name:
            yield name
