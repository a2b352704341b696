"""Lines that are no part of an article are known by what they look like; sentences of an article are left alone."""

from __future__ import annotations

import pytest

from corpus.noise import RULES, Page, byline_authors, names_in


def rules_for(line: str) -> list[str]:
    """The names of the rules that drop `line` between two paragraphs."""
    page = Page.of(f"The trial opens here.\n\n{line}\n\nThe trial ends here.")
    return [name for name, applies in RULES if applies(page, 1)]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("photo-credit", "Ann Bell | Agence France-Presse | Getty Images"),
        ("photo-credit", "Ann Bell | Bloomberg"),
        ("photo-credit", "Photo by Ann Bell/Getty Images"),
        ("photo-credit", "Photograph: Ann Bell/Reuters"),
        ("photo-credit", "(AP Photo/Ann Bell, File)"),
        ("photo-credit", "REUTERS/Ann Bell/File Photo"),
        ("photo-credit", "Ann Bell/AFP via Getty Images"),
        ("photo-credit", "Getty Images"),
        ("photo-credit", "Image: Ann Bell / The Daily"),
        ("photo-credit", "Illustration by Ann Bell"),
        ("photo-credit", "Credit: Ann Bell for The Times"),
        ("caption-with-credit", "A phone shows the logo outside the court. Ann Bell/Getty Images"),
        ("caption-with-credit", "The logo on a phone (Photo by Ann Bell/NurPhoto)"),
        ("caption-with-credit", "The chief executive speaks in June. Photograph: Carl Dorn/AP"),
        ("label", "In this article"),
        ("label", "KEY POINTS:"),
        ("label", "Advertisement"),
        ("label", "Skip to main content"),
        ("label", "Recommended for you"),
        ("label", "Listen to this article"),
        ("label", "watch now"),
        ("read-more", "READ MORE: Judge sends case back"),
        ("read-more", "Also read: Ten things to know"),
        ("read-more", "Read more about the case here."),
        ("read-more", "Related: Judge sends case back"),
        ("read-more", "More from Business"),
        ("prompt", "Subscribe to our newsletter for more."),
        ("prompt", "Sign up for the Morning Brief and get the news in your inbox."),
        ("prompt", "Already a subscriber? Log in"),
        ("prompt", "You have reached your limit of free articles."),
        ("prompt", "This article is for subscribers only."),
        ("prompt", "To continue reading, subscribe today."),
        ("prompt", "We use cookies to improve your experience."),
        ("prompt", "By signing up, you agree to our terms."),
        ("prompt", "Follow us on Instagram and Facebook"),
        ("prompt", "Follow Ann Bell on Twitter"),
        ("prompt", "Got a tip? Email us at tips@news.example."),
        ("prompt", "Share this article on social media"),
        ("share-buttons", "Share Tweet Email"),
        ("share-buttons", "Facebook | Twitter | LinkedIn"),
        ("reading-time", "5 min read"),
        ("reading-time", "Listen 4 min"),
        ("reading-time", "12 Comments"),
        ("time-stamp", "Updated 5:03 PM EST, Thu January 21, 2021"),
        ("time-stamp", "Published Thu, Jan 21 2021 3:56 PM EST"),
        ("time-stamp", "2 hours ago"),
        ("copyright", "© 2021 The Daily Courier. All rights reserved."),
        ("copyright", "Copyright 2021 The Daily Courier"),
        ("desk-credit", "(Reporting by Ann Bell; Editing by Carl Dorn)"),
        ("tags", "Tags: privacy, courts"),
    ],
)
def test_page_furniture_is_known_by_its_rule(rule: str, line: str) -> None:
    assert rule in rules_for(line)


@pytest.mark.parametrize(
    "line",
    [
        "The Copyright Office refused to register the image.",
        "Register of Copyrights Ann Bell said the claim failed.",
        "Sign in with Apple was at issue in the case.",
        "Subscribers sued the company in May.",
        "By signing up, users agreed to arbitrate, the court held.",
        "Photographs by police showed the scene.",
        "More than 300 people joined the suit.",
        "Related cases are pending in Texas.",
        "Watch lists are not searches, the court said.",
        "Read literally, the statute bars the claim.",
        "Copyright law protects the code.",
        "All rights reserved to the states were at issue, she wrote.",
        "Get the facts right, the judge told the lawyers.",
        "Video games are protected speech, the justices held.",
        "Share prices fell 5% on Friday.",
        "Like others, the company classifies its drivers as contractors.",
        "Join the two cases, the lawyers asked.",
        '"We use cookies to track you," the company admitted.',
        "Enter your number was the only prompt, the complaint says.",
        "The New York Times sued the start-up.",
        "Getty Images sued the start-up in Delaware.",
        "The trial begins on Jan. 21, 2021.",
        "The app's logo is seen as a symbol by many supporters of free speech.",
        "Contact tracing apps came under scrutiny.",
        "This article of the treaty is for courts to interpret.",
        "More: the company also failed to warn users.",
        "Never miss a deadline, lawyers say.",
        "In 2021",
        "No. 21-1333",
    ],
)
def test_sentences_that_begin_like_furniture_stay(line: str) -> None:
    assert rules_for(line) == []


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ann Bell", ("Ann Bell",)),
        ("By Ann Bell and Carl Dorn, Staff Writers", ("Ann Bell", "Carl Dorn")),
        ("BY ANN BELL | JAN. 21, 2021", ("ANN BELL",)),
        ("By Ann de la Cruz, Carl Dorn and Eve O’Hara", ("Ann de la Cruz", "Carl Dorn", "Eve O’Hara")),
        ("By Associated Press", ("Associated Press",)),
        ("By Thursday, the service was offline", ()),
        ("By Thursday, Apple Music", ()),
        ("By a vote of 5 to 4 Ann Bell won.", ()),
        ("Ann Bell", ()),
    ],
)
def test_a_byline_gives_its_names(line: str, authors: tuple[str, ...]) -> None:
    assert byline_authors(line) == authors


def test_what_is_no_list_of_names_gives_none() -> None:
    assert names_in("the staff of the paper") == ()
    assert names_in("") == ()
