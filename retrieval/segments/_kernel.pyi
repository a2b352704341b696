from collections.abc import Sequence
from typing import final

import numpy as np
import numpy.typing as npt

from retrieval.segments import kernel

@final
class Arrays:
    def __init__(
        self,
        starts: npt.NDArray[np.generic],
        rows: npt.NDArray[np.generic],
        codes: npt.NDArray[np.generic],
        block_starts: npt.NDArray[np.generic],
        block_last: npt.NDArray[np.generic],
        block_bounds: npt.NDArray[np.generic],
        passages: npt.NDArray[np.generic],
        article_of: npt.NDArray[np.generic],
        article_ids: npt.NDArray[np.generic],
        published: npt.NDArray[np.generic],
        publication_codes: npt.NDArray[np.generic],
        term_crcs: npt.NDArray[np.generic],
        term_ends: npt.NDArray[np.generic],
        term_bytes: npt.NDArray[np.generic],
    ) -> None: ...
    def find(self, term: str, /) -> int: ...

def best(
    arrays: kernel.Arrays,
    table: npt.NDArray[np.float64],
    bounds: npt.NDArray[np.float64],
    live: npt.NDArray[np.bool_] | None,
    terms: Sequence[kernel.Term],
    k: int,
    floor: float,
    since: int,
    until: int,
    allowed: bytes | None,
    /,
) -> list[kernel.Candidate]: ...
