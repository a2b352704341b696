"""What questions may count on, of the embedded engine and of the plain index that stands for any other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from corpus.collection import LIBRARY, Collection
from corpus.model import Change
from retrieval.bm25 import Idf, Parameters
from retrieval.embedded import EmbeddedIndex
from retrieval.index import Filters, Index
from tests.fakes.corpus import FakeCorpus
from tests.fakes.index import NaiveIndex

PARAMETERS = Parameters(idf=Idf.RANK_BM25)
GUILD, OTHER_GUILD = Collection(7), Collection(8)
EVERYTHING = Filters()

NEWS = """
    Brindle v. Quarrix | The Ledger | 2024-03-01 | key=brindle
        The harbor court denied the motion on Friday. Brindle had sued over lighthouse maps.
        Quarrix said it would appeal.
    Corvane fined | Daily Semaphore | 2024-05-10 | key=corvane
        The regulator fined Corvane over lighthouse cookies.
        The company called the fine a mistake.
        Nobody else was named.
    Undated notes | The Ledger | key=notes
        Lighthouse keepers wrote notes on tides.
    Almanac | key=almanac
        Apples ripened.
        Bakers kneaded.
        Carts rolled.
        Doors creaked.
        Elms swayed.
        Foxes ran.
        Geese flew.
        Hats fell.
        Inkwells dried.
        Jugs broke.
        Kettles sang.
        Lamps burned.
"""
# The almanac is there because the library gives words found in half the passages nothing.
ALMANAC_PASSAGES = 12

Make = Callable[[], Index]


@pytest.fixture(params=["embedded", "plain"])
def make(request: pytest.FixtureRequest) -> Make:
    """What makes an empty index of the kind under test."""
    if request.param == "embedded":
        return lambda: EmbeddedIndex(PARAMETERS)
    return lambda: NaiveIndex(PARAMETERS)


def all_changes(corpus: FakeCorpus, after: int = 0) -> list[Change]:
    """The corpus's changes, as a follower would get them."""
    return asyncio.run(corpus.changes(after, 1_000))


def filled(make: Make, corpus: FakeCorpus) -> Index:
    index = make()
    index.apply(all_changes(corpus))
    return index


def keys(index: Index, corpus: FakeCorpus, words: str, filters: Filters = EVERYTHING, k: int = 20) -> list[str]:
    """The keys of the articles found, in order, an article once for each passage."""
    by_id = {article.id: article.key for article in corpus.articles}
    hits = index.snapshot().search(dict.fromkeys(words.split(), 1.0), filters, k)
    return [by_id.get(hit.article_id, "?") for hit in hits]


def test_an_empty_index_finds_nothing_and_holds_nothing(make: Make) -> None:
    index = make()
    snapshot = index.snapshot()
    assert index.last_change == 0
    assert snapshot.search({"lighthous": 1.0}, EVERYTHING, 5) == []
    assert snapshot.statistics(["lighthous"], [LIBRARY]).passages == 0
    assert snapshot.languages([LIBRARY]) == frozenset()
    assert snapshot.publications([LIBRARY]) == frozenset()


def test_applying_no_changes_changes_nothing(make: Make) -> None:
    index = make()
    index.apply([])
    assert index.last_change == 0


