"""Checks a question set: heads and lengths of the articles, families and halves, and every question's gold and spans.

Run as ``python tests/quality/newsroom/check.py [FOLDER]`` (by default the newsroom, else a set of the same form, such
as one of the workshop): prints a summary, then each fault, and exits with 1 if there is any.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import yaml


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


def say(line: str) -> None:
    """Write one line of the report."""
    sys.stdout.write(line + "\n")


HERE = Path(__file__).parent
HEAD_FIELDS = ("id", "title", "source", "author", "published", "url")
COLUMNS = ("half", "type", "kind", "question", "articles", "gold", "spans", "as_of")
TYPES = word_set("who when where court money number quote why which org yesno howlong none")
WANTED = {
    "plain": 70,
    "paraphrase": 30,
    "two-article": 15,
    "latest": 10,
    "clause": 10,
    "wrong-case": 25,
    "near-miss": 20,
    "false-premise": 15,
    "off-corpus": 15,
}
"""Questions of each kind in a half."""
UNANSWERABLE = frozenset({"wrong-case", "near-miss", "false-premise", "off-corpus"})
FAMILIES, PER_FAMILY = 6, 4
"""Families in a half, articles in a family."""
WORDS = (200, 700)
PARAPHRASE_OVERLAP = 0.34
ABBREVIATIONS = word_set(
    "v vs mr ms mrs dr no inc corp co ltd jr sr st jan feb mar apr jun jul aug sept sep oct nov dec cal tex wash "
    "u.s d.c e.u u.k a.m p.m gen gov sen rep prof art para",
)
STOP = word_set(
    "a an the of to in on for and or by at as is was were are be been with from that this it its his her their they "
    "did do does how what which who whose whom when where why much many long have has had will would can could not no "
    "s into out up after before than then there he she them you we i if but about over under per each any",
)


def words(text: str) -> set[str]:
    """Return the content words of a text, lower case, with a plural's or verb's final s taken off."""
    found = re.findall(r"[a-z0-9]+(?:[.,][0-9]+)*", text.lower())
    return {w[:-1] if len(w) > 3 and w.endswith("s") else w for w in found if w not in STOP}


def sentences(paragraph: str) -> list[tuple[int, int]]:
    """Return where the sentences of a paragraph begin and end; initials and known abbreviations end none."""
    cuts = [0]
    for match in re.finditer(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])", paragraph):
        before = re.split(r"[\s(\"“]", paragraph[: match.start()])[-1].lower()
        closed = match.group().strip() != "."
        if not closed and (before in ABBREVIATIONS or re.fullmatch(r"[a-z]", before)):
            continue
        cuts.append(match.end())
    return list(zip(cuts, [*cuts[1:], len(paragraph)], strict=True))


def sentence_of(body: str, fragment: str) -> str:
    """Return the sentence, or the run of sentences, that a fragment of the body touches."""
    at = body.index(fragment)
    start = body.rfind("\n\n", 0, at) + 2 if "\n\n" in body[:at] else 0
    stop = body.find("\n\n", at)
    paragraph = body[start : stop if stop >= 0 else len(body)]
    first, last = at - start, at - start + len(fragment)
    touched = [(a, b) for a, b in sentences(paragraph) if a < last and b > first]
    return paragraph[touched[0][0] : touched[-1][1]]


class Newsroom:
    """The set as read from the files, with the faults found so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[str] = []
        self.heads: dict[str, dict[str, Any]] = {}
        self.bodies: dict[str, str] = {}
        self.family: dict[str, str] = {}
        self.half: dict[str, str] = {}
        self.overlap: dict[str, list[float]] = defaultdict(list)

    def fault(self, where: str, what: str) -> None:
        """Record one fault."""
        self.faults.append(f"{where}: {what}")

    def read_articles(self) -> None:
        """Read every article and check its head and length."""
        titles: Counter[str] = Counter()
        for path in sorted((self.folder / "articles").glob("*.md")):
            _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
            fields = yaml.safe_load(head)
            if tuple(fields) != HEAD_FIELDS:
                self.fault(path.name, f"head fields {list(fields)}")
            if fields["id"] != path.stem:
                self.fault(path.name, f"id {fields['id']}")
            if not isinstance(fields["published"], dt.date):
                self.fault(path.name, "published is no date")
            if not str(fields["url"]).startswith("https://news.example/"):
                self.fault(path.name, "url is not under news.example")
            count = len(body.split())
            if not WORDS[0] <= count <= WORDS[1]:
                self.fault(path.name, f"{count} words")
            titles[fields["title"]] += 1
            self.heads[fields["id"]], self.bodies[fields["id"]] = fields, body
        for title, count in titles.items():
            if count > 1:
                self.fault("articles", f"title used {count} times: {title}")

    def read_families(self) -> None:
        """Read the families and check that they are whole and split evenly."""
        halves: dict[str, set[str]] = defaultdict(set)
        for row in read_rows(self.folder / "families.tsv"):
            article = row["article"]
            if article not in self.bodies:
                self.fault("families.tsv", f"no article {article}")
            if article in self.family:
                self.fault("families.tsv", f"{article} stands twice")
            self.family[article], self.half[article] = row["family"], row["half"]
            halves[row["family"]].add(row["half"])
        for article in self.bodies.keys() - self.family.keys():
            self.fault("families.tsv", f"{article} has no family")
        for family, count in Counter(self.family.values()).items():
            if count != PER_FAMILY:
                self.fault("families.tsv", f"{family} has {count} articles")
            if len(halves[family]) > 1:
                self.fault("families.tsv", f"{family} stands in both halves")
        split = Counter(next(iter(found)) for found in halves.values())
        if any(count != FAMILIES for count in split.values()):
            self.fault("families.tsv", f"families by half: {dict(split)}")

    def check_none(self, where: str, row: dict[str, str], articles: list[str]) -> None:
        """Check a question that these articles do not answer."""
        if row["type"] != "none" or row["gold"] or row["spans"]:
            self.fault(where, "an unanswerable question has a type, gold or spans")
        if (row["kind"] == "off-corpus") != (not articles):
            self.fault(where, "articles are named for every kind but off-corpus")
        if row["kind"] == "wrong-case" and (len(articles) != 2 or len({self.family.get(a) for a in articles}) != 1):
            self.fault(where, "wrong-case names the article asked about and its sibling, of one family")

    def check_gold(self, where: str, row: dict[str, str], articles: list[str]) -> None:
        """Check that gold is verbatim and unique and that the spans stand in its sentences."""
        golds = [g for g in row["gold"].split("||") if g]
        spans = [s for s in row["spans"].split("||") if s]
        if row["type"] == "none" or not golds or not spans or not articles:
            self.fault(where, "an answerable question lacks a type, gold, spans or articles")
            return
        if row["kind"] == "two-article" and (len(articles) != 2 or len(golds) != 2):
            self.fault(where, "two-article has two articles with one fragment each")
            return
        found: list[str] = []
        used: set[str] = set()
        for number, gold in enumerate(golds):
            places = [articles[number]] if row["kind"] == "two-article" else articles
            holders = [a for a in places if gold in self.bodies[a]]
            if len(holders) != 1 or self.bodies[holders[0]].count(gold) != 1:
                self.fault(where, f"gold is not verbatim and unique: {gold!r} in {holders}")
                continue
            used.add(holders[0])
            found.append(sentence_of(self.bodies[holders[0]], gold))
            if not any(span in found[-1] for span in spans):
                self.fault(where, f"no span in the sentence of {gold!r}: {found[-1]!r}")
        for span in spans:
            if not any(span in sentence for sentence in found):
                self.fault(where, f"span outside the gold sentences: {span!r}")
        for article in set(articles) - used:
            self.fault(where, f"{article} holds no gold")
        asked = words(row["question"])
        shared = max((len(asked & words(s)) / max(1, len(asked)) for s in found), default=0.0)
        self.overlap[row["kind"]].append(shared)
        if row["kind"] == "paraphrase" and shared > PARAPHRASE_OVERLAP:
            self.fault(where, f"a paraphrase shares {shared:.2f} of its words with the gold sentence")

    def check_question(self, number: int, row: dict[str, str]) -> None:
        """Check one row of the questions."""
        where = f"questions.tsv:{number} {row['question']!r}"
        articles = [a for a in row["articles"].split("|") if a]
        unknown = [a for a in articles if a not in self.bodies]
        if unknown:
            self.fault(where, f"unknown articles {unknown}")
            return
        if any(self.half.get(a) != row["half"] for a in articles):
            self.fault(where, "an article of the other half")
        if row["half"] not in self.half.values():
            self.fault(where, f"half {row['half']!r} has no families")
        if row["type"] not in TYPES or row["kind"] not in WANTED:
            self.fault(where, f"type {row['type']!r}, kind {row['kind']!r}")
        if row["as_of"]:
            day = dt.date.fromisoformat(row["as_of"])
            if any(self.heads[a]["published"] > day for a in articles):
                self.fault(where, "asked before an article was published")
        elif row["kind"] == "latest":
            self.fault(where, "latest needs as_of")
        if row["kind"] in UNANSWERABLE:
            self.check_none(where, row, articles)
        else:
            self.check_gold(where, row, articles)

    def summarize(self, rows: list[dict[str, str]]) -> None:
        """Print the counts by kind and half and check them against what the set must hold."""
        lengths = [len(body.split()) for body in self.bodies.values()]
        say(f"{len(self.bodies)} articles, {min(lengths)}-{max(lengths)} words, {sum(lengths)} in all")
        say(f"{len(set(self.family.values()))} families, {len({h['source'] for h in self.heads.values()})} outlets")
        halves = sorted(set(self.half.values()))
        say(f"{'kind':<14}{''.join(f'{half:>5}' for half in halves)}{'wanted':>8}{'overlap':>9}")
        count = Counter((row["kind"], row["half"]) for row in rows)
        for kind, wanted in WANTED.items():
            of_halves = [count[kind, half] for half in halves]
            shares = self.overlap.get(kind)
            mean = f"{sum(shares) / len(shares):9.2f}" if shares else ""
            say(f"{kind:<14}{''.join(f'{number:>5}' for number in of_halves)}{wanted:>8}{mean}")
            if any(number != wanted for number in of_halves):
                self.fault("questions.tsv", f"{kind}: {of_halves}, wanted {wanted} in each half")
        say("types: " + ", ".join(f"{t} {n}" for t, n in Counter(row["type"] for row in rows).most_common()))
        asked = Counter(a for row in rows for a in row["articles"].split("|") if a and row["gold"])
        say(f"questions answered by an article: {min(asked[a] for a in self.bodies)}-{max(asked.values())}")


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a tab-separated file without quoting, by the names in its first line."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def main(folder: Path | None = None) -> int:
    """Check everything and return the exit status."""
    room = Newsroom(folder or HERE)
    room.read_articles()
    room.read_families()
    rows = read_rows(room.folder / "questions.tsv")
    if not rows or tuple(rows[0]) != COLUMNS:
        room.fault("questions.tsv", f"columns are not {COLUMNS}")
        rows = []
    for number, row in enumerate(rows, start=2):
        room.check_question(number, row)
    for question, count in Counter(row["question"].casefold() for row in rows).items():
        if count > 1:
            room.fault("questions.tsv", f"asked {count} times: {question!r}")
    room.summarize(rows)
    for fault in room.faults:
        say(f"FAULT {fault}")
    say("no faults" if not room.faults else f"{len(room.faults)} faults")
    return 1 if room.faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
