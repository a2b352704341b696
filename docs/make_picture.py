#!/usr/bin/env python3
"""`docs/answer.svg` shows what the program prints, asked at a terminal on a fresh data directory.

Run as `.venv/bin/python docs/make_picture.py` after a change of what an answer looks like.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

QUESTIONS = ("who is the judge in Parler v. AWS?", "who is the judge in Epic v. Amazon?")
ASKED_ON = "2026-11-20"
COLUMNS = 96
PICTURE = Path(__file__).with_name("answer.svg")


def printed(command: list[str], data_dir: str) -> str:
    """What the command writes to a terminal of `COLUMNS` columns; raises CalledProcessError where it fails."""
    ours, its = pty.openpty()
    settings = {"COLUMNS": str(COLUMNS), "TERM": "xterm-256color", "AMICUS_DATA_DIR": data_dir}
    program = subprocess.Popen(command, stdout=its, env=os.environ | settings)  # noqa: S603 - our own program
    os.close(its)
    parts: list[bytes] = []
    while part := _read(ours):
        parts.append(part)
    os.close(ours)
    if code := program.wait():
        raise subprocess.CalledProcessError(code, command)
    return b"".join(parts).decode().replace("\r\n", "\n")


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65_536)
    except OSError:  # how Linux tells that the other end of a terminal is closed
        return b""


def picture() -> str:
    """The session as SVG, without fonts from elsewhere."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with tempfile.TemporaryDirectory() as data_dir:
        for question in QUESTIONS:
            console.print(Text.assemble(("$ ", "dim"), (f'amicus ask "{question}"', "bold")))
            command = [sys.executable, "-m", "bot", "ask", question, "--as-of", ASKED_ON]
            console.print(Text.from_ansi(printed(command, data_dir).rstrip() + "\n"))
    svg = console.export_svg(title="amicus", unique_id="amicus")
    svg = re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    return re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE).rstrip("\n") + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
