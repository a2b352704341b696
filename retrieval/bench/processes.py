"""Programs of our own, started anew so that each engine is alone in its process."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from retrieval.errors import RetrievalError

_ROOT: Final = Path(__file__).parents[2]
_TIMES: Final = 5
_SLOW_S: Final = 2.0
_REPORTED: Final = 300


class ProcessFailed(RetrievalError):
    """A process ended without the result; the message says why."""


def output_of(function: str, *arguments: str, timeout_s: float) -> str:
    """What the function, named `module.function`, writes in a process of its own; raises ProcessFailed."""
    try:
        ended = subprocess.run(  # noqa: S603 - our own function in our own Python
            _command(function, arguments),
            capture_output=True,
            text=True,
            env=_environment(),
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProcessFailed(f"not done after {timeout_s:.0f} s") from error
    if ended.returncode:
        raise ProcessFailed(_reason(ended.returncode, ended.stderr))
    return ended.stdout


def seconds_to_first_line(function: str, *arguments: str) -> float:
    """The median time from starting such a process to its first line; raises ProcessFailed."""
    return _median_s(_command(function, arguments))


def seconds_to_import_numpy() -> float:
    """The same for a process that imports numpy and does nothing else."""
    return _median_s([sys.executable, "-c", "import numpy, sys; sys.stdout.write('x\\n'); sys.stdout.flush()"])


def _median_s(command: list[str]) -> float:
    first = _to_first_line_s(command)  # what is compiled or read once is there from here on
    if first > _SLOW_S:
        return first
    return statistics.median(_to_first_line_s(command) for _ in range(_TIMES))


def _to_first_line_s(command: list[str]) -> float:
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own function in our own Python
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment()
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        seconds = time.perf_counter() - began
        _, errors = process.communicate()
    if not line:
        raise ProcessFailed(_reason(process.returncode, errors))
    return seconds


def _command(function: str, arguments: tuple[str, ...]) -> list[str]:
    module, name = function.rsplit(".", 1)
    return [sys.executable, "-c", f"import sys; from {module} import {name}; {name}(*sys.argv[1:])", *arguments]


def _environment() -> dict[str, str]:
    """The same as ours, in which this very program is found first."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))}


def _reason(code: int, errors: str) -> str:
    if code < 0:
        return f"its process was ended by {signal.Signals(-code).name}" + (" (memory?)" if code == -9 else "")
    lines = errors.strip().splitlines()
    return lines[-1][:_REPORTED] if lines else f"its process ended with {code}"
