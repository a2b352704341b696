"""What the records need of the store: transactions on its database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy.ext.asyncio import AsyncConnection


class Database(Protocol):
    """Gives connections to the database."""

    def transaction(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One transaction that writes: all of it is kept when the block ends well, else nothing."""
        ...

    def view(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """One unchanging view of what was committed."""
        ...
