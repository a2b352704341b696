"""What the parts of the store share: the file, its readers and its one writer, which is loaded when first needed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from corpus.store.reading import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.database import Database
    from corpus.store.writing import Writer


class StoreBase:
    """The open file."""

    def __init__(self, path: Path, schema: tuple[str, ...], *, timeout_s: float) -> None:
        """Use `open_store`."""
        self.path = path
        self._schema = schema
        self._timeout_s = timeout_s
        self._reader = Reader(path, timeout_s=timeout_s)

    @cached_property
    def _writer(self) -> Writer:
        from corpus.store.writing import Writer  # noqa: PLC0415 - SQLAlchemy takes longer to load than a question

        return Writer(self.path, timeout_s=self._timeout_s)

    @property
    def _database(self) -> Database:
        return self._writer.database

    async def close(self) -> None:
        """Let go of the file."""
        self._reader.close()
        if "_writer" in vars(self):
            await self._database.close()
