"""The floors of the house and its doors: who may import what."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "corpus", "retrieval")

DOORS: dict[str, tuple[str, ...]] = {
    "Stemmer": ("retrieval.analyser",),
    "aiohttp": ("corpus.fetch.wire",),
    "aiosqlite": ("corpus.store",),
    "alembic": ("corpus.store", "bot.records"),
    "bm25s": ("retrieval.bench.peers.sparse",),
    "discord": ("bot.client", "bot.cogs", "bot.views", "bot.incidents"),
    "feedparser": ("corpus.readers.feed",),
    "idna": ("corpus.fetch.targets",),
    "ir_measures": ("retrieval.evaluation.ranking",),
    "matplotlib": ("retrieval.bench.picture",),
    "numpy": (
        "retrieval.bench",
        "retrieval.bm25",
        "retrieval.embedded",
        "retrieval.segments",
        "retrieval.verifying",
        "retrieval.view",
    ),
    "nupunkt": ("corpus.stops",),
    "py3langid": ("corpus.readers.language",),
    "protego": ("corpus.fetch.robots",),
    "pydantic": ("bot.config", "bot.terminal"),
    "pypdf": ("corpus.readers.pdf",),
    "rank_bm25": ("retrieval.bm25", "retrieval.bench.peers.library"),
    "rapidfuzz": ("retrieval", "bot"),
    "rich": ("bot.terminal", "bot.cli"),
    "sqlalchemy": ("corpus.store", "bot.records"),
    "structlog": ("bot", "corpus.feeds", "retrieval.follower"),
    "tantivy": ("retrieval.bench.peers.tantivy_index",),
    "trafilatura": ("corpus.readers.html",),
    "typer": ("bot.cli", "bot.terminal"),
    "yaml": ("corpus.yamlfile",),
    "yarl": ("corpus.fetch",),
}
"""Which modules (and those below them) may import which outside library; docs/ARCHITECTURE.md describes them."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the house, parsed, by its name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(
            path.read_text("utf-8")
        )
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }


def imported_by(tree: ast.Module) -> set[str]:
    """The full names of the modules that are imported anywhere in it, inside of functions too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def is_below(module: str, roof: str) -> bool:
    return module == roof or module.startswith(f"{roof}.")


def outside(tree: ast.Module) -> set[str]:
    tops = {name.split(".")[0] for name in imported_by(tree)}
    return tops - set(PACKAGES) - set(sys.stdlib_module_names) - {"__future__"}


@pytest.mark.parametrize("library", sorted(DOORS))
def test_an_outside_library_is_imported_by_its_doors_only(library: str) -> None:
    importers = [name for name, tree in modules().items() if library in outside(tree)]
    strangers = [name for name in importers if not any(is_below(name, door) for door in DOORS[library])]
    assert strangers == []


def test_every_outside_library_has_its_doors_written_down() -> None:
    known = set(DOORS)
    unknown = {name: outside(tree) - known for name, tree in modules().items() if outside(tree) - known}
    assert unknown == {}


@pytest.mark.parametrize(
    "library", ["nupunkt", "yaml", "rank_bm25", "trafilatura", "pypdf", "py3langid", "aiohttp", "protego", "feedparser"]
)
def test_the_doors_are_described(library: str) -> None:
    described = ROOT / "docs" / "ARCHITECTURE.md"
    said = {"yaml": "PyYAML", "rank_bm25": "rank-bm25"}.get(library, library)
    assert said in described.read_text("utf-8")


def test_retrieval_sees_of_the_corpus_its_values_words_and_yaml_only() -> None:
    allowed = {"corpus.collection", "corpus.model", "corpus.text", "corpus.yamlfile", "corpus.errors"}
    for name, tree in modules().items():
        if is_below(name, "retrieval"):
            seen = {module for module in imported_by(tree) if is_below(module, "corpus") and module in modules()}
            assert seen <= allowed | {"corpus"}, name


def test_no_lower_floor_imports_a_higher_one() -> None:
    for name, tree in modules().items():
        for module in imported_by(tree):
            if is_below(name, "corpus"):
                assert not is_below(module, "retrieval"), name
            if not is_below(name, "bot"):
                assert not is_below(module, "bot"), name


@pytest.mark.parametrize(
    "module", ["corpus.model", "retrieval.model", "corpus.text", "retrieval.kinds", "retrieval.periods"]
)
def test_values_and_rules_do_no_reading_writing_or_waiting(module: str) -> None:
    doing = {"asyncio", "pathlib", "os", "socket", "subprocess", "time", "threading", "random"}
    assert not {name.split(".")[0] for name in imported_by(modules()[module])} & doing


def test_retrieval_never_asks_what_time_it_is() -> None:
    asking = re.compile(r"\b(?:datetime\.(?:now|utcnow|today)|date\.today|time\.time)\(")
    texts = {path.name: path.read_text("utf-8") for path in (ROOT / "retrieval").glob("*.py")}
    assert [name for name, text in texts.items() if asking.search(text)] == []


def test_the_contracts_of_import_linter_are_kept() -> None:
    if importlib.util.find_spec("importlinter") is None:
        pytest.skip("import-linter is not installed (it comes with the extra `dev`)")
    program = Path(sys.executable).parent / "lint-imports"
    ended = subprocess.run([str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " 0 broken" in ended.stdout
