"""Any text on the machine as articles: files of a folder, cut into passages as imported ones are."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.terminal.question_sets import read_articles
from corpus.collection import LIBRARY
from corpus.model import Article
from corpus.passages import split
from retrieval.errors import BadQuestionSet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PLAIN: Final = {".txt", ".md", ".rst"}
_PAGES: Final = {".html", ".htm"}
_UNSEEN: Final = re.compile(r"<(script|style)\b.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_BLOCK: Final = re.compile(r"</?(?:p|div|h\d|li|tr|pre|br|section|article)\b[^>]*>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")


def read_texts(folder: Path) -> list[Article]:
    """The texts in the folder and below, by path, numbered from 1 as their passages are.

    Files that are no text and other kinds of files are passed over. Raises BadQuestionSet where nothing is left, or a
    file of JSON lines can't be read.
    """
    found: list[Article] = []
    passages = 0
    for article in _articles(folder):
        if article.passages:
            numbered = tuple(replace(passage, id=passages + n) for n, passage in enumerate(article.passages, 1))
            found.append(replace(article, id=len(found) + 1, key=f"text-{len(found) + 1}", passages=numbered))
            passages += len(numbered)
    if not found:
        raise BadQuestionSet(f"{folder}: no text in files named .txt, .md, .rst, .html or .jsonl")
    return found


def _articles(folder: Path) -> Iterator[Article]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".jsonl" and not path.name.startswith("queries"):
            yield from read_articles(path)
        elif path.is_file() and path.suffix.lower() in _PLAIN | _PAGES:
            text = _text(path)
            yield Article(0, LIBRARY, "", 1, path.stem, text, passages=split(text))


def _text(path: Path) -> str:
    """The file's text; nothing where it isn't UTF-8 or can't be opened."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return _seen(text) if path.suffix.lower() in _PAGES else text


def _seen(page: str) -> str:
    """A page's text, roughly: tags are dropped, blocks end paragraphs."""
    return html.unescape(_TAG.sub(" ", _BLOCK.sub("\n\n", _UNSEEN.sub(" ", page))))
