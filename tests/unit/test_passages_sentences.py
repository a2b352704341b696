"""Sentences end where readers see them end: abbreviations, quotations, lost spaces and lists included."""

from __future__ import annotations

import pytest

from corpus.passages import sentences


def parts(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


@pytest.mark.parametrize(
    "marked",
    [
        # a bar marks where a sentence ends; the text is the same without it
        "The ruling came late.| It was short.",
        "The U.S. District Court ruled.| The U.S.| On Monday it left.",
        "In Parler v. Amazon Inc., No. 21-31, she ruled.| Smith vs. Jones is older.",
        "It lies in Washington D.C.| The app is gone.",
        "It lies in Washington DC.| Apple left.",
        "Judge J. Michelle Childs and John G. Roberts Jr. agreed.| They left.",
        "J. A. Hobson wrote it.| George H. W. Bush read it.",
        "Gov. Ann Bell, Sen. Carl Dorn and Rep. Eve Frost met Dr. Hall.| Mr. Hall spoke.",
        "It began on Jan. 21, 2021, and ended on Sept. 5.| In between it rained.",
        "It began at 5 p.m. Eastern.| It ended at 6 a.m.| The judge left.",
        "He was sued by Apple Inc.| The court agreed.",
        "It cites 47 U.S.C. § 230 and 5 F. Supp. 2d 123 (9th Cir. 2020. En banc).| It held so.",
        "See Art. 17 and Nos. 20 and 21.| That is all.",
        "They removed the app.| Parler sued.",
        "He paid $5.5 million in 2021.| Five judges sat.",
        "The plan was vitamin C.| He left.",
        "Plan B.| It failed.",
        "See Smith et al.| The rest is known.",
        "Is it so?| No!| It is not.",
        "“Is this fair?” Judge Bell asked.| “No.”| The lawyer sat down.",
        "Yahoo! Inc. sued.| It won.",
        "The court agreed...| But not at once.",
        "The law ... Congress wrote is clear.| It binds.",
        "iPhone sales fell.| iPhone users sued.",
        "(See the order.)| Then he left.",
        "Der BGH entschied am 3. März 2021 nach Art. 17 Abs. 1.| Das Gericht wies ab.",
        "M. Dupont a gagné.| La cour, selon l'art. 5, a jugé.",
        "El Sr. García ganó.| El tribunal falló.",
        "最高裁は判決を下した。|これは重要だ！|「はい。そうです。」と彼は言った。",
        "محكمة قضت.| ثم ذهب؟| نعم.",
        "न्यायालय ने फैसला दिया।| वह खुश था।",
    ],
)
def test_sentences_end_where_the_bar_stands(marked: str) -> None:
    assert parts(marked.replace("|", "")) == [part.strip() for part in marked.split("|")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left the Capitol.Judge Bell refused.", ["He left the Capitol.", "Judge Bell refused."]),
        ('He said no."The law is old," she said.', ["He said no.", '"The law is old," she said.']),
        ('"The law is old."Judge Bell agreed.', ['"The law is old."', "Judge Bell agreed."]),
        ("See Booking.Com and ASP.Net today.", ["See Booking.Com and ASP.Net today."]),
        ("Write to a.bell@news.Example or www.news.Example now.", None),
    ],
)
def test_a_lost_space_is_found_but_names_of_sites_stay_whole(text: str, expected: list[str] | None) -> None:
    assert parts(text) == (expected or [text])


@pytest.mark.parametrize(
    "text",
    [
        '"We lost. We will appeal. That is all," she said.',
        "“We lost. We will appeal.” she said.",
        "Il dit : « Nous avons perdu. Nous ferons appel. » et partit.",
        "Sie sagte: „Wir haben verloren. Wir gehen weiter.“ und ging.",
    ],
)
def test_a_quotation_is_not_cut(text: str) -> None:
    assert parts(text) == [text]


def test_a_mark_that_is_missing_spoils_one_quotation_only() -> None:
    text = 'She said "this never closes. The next one goes on. "A third. A fourth," he said. It ended.'
    assert parts(text) == [
        'She said "this never closes.',
        "The next one goes on.",
        '"A third. A fourth," he said.',
        "It ended.",
    ]


def test_a_quotation_ends_with_its_paragraph() -> None:
    assert parts('"This never closes.\n\nA new paragraph. It goes on.') == [
        '"This never closes.',
        "A new paragraph.",
        "It goes on.",
    ]


def test_inches_and_apostrophes_open_no_quotation() -> None:
    assert parts('The 6" phone is gone. Users\' rights stay. So it was. The 7" one is here.') == [
        'The 6" phone is gone.',
        "Users' rights stay.",
        "So it was.",
        'The 7" one is here.',
    ]


@pytest.mark.parametrize("glyph", ["• ", "- ", "* ", "– ", "•", "## ", "> "])
def test_a_bullet_is_a_sentence_without_its_sign(glyph: str) -> None:
    assert parts(f"{glyph}The first point\n  {glyph}The second one. It has two.") == [
        "The first point",
        "The second one.",
        "It has two.",
    ]


def test_lines_of_signs_hold_no_sentence() -> None:
    assert parts("One here.\n\n* * *\n---\n•\n\nTwo here.") == ["One here.", "Two here."]


def test_a_headline_is_a_sentence_of_its_own() -> None:
    assert parts("Court rules for Apple\nThe ruling came late.") == ["Court rules for Apple", "The ruling came late."]


def test_the_lines_of_a_wrapped_paragraph_are_one() -> None:
    text = "The court ruled on Monday that the company may keep its servers\noffline until the trial. It was late."
    assert len(parts(text)) == 2
    wrapped = (
        "A ruling by Judge Ann Bell of the Northern District of\n"
        "California came late on Monday after the hearing with\n"
        "Apple and ended it."
    )
    assert parts(wrapped) == [wrapped]


def test_only_signs_or_nothing_is_no_trouble() -> None:
    assert parts("") == []
    assert parts(" \n\t\n") == []
    assert parts("😀") == ["😀"]
    assert parts("?!") == ["?!"]


def test_a_line_without_stops_is_cut_at_white_space() -> None:
    text = "word " * 2_000
    spans = sentences(text)
    assert max(map(len, spans)) <= 2_000
    assert " ".join(span.of(text) for span in spans) == text.strip()


def test_a_quotation_beyond_the_limit_is_cut_at_its_stops() -> None:
    text = "“" + "We will appeal the ruling. " * 100 + "”"
    assert parts(text)[1] == "We will appeal the ruling."
