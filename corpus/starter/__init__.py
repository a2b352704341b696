"""The starter collection: short articles written for this project, packaged with it as Markdown files."""

from __future__ import annotations

import hashlib
from pathlib import Path

_FOLDER = Path(__file__).parent


def files() -> list[Path]:
    """The articles' files, in the order of their names."""
    return sorted(_FOLDER.glob("*.md"))


def digest() -> str:
    """A number for what the files hold: another whenever one of them is changed, added or gone. Reads them all."""
    whole = hashlib.sha256()
    for file in files():
        content = file.read_bytes()
        whole.update(f"{file.name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()
