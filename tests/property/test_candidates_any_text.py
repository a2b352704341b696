"""Short answers are looked for in any sentence for any question without a fault, and stand in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.candidates import candidates
from retrieval.fitting import Fitting
from retrieval.matching import Lens
from retrieval.polarity import polarity
from retrieval.premises import Premise
from tests.fakes.reading import article_of_sentences, asked, context_of

WORDS = (
    "the a an it to that of in on by for who which said used use uses required because after refused not Judge Ann "
    "Lee Oakes Corp. v. sued paid $5 million 12 60 days Friday March 3 2021 5-4 No. 1:20-cv-01 Act Court “ ” ( ) , ; : "
    ". … — é 日本 and or fined bought from swim cilia court’s"
).split()
QUESTIONS = (
    "What does the reef use to swim?",
    "What did Lee require Oakes to do?",
    "Who fined Oakes Corp.?",
    "Whose suit was dismissed?",
    "Which judge refused to hear Lee?",
    "Why did Lee sue Oakes?",
    "When did Lee sue Oakes?",
    "Where was Oakes fined?",
    "How long was the trial?",
    "How much did Oakes pay Lee?",
    "How many days did it last?",
    "What did Ann Lee say about Oakes?",
    "What is Oakes Corp.?",
    "Did Oakes pay Lee?",
    "Is the order still in force?",
    "What is the name of the judge?",
    "What was the vote?",
    "What is the docket number?",
    "Who won, Lee or Oakes?",
)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=24).map(" ".join), st.sampled_from(QUESTIONS))
def test_whatever_the_sentence_every_span_stands_in_it(text: str, question_text: str) -> None:
    context = context_of(article_of_sentences(text))
    question = asked(question_text)
    lenses = [Lens(concept, context.profile) for concept in question.concepts]
    for sentence in context.sentences:
        for candidate in candidates(sentence, question):
            assert 0 <= candidate.span.start < candidate.span.end <= len(sentence.text)
        span, fit = Fitting(question, [1.0] * len(lenses)).best(sentence, lenses)
        assert 0 <= fit <= 1
        assert span is None or sentence.text[span.start : span.end].strip()
        assert polarity(question, sentence) in {True, False, None}
        Premise(question, [context]).is_contradicted_by(sentence)
