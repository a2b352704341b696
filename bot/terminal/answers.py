"""Answers and passages laid out for reading: the answer picked out, the verbatim text, its place and its age."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from rich.text import Text

from bot.sheet import headline
from bot.signs import one_line, visible
from bot.terminal.face import EMPTY, Block, block
from bot.wording import age, day
from retrieval.model import Answered, NeedsDetail, NotAQuestion, NotInCorpus, Partial, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from retrieval.answer import Found
    from retrieval.model import Answer, Evidence

_HELP = 'Ask about tech-legal news, for example: amicus ask "who is the judge in Parler v. AWS?"'
_SMALL_TALK = {
    Topic.GREETING: "Hello. I answer questions about tech-legal news from the articles I hold.",
    Topic.THANKS: "You are welcome.",
    Topic.HELP: "I answer questions about tech-legal news with verbatim sentences and where they stand.",
    Topic.EMPTY: "There is nothing to search for in this.",
}


def blocks_of(answer: Answer, today: date) -> Iterator[Block]:
    """The answer as it is read; `today` is the day of asking, from which ages are told."""
    match answer:
        case Answered():
            yield from _answered(answer, today)
        case Partial(_, evidence, missing, closest, notes, parts):
            yield from _picked_out(evidence, parts)
            yield from _pieces(evidence, today)
            yield block(f"Not stated: {one_line(missing)}", "yellow")
            yield from _notes(notes)
            yield from _closest(closest, today)
        case NotInCorpus(_, missing, closest, notes, did_you_mean, related):
            yield block(one_line(missing), "bold yellow")
            if did_you_mean:
                yield block(f"Did you mean: {one_line(did_you_mean)}", "bold")
            yield from _notes(notes)
            yield from _closest(closest, today)
            yield from _related(related)
        case NeedsDetail(_, missing, choices, closest, notes):
            yield block(one_line(missing), "bold yellow")
            yield from (block(f"• {one_line(choice)}", indent=2) for choice in choices)
            yield from _notes(notes)
            yield from _closest(closest, today)
        case NotAQuestion(topic, missing):
            yield block(one_line(missing) or _SMALL_TALK[topic])
            yield block(_HELP)
        case _:
            assert_never(answer)


def _answered(answer: Answered, today: date) -> Iterator[Block]:
    first, others = answer.evidence[:1], answer.evidence[1:]
    if answer.conflicts:
        yield block("Articles differ on this; which is right is left open.", "bold yellow")
        yield EMPTY
    else:
        yield from _picked_out(answer.evidence, answer.parts)
    yield from _pieces(first, today, said=answer.polarity)
    if answer.conflicts:
        yield block("Another article says:", "bold")
        yield EMPTY
        yield from _pieces(_numbered(answer.conflicts, len(first)), today)
        if others:
            yield block("Further evidence:", "bold")
            yield EMPTY
    yield from _pieces(_numbered(others, len(first) + len(answer.conflicts)), today)
    yield from _notes(answer.notes)


def _numbered(evidence: Sequence[Evidence], after: int) -> list[Evidence]:
    """The same with the numbers by which they are shown."""
    return [
        replace(piece, citation=replace(piece.citation, number=number))
        for number, piece in enumerate(evidence, after + 1)
    ]


def _picked_out(evidence: Sequence[Evidence], parts: int) -> Iterator[Block]:
    """The short answer; what stands further down supports it or is another possibility."""
    if short := headline(evidence, parts):
        yield block(one_line(short), "bold green")
        yield EMPTY


def _pieces(evidence: Sequence[Evidence], today: date, *, said: bool | None = None) -> Iterator[Block]:
    """The quotations with their places; `said` is the yes or no that stands in front of each."""
    for piece in evidence:
        yield from _piece(piece, today, said=said)


def _piece(piece: Evidence, today: date, *, said: bool | None) -> Iterator[Block]:
    cited = piece.citation
    number = f"[{cited.number}] "
    margin = len(number)
    front = "" if said is None else "Yes. " if said else "No. "
    yield Block(Text(number).append(front, "bold green").append_text(_quoted(piece)), hang=margin)
    yield block(one_line(cited.title), "cyan", indent=margin)
    yield block(_whence(cited.publication, cited.published, today), "dim", indent=margin)
    if cited.url:
        yield block(one_line(cited.url), "dim", indent=margin)
    yield EMPTY


def _quoted(piece: Evidence) -> Text:
    """The verbatim text between quotation marks, its highlights and its answer picked out."""
    text = Text(visible(piece.text))
    for span in piece.highlights:
        text.stylize("bold", span.start, span.end)
    if piece.answer:
        text.stylize("bold green", piece.answer.start, piece.answer.end)
    return Text("“").append_text(text).append("”")


def _whence(publication: str | None, published: date | None, today: date) -> str:
    when = f"{day(published)} ({age(published, today)})" if published else "no date"
    return ", ".join(part for part in (one_line(publication or ""), when) if part)


def _notes(notes: Sequence[str]) -> Iterator[Block]:
    yield from (block(f"Note: {one_line(note)}", "dim") for note in notes)


def _related(related: Sequence[str]) -> Iterator[Block]:
    if related:
        yield block("Questions near this one that the corpus answers:", "bold")
        yield from (block(f"• {one_line(question)}", indent=2) for question in related)


def _closest(closest: Sequence[Evidence], today: date) -> Iterator[Block]:
    if closest:
        yield EMPTY
        yield block("Closest passages (they do not answer this):", "bold")
        yield EMPTY
        # Nothing in them is picked out: that would look like an answer.
        yield from _pieces([replace(piece, highlights=(), answer=None) for piece in closest], today)


def blocks_of_hits(found: Sequence[Found], today: date) -> Iterator[Block]:
    """Ranked passages as they are read."""
    if not found:
        yield block("No passage holds these words.", "bold yellow")
    for rank, each in enumerate(found, start=1):
        head = f"{rank}. "
        article, span = each.article, each.passage.span
        yield Block(Text(head).append(one_line(article.title), "cyan").append(f"  {each.hit.score:.2f}", "dim"))
        yield block(_whence(article.publication, article.published, today), "dim", indent=len(head))
        yield block(f"{one_line(article.key)} [{span.start}:{span.end}]", "dim", indent=len(head))
        yield block(visible(span.of(article.text)), indent=len(head))
        yield EMPTY
