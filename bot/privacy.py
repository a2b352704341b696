"""What members can do about what is kept of them: see it, take it along, have it erased, not have it kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.records.model import UNLOGGED_KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, timedelta

    from bot.guildsettings import GuildBook
    from bot.records.members import Counts, Erased, Everything, MemberRecords
    from bot.records.model import AnswerRecord
    from corpus.drafts import WaitingDraft
    from corpus.model import AuditEntry

_log = structlog.get_logger(__name__)


class Acts(Protocol):
    """Tells what somebody has done to the corpus, and forgets what was erased."""

    async def acts_of(self, actor: str) -> list[AuditEntry]:
        """Their entries in the audit record of all collections, oldest first."""
        ...

    async def drafts_of(self, actor: str) -> list[WaitingDraft]:
        """The drafts that they brought in, of all collections, oldest first."""
        ...

    async def checkpoint(self) -> None:
        """What was erased is gone from the log of changes too."""
        ...


class Preferences:
    """Who opted out of the question log, in memory; loaded at the start, changed in the database first."""

    def __init__(self, records: MemberRecords) -> None:
        self._records = records
        self._unlogged: set[int] = set()

    async def load(self) -> None:
        """All opt-outs are known."""
        self._unlogged = await self._records.unlogged()

    def logs(self, member_id: int) -> bool:
        """Whether the member's questions may be remembered longer than their buttons need."""
        return member_id not in self._unlogged

    async def choose(self, member_id: int, now: datetime, *, question_log: bool) -> None:
        """The member's choice is stored and known; an opt-out concerns what was asked before, too."""
        await self._records.choose(member_id, now, question_log=question_log)
        (self._unlogged.discard if question_log else self._unlogged.add)(member_id)


class QuestionLog:
    """For how long the record of an answer is kept: `most` is what the operator set."""

    def __init__(self, book: GuildBook, preferences: Preferences, most: timedelta) -> None:
        self._book = book
        self._preferences = preferences
        self._most = most

    def keep_for(self, member_id: int, guild_id: int | None) -> timedelta:
        """What guild and member have set; `guild_id` is None in direct messages. Looks at memory only."""
        return self._guild_keeps(guild_id) if self._preferences.logs(member_id) else UNLOGGED_KEPT

    def guilds_before(self, now: datetime) -> dict[int, datetime]:
        """For each guild that keeps records for a shorter time than the operator: those from before are too old."""
        kept = {guild_id: self._guild_keeps(guild_id) for guild_id in self._book.guilds}
        return {guild_id: now - length for guild_id, length in kept.items() if length < self._most}

    def _guild_keeps(self, guild_id: int | None) -> timedelta:
        settings = self._book.of(guild_id)
        if not settings.question_log:
            return UNLOGGED_KEPT
        return self._most if settings.kept_for is None else min(settings.kept_for, self._most)


@dataclass(frozen=True, slots=True)
class About:
    """How much is kept of a member. `acts` are entries in the audit record; drafts are open or were decided on."""

    counts: Counts
    question_log: bool
    open_drafts: int
    decided_drafts: int
    acts: int


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was erased, and the name that stands in the audit record instead of the member's number."""

    erased: Erased
    pseudonym: str = field(repr=False)


class Privacy:
    """The use cases of `/privacy`. Times are aware, UTC, and passed in."""

    def __init__(self, records: MemberRecords, preferences: Preferences, acts: Acts) -> None:
        self._records = records
        self._preferences = preferences
        self._acts = acts

    async def about(self, member_id: int) -> About:
        """How much is kept of the member."""
        actor = actor_of(member_id)
        drafts = await self._acts.drafts_of(actor)
        is_open = sum(draft.is_open for draft in drafts)
        return About(
            await self._records.counts(member_id),
            question_log=self._preferences.logs(member_id),
            open_drafts=is_open,
            decided_drafts=len(drafts) - is_open,
            acts=len(await self._acts.acts_of(actor)),
        )

    async def export(self, member_id: int, now: datetime) -> dict[str, object]:
        """All that is kept of the member, as JSON can hold it; times in UTC, by ISO 8601."""
        actor = actor_of(member_id)
        kept = await self._records.everything(member_id)
        return {
            "member": str(member_id),
            "exported_at": now.isoformat(),
            "question_log": self._preferences.logs(member_id),
            **_exported(kept),
            "drafts": [_draft(draft) for draft in await self._acts.drafts_of(actor)],
            "audit": [_act(entry) for entry in await self._acts.acts_of(actor)],
        }

    async def delete(self, member_id: int) -> Deleted:
        """Answers' records, votes, requests and what private messages need are erased.

        The audit record, articles and drafts stay, under a pseudonym that nothing leads back from; the opt-out of the
        question log stays, so that it goes on.
        """
        pseudonym = f"former:{secrets.token_hex(4)}"
        erased = await self._records.erase(member_id, actor_of(member_id), pseudonym)
        await self._acts.checkpoint()
        _log.info(
            "member.erased",
            records=erased.records,
            votes=erased.votes,
            requests=erased.requests,
            pending=erased.pending,
            renamed=erased.renamed,
        )
        return Deleted(erased, pseudonym)


def actor_of(member_id: int) -> str:
    """The member's name in the audit record."""
    return f"discord:{member_id}"


def _exported(kept: Everything) -> dict[str, object]:
    return {
        "questions": [_question(record) for record in kept.records],
        "votes": [
            {"at": _moment(vote.at), "guild": _number(vote.guild_id), "helpful": vote.helpful} for vote in kept.votes
        ],
        "requests": [
            {"at": _moment(one.at), "guild": _number(one.guild_id), "topic": one.topic, "state": one.state}
            for one in kept.requests
        ],
        "private_messages": [
            {"kind": one.kind, "content": one.content, "erased_at": _moment(one.expires_at)} for one in kept.pending
        ],
    }


def _question(record: AnswerRecord) -> Mapping[str, object]:
    filters = record.filters
    return {
        "question": record.question,
        "asked_at": _moment(record.created_at),
        "erased_at": _moment(record.expires_at),
        "guild": _number(record.guild_id),
        "private": record.private,
        "shared_at": _moment(record.shared_at),
        "outcome": record.outcome.value,
        "collections": [str(collection) for collection in filters.collections],
        "publications": list(filters.publications),
        "since": _moment(filters.since),
        "until": _moment(filters.until),
    }


def _draft(waiting: WaitingDraft) -> Mapping[str, object]:
    draft, decision = waiting.draft, waiting.decision
    return {
        "at": _moment(waiting.at),
        "collection": str(waiting.collection),
        "state": waiting.state.value,
        "origin": waiting.origin.value,
        "title": draft.title,
        "publication": draft.publication,
        "published": _moment(draft.published),
        "link": draft.url,
        "text": draft.text,
        "as_given": draft.raw_text,
        "reason": decision.reason if decision else "",
        "erased_at": _moment(waiting.expires_at),
    }


def _act(entry: AuditEntry) -> Mapping[str, object]:
    return {
        "number": entry.number,
        "at": _moment(entry.at),
        "action": entry.action,
        "collection": str(entry.collection),
        "key": entry.key,
        "revision": entry.revision,
        "detail": entry.detail,
    }


def _moment(when: date | None) -> str | None:
    return when.isoformat() if when else None


def _number(guild_id: int | None) -> str | None:
    """A number of Discord's as text: many programs that read JSON can't hold one of 64 bits."""
    return None if guild_id is None else str(guild_id)
