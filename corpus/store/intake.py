"""What becomes of drafts that are to be stored: decided here, without I/O, in the order of the drafts.

The rules, for one collection:

- A draft that brings its key is that article. Same content as the stored one: known. Other content: a new revision.
  Two drafts with different keys are two articles even where their texts are equal; the key says so.
- A draft without a key is known when its text (compared by its words) is any revision's of a live article, or when its
  canonical link is the current one of a live article. A text that shares 60 % of its 5-word shingles with an article of
  the same title, date and publication is that article in a newer wording: a new revision. Else it is a new article; its
  key is made from title and date, with a number behind where that is taken.
- What was removed stays removed: a draft that would bring it back is rejected with the way to restore it.
- A text or link that was taken down for good is stored under no key.
- Within one input a key may stand for one content only; a second is rejected, else importing the same input again
  would never come to rest.

Near-duplicates under other titles are stored: whether two stories are one is for a person to say.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.dedupe import canonical_url, digest, overlap, sample, shingles
from corpus.model import KEY_MOST_CHARS, AlreadyKnown, Rejected
from corpus.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from corpus.model import Draft, Passage, Removal

SAME_PIECE = 0.6
_KEY_CHARS = 80
_NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """What a draft is compared by. `fingerprint` covers everything an export carries, to the letter.

    `runs` is the sample of its five-word runs, see `corpus.dedupe.sample`.
    """

    text_digest: str
    canonical_url: str | None
    fingerprint: str
    runs: tuple[int, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """An article that is stored, or was decided to be in this transaction. `id` is None before it is written."""

    key: str
    revision: int
    title: str
    publication: str | None
    published: date | None
    fingerprint: str
    text: str | None = field(default=None, repr=False)
    id: int | None = None
    removed: Removal | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """A revision to be written: of a new article where `article_id` is None."""

    position: int
    draft: Draft
    marks: Marks
    key: str
    revision: int
    article_id: int | None


@dataclass(slots=True)
class Neighbours:
    """The stored articles that a group of drafts may meet, found by key, by text and by link."""

    by_key: dict[str, Known] = field(default_factory=dict)
    by_digest: dict[str, Known] = field(default_factory=dict)
    by_url: dict[str, Known] = field(default_factory=dict)
    taken_down: set[str] = field(default_factory=set)
    """Those of the drafts' marks (see `takedown_marks`) that were taken down."""

    def note(self, known: Known, marks: Marks) -> None:
        """Let the drafts that follow meet `known` too."""
        self.by_key[known.key] = known
        self.by_digest[marks.text_digest] = known
        if marks.canonical_url:
            self.by_url[marks.canonical_url] = known


Decision = Write | AlreadyKnown | Rejected


def marks_of(draft: Draft) -> Marks:
    """What `draft` is compared by."""
    parts = [
        draft.title,
        draft.text,
        draft.publication,
        list(draft.authors),
        draft.published.isoformat() if draft.published else None,
        draft.url,
        draft.language,
        draft.partial,
    ]
    fingerprint = hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
    link = canonical_url(draft.url) if draft.url else None
    return Marks(digest(draft.text), link, fingerprint, tuple(sample(shingles(draft.text))))


def takedown_marks(text_digest: str, canonical_url: str | None) -> tuple[str, ...]:
    """What a takedown is known by: digests, from which neither text nor link can be read."""
    link = () if canonical_url is None else (hashlib.sha256(f"link {canonical_url}".encode()).hexdigest(),)
    return (text_digest, *link)


def made_key(draft: Draft) -> str:
    """The key for a draft that brings none: words of its title and its date, in a-z, 0-9 and hyphens."""
    slug = _NO_SLUG.sub("-", fold(draft.title)).strip("-")
    if not slug:  # a title in a script without such letters
        slug = "article-" + hashlib.sha256(draft.title.encode()).hexdigest()[:8]
    if len(slug) > _KEY_CHARS:
        slug = slug[:_KEY_CHARS].rpartition("-")[0] or slug[:_KEY_CHARS]
    return f"{slug}-{draft.published.isoformat()}" if draft.published else slug


