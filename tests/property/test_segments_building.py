"""A segment holds what its articles' words say, whether it was built at once or merged from any parts in any steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from random import Random
from zlib import crc32

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.collection import LIBRARY
from corpus.model import Article, Passage, Span
from retrieval.index import pairs_of
from retrieval.segments.building import build
from retrieval.segments.merging import ArraysInMemory, merge, merged
from retrieval.segments.segment import BLOCK, PAIRS, WORDS, InMemory, Segment, View

WORDS_USED = ("tide", "court", "map", "é", "Ⅷ", "\ud800", "plumless", "buckeroo", "a b")
PAPERS = (None, "Le Journal Élargi", "The Ledger")
DAYS = (None, date(1, 1, 1), date(2021, 1, 21), date.max)

Texts = list[list[str]]


@dataclass(frozen=True, slots=True)
class Written:
    """An article and the words of each of its passages."""

    article: Article
    texts: Texts


words = st.lists(st.sampled_from(WORDS_USED), max_size=9)
written = st.builds(
    lambda number, texts, paper, day, language: Written(
        Article(
            number,
            LIBRARY,
            f"a{number}",
            1,
            "",
            "",
            publication=paper,
            published=day,
            language=language,
            passages=tuple(Passage(Span(0, 0), (), 100 * number + place) for place in range(len(texts))),
        ),
        texts,
    ),
    st.integers(1, 1 << 40),
    st.lists(words, min_size=1, max_size=4),
    st.sampled_from(PAPERS),
    st.sampled_from(DAYS),
    st.sampled_from(["en", "de", "und"]),
)
collections = st.lists(written, max_size=8, unique_by=lambda each: each.article.id)


def built(given: Sequence[Written], *, pairs: bool) -> Segment:
    return build([each.article for each in given], [each.texts for each in given], pairs=pairs)


def terms_of(text: Sequence[str], *, pairs: bool) -> list[str]:
    return [*text, *(pairs_of(text) if pairs else [])]


def postings(segment: Segment) -> dict[str, list[tuple[int, int, int, int]]]:
    """Of each term: the passage, the frequency, the length and the field of each posting, in order."""
    found = {}
    for number in range(segment.terms):
        part = segment.postings_of(number)
        codes = segment.codes[part]
        found[segment.term_at(number).decode("utf-8", "surrogatepass")] = list(
            zip(
                segment.passages[segment.rows[part]].tolist(),
                segment.pair_counts[codes].tolist(),
                segment.pair_lengths[codes].tolist(),
                segment.pair_fields[codes].tolist(),
                strict=True,
            )
        )
    return found


def expected_postings(given: Sequence[Written], *, pairs: bool) -> dict[str, list[tuple[int, int, int, int]]]:
    found: dict[str, list[tuple[int, int, int, int]]] = {}
    for each in given:
        for passage, text in zip(each.article.passages, each.texts, strict=True):
            for field, terms in ((WORDS, list(text)), (PAIRS, pairs_of(text) if pairs else [])):
                for term, often in Counter(terms).items():
                    found.setdefault(term, []).append((passage.id, often, len(terms), field))
    return found


def columns(segment: Segment) -> list[tuple[int, int, int, str, str]]:
    """Of each row: passage, article, date, publication, language."""
    of = segment.article_of
    return [
        (passage, article, day, segment.publications[paper], segment.languages[language])
        for passage, article, day, paper, language in zip(
            segment.passages.tolist(),
            segment.article_ids[of].tolist(),
            segment.published[of].tolist(),
            segment.publication_codes[of].tolist(),
            segment.language_codes[of].tolist(),
            strict=True,
        )
    ]


def is_sound(segment: Segment) -> None:
    """What every segment promises beside its contents."""
    terms = [segment.term_at(number) for number in range(segment.terms)]
    assert terms == sorted(set(terms), key=lambda term: (crc32(term), term))
    assert segment.term_crcs.tolist() == [crc32(term) for term in terms]
    for number in range(segment.terms):
        part = segment.postings_of(number)
        rows = segment.rows[part].tolist()
        assert all(before < after for before, after in pairwise(rows))
        assert rows
        blocks = segment.blocks_of(number)
        firsts = range(part.start, part.stop, BLOCK)
        assert int(blocks.stop) - int(blocks.start) == len(firsts)
        for block, first in zip(range(blocks.start, blocks.stop), firsts, strict=True):
            codes = segment.codes[first : min(first + BLOCK, part.stop)]
            bound = segment.block_bounds[block]
            assert segment.block_last[block] == segment.rows[min(first + BLOCK, int(part.stop)) - 1]
            assert segment.bound_counts[bound] == segment.pair_counts[codes].max()
            assert segment.bound_lengths[bound] == segment.pair_lengths[codes].min()
            assert segment.bound_fields[bound] == segment.pair_fields[codes][0]
    assert np.array_equal(np.diff(segment.first_rows), np.bincount(segment.article_of, minlength=len(segment.by_id)))
    assert np.array_equal(segment.by_id, np.argsort(segment.article_ids, kind="stable"))


@given(given=collections, pairs=st.booleans())
def test_a_segment_holds_each_word_of_each_passage(given: list[Written], *, pairs: bool) -> None:
    segment = built(given, pairs=pairs)
    is_sound(segment)
    assert postings(segment) == expected_postings(given, pairs=pairs)
    assert columns(segment) == [
        (
            passage.id,
            each.article.id,
            each.article.published.toordinal() if each.article.published else 0,
            {None: "", "Le Journal Élargi": "le journal elargi", "The Ledger": "the ledger"}[each.article.publication],
            each.article.language,
        )
        for each in given
        for passage in each.article.passages
    ]
    texts = [text for each in given for text in each.texts]
    fields = [[len(text) for text in texts], [len(pairs_of(text)) for text in texts]]
    assert segment.lengths.tolist() == fields[: 1 + pairs]


@given(given=collections, asked=st.one_of(st.sampled_from(WORDS_USED), st.text(max_size=3)), pairs=st.booleans())
def test_a_word_is_found_where_it_is_and_nowhere_else(given: list[Written], asked: str, *, pairs: bool) -> None:
    segment = built(given, pairs=pairs)
    for term in (asked, *(pairs_of([asked, "tide"]))):
        number = segment.find(term)
        if any(term in terms_of(text, pairs=pairs) for each in given for text in each.texts):
            assert segment.term_at(number) == term.encode("utf-8", "surrogatepass")
        else:
            assert number == -1


@given(
    given=collections,
    cuts=st.lists(st.integers(0, 8), max_size=3),
    gone=st.sets(st.integers(0, 7)),
    at_once=st.integers(1, 30),
    pairs=st.booleans(),
)
def test_merged_segments_hold_what_one_that_is_built_of_the_live_articles_holds(
    given: list[Written], cuts: list[int], gone: set[int], at_once: int, *, pairs: bool
) -> None:
    ends = sorted([0, *(min(cut, len(given)) for cut in cuts), len(given)])
    removed = [given[place].article.id for place in gone if place < len(given)]
    views = [View(InMemory(built(given[first:last], pairs=pairs))).without(removed) for first, last in pairwise(ends)]
    live = [each for each in given if each.article.id not in removed]
    kept = ArraysInMemory()
    names = merge(views, kept, at_once=at_once)
    segment = Segment.of(kept.arrays, names.publications, names.languages)
    is_sound(segment)
    same(segment, built(live, pairs=pairs))
    same(merged(views), segment)
    counted(views, live, pairs=pairs)


def same(ours: Segment, theirs: Segment) -> None:
    """Both hold the same in the same order; what no live passage uses may be left over in the tables of codes."""
    assert postings(ours) == postings(theirs)
    assert columns(ours) == columns(theirs)
    assert ours.lengths.tolist() == theirs.lengths.tolist()
    for name in ("term_crcs", "term_ends", "term_bytes", "starts", "rows", "block_starts", "block_last"):
        one, other = getattr(ours, name), getattr(theirs, name)
        assert one.dtype == other.dtype
        assert np.array_equal(one, other), name


def counted(views: Sequence[View], live: Sequence[Written], *, pairs: bool) -> None:
    """What the views tell of their live passages is so."""
    texts = [terms_of(text, pairs=pairs) for each in live for text in each.texts]
    containing = Counter(term for text in texts for term in set(text))
    told: Counter[str] = Counter()
    for view in views:
        told.update(dict(view.every_term()))
    assert told == containing
    assert sum(view.live_count for view in views) == len(texts)
    assert sum(view.live_lengths[WORDS] for view in views) == sum(len(text) for each in live for text in each.texts)
    assert {name for view in views for name in view.languages} == {each.article.language for each in live}


@given(given=collections, gone=st.lists(st.integers(0, 9), max_size=6))
def test_articles_removed_one_by_one_or_at_once_are_gone_alike(given: list[Written], gone: list[int]) -> None:
    view = View(InMemory(built(given, pairs=False)))
    numbers = [given[place].article.id if place < len(given) else 1 << 50 for place in gone]
    one_by_one = view
    for number in numbers:
        one_by_one = one_by_one.without([number])
    at_once = view.without([*numbers, *numbers])
    assert one_by_one.removed.tolist() == at_once.removed.tolist() == sorted(set(at_once.removed.tolist()))
    left = [each.article.id for each in given if each.article.id not in numbers]
    assert view.segment.article_ids[at_once.live_articles].tolist() == left
    assert not len(view.removed)


def test_lists_of_many_blocks_are_merged_as_they_are_built() -> None:
    random = Random(5)
    vocabulary = [f"w{n}" for n in range(60)]
    given = []
    for number in range(1, 901):
        texts = [random.choices(vocabulary, range(60, 0, -1), k=random.randint(0, 20)) for _ in range(2)]
        passages = tuple(Passage(Span(0, 0), (), 2 * number + place) for place in (0, 1))
        paper, day = random.choice(PAPERS), random.choice(DAYS)
        article = Article(number, LIBRARY, f"a{number}", 1, "", "", publication=paper, published=day)
        given.append(Written(replace(article, passages=passages), texts))
    removed = random.sample(range(1, 901), 200)
    parts = [given[:300], given[300:310], given[310:]]
    views = [View(InMemory(built(part, pairs=False))).without(removed) for part in parts]
    whole = built([each for each in given if each.article.id not in removed], pairs=False)
    for at_once in (100, 1_000, 1 << 20):
        kept = ArraysInMemory()
        names = merge(views, kept, at_once=at_once)
        segment = Segment.of(kept.arrays, names.publications, names.languages)
        is_sound(segment)
        same(segment, whole)
    assert max(np.diff(whole.starts)) > 2 * BLOCK


def test_more_codes_than_two_bytes_hold_are_kept_in_four() -> None:
    climbing = [f"w{often}" for often in range(1, 51) for _ in range(often)]
    given: list[Written] = []
    for number in range(1, 1_351):
        # No two passages are of equal length, and each has fifty words that stand there differently often.
        article = Article(number, LIBRARY, f"a{number}", 1, "", "", passages=(Passage(Span(0, 0), (), number),))
        given.append(Written(article, [[*climbing, *["more"] * number]]))
    parts = [built(part, pairs=False) for part in (given[:700], given[700:])]
    assert [part.codes.dtype for part in parts] == [np.uint16, np.uint16]
    segment = merged([View(InMemory(part)) for part in parts])
    assert segment.codes.dtype == np.uint32
    same(segment, built(given, pairs=False))
