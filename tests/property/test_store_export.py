"""A line of an export is one line for every reader of lines, and holds the article to the letter."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from corpus.collection import LIBRARY
from corpus.model import Article
from corpus.transfer import line_of

texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from('\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"\\')
)


@given(text=texts, title=texts, authors=st.lists(texts, max_size=3))
def test_any_text_comes_back_from_its_line(text: str, title: str, authors: list[str]) -> None:
    line = line_of(Article(1, LIBRARY, "key", 1, title, text, authors=tuple(authors)))
    assert len(line.splitlines()) == 1
    read = json.loads(line)
    assert (read["text"], read["title"], read["authors"]) == (text, title, authors)
    line.encode()
