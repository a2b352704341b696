"""What the corpus desk tells scripts, as JSON objects. The shapes are fixed; docs/usage-moderators.md gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from corpus.model import Added, AlreadyKnown, NearDuplicate, Rejected

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.terminal.as_json import Json
    from bot.wanted import Topic
    from corpus.collection import Collection
    from corpus.drafts import Alike, Feed, HistoryEntry, ItemOutcome, Preview, Purged, Undone, WaitingDraft
    from corpus.model import Article, AuditEntry, IngestOutcome, SetAside


def _iso(when: date | None) -> str | None:
    return when.isoformat() if when else None


def of_act(outcome: str, article: Article) -> dict[str, Json]:
    """What was done to an article: removed or restored."""
    return {
        "outcome": outcome,
        "key": article.key,
        "collection": str(article.collection),
        "revision": article.revision,
        "title": article.title,
    }


def of_settled(
    outcome: str,
    *,
    title: str | None = None,
    key: str | None = None,
    collection: Collection | None = None,
    revision: int | None = None,
    passages: int | None = None,
    waiting: WaitingDraft | None = None,
    reason: str | None = None,
    alike: Sequence[Alike] = (),
) -> dict[str, Json]:
    """What became of a draft, or of what was to be one: the same keys whatever it is."""
    return {
        "outcome": outcome,
        "key": key,
        "collection": str(collection) if collection else None,
        "revision": revision,
        "title": title,
        "passages": passages,
        "draft": waiting.id if waiting else None,
        "version": waiting.version if waiting else None,
        "reason": reason,
        "alike": [of_alike(one) for one in alike],
    }


def of_outcome(outcome: IngestOutcome, waiting: WaitingDraft | None, alike: Sequence[Alike]) -> dict[str, Json]:
    """A draft that was stored, or why it was not; `waiting` where it can still be decided on."""
    match outcome:
        case Added(article):
            return of_settled(
                "added",
                key=article.key,
                collection=article.collection,
                revision=article.revision,
                title=article.title,
                passages=len(article.passages),
            )
        case AlreadyKnown(key, title, collection):
            return of_settled("known", key=key, collection=collection, title=title, waiting=waiting)
        case NearDuplicate(key, title):
            where = next((one.collection for one in alike if one.key == key), None)
            return of_settled("near_duplicate", key=key, collection=where, title=title, waiting=waiting, alike=alike)
        case Rejected(_, reason, key):
            return of_settled("rejected", key=key, reason=reason, waiting=waiting)
        case _:
            assert_never(outcome)


def of_undecided(preview: Preview) -> dict[str, Json]:
    """A draft that waits."""
    waiting = preview.waiting
    return of_settled(
        "waiting", title=waiting.draft.title, passages=preview.passages, waiting=waiting, alike=preview.alike
    )


def of_alike(one: Alike) -> dict[str, Json]:
    """An article that is like a draft."""
    return {
        "key": one.key,
        "collection": str(one.collection),
        "revision": one.revision,
        "title": one.title,
        "publication": one.publication,
        "published": _iso(one.published),
        "url": one.url,
        "share": round(one.share, 4),
    }


def of_waiting(waiting: WaitingDraft) -> dict[str, Json]:
    """A draft without its text."""
    draft, base, decision = waiting.draft, waiting.base, waiting.decision
    return {
        "draft": waiting.id,
        "collection": str(waiting.collection),
        "state": waiting.state.value,
        "version": waiting.version,
        "origin": waiting.origin.value,
        "by": waiting.by,
        "at": waiting.at.isoformat(),
        "expires_at": waiting.expires_at.isoformat(),
        "title": draft.title,
        "publication": draft.publication,
        "authors": list(draft.authors),
        "published": _iso(draft.published),
        "url": draft.url,
        "language": draft.language,
        "partial": draft.partial,
        "source": draft.source.reference,
        "words": len(draft.text.split()),
        "edits": {"key": base.key, "revision": base.revision} if base else None,
        "decision": {
            "by": decision.by,
            "at": decision.at.isoformat(),
            "reason": decision.reason,
            "key": decision.key,
            "revision": decision.revision,
        }
        if decision
        else None,
    }


def of_preview(preview: Preview) -> dict[str, Json]:
    """A draft with its text, what cleaning did, and what is like it."""
    draft, known = preview.waiting.draft, preview.known
    return of_waiting(preview.waiting) | {
        "passages": preview.passages,
        "known": {"key": known.key, "title": known.title} if known else None,
        "alike": [of_alike(one) for one in preview.alike],
        "dropped": _lines(draft.dropped),
        "flagged": _lines(draft.flagged),
        "text": draft.text,
    }


def _lines(lines: Sequence[SetAside]) -> list[Json]:
    return [{"line": one.line, "rule": one.rule} for one in lines]


def of_revision(entry: HistoryEntry) -> dict[str, Json]:
    """One revision, and what it changed from the one before."""
    article = entry.article
    return {
        "key": article.key,
        "revision": article.revision,
        "by": article.added_by,
        "at": _iso(article.added_at),
        "title": article.title,
        "changed": [{"name": name, "before": before, "after": after} for name, before, after in entry.particulars],
        "lines": [{"sign": line.sign, "text": line.text} for line in entry.lines],
    }


def of_undone(undone: Undone) -> dict[str, Json]:
    """An act that was taken back, and how the article stands now."""
    return of_act("undone", undone.article) | {
        "number": undone.entry.number,
        "action": undone.entry.action,
        "removed": undone.article.removed is not None,
    }


def of_purged(purged: Purged, messages: Sequence[str]) -> dict[str, Json]:
    """What a takedown erased; the backups named still hold it, the messages named still quote it."""
    return {
        "outcome": "purged",
        "key": purged.key,
        "title": purged.title,
        "revisions": purged.revisions,
        "drafts": len(purged.drafts),
        "backups": list(purged.backups),
        "messages": list(messages),
    }


def of_feed(feed: Feed, outcome: str | None = None) -> dict[str, Json]:
    """A feed that is followed; with what was done to it, where something was."""
    done: dict[str, Json] = {"outcome": outcome} if outcome else {}
    return done | {
        "feed": feed.id,
        "collection": str(feed.collection),
        "url": feed.url,
        "title": feed.title,
        "mode": feed.mode.value,
        "paused": feed.paused,
        "by": feed.by,
        "at": feed.at.isoformat(),
        "checked_at": _iso(feed.checked_at),
        "next_at": feed.next_at.isoformat(),
        "failures": feed.failures,
        "problem": feed.problem or None,
        "stored": feed.stored,
        "queued": feed.queued,
        "passed_over": feed.passed_over,
    }


def of_refused(source: str, reason: str) -> dict[str, Json]:
    """What can't be followed or looked at, and why."""
    return {"outcome": "rejected", "url": source, "reason": reason}


def of_item(outcome: ItemOutcome, feed: int | None) -> dict[str, Json]:
    """An item of a feed, the stage that it reached, and why it went no further."""
    item = outcome.item
    return {
        "feed": feed,
        "title": item.title,
        "link": item.link,
        "published": _iso(item.published),
        "stage": outcome.stage.value,
        "reason": outcome.reason or None,
        "key": outcome.key,
        "draft": outcome.draft_id,
    }


def of_entry(entry: AuditEntry) -> dict[str, Json]:
    """An entry of the audit record, with the names that its CSV file has."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "collection": str(entry.collection),
        "key": entry.key or None,
        "revision": entry.revision or None,
        "detail": entry.detail or None,
    }


def of_topic(topic: Topic) -> dict[str, Json]:
    """What members of a guild would like to read about."""
    return {
        "number": topic.id,
        "topic": topic.text,
        "count": topic.count,
        "first_at": topic.first_at.isoformat(),
        "last_at": topic.last_at.isoformat(),
        "state": topic.state.value,
    }
