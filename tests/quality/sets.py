"""The question sets by which the program is judged: where they lie, and what was measured on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from bot.app import in_memory
from bot.config import Settings
from bot.terminal.question_sets import read_beir
from bot.terminal.tsv_sets import read_tables
from retrieval.evaluation.questions import QuestionSet, digest
from retrieval.evaluation.report import Report
from retrieval.evaluation.run import measure

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared"
BRIEFS = SHARED / "eval" / "briefs"
SQUAD = SHARED / "eval" / "squad"
SEEDS = {"verge": ("000_be56dca38aa68899.txt", "The Verge"), "cnbc": ("001_c4b57e94c9ac8ca6.txt", "CNBC")}
SEED_DAY = date(2021, 1, 21)
NEWSROOM = HERE / "newsroom"
WORKSHOP = HERE / "workshop"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""The asking time of questions that bring none."""
SAMPLED_EVERY = 36
"""Of SQuAD's questions every so manieth is in the sample."""


@dataclass(frozen=True, slots=True)
class Known:
    """A set: what it is for people, the file without which it isn't there, and how it is read."""

    title: str
    about: str
    file: Path
    read: Callable[[], QuestionSet]

    @property
    def there(self) -> bool:
        return self.file.is_file()


def briefs() -> QuestionSet:
    """The two pasted articles are given what their page said beside the text."""
    given = [f"{key}={SHARED / 'seeds' / name}" for key, (name, _) in SEEDS.items()]
    [found] = read_tables(BRIEFS, given)
    dated = tuple(
        replace(one, publication=SEEDS[one.key][1], published=SEED_DAY) if one.key in SEEDS else one
        for one in found.articles
    )
    return replace(found, articles=dated)


@cache
def _squad() -> QuestionSet:
    [found] = read_beir(SQUAD)
    return found


def squad_sample() -> QuestionSet:
    whole = _squad()
    sampled = whole.queries[::SAMPLED_EVERY]
    names = "\n".join(query.id for query in sampled).encode()
    return replace(whole, queries=sampled, digest=digest([("sample", names), ("whole", whole.digest.encode())]))


@cache
def _newsroom() -> Mapping[str, QuestionSet]:
    """Both halves, over the same articles."""
    first, second = read_tables(NEWSROOM)
    return {"A": first, "B": second}


def _workshop(name: str) -> QuestionSet:
    [found] = read_tables(WORKSHOP / name)
    return found


SETS: Mapping[str, Known] = {
    "briefs": Known("Briefs", "Development questions; tuned on.", BRIEFS / "questions.dev.tsv", briefs),
    "newsroom_a": Known(
        "Newsroom, half A",
        "Families of confusable cases; tuned on.",
        NEWSROOM / "questions.tsv",
        lambda: _newsroom()["A"],
    ),
    "newsroom_b": Known(
        "Newsroom, half B",
        "Other families, by the same hand; not tuned on, run whole, its misses not read one by one.",
        NEWSROOM / "questions.tsv",
        lambda: _newsroom()["B"],
    ),
    "squad": Known(
        "SQuAD",
        "Encyclopedia paragraphs (SQuAD v1.1, half of the development set): another world than this is made for; "
        "weights were fitted on a sample.",
        SQUAD / "queries.dev.jsonl",
        _squad,
    ),
    "squad_sample": Known(
        "SQuAD, sample", f"Every {SAMPLED_EVERY}th of these questions.", SQUAD / "queries.dev.jsonl", squad_sample
    ),
    **{
        f"workshop_{name}": Known(
            f"Workshop {name}",
            "Written to train on.",
            WORKSHOP / name / "questions.tsv",
            lambda name=name: _workshop(name),  # type: ignore[misc]
        )
        for name in ("one", "two", "three")
    },
}
"""By their names in `floors.yaml`."""
HELD = ("briefs", "newsroom_a", "newsroom_b", "squad_sample")
"""The sets that have floors."""
REPORTED = ("briefs", "newsroom_a", "newsroom_b", "squad", "workshop_one", "workshop_two", "workshop_three")
"""The sets that the published report tells of."""


@cache
def measured(name: str) -> Report:
    """What the set says of the program as it is, with the settings that it comes with."""
    chosen = SETS[name].read()
    report, _ = asyncio.run(measure(in_memory(chosen.articles, Settings()), chosen, NOW))
    return report
