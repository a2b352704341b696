from typing import Final, final

import numpy as np
import numpy.typing as npt

from retrieval.segments import kernel

@final
class Arrays:
    def __init__(self, **arrays: npt.NDArray[np.generic]) -> None: ...
    def find(self, term: str, /) -> int: ...

best: Final[kernel.Best]
