"""Generated articles as JSON lines, for trying a large corpus.

`python -m tests.load.articles 1000000 FILE.jsonl [--seed 7]` writes articles with so many passages, which
`amicus import FILE.jsonl` takes.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from retrieval.bench.stories import articles


def main() -> None:
    """The file holds the articles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    with chosen.file.open("w", encoding="utf-8") as out:
        for article in articles(chosen.passages, seed=chosen.seed):
            told = {"id": article.key, "title": article.title, "publication": article.publication, "text": article.text}
            out.write(json.dumps(told | {"published": str(article.published)}) + "\n")


if __name__ == "__main__":
    main()
