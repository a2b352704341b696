"""The child process of `corpus.readers.worker`: parses one document after another until its input ends."""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING

from corpus.errors import Unreadable
from corpus.readers.encoding import Kind
from corpus.readers.feedfound import as_message
from corpus.readers.limits import Limits, in_words
from corpus.readers.worker import FEED, Found, read_message, write_message

if TYPE_CHECKING:
    from collections.abc import Mapping

if sys.platform != "win32":
    import resource


def main() -> None:
    """Every request is answered, in order; ends with the parent's pipe, or when memory ran out."""
    limits = Limits(**json.loads(sys.argv[1]))
    answers = _take_over_output()
    logging.disable()
    warnings.simplefilter("ignore")
    _limit_memory(limits.parse_memory_bytes)
    requests = sys.stdin.buffer
    while (request := read_message(requests)) is not None:
        data = requests.read(_number(request.get("bytes")))
        _limit_time(limits.parse_seconds)
        try:
            write_message(answers, _answer(data, request, limits))
        except MemoryError:
            most = in_words(limits.parse_memory_bytes)
            write_message(answers, {"refused": f"reading it needs more than {most} of memory", "ended": True})
            return  # what is left of the memory is not worth keeping


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _take_over_output() -> IO[bytes]:
    """The pipe to the parent; what a library prints goes where error output goes."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _limit_memory(most_bytes: int) -> None:
    """The address space can't grow beyond `most_bytes`, where the system can promise that."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))


def _limit_time(seconds: float) -> None:
    """The process ends after so much more computing time: should the parent be gone, nobody else would end it."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = int(time.process_time() + seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _answer(data: bytes, request: Mapping[str, object], limits: Limits) -> dict[str, object]:
    """What the parser found, or its reason for finding nothing."""
    kind = str(request.get("kind"))
    try:
        if kind == FEED:
            return _parse_feed(data, str(request.get("url")), limits)
        return asdict(_parse(data, Kind(kind), limits))
    except Unreadable as error:
        return {"refused": str(error)}
    except MemoryError:
        raise
    except RecursionError:
        return {"refused": f"is {_named(kind)} nested too deep to be read"}
    except Exception as error:
        if _memory_was_short(limits):
            raise MemoryError from error  # libxml2 has other names for it
        # Whatever a parser stumbles over, the document is the reason.
        return {"refused": f"is {_named(kind)} that can't be read ({type(error).__name__})"}


def _named(kind: str) -> str:
    return "a feed" if kind == FEED else kind


def _memory_was_short(limits: Limits) -> bool:
    """Whether this process came near its limit; False where the system doesn't tell."""
    try:
        status = Path("/proc/self/status").read_text("ascii")
    except OSError:
        return False
    peak_kib = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmPeak:")), 0)
    return peak_kib * 1024 > 0.8 * limits.parse_memory_bytes


def _parse(data: bytes, kind: Kind, limits: Limits) -> Found:
    if kind is Kind.PDF:
        from corpus.readers.pdf import read_pdf  # noqa: PLC0415 - each parser is loaded when first needed

        return read_pdf(data, limits)
    from corpus.readers.html import read_html  # noqa: PLC0415 - the same

    return read_html(data)


def _parse_feed(data: bytes, url: str, limits: Limits) -> dict[str, object]:
    from corpus.readers.feed import read_feed  # noqa: PLC0415 - the same

    return as_message(read_feed(data, url, limits))


if __name__ == "__main__":
    main()
