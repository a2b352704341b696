"""The child process of `corpus.readers.worker`: parses one document after another until its input ends."""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
import warnings
from contextlib import suppress
from dataclasses import asdict
from typing import IO

from corpus.errors import Unreadable
from corpus.readers.encoding import Kind
from corpus.readers.limits import Limits, in_words
from corpus.readers.worker import Found, read_message, write_message


def main() -> None:
    """Every request is answered, in order; ends with the parent's pipe, or when memory ran out."""
    limits = Limits(**json.loads(sys.argv[1]))
    answers = _take_over_output()
    _limit_memory(limits.parse_memory_bytes)
    logging.disable()
    warnings.simplefilter("ignore")
    requests = sys.stdin.buffer
    while (request := read_message(requests)) is not None:
        data = requests.read(_number(request.get("bytes")))
        _limit_time(limits.parse_seconds)
        try:
            answer = _answer(data, Kind(str(request.get("kind"))), limits)
        except MemoryError:
            most = in_words(limits.parse_memory_bytes)
            write_message(answers, {"refused": f"reading it needs more than {most} of memory"})
            return  # what is left of the memory is not worth keeping
        write_message(answers, answer)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _take_over_output() -> IO[bytes]:
    """The pipe to the parent; what a library prints goes to the (closed) error output instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers
