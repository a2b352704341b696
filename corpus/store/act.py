"""Who does something, when, and where: what every act on articles carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from corpus.collection import Collection


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when (aware), and where."""

    collection: Collection
    by: str
    now: datetime
