"""What a draft resembles: the same text or link, near-duplicates, what was removed or taken down. Plain SQL.

Near-duplicates are found by the samples of their five-word runs, of which a draft has all, and then compared exactly.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from corpus.dedupe import overlap, sample, shingles
from corpus.drafts import Alike, Removed, Resembling
from corpus.model import AlreadyKnown
from corpus.store import rows
from corpus.store.intake import SAME_PIECE, Marks, marks_of, takedown_marks
from corpus.store.queries import within
from corpus.store.rows import CURRENT, EVERY

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from corpus.collection import Collection
    from corpus.drafts import Place
    from corpus.model import Draft

MOST_ALIKE: Final = 5
_COMPARED: Final = 20
"""So many articles with the most common runs are compared exactly."""
_MOST_RUNS: Final = 20_000
"""Of a draft with more runs, only the sample is looked up."""


class _Same(NamedTuple):
    key: str
    collection: int
    title: str
    removed_at: str | None
    removed_by: str | None
    removed_why: str | None


def resembling(connection: sqlite3.Connection, draft: Draft, place: Place, besides: str | None) -> Resembling:
    """What is stored like the draft; `besides` is the key of the article that it edits, whose own marks don't count."""
    marks = marks_of(draft)
    kept = _kept_marks(connection, besides, place)
    (last_change,) = connection.execute("SELECT coalesce(max(number), 0) FROM change").fetchone()
    changed = Marks(
        "" if marks.text_digest in kept else marks.text_digest,
        None if marks.canonical_url in kept else marks.canonical_url,
        marks.fingerprint,
    )
    same = [one for one in _same(connection, changed, place) if not _is(one.key, one.collection, besides, place)]
    live = next((one for one in same if one.removed_at is None), None)
    known = AlreadyKnown(live.key, live.title, rows.collection(live.collection)) if live else None
    return Resembling(
        last_change=last_change,
        known=known,
        removed=None if known else next(_removed(same, place.own), None),
        alike=() if known or not changed.text_digest else _alike(connection, draft.text, place, besides),
        taken_down=_taken_down(connection, changed, place),
    )


def _kept_marks(connection: sqlite3.Connection, besides: str | None, place: Place) -> frozenset[str | None]:
    """Text and link of the article that is edited: only what an edit changes can make it another's."""
    if besides is None:
        return frozenset()
    query = f"""
        SELECT revision.text_digest, revision.canonical_url FROM {CURRENT}
        WHERE article.collection = ? AND article.key = ?
    """  # noqa: S608 - made of our own constants
    found = connection.execute(query, (place.own.guild_id or 0, besides)).fetchone()
    return frozenset(found or ())


def _is(key: str, collection: int, besides: str | None, place: Place) -> bool:
    return key == besides and collection == (place.own.guild_id or 0)


def same_link(connection: sqlite3.Connection, canonical: str, place: Place) -> AlreadyKnown | None:
    """The live article whose current revision has this canonical link."""
    found = _matching(connection, "revision.number = article.current AND revision.canonical_url = ?", canonical, place)
    live = next((one for one in found if one.removed_at is None), None)
    return AlreadyKnown(live.key, live.title, rows.collection(live.collection)) if live else None


def _same(connection: sqlite3.Connection, marks: Marks, place: Place) -> list[_Same]:
    """The articles with this text in any revision, or with this link in the current one; own ones first."""
    found = _matching(connection, "revision.text_digest = ?", marks.text_digest, place)
    if marks.canonical_url is not None:
        link = "revision.number = article.current AND revision.canonical_url = ?"
        found += _matching(connection, link, marks.canonical_url, place)
    return found


def _matching(connection: sqlite3.Connection, condition: str, value: str, place: Place) -> list[_Same]:
    seen = within(place.sees, "article")
    query = f"""
        SELECT article.key, article.collection, revision.title,
            article.removed_at, article.removed_by, article.removed_why
        FROM {EVERY} WHERE {condition} AND {seen.condition}
        ORDER BY article.collection DESC, article.id, revision.number DESC
    """  # noqa: S608 - made of our own constants
    return [_Same._make(row) for row in connection.execute(query, (value, *seen.values))]


def _removed(same: list[_Same], own: Collection) -> Iterator[Removed]:
    for one in same:
        removal = rows.removal(one.removed_at, one.removed_by, one.removed_why)
        if removal is not None and one.collection == (own.guild_id or 0):
            yield Removed(one.key, one.title, removal)


def _taken_down(connection: sqlite3.Connection, marks: Marks, place: Place) -> bool:
    """Whether it was taken down here, or in the library, which is for everybody."""
    query = "SELECT 1 FROM takedown WHERE collection IN (0, ?) AND mark IN (SELECT value FROM json_each(?))"
    known = json.dumps(takedown_marks(marks.text_digest, marks.canonical_url))
    return connection.execute(query, (place.own.guild_id or 0, known)).fetchone() is not None


def _alike(connection: sqlite3.Connection, text: str, place: Place, besides: str | None) -> tuple[Alike, ...]:
    runs = shingles(text)
    looked_up = sample(runs) if len(runs) > _MOST_RUNS else list(runs)
    seen = within(place.sees, "article")
    # CROSS keeps SQLite from beginning with all articles of the one collection that is seen.
    nearest = f"""
        SELECT shingle.article_id FROM shingle CROSS JOIN article ON article.id = shingle.article_id
        WHERE shingle.run IN (SELECT value FROM json_each(?))
            AND article.removed_at IS NULL AND {seen.condition}
        GROUP BY shingle.article_id ORDER BY count(*) DESC, shingle.article_id LIMIT {_COMPARED}
    """  # noqa: S608 - made of our own constants
    query = f"""
        SELECT article.key, article.collection, revision.number, revision.title, revision.publication,
            revision.published, revision.url, revision.text
        FROM {CURRENT} WHERE article.id IN ({nearest})
    """  # noqa: S608 - made of our own constants
    found: list[Alike] = []
    for key, collection, number, title, publication, published, url, theirs in connection.execute(
        query, (json.dumps(looked_up), *seen.values)
    ):
        share = overlap(runs, shingles(theirs))
        if share >= SAME_PIECE and not _is(key, collection, besides, place):
            owner = rows.collection(collection)
            found.append(Alike(key, owner, number, title, publication, rows.day(published), url, share))
    return tuple(sorted(found, key=lambda one: (-one.share, one.collection.guild_id or 0, one.key))[:MOST_ALIKE])
