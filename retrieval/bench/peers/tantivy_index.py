"""tantivy by its Python package: terms split at white space, frequencies without positions, one writing thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

import tantivy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from retrieval.bench.corpus import TermArticle


_WRITER_BYTES: Final = 128_000_000


class Tantivy:
    """A question is a query object of `should` clauses, built anew for each within the time that is measured.

    That is faster than the parser, and takes terms as they are. `ask` returns addresses; reading the passages' ids
    from the fast field is left out of the time, to tantivy's advantage.
    """

    shares_threads: ClassVar = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("terms", stored=False, tokenizer_name="whitespace", index_option="freq")
        builder.add_unsigned_field("passage", fast=True)
        builder.add_unsigned_field("article", indexed=True)
        self._schema = builder.build()

    def build(self, articles: Iterable[TermArticle]) -> None:
        """See `Engine`."""
        index = tantivy.Index(self._schema, path=str(self._folder))
        writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        for article in articles:
            self._write(writer, article)
        writer.commit()
        writer.wait_merging_threads()

    def _write(self, writer: tantivy.IndexWriter, article: TermArticle) -> None:
        for passage, terms in article.passages:
            document = tantivy.Document()
            document.add_text("terms", " ".join(terms))
            document.add_unsigned("passage", passage)
            document.add_unsigned("article", article.article.id)
            writer.add_document(document)

    def open(self) -> None:
        """See `Engine`."""
        self._index = tantivy.Index.open(str(self._folder))
        self._searcher = self._index.searcher()
        self._writer: tantivy.IndexWriter | None = None

    def ask(self, terms: Sequence[str], k: int) -> object:
        """See `Engine`."""
        clauses = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "terms", term, index_option="freq"))
            for term in terms
        ]
        return self._searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits

    def passages(self, found: object) -> list[int]:
        """See `Engine`."""
        addresses = [address for _, address in found] if isinstance(found, list) else []
        return [int(value) for value in self._searcher.fast_field_values("passage", addresses)] if addresses else []

    def add(self, article: TermArticle) -> None:
        """See `Updatable`."""
        self._write(self._writing, article)
        self._commit()

    def remove(self, article: TermArticle) -> None:
        """See `Updatable`."""
        # By query: a deletion by term takes the number for a signed one and finds nothing.
        self._writing.delete_documents_by_query(tantivy.Query.term_query(self._schema, "article", article.article.id))
        self._commit()

    @property
    def _writing(self) -> tantivy.IndexWriter:
        """The writer, which stays open from one change to the next."""
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        return self._writer

    def _commit(self) -> None:
        self._writing.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def close(self) -> None:
        """See `Engine`."""
        self._writer = None
        del self._searcher, self._index
