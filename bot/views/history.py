"""What became of an article: its revisions and removals, newest first, with who, when, why and what changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.limits import TEXT_IN_MESSAGE, measure
from bot.views import markup
from bot.views.actors import actor
from bot.views.buttons import Action, Layout, Press, record_of
from bot.views.draftpages import signed
from bot.views.outcomes import show_button
from bot.views.paged import fill, foot, nearest, pages_of, turning
from bot.views.particulars import key_of, title_of
from bot.views.undo import undo_button

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from corpus.drafts import HistoryEntry
    from corpus.model import Article, AuditEntry

_WHY: Final = 300
_PARTICULAR: Final = 150
_FOOT: Final = 60
_ACTS: Final = {"add": "added", "revise": "edited", "remove": "removed", "restore": "restored"}
_OF_A_DRAFT: Final = re.compile(r"draft [0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Deed:
    """One act on an article: what was done by whom, when (None: not known) and why, and the revision that it made."""

    action: str
    by: str
    at: datetime | None
    revision: int
    why: str = ""
    entry: HistoryEntry | None = None


def deeds_of(revisions: Sequence[HistoryEntry], acts: Sequence[AuditEntry]) -> list[Deed]:
    """The acts on an article with what each revision changed, newest first; both are given newest first.

    Revisions whose act is not among `acts` stand at the end.
    """
    made = {entry.article.revision: entry for entry in revisions}
    deeds = [
        Deed(
            act.action,
            act.actor,
            act.at,
            act.revision,
            "" if _OF_A_DRAFT.fullmatch(act.detail) else act.detail,
            made.pop(act.revision, None) if act.action in {"add", "revise"} else None,
        )
        for act in acts
        if act.action in _ACTS
    ]
    rest = sorted(made.values(), key=lambda entry: -entry.article.revision)
    return [*deeds, *map(_deed_of, rest)]


def _deed_of(entry: HistoryEntry) -> Deed:
    article = entry.article
    action = "add" if article.revision == 1 else "revise"
    return Deed(action, article.added_by, article.added_at, article.revision, "", entry)


class HistoryLayout(Layout):
    """A page of what became of the article; `last` is the newest act where the reader may take it back."""

    def __init__(
        self,
        article: Article,
        deeds: Sequence[Deed],
        *,
        flag: int,
        page: int,
        now: datetime,
        last: AuditEntry | None = None,
    ) -> None:
        super().__init__()
        head = f"### History\n{title_of(article.title)} · {key_of(article.key)}"
        pages = pages_of((block for deed in deeds for block in _blocks(deed)), TEXT_IN_MESSAGE - measure(head) - _FOOT)
        at = nearest(page, len(pages))
        back, on = (Press(Action.ARTICLE_PAST, record_of(article.id), flag, to) for to in (max(at - 1, 0), at + 1))
        undo = undo_button(last, now, label="Undo the newest") if last else []
        fill(
            self,
            (head, "\n".join(pages[at]), foot(at, len(pages))),
            [*turning(back, on, page=at, count=len(pages)), *undo, show_button(article)],
        )


def _blocks(deed: Deed) -> Iterator[str]:
    """The act, then each thing that it changed; none is longer than a page."""
    when = f", <t:{int(deed.at.timestamp())}:f>" if deed.at else ""
    done = _ACTS.get(deed.action, markup.line(deed.action, 40))
    why = f"\n-# {markup.line(deed.why, _WHY)}" if deed.why else ""
    yield f"**Revision {deed.revision:,}** · {done} by {actor(deed.by)}{when}{why}"
    if deed.entry is None:
        return
    for name, before, after in deed.entry.particulars:
        old, new = (markup.line(value, _PARTICULAR) or "(none)" for value in (before, after))
        yield f"{markup.line(name, 40)}: {old} → {new}"
    for line in deed.entry.lines:
        yield signed(line)
