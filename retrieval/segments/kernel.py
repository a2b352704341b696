"""The one door to the compiled kernel: whether it is used, why not, and what it is asked.

The kernel is `_kernel.c` and `_search.c`, built when the package is installed where a C compiler is there.
`numpy_search` answers the same without it, more slowly. AMICUS_KERNEL=off in the environment stands for a machine
without a compiler.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    import numpy as np
    import numpy.typing as npt

    from retrieval.segments.segment import Segment

    # Types alone: making these classes would take a noticeable part of a cold start.
    class Arrays(Protocol):
        """A segment's arrays as the kernel holds them. They may stand in a damaged file: nothing in them is trusted."""

        def find(self, term: str, /) -> int:
            """The term's number, -1 where it is not there."""
            ...

    class Best(Protocol):
        """The kernel's search in one segment."""

        def __call__(  # noqa: PLR0917 - names cost time where every microsecond counts
            self,
            arrays: Arrays,
            table: npt.NDArray[np.float64],
            bounds: npt.NDArray[np.float64],
            live: npt.NDArray[np.bool_] | None,
            terms: Sequence[Term],
            k: int,
            floor: float,
            since: int,
            until: int,
            allowed: bytes | None,
            /,
        ) -> list[Candidate]:
            """The best `k` rows, by score, newest date and smallest passage id; none where `k` <= 0.

            A posting adds `weight * (idf * table[code])`; a row's score is the sum in the order of `terms`, to the last
            bit, and counts if it is > 0 and >= `floor`. `bounds` is for the blocks what `table` is for the postings: no
            posting of a block adds more. Rows count that are `live` (None: all), of articles dated from `since` to
            `until` (0 and 0: any, undated ones too) and of publications for whose code `allowed` says 1 (None: all).
            Raises ValueError and TypeError for buffers of wrong sizes and for terms that can't be. The GIL is released.
            """
            ...

    class _Kernel(Protocol):
        """The compiled module."""

        @property
        def best(self) -> Best: ...

        def Arrays(self, **arrays: npt.NDArray[np.generic]) -> Arrays: ...  # noqa: N802 - a class


Candidate = tuple[float, int, int, int]
"""Score, ordinal of the date (0: undated), passage id, article id."""
Term = tuple[int, float, float]
"""A term's number in the segment, its idf, its weight (>= 0)."""


def in_order(candidate: Candidate) -> tuple[float, int, int]:
    """The key of the total order: score, newest date, smallest passage id."""
    score, published, passage, _ = candidate
    return -score, -published, passage


SWITCH: Final = "AMICUS_KERNEL"
"""The environment variable that says `off` where numpy is to do all."""


_TAKEN: Final = (
    "starts rows codes block_starts block_last block_bounds passages article_of article_ids published "
    "publication_codes term_crcs term_ends term_bytes"
).split()
"""The arrays of a segment that the kernel works with."""


def _loaded() -> tuple[_Kernel | None, str]:
    """The kernel, or why it is not used."""
    if os.environ.get(SWITCH) == "off":
        return None, f"{SWITCH} is off"
    try:
        from retrieval.segments import _kernel  # noqa: PLC0415 - where it is there
    except ImportError as error:
        built = error.name != "retrieval.segments"  # the package has no such module
        return None, f"the compiled kernel can't be loaded: {error}" if built else "the compiled kernel was not built"
    return _kernel, ""


_KERNEL, _WHY_NOT = _loaded()


def available() -> bool:
    """Whether the compiled kernel is used. Decided once in a process."""
    return _KERNEL is not None


def describe() -> str:
    """What searches, for people: "compiled kernel", or "numpy, because ..."."""
    return "compiled kernel" if available() else f"numpy, because {_WHY_NOT}"


def _absent(*_: object) -> NoReturn:
    raise RuntimeError(_WHY_NOT)


best: Final[Best] = _KERNEL.best if _KERNEL else _absent


def arrays_of(segment: Segment) -> Arrays:
    """The segment's arrays as the kernel takes them; raises ValueError or TypeError where they don't fit together."""
    if _KERNEL is None:
        _absent()
    return _KERNEL.Arrays(**{name: getattr(segment, name) for name in _TAKEN})