def test_what_was_applied_is_found_by_its_words(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    assert keys(filled(make, corpus), corpus, "tide") == ["notes"]


def test_title_publication_and_date_are_found_with_each_passage(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    assert keys(index, corpus, "semaphor") == ["corvane"] * 3
    assert keys(index, corpus, "quarrix").count("brindle") == 2
    assert keys(index, corpus, "march") == ["brindle"] * 2


def test_the_last_change_is_remembered(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    assert filled(make, corpus).last_change == 4


def test_applying_the_same_changes_twice_changes_nothing(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    before = index.snapshot()
    index.apply(all_changes(corpus))
    after = index.snapshot()
    terms = {"lighthous": 1.0, "fine": 1.0, "brindl": 2.0}
    assert after.search(terms, EVERYTHING, 9) == before.search(terms, EVERYTHING, 9)
    assert after.statistics(list(terms), [LIBRARY]) == before.statistics(list(terms), [LIBRARY])
    assert index.last_change == 4


def test_changes_told_again_do_not_take_the_number_back(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    index.apply(all_changes(corpus)[:2])
    assert index.last_change == 4
    assert keys(index, corpus, "tide") == ["notes"]


def test_only_the_last_of_several_changes_to_an_article_counts(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    notes = corpus.article("notes")
    index = make()
    index.apply([Change(1, notes.id, LIBRARY, notes), Change(2, notes.id, LIBRARY, None)])
    assert keys(index, corpus, "tide") == []
    index.apply([Change(3, notes.id, LIBRARY, None), Change(4, notes.id, LIBRARY, notes)])
    assert index.snapshot().statistics(["tide"], [LIBRARY]).containing == {"tide": 1}


def test_a_removed_article_is_gone_and_a_restored_one_is_back(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    before = index.snapshot().search({"fine": 1.0}, EVERYTHING, 9)
    corpus.remove("corvane")
    index.apply(all_changes(corpus, index.last_change))
    assert index.snapshot().search({"fine": 1.0}, EVERYTHING, 9) == []
    corpus.restore("corvane")
    index.apply(all_changes(corpus, index.last_change))
    after = index.snapshot().search({"fine": 1.0}, EVERYTHING, 9)
    assert [hit.passage_id for hit in after] == [hit.passage_id for hit in before]
    assert [hit.score for hit in after] == pytest.approx([hit.score for hit in before], abs=1e-9)


def test_removing_what_was_never_there_changes_nothing_but_the_number(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    index.apply([Change(5, 999, LIBRARY, None)])
    assert index.last_change == 5
    assert keys(index, corpus, "tide") == ["notes"]


def test_an_edit_replaces_all_passages_of_the_article(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    corpus.write("Corvane fined | Daily Semaphore | 2024-05-10 | key=corvane\n    The regulator withdrew the penalty.")
    index.apply(all_changes(corpus, index.last_change))
    assert keys(index, corpus, "cooki") == []
    assert keys(index, corpus, "withdrew withdraw") == ["corvane"]
    assert index.snapshot().statistics([], [LIBRARY]).passages == 4 + ALMANAC_PASSAGES


@pytest.mark.parametrize("added_first", [False, True])
def test_a_move_told_as_removed_in_one_collection_and_added_in_another_is_a_move(
    make: Make, *, added_first: bool
) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    notes = replace(corpus.article("notes"), collection=GUILD)
    told = [(LIBRARY, None), (GUILD, notes)]
    if added_first:
        told.reverse()
    index.apply([Change(number, notes.id, *change) for number, change in enumerate(told, 5)])
    assert keys(index, corpus, "tide") == []
    assert keys(index, corpus, "tide", Filters((LIBRARY, GUILD))) == ["notes"]
    assert index.snapshot().statistics(["tide"], [LIBRARY]).containing == {"tide": 0}
    assert index.snapshot().statistics(["tide"], [GUILD]).containing == {"tide": 1}


def test_an_article_without_passages_is_found_by_nothing_and_harms_nothing(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    index.apply([Change(5, 99, LIBRARY, replace(corpus.article("notes"), id=99, key="empty", passages=()))])
    assert keys(index, corpus, "tide") == ["notes"]
    assert index.snapshot().statistics([], [LIBRARY]).passages == 6 + ALMANAC_PASSAGES


def test_a_passage_without_any_word_is_counted_and_not_found(make: Make) -> None:
    corpus = FakeCorpus("— | key=dashes\n    … — …\n")
    index = filled(make, corpus)
    assert index.snapshot().statistics(["x"], [LIBRARY]).passages == 1
    assert keys(index, corpus, "x") == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(publications=("The Ledger",)), {"brindle", "notes"}),
        (Filters(publications=("the ledger",)), {"brindle", "notes"}),
        (Filters(publications=("THE LEDGER", "Daily Semaphore")), {"brindle", "corvane", "notes"}),
        (Filters(publications=("Nowhere Times",)), set()),
        (Filters(since=date(2024, 3, 1)), {"brindle", "corvane"}),
        (Filters(since=date(2024, 3, 2)), {"corvane"}),
        (Filters(until=date(2024, 5, 10)), {"brindle", "corvane"}),
        (Filters(until=date(2024, 5, 9)), {"brindle"}),
        (Filters(since=date(2024, 3, 1), until=date(2024, 3, 1)), {"brindle"}),
        (Filters(since=date(2025, 1, 1), until=date(2024, 1, 1)), set()),
        (Filters(publications=("The Ledger",), since=date(2024, 1, 1)), {"brindle"}),
        (Filters(collections=()), set()),
        (Filters(collections=(LIBRARY, LIBRARY)), {"brindle", "corvane", "notes"}),
    ],
    ids=str,
)
def test_filters_keep_exactly_what_was_asked_for(make: Make, filters: Filters, expected: set[str]) -> None:
    corpus = FakeCorpus(NEWS)
    assert set(keys(filled(make, corpus), corpus, "lighthous", filters)) == expected


def test_filters_by_publication_and_date_change_no_score(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    snapshot = filled(make, corpus).snapshot()
    every = {hit.passage_id: hit.score for hit in snapshot.search({"lighthous": 1.0}, EVERYTHING, 9)}
    narrow = snapshot.search({"lighthous": 1.0}, Filters(publications=("the ledger",), since=date(2024, 1, 1)), 9)
    assert narrow
    assert all(hit.score == every[hit.passage_id] for hit in narrow)


def test_an_accented_publication_is_found_without_its_accents(make: Make) -> None:
    corpus = FakeCorpus(EQUALS)
    corpus.write("Ruling | Le Journal Élargi | key=le\n    The harbor judge ruled on oysters.")
    index = filled(make, corpus)
    assert keys(index, corpus, "oyster", Filters(publications=("le journal elargi",))) == ["le"]
    assert index.snapshot().publications([LIBRARY]) == {"le journal elargi", "paper"}


EQUALS = """
    Same | Paper | 2024-01-02 | key=older
        Identical words about harbors.
    Same | Paper | 2024-01-02 | key=older-too
        Identical words about harbors.
    Filler | Paper | 2024-01-02 | key=filler
        Different story entirely, with tides and maps.
    Filler again | Paper | 2024-01-02 | key=filler-again
        Another story, on keepers of keys.
    More filler | Paper | 2024-01-02 | key=filler-more
        Nothing of interest happened.
"""


def test_passages_of_equal_score_are_in_order_of_their_numbers(make: Make) -> None:
    corpus = FakeCorpus(EQUALS)
    index = filled(make, corpus)
    hits = index.snapshot().search({"harbor": 1.0}, EVERYTHING, 9)
    assert hits[0].score == hits[1].score
    assert [hit.passage_id for hit in hits] == sorted(hit.passage_id for hit in hits)


def test_of_passages_of_equal_score_the_newest_comes_first_and_the_undated_last(make: Make) -> None:
    corpus = FakeCorpus(EQUALS)
    index = filled(make, corpus)
    [old, undated] = (corpus.article(key) for key in ("older", "older-too"))
    # The same words are indexed in both: only the order of the dates differs.
    moved = replace(old, published=date(2024, 2, 1)), replace(undated, published=date(2024, 2, 3))
    index.apply([Change(9, moved[0].id, LIBRARY, moved[0]), Change(10, moved[1].id, LIBRARY, moved[1])])
    assert keys(index, corpus, "harbor") == ["older-too", "older"]


def test_equal_scores_are_cut_by_the_same_order(make: Make) -> None:
    corpus = FakeCorpus(EQUALS)
    index = filled(make, corpus)
    [first, second] = index.snapshot().search({"harbor": 1.0}, EVERYTHING, 9)
    assert index.snapshot().search({"harbor": 1.0}, EVERYTHING, 1) == [first]
    assert index.snapshot().search({"harbor": 1.0}, EVERYTHING, 2) == [first, second]


def test_who_wants_nothing_gets_nothing(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    snapshot = filled(make, corpus).snapshot()
    assert snapshot.search({"lighthous": 1.0}, EVERYTHING, 0) == []
    assert snapshot.search({}, EVERYTHING, 5) == []


def test_scores_fall_and_are_all_above_zero(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    hits = filled(make, corpus).snapshot().search({"lighthous": 1.0, "corvan": 1.0, "fine": 0.25}, EVERYTHING, 9)
    scores = [hit.score for hit in hits]
    assert len(scores) > 2
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_a_weight_multiplies_what_its_word_gives(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    snapshot = filled(make, corpus).snapshot()
    [once] = snapshot.search({"tide": 1.0}, EVERYTHING, 9)
    [thrice] = snapshot.search({"tide": 3.0}, EVERYTHING, 9)
    assert thrice.score == pytest.approx(3 * once.score)


def test_statistics_count_live_passages_and_those_with_the_word(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    statistics = index.snapshot().statistics(["tide", "corvan", "absent"], [LIBRARY])
    assert statistics.passages == 6 + ALMANAC_PASSAGES
    assert dict(statistics.containing) == {"tide": 1, "corvan": 3, "absent": 0}
    corpus.remove("corvane")
    index.apply(all_changes(corpus, index.last_change))
    assert index.snapshot().statistics(["corvan"], [LIBRARY]).passages == 3 + ALMANAC_PASSAGES
    assert index.snapshot().statistics(["corvan"], [LIBRARY]).containing == {"corvan": 0}


def test_languages_and_publications_are_those_of_what_is_held(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    corpus.write("Urteil | Hafenblatt | key=urteil | lang=de | guild:7\n    Das Gericht wies die Klage ab.")
    snapshot = filled(make, corpus).snapshot()
    assert snapshot.languages([LIBRARY]) == {"en"}
    assert snapshot.languages([GUILD]) == {"de"}
    assert snapshot.languages([GUILD, LIBRARY]) == {"en", "de"}
    assert snapshot.languages([OTHER_GUILD]) == snapshot.languages([]) == frozenset()
    assert snapshot.publications([LIBRARY]) == {"the ledger", "daily semaphore"}
    assert snapshot.publications([GUILD]) == {"hafenblatt"}
    assert snapshot.publications([GUILD, LIBRARY]) == {"the ledger", "daily semaphore", "hafenblatt"}
    assert snapshot.publications([OTHER_GUILD]) == frozenset()


def test_an_old_snapshot_answers_as_before_whatever_is_applied_later(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    index = filled(make, corpus)
    old = index.snapshot()
    terms = {"lighthous": 1.0, "fine": 1.0, "tide": 0.5}
    hits, statistics = old.search(terms, EVERYTHING, 9), old.statistics(list(terms), [LIBRARY])
    untouched = index.snapshot()  # asked only after the changes: nothing of it is remembered from before them
    corpus.remove("corvane")
    corpus.write("More tides | The Ledger | 2024-06-01\n    Lighthouse keepers fined each other over tides.")
    corpus.write("Notes | key=notes\n    Rewritten.")
    index.apply(all_changes(corpus, index.last_change))
    assert index.snapshot().search(terms, EVERYTHING, 9) != hits
    for snapshot in (old, untouched):
        assert snapshot.search(terms, EVERYTHING, 9) == hits
        assert snapshot.statistics(list(terms), [LIBRARY]) == statistics


GUILDS_OWN = """
    Lighthouse memo | Guild Paper | 2024-07-01 | key=memo | guild:7
        Our lighthouse secret is a fine tide table. Lighthouse, lighthouse.
    Second memo | Guild Paper | 2024-07-02 | key=memo2 | guild:7
        The secret was moved.
"""


def test_another_guilds_articles_are_never_found_and_change_no_score(make: Make) -> None:
    alone, together = FakeCorpus(NEWS), FakeCorpus(NEWS)
    together.write(GUILDS_OWN)
    terms = {"lighthous": 1.0, "fine": 1.0, "secret": 1.0, "tide": 1.0}
    for filters in (Filters((LIBRARY,)), Filters((LIBRARY, OTHER_GUILD)), Filters((OTHER_GUILD,))):
        without = filled(make, alone).snapshot().search(terms, filters, 50)
        beside = filled(make, together).snapshot().search(terms, filters, 50)
        assert beside == without
        assert filled(make, together).snapshot().statistics(list(terms), filters.collections) == filled(
            make, alone
        ).snapshot().statistics(list(terms), filters.collections)


def test_a_guild_sees_the_library_and_its_own(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    corpus.write(GUILDS_OWN)
    found = set(keys(filled(make, corpus), corpus, "lighthous secret", Filters((LIBRARY, GUILD))))
    assert found == {"brindle", "corvane", "notes", "memo", "memo2"}
    assert filled(make, corpus).snapshot().statistics(["memo", "corvan"], [GUILD]).containing == {
        "memo": 2,
        "corvan": 0,
    }


def test_the_order_of_collections_in_a_question_makes_no_difference(make: Make) -> None:
    corpus = FakeCorpus(NEWS)
    corpus.write(GUILDS_OWN)
    snapshot = filled(make, corpus).snapshot()
    terms = {"lighthous": 1.0}
    assert snapshot.search(terms, Filters((GUILD, LIBRARY)), 9) == snapshot.search(terms, Filters((LIBRARY, GUILD)), 9)
