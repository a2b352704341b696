"""What people type into forms: taken as meant, or refused with every wrong field named."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.details import Fault, Faults, filled, link_of
from corpus.drafting import edited, of_article, same_article, typed, with_new_text
from corpus.drafts import Details
from corpus.errors import Unreadable
from corpus.model import Draft, SetAside, Source, SourceKind
from corpus.readers.head import Head
from tests.fakes.drafts import article_of, draft

PASTE = Source(SourceKind.PASTE, "a message")
HEAD = Head("A ruling", None, "CNBC", ("Jane Doe",), date(2021, 1, 21), "https://example.com/a")
TEXT = "The judge denied the motion on Thursday. The company had sued in January."


def head(details: Details, before: Head = HEAD) -> Head:
    found = filled(details, before)
    assert isinstance(found, Head), str(found)
    return found


def faults(details: Details) -> dict[str, str]:
    found = filled(details, HEAD)
    assert isinstance(found, Faults)
    return {fault.field: fault.reason for fault in found.all}


def article(details: Details) -> Draft:
    found = typed(details, PASTE)
    assert isinstance(found, Draft), str(found)
    return found


def test_a_field_that_was_not_in_the_form_stays_as_it_is() -> None:
    assert head(Details()) == HEAD


def test_an_emptied_field_is_cleared() -> None:
    cleared = head(Details(publication="", published=" ", url="", authors="\n"))
    assert cleared == Head("A ruling")


@pytest.mark.parametrize(
    "written",
    ["2021-03-04", "4 March 2021", "March 4, 2021", "Mar. 4, 2021", " 4th March 2021 ", "Thursday, March 4, 2021"],
)
def test_a_date_is_read_in_the_forms_that_people_type(written: str) -> None:
    assert head(Details(published=written)).published == date(2021, 3, 4)


@pytest.mark.parametrize("written", ["04/03/2021", "yesterday", "2021", "31 February 2021", "2021-13-01"])
def test_a_date_that_could_mean_two_days_or_none_is_refused(written: str) -> None:
    assert "no date that can be read" in faults(Details(published=written))["date"]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Jane Doe", ("Jane Doe",)),
        ("Jane Doe, John Roe", ("Jane Doe", "John Roe")),
        ("Jane Doe; John Roe", ("Jane Doe", "John Roe")),
        ("Doe, Jane; Roe, John", ("Doe, Jane", "Roe, John")),
        ("By Jane Doe and John Roe", ("Jane Doe", "John Roe")),
        ("Sammy Davis, Jr., Jane Doe", ("Sammy Davis, Jr.", "Jane Doe")),
        ("Simon and Schuster", ("Simon and Schuster",)),
        ("Jane Doe,, Jane Doe,", ("Jane Doe",)),
    ],
)
def test_authors_are_separated_by_commas_or_semicolons(written: str, names: tuple[str, ...]) -> None:
    assert head(Details(authors=written)).authors == names


@pytest.mark.parametrize("written", ["https://example.com/b", " https://example.com/b ", "<https://example.com/b>"])
def test_a_link_is_taken_with_or_without_angle_brackets(written: str) -> None:
    assert head(Details(url=written)).url == "https://example.com/b"


@pytest.mark.parametrize(
    "written",
    ["example.com/b", "ftp://example.com/b", "javascript:alert(1)", "https://", "https://a b.com", "http://[::1"],
)
def test_only_http_and_https_are_links(written: str) -> None:
    assert list(faults(Details(url=written))) == ["link"]


def test_a_link_with_a_password_is_refused() -> None:
    with pytest.raises(ValueError, match="no user name and no password"):
        link_of("https://ann:secret@example.com/")


def test_a_link_that_is_too_long_is_refused_with_both_lengths() -> None:
    with pytest.raises(Unreadable, match="2,100 characters long; at most 2,048"):
        link_of("https://example.com/" + "a" * 2_080)


def test_every_wrong_field_is_named_at_once_in_the_order_of_the_form() -> None:
    wrong = Details(
        title="x" * 301, publication="y" * 301, published="soon", url="nowhere", authors="z" * 301, text=" "
    )
    assert list(faults(wrong)) == ["title", "publication", "date", "link", "authors", "text"]
    assert str(filled(wrong, HEAD)).startswith(
        "Title: it is 301 characters long; at most 300 are allowed. Publication:"
    )


def test_title_and_text_cannot_be_cleared() -> None:
    assert faults(Details(title=" ", text="")) == {"title": "an article needs one", "text": "an article needs one"}


def test_invisible_signs_are_taken_out_of_what_was_typed() -> None:
    assert head(Details(title="A\u202e ruling\u200b\n again")).title == "A ruling again"


def test_a_typed_article_has_what_was_typed() -> None:
    found = article(Details("Parler v. AWS", "CNBC", "January 21, 2021", "https://example.com/a", "Jane Doe", TEXT))
    assert (found.title, found.publication, found.published) == ("Parler v. AWS", "CNBC", date(2021, 1, 21))
    assert (found.url, found.authors, found.text) == ("https://example.com/a", ("Jane Doe",), TEXT)
    assert found.source == PASTE


def test_a_text_without_a_title_gets_one_as_files_do() -> None:
    assert article(Details(title="", text=TEXT)).title == "The judge denied the motion on Thursday."
    assert article(Details(text=f"Judge denies motion\n\n{TEXT}")).title == "Judge denies motion"


def test_the_head_of_a_pasted_text_counts_where_a_field_was_left_empty_and_its_key_never() -> None:
    pasted = f"---\nid: parler\ntitle: Parler\npublication: CNN\n---\n{TEXT}"
    found = article(Details(publication="CNBC", title=" ", text=pasted))
    assert (found.key, found.title, found.publication, found.text) == (None, "Parler", "CNBC", TEXT)


def test_a_wrong_field_and_a_wrong_text_are_named_together() -> None:
    found = typed(Details(published="soon", text="Hm."), PASTE)
    assert isinstance(found, Faults)
    assert [fault.field for fault in found.all] == ["date", "text"]
    assert found.all[1] == Fault("text", "it holds no sentence of at least 3 words")


def test_a_form_without_a_text_is_refused() -> None:
    assert str(typed(Details(title="A"), PASTE)) == "Text: it holds no text."


def test_a_broken_head_is_refused_with_its_line() -> None:
    found = typed(Details(text="---\ntitle: [\n---\n" + TEXT), PASTE)
    assert isinstance(found, Faults)
    assert found.all[0].reason.startswith("line ")


def test_an_edit_of_the_particulars_leaves_the_text_and_what_was_set_aside_alone() -> None:
    before = Draft("A ruling", TEXT, "raw", PASTE, publication="CNBC", dropped=(SetAside("Advertisement", "label"),))
    found = edited(before, Details(title="Another", publication=""))
    assert isinstance(found, Draft)
    assert (found.title, found.publication, found.text, found.raw_text) == ("Another", None, TEXT, "raw")
    assert found.dropped == before.dropped


def test_the_same_text_given_back_by_a_form_is_no_new_text() -> None:
    before = draft(TEXT, raw_text="Advertisement\n" + TEXT)
    assert edited(before, Details(text=TEXT.replace("\n", "\r\n") + "\n ")) == before


def test_a_new_text_is_cleaned_with_the_rules_of_the_readers() -> None:
    found = edited(
        draft(TEXT, title="A ruling"), Details(text=f"A ruling\r\n\r\nAdvertisement\r\n\r\n{TEXT} It will appeal.")
    )
    assert isinstance(found, Draft)
    assert found.text == f"{TEXT} It will appeal."
    assert {one.line for one in found.dropped} == {"A ruling", "Advertisement"}


def test_authors_cleared_together_with_a_new_text_do_not_come_back_from_its_byline() -> None:
    found = edited(draft(TEXT), Details(authors="", text=f"By Jane Doe\n\n{TEXT} It will appeal."))
    assert isinstance(found, Draft)
    assert found.authors == ()


def test_a_new_text_that_is_no_article_is_refused() -> None:
    assert str(edited(draft(TEXT), Details(text="Hm."))) == "Text: it holds no sentence of at least 3 words."


def test_an_article_comes_back_from_an_edit_that_changes_nothing() -> None:
    stored = article_of(draft(TEXT, key="a", publication="CNBC"))
    before = of_article(stored, "raw")
    same = edited(before, Details("A ruling", "CNBC", "", "", "", TEXT))
    assert isinstance(same, Draft)
    assert same_article(before, same)
    assert not same_article(before, draft(TEXT, publication="CNN"))


def test_a_new_text_keeps_the_particulars_and_fills_those_that_were_missing() -> None:
    before = draft(TEXT, title="A ruling", publication="CNBC")
    read = draft("Another text came.", title="A file", publication="CNN", published=date(2021, 1, 21))
    found = with_new_text(before, read)
    assert (found.title, found.publication, found.published) == ("A ruling", "CNBC", date(2021, 1, 21))
    assert found.text == "Another text came."
