"""Proper names and what they name, told by capitals, titles and word lists; offsets are the sentence's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.names import NameKind, courts, gazetteer, laws, names


def read(sentence: str) -> dict[str, str]:
    """Each name with its kind."""
    return {name.span.of(sentence): str(name.kind) for name in names(sentence)}


@pytest.mark.parametrize(
    ("sentence", "person", "title"),
    [
        ("U.S. District Judge Ines Marrow denied it.", "Ines Marrow", "U.S. District Judge"),
        ("Judge Marrow denied it.", "Marrow", "Judge"),
        ("Chief Justice Orla Tamsin wrote.", "Orla Tamsin", "Chief Justice"),
        ("It was CEO Dane Holloway who said so.", "Dane Holloway", "CEO"),
        ("Attorney General Rosa Vane sued.", "Rosa Vane", "Attorney General"),
    ],
)
def test_a_persons_name_stands_apart_from_the_titles_before_it(sentence: str, person: str, title: str) -> None:
    [name] = [name for name in names(sentence) if name.kind is NameKind.PERSON]
    assert name.span.of(sentence) == person
    assert name.title is not None
    assert name.title.of(sentence) == title


@pytest.mark.parametrize(
    "person",
    [
        "Maria van der Berg",
        "Carlos de la Fuente",
        "Peter von Harlow",
        "Anna B. Marrow",
        "J.D. Marrow",
        "Jean-Pierre Marrow",
        "Mary O’Tamsin",
        "Robert Marrow Jr.",
        "Robert Marrow, Jr.",
        "Sofía Núñez",
    ],
)
def test_particles_initials_hyphens_and_accents_are_parts_of_a_name(person: str) -> None:
    sentence = f"The motion of Judge {person} was read aloud."
    # The dot of a suffix may stand for the end of the sentence too.
    assert person.rstrip(".") in {name.span.of(sentence).rstrip(".") for name in names(sentence)}


@pytest.mark.parametrize(
    ("sentence", "name", "kind"),
    [
        ("It sued Corvane Technologies in May.", "Corvane Technologies", NameKind.ORGANISATION),
        ("The Harbor Trade Commission agreed.", "Harbor Trade Commission", NameKind.ORGANISATION),
        ("The FTC agreed.", "FTC", NameKind.ORGANISATION),
        ("It told Amazon Web Services so.", "Amazon Web Services", NameKind.ORGANISATION),
        ("They met in Seattle.", "Seattle", NameKind.PLACE),
        ("They met in New York.", "New York", NameKind.PLACE),
        ("The Ninth Circuit agreed.", "Ninth Circuit", NameKind.COURT),
        ("Then Orlu Tamsin spoke.", "Orlu Tamsin", NameKind.OTHER),
    ],
)
def test_a_name_has_a_kind(sentence: str, name: str, kind: NameKind) -> None:
    assert read(sentence).get(name) == kind


def test_months_and_weekdays_are_times() -> None:
    assert read("On Monday it closed until March.") == {"Monday": "time", "March": "time"}


def test_the_word_that_opens_a_sentence_is_no_name() -> None:
    assert read("The motion failed.") == {}
    assert read("However, Corvane lost.") == {"Corvane": "other"}


def test_two_names_joined_by_and_are_two_names() -> None:
    assert set(read("They fined Corvane and Quarrix.")) == {"Corvane", "Quarrix"}


def test_a_firm_and_its_person_are_two_names() -> None:
    assert set(read("It was Corvane’s Dane Holloway who spoke.")) == {"Corvane", "Dane Holloway"}


def test_a_possessive_is_no_part_of_the_name() -> None:
    assert "Corvane" in read("They read Corvane's filing.")


def test_the_people_of_a_country_are_no_name() -> None:
    assert read("They said French and German users left.") == {}


@pytest.mark.parametrize(
    "court",
    [
        "U.S. District Court for the Western District of Washington",
        "U.S. District Court in Seattle",
        "Ninth Circuit",
        "9th Circuit",
        "U.S. Court of Appeals for the Federal Circuit",
        "Supreme Court",
        "U.S. Supreme Court",
        "Northern District of California",
        "Delaware Court of Chancery",
        "Court of Justice of the European Union",
        "High Court",
        "Competition Appeal Tribunal",
    ],
)
def test_a_court_is_found_as_fully_as_it_is_named(court: str) -> None:
    sentence = f"The case is before the {court}."
    assert court in [span.of(sentence) for span in courts(sentence)]


def test_a_court_of_no_name_is_no_court() -> None:
    assert courts("The court ruled; courts often do.") == []


@pytest.mark.parametrize(
    "law",
    [
        "Computer Fraud and Abuse Act",
        "Digital Markets Act",
        "Section 230",
        "Section 230 of the Communications Decency Act",
        "Article 17",
        "GDPR",
        "CFAA",
        "First Amendment",
        "Fourth Amendment",
        "Copyright Act of 1976",
        "Harbor Lights Law",
    ],
)
def test_a_law_is_found(law: str) -> None:
    sentence = f"They broke the {law}."
    assert law in [span.of(sentence) for span in laws(sentence)]


def test_the_words_law_and_act_alone_are_no_law() -> None:
    assert laws("The law is an act. The Law is an act.") == []


PIECES = st.sampled_from(
    "Judge Ines Marrow van der Berg de la U.S. District Court for the of and & Corvane Inc. , Corp ’s 's v. Ninth "
    "Circuit Section 230 Act “Tide” Monday March 2021 the a said FTC AT&T O’Neil — (Reuters) Jr. eBay Élan".split()
)


@given(st.one_of(st.lists(PIECES, max_size=14).map(" ".join), st.text(max_size=120)))
def test_any_sentence_has_names_in_order_apart_and_inside_it(sentence: str) -> None:
    end = 0
    for name in names(sentence):
        assert end <= name.span.start < name.span.end <= len(sentence)
        end = name.span.end
        assert name.title is None or name.title.end <= name.span.start


@given(st.one_of(st.lists(PIECES, max_size=14).map(" ".join), st.text(max_size=120)))
def test_any_sentence_has_courts_and_laws_inside_it(sentence: str) -> None:
    for span in (*courts(sentence), *laws(sentence)):
        assert 0 <= span.start < span.end <= len(sentence)
        assert span.of(sentence).strip()


def test_the_word_lists_are_folded() -> None:
    lists = gazetteer()
    for words in (lists.first_names, lists.org_words, lists.places, lists.person_titles, lists.person_roles):
        assert words
        assert all(word == word.lower() for word in words)
