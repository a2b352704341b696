"""What a page says of itself in JSON-LD (schema.org): title, authors, day, publisher, whether it is free to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from corpus.readers.worker import Found

_MOST_OBJECTS = 2_000
_WRAPPING = re.compile(r"\A\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*\Z")
_TYPES = ("Article", "BlogPosting", "LiveBlogPosting", "Report", "SocialMediaPosting", "AnalysisNewsArticle")

Node = Mapping[str, object]


def from_json_ld(scripts: Iterable[str]) -> Found:
    """The particulars of the first article that the scripts describe; nothing where they describe none."""
    nodes = [node for script in scripts for node in _nodes(_parsed(script))][:_MOST_OBJECTS]
    by_id = {str(node["@id"]): node for node in nodes if "@id" in node and len(node) > 1}
    articles = [node for node in nodes if _is_article(node)]
    if not articles:
        return Found()
    node = articles[0]
    return Found(
        text=_text(node.get("articleBody")) or "",
        title=_text(node.get("headline")) or _text(node.get("name")),
        authors=tuple(dict.fromkeys(_names(node.get("author") or node.get("creator"), by_id))),
        published=_text(node.get("datePublished")) or _text(node.get("dateCreated")),
        publication=next(_names(node.get("publisher"), by_id), None),
        url=_link(node.get("url")) or _link(node.get("mainEntityOfPage")),
        language=_text(node.get("inLanguage")),
        partial=any(_is_false(article.get("isAccessibleForFree")) for article in articles),
    )


def _parsed(script: str) -> object:
    try:
        value: object = json.loads(_WRAPPING.sub("", script), strict=False)
    except (ValueError, RecursionError):
        return None
    return value


def _nodes(value: object) -> Iterator[Node]:
    """All objects of a document that may describe something: top level, lists and graphs."""
    waiting = [value]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item[:_MOST_OBJECTS]
        elif isinstance(item, dict):
            yield item
            waiting[:0] = [item[name] for name in ("@graph", "mainEntity") if name in item]


def _is_article(node: Node) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.rsplit("/", 1)[-1].endswith(_TYPES) for name in names)


def _text(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value") or value.get("alternateName") or value.get("name")
    return value.strip() or None if isinstance(value, str) else None


def _names(value: object, by_id: Mapping[str, Node]) -> Iterator[str]:
    """The names in a text, an object, a reference to an object, or a list of these."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            whole = item if "name" in item else by_id.get(str(item.get("@id")), item)
            inner = whole.get("name")
            for name in inner if isinstance(inner, list) else [inner]:
                if isinstance(name, str) and name.strip():
                    yield name.strip()
        elif isinstance(item, str) and item.strip() and not item.startswith(("http://", "https://")):
            yield item.strip()


def _link(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) and value.startswith(("http://", "https://")) else None


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower().rsplit("/", 1)[-1] == "false")
