"""Words become the same terms wherever they stand, so that question, index and highlighting meet."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.text import words
from retrieval.analyser import MAX_WORD_CHARS, analyser_for, canonical_term, guess_language, lexicon

ENGLISH = analyser_for("en")
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "ru", "ar", "zh", "ja", "und", "xx", "")


@given(st.text(max_size=300), st.sampled_from(LANGUAGES))
@example("U.S. v. Amazon Web Services\ud800", "en")
def test_any_text_in_any_language_has_terms_at_places_inside_it(text: str, language: str) -> None:
    starts = {word.start for word in words(text)}
    for token in analyser_for(language).tokens(text):
        assert token.term
        assert 0 <= token.start < token.end <= len(text)
        assert token.start in starts


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_the_same_text_always_has_the_same_terms(text: str, language: str) -> None:
    assert analyser_for(language).terms(text) == analyser_for(language).terms(text)
    assert analyser_for(language).tokens_of(words(text)) == analyser_for(language).tokens(text)


@given(st.lists(st.sampled_from(["Amazon", "Web", "Services", "AWS", "the", "court", "US", "Meta", "v."]), max_size=12))
def test_terms_come_in_the_order_of_the_text(parts: list[str]) -> None:
    starts = [token.start for token in ENGLISH.tokens(" ".join(parts))]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("AWS", "Amazon Web Services"),
        ("FTC", "Federal Trade Commission"),
        ("F.T.C.", "Federal Trade Commission"),
        ("GDPR", "General Data Protection Regulation"),
        ("SCOTUS", "U.S. Supreme Court"),
        ("9th Circuit", "Ninth Circuit"),
        ("S.D.N.Y.", "Southern District of New York"),
        ("Justice Department", "DOJ"),
        ("CEO", "chief executive officer"),
        ("the U.K.", "Britain"),
        ("U.S.", "United States"),
        ("Twitter", "X Corp."),
    ],
)
def test_two_forms_of_one_name_share_its_canonical_term(short: str, full: str) -> None:
    one, other = (
        {term for term in ENGLISH.terms(f"They asked {name} again") if term.startswith("@")} for name in (short, full)
    )
    assert one == other
    assert len(one) == 1


def test_the_words_of_a_long_name_are_terms_too() -> None:
    assert ENGLISH.terms("Amazon Web Services") == ["@amazon web services", "amazon", "web", "servic"]


def test_a_name_of_one_word_is_its_canonical_term_alone() -> None:
    assert ENGLISH.terms("AWS") == ["@amazon web services"]


def test_the_longest_known_name_wins() -> None:
    terms = ENGLISH.terms("the U.S. Supreme Court ruled")
    assert canonical_term("Supreme Court") in terms
    assert canonical_term("United States") not in terms


def test_the_canonical_term_covers_all_words_of_the_name() -> None:
    text = "sued Amazon Web Services today"
    [token] = [token for token in ENGLISH.tokens(text) if token.term == canonical_term("Amazon Web Services")]
    assert text[token.start : token.end] == "Amazon Web Services"


def test_a_pronoun_is_no_country() -> None:
    assert canonical_term("United States") not in ENGLISH.terms("they told us everything")
    assert canonical_term("United States") in ENGLISH.terms("they told the US everything")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ruling", "ruled"),
        ("appeals", "appealed"),
        ("fined", "fine"),
        ("sued", "sue"),
        ("bought", "buy"),
        ("paid", "pay"),
        ("withdrew", "withdraw"),
        ("women", "woman"),
    ],
)
def test_forms_of_one_word_share_a_term(one: str, other: str) -> None:
    assert ENGLISH.terms(one) == ENGLISH.terms(other)


def test_function_words_are_left_out_of_the_terms_but_have_a_stem() -> None:
    assert ENGLISH.terms("who is the judge of it?") == ["judg"]
    assert ENGLISH.is_stop_word("the")
    assert ENGLISH.stem("the") == "the"


def test_numbers_stay_as_they_are() -> None:
    assert ENGLISH.terms("230 and 12,167,719 and 4:20-cv-05640") == ["230", "12167719", "4:20-cv-05640"]


def test_a_run_of_letters_that_is_no_word_is_left_out() -> None:
    assert ENGLISH.terms("x" * MAX_WORD_CHARS) != []
    assert ENGLISH.terms("x" * (MAX_WORD_CHARS + 1)) == []


def test_other_languages_have_their_own_stems_and_function_words() -> None:
    german = analyser_for("de")
    assert german.is_stop_word("der")
    assert set(german.terms("die Klagen")) & set(german.terms("der Klage"))
    french = analyser_for("fr")
    assert set(french.terms("les décisions")) & set(french.terms("la décision"))


def test_an_english_question_finds_english_words_in_articles_of_other_languages() -> None:
    assert set(ENGLISH.terms("injunctions")) & set(analyser_for("de").terms("eine injunction"))


def test_articles_of_an_unknown_language_are_indexed_without_leaving_out_a_word() -> None:
    assert len(analyser_for("xx").terms("the harbor was there")) == 4


@pytest.mark.parametrize(
    ("text", "languages", "expected"),
    [
        ("Who is the judge?", ["de", "fr"], "en"),
        ("Wer ist der Richter in dem Verfahren?", ["de", "fr"], "de"),
        ("Qui est le juge dans cette affaire ?", ["de", "fr"], "fr"),
        ("Wer ist der Richter?", [], "en"),
        ("Rothstein", ["de", "fr"], "en"),
        ("", ["de"], "en"),
        ("Who is der Richter?", ["xx"], "en"),
    ],
)
def test_the_language_of_a_question_is_one_that_the_corpus_holds(
    text: str, languages: list[str], expected: str
) -> None:
    assert guess_language(text, languages) == expected


def test_every_name_of_the_lexicon_leads_to_its_canonical_term() -> None:
    data = lexicon()
    assert data.longest_name >= 4
    for form, canonical in data.names.items():
        assert canonical.startswith("@")
        assert form in data.forms_of[canonical]
        assert form[0] in data.first_words


def test_a_part_belongs_to_a_known_whole_and_never_to_itself() -> None:
    for part, whole in lexicon().kin.items():
        assert part.startswith("@")
        assert whole.startswith("@")
        assert part != whole


def test_no_form_stands_for_two_names() -> None:
    names = lexicon().names
    assert len(set(names)) == len(names)
    assert len(set(names.values())) > 80
