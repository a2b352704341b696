"""An HTML page's article and particulars: the one door of trafilatura (and of the lxml tree it hands out).

Runs in the child process only.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, cast

import trafilatura
from trafilatura.settings import Document

from corpus.errors import Unreadable
from corpus.readers.encoding import decode_html
from corpus.readers.pageinfo import from_json_ld
from corpus.readers.worker import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

# Pictures' captions, and what sites themselves mark as an aside.
_PRUNED = ["//figcaption", "//*[@role='complementary']", "//template", "//noscript"]
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_TABLE_ROW = re.compile(r"\|(.*)\|?\s*\Z")


class _Element(Protocol):
    """What is used of an lxml element; the tag of a comment is no text."""

    tag: object
    text: str | None

    def get(self, key: str) -> str | None: ...
    def iter(self, *tags: str) -> Iterator[_Element]: ...
    def iterdescendants(self) -> Iterator[_Element]: ...
    def text_content(self) -> str: ...


def read_html(data: bytes) -> Found:
    """The page's text in paragraphs and what it says of itself; raises Unreadable where it holds no article."""
    loaded = trafilatura.load_html(_XML_DECLARATION.sub("", decode_html(data)))
    page = cast("_Element | None", loaded)
    if loaded is None or page is None:
        raise Unreadable("holds no HTML that can be read")
    told = _particulars(page)
    extracted = trafilatura.bare_extraction(
        loaded,
        include_comments=False,
        include_tables=True,
        with_metadata=True,
        prune_xpath=_PRUNED,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if not isinstance(extracted, Document) or not extracted.text or not extracted.text.strip():
        if not told.text:
            raise Unreadable("holds no article text")
        return told
    return replace(
        told,
        text=paragraphs(extracted.text),
        title=told.title or extracted.title,
        authors=told.authors or tuple(name.strip() for name in (extracted.author or "").split(";") if name.strip()),
        published=told.published or extracted.date,
        publication=told.publication or extracted.sitename,
    )


def paragraphs(text: str) -> str:
    """The extracted lines as paragraphs, with a blank line between them, but not between the points of a list."""
    parts: list[str] = []
    listed = False
    for line in text.split("\n"):
        row = _TABLE_ROW.fullmatch(line.strip())
        words = " · ".join(cell.strip() for cell in row[1].split("|") if cell.strip()) if row else line.strip()
        if not words or not re.search(r"[^\W_]", words):
            continue
        point = words.startswith(("- ", "* ", "• "))
        if parts:
            parts.append("\n" if listed and point else "\n\n")
        parts.append(words)
        listed = point
    return "".join(parts)


def _particulars(page: _Element) -> Found:
    """Title, authors and so on from JSON-LD first, then meta tags, then microdata and the page's own elements."""
    linked = from_json_ld(str(script.text or "") for script in page.iter("script") if _is_json_ld(script))
    meta = dict(reversed(list(_meta(page))))

    def first(*names: str) -> str | None:
        return next((meta[name] for name in names if meta.get(name)), None)

    site = linked.publication or first("og:site_name", "application-name") or _item(page, "publisher")
    title = linked.title or first("og:title", "twitter:title") or _item(page, "headline") or _heading(page)
    authors = linked.authors or tuple(_meta_authors(page)) or tuple(filter(None, [_item(page, "author")]))
    return Found(
        text=linked.text,
        title=_without_site(title, site),
        authors=authors,
        published=linked.published or first(*_DATE_NAMES) or _item(page, "datepublished") or _time(page),
        publication=site,
        url=_canonical(page) or first("og:url") or linked.url,
        language=page.get("lang") or linked.language or first("og:locale", "content-language", "language"),
        partial=linked.partial or first("article:content_tier") == "locked",
    )


_DATE_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "publish-date",
    "publication_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "dcterms.created",
    "dc.date",
    "dc.date.issued",
    "date",
)
_AUTHOR_NAMES = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")


def _is_json_ld(script: _Element) -> bool:
    return str(script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json"


def _meta(page: _Element) -> Iterator[tuple[str, str]]:
    for element in page.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = element.get("content")
        if name and content and content.strip():
            yield name.strip().lower(), content.strip()


def _meta_authors(page: _Element) -> Iterator[str]:
    """The names of the first kind of author tag that names somebody; links to profiles aside."""
    found: dict[str, list[str]] = {}
    for name, content in _meta(page):
        if name in _AUTHOR_NAMES and not content.startswith(("http://", "https://", "/", "@")):
            found.setdefault(name, []).append(content)
    for name in _AUTHOR_NAMES:
        if name in found:
            yield from found[name]
            return


def _item(page: _Element, name: str) -> str | None:
    """The value of the first microdata property of this name (lower case)."""
    for element in page.iter():
        if not isinstance(element.tag, str) or str(element.get("itemprop") or "").lower() != name:
            continue
        value = element.get("content") or element.get("datetime") or _inner_name(element)
        if value and value.strip():
            return str(value).strip()
    return None


def _inner_name(element: _Element) -> str:
    for inner in element.iterdescendants():
        if isinstance(inner.tag, str) and inner.get("itemprop") == "name":
            return str(inner.get("content") or inner.text_content())
    return str(element.text_content())


def _heading(page: _Element) -> str | None:
    """The words of the page's only main heading, else of its title element."""
    headings = [element.text_content().strip() for element in page.iter("h1")]
    if len(headings) == 1 and headings[0]:
        return str(headings[0])
    title = next(page.iter("title"), None)
    return str(title.text_content()).strip() or None if title is not None else None


def _time(page: _Element) -> str | None:
    for element in page.iter("time"):
        if element.get("pubdate") is not None and element.get("datetime"):
            return str(element.get("datetime"))
    return None


def _canonical(page: _Element) -> str | None:
    for element in page.iter("link"):
        target = str(element.get("href") or "").strip()
        if str(element.get("rel") or "").lower() == "canonical" and target.startswith(("http://", "https://")):
            return target
    return None


def _without_site(title: str | None, site: str | None) -> str | None:
    """The title without ` | Site` at its end."""
    if not title or not site:
        return title
    return re.sub(rf"\s+[|–—·:-]\s+{re.escape(site)}\Z", "", title.strip(), flags=re.IGNORECASE) or title