def unfit(draft: Draft, passages: Sequence[Passage]) -> str | None:
    """Why the draft can't be stored, as a sentence; None where it can."""
    if draft.key is not None and (reason := _unfit_key(draft.key)):
        return reason
    written = (draft.title, draft.text, draft.raw_text, draft.publication or "", draft.url or "", *draft.authors)
    try:
        "".join(written).encode()
    except UnicodeEncodeError:
        return "it holds broken characters (half of a surrogate pair); save it as UTF-8 again"
    if not passages:
        return "it has no text"
    at = 0
    for passage in passages:
        inner = [at, passage.span.start, *(edge for span in passage.sentences for edge in (span.start, span.end))]
        at = passage.span.end
        if sorted(inner) != inner or max(inner) > at or at > len(draft.text):
            return "its passages do not fit its text"
    return None


def _unfit_key(key: str) -> str | None:
    if not 0 < len(key) <= KEY_MOST_CHARS:
        return f"its id has {len(key)} characters; 1 to {KEY_MOST_CHARS} are possible"
    if not key.isprintable() or key != key.strip():
        return f"its id {key!r} begins or ends with a space or holds characters that can't be shown"
    return None


class Intake:
    """Decides for one draft after the other; each decision counts for those that follow."""

    def __init__(self, neighbours: Neighbours, *, settled: Iterable[str] = ()) -> None:
        """`settled` names the keys that this input has written already, in earlier transactions."""
        self._neighbours = neighbours
        self._settled = set(settled)

    def decide(self, position: int, draft: Draft, marks: Marks) -> Decision:
        """What becomes of `draft`, which is fit to be stored."""
        if draft.key is not None:
            return self._keyed(position, draft, marks, draft.key)
        met = self._met(marks)
        if met is not None:
            return _rejected(draft, met) if met.removed else AlreadyKnown(met.key, met.title)
        return self._keyless(position, draft, marks)

    def _met(self, marks: Marks) -> Known | None:
        by_url = self._neighbours.by_url.get(marks.canonical_url) if marks.canonical_url else None
        return self._neighbours.by_digest.get(marks.text_digest) or by_url

    def _keyed(self, position: int, draft: Draft, marks: Marks, key: str) -> Decision:
        known = self._neighbours.by_key.get(key)
        if known is None:
            return self._write(position, draft, marks, key, None)
        if known.removed is not None:
            return _rejected(draft, known)
        if known.fingerprint == marks.fingerprint:
            self._settled.add(key)
            return AlreadyKnown(known.key, known.title)
        if key in self._settled:
            return Rejected(draft.source, f"the id {key!r} stands twice in this input, for different articles")
        return self._write(position, draft, marks, key, known)

    def _keyless(self, position: int, draft: Draft, marks: Marks) -> Decision:
        base = made_key(draft)
        known = self._neighbours.by_key.get(base)
        number = 1
        while known is not None:
            if known.key not in self._settled and _same_piece(known, draft):
                return (
                    _rejected(draft, known) if known.removed else self._write(position, draft, marks, known.key, known)
                )
            number += 1
            known = self._neighbours.by_key.get(f"{base}-{number}")
        return self._write(position, draft, marks, base if number == 1 else f"{base}-{number}", None)

    def _write(self, position: int, draft: Draft, marks: Marks, key: str, known: Known | None) -> Write | Rejected:
        if not self._neighbours.taken_down.isdisjoint(takedown_marks(marks.text_digest, marks.canonical_url)):
            return Rejected(draft.source, "it was taken down for good and can't be stored again")
        revision = known.revision + 1 if known else 1
        article_id = known.id if known else None
        self._neighbours.note(
            Known(
                key=key,
                revision=revision,
                title=draft.title,
                publication=draft.publication,
                published=draft.published,
                fingerprint=marks.fingerprint,
                text=draft.text,
                id=article_id,
            ),
            marks,
        )
        self._settled.add(key)
        return Write(position, draft, marks, key, revision, article_id)


def _same_piece(known: Known, draft: Draft) -> bool:
    # The key says that title and date are alike; "Roundup" and "Roundup!" make the same key, which is near enough.
    if known.text is None or known.published != draft.published:
        return False
    if fold(known.publication or "") != fold(draft.publication or ""):
        return False
    # Of the shorter one: a story may have grown since, or been cut.
    return overlap(shingles(draft.text), shingles(known.text)) >= SAME_PIECE


def _rejected(draft: Draft, known: Known) -> Rejected:
    reason = f"“{known.title}” was {known.removed}; it can be restored: its key is {known.key}"
    return Rejected(draft.source, reason, key=known.key)
