"""What is kept of a member, shown to that member alone: numbers, a file, and what erasing means before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import discord
from discord import ui

from bot.views import markup
from bot.views.buttons import Action, Layout, Press, button
from bot.views.notices import Notice
from bot.views.paged import fill
from bot.wording import plural

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from bot.privacy import About
    from bot.records.members import Erased

FILE: Final = "amicus-about-you.json"
PACKED: Final = f"{FILE}.gz"

_NAME: Final = 100
_GUILDS: Final = 10
_ABOUT: Final = (
    "### What I keep about you\n"
    "Numbers of Discord's (yours, the server's) and what you did with me. No names, no messages, no addresses. What "
    "you see here is about you alone, and nobody else can see it here."
)
_EXPLAINED: Final = (
    "-# Questions are kept so that the buttons under an answer work, then erased. The whole of it is explained in "
    "`docs/privacy.md` of the program; whoever runs this bot can tell you more."
)
_ERASING: Final = (
    "### Erase what I keep about you?\n"
    "**Erased now, for good:** your questions and searches with their answers' records, your votes, your requests for "
    "articles, and what my private messages to you need.\n"
    "**What stays:** the audit record of changes to articles, and articles, drafts and suggestions that you brought "
    "in, under a made-up name that nothing leads back from. You are told of no decision on a suggestion any more. If "
    "you switched your question log off, that stays, so that it goes on.\n"
    "**What I can't reach:** my answers that stand in channels stay until somebody deletes them there; their buttons "
    "say that they have expired. Backups made before still hold your data until the operator deletes them."
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is shown: how much is kept, the servers' names as far as known, how long questions are kept here."""

    about: About
    names: Mapping[int, str]
    kept_for: timedelta


class PrivacyLayout(Layout):
    """How much is kept of the member, and what they can do about it; `said` tells what became of the last press."""

    def __init__(self, kept: Kept, said: str = "") -> None:
        super().__init__()
        about = kept.about
        switch = Press(Action.PRIVACY_LOG, argument=0 if about.question_log else 1)
        row: list[ui.Item[ui.LayoutView]] = [
            button(Press(Action.PRIVACY_EXPORT), "Export"),
            button(switch, "Don't keep my questions" if about.question_log else "Keep my questions"),
            button(Press(Action.PRIVACY_DELETE), "Erase …", style=discord.ButtonStyle.danger),
        ]
        fill(self, [_ABOUT, _numbers(kept), _log(kept), said, _EXPLAINED], row)


class ErasingLayout(Layout):
    """Asks whether it shall be erased; `record` is spent by the answer."""

    def __init__(self, record: str) -> None:
        super().__init__()
        erase = button(Press(Action.PRIVACY_ERASE, record), "Erase it", style=discord.ButtonStyle.danger)
        fill(self, [_ERASING], [erase, button(Press(Action.PRIVACY), "Keep it")])


class ExportLayout(Layout):
    """What is kept, as a file of that name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        text = "### All that I keep about you\nTimes are in UTC. Only you can see this message."
        self.add_item(ui.Container(ui.TextDisplay[ui.LayoutView](text)))
        self.add_item(ui.File(f"attachment://{name}"))


def too_large() -> Notice:
    """Says that the file is larger than Discord takes."""
    return Notice(
        "What I keep about you is more than Discord lets me send as a file. Ask the operator of this bot for it."
    )


def erased(what: Erased) -> Notice:
    """Says what was erased, and what goes by another name."""
    lines = [
        "### Erased",
        f"{plural(what.records, 'question')}, {plural(what.votes, 'vote')}, {plural(what.requests, 'request')}.",
    ]
    if what.renamed:
        named = "no longer names you" if what.renamed == 1 else "no longer name you"
        lines.append(f"{plural(what.renamed, 'entry', 'entries')} of the record of changes {named}.")
    return Notice("\n".join(lines))


def erased_before() -> Notice:
    """Says that the answer was given already, or too late."""
    return Notice("Nothing was done: this was answered already, or too long ago. `/privacy` shows what is kept now.")


def _numbers(kept: Kept) -> str:
    about = kept.about
    counts = about.counts
    total = sum(count for _, count in counts.records)
    lines = [f"**{plural(total, 'question')}** and searches, with what was answered", *_by_guild(kept)]
    lines += [
        f"**{plural(counts.votes, 'vote')}** on answers",
        f"**{plural(counts.requests, 'request')}** for articles",
        f"**{about.open_drafts:,}** drafts and suggestions that wait, **{about.decided_drafts:,}** decided on",
        f"**{plural(about.acts, 'entry', 'entries')}** in the record of changes",
        f"**{plural(counts.pending, 'private message')}** of mine that can still be used",
    ]
    return "\n".join(lines)


def _by_guild(kept: Kept) -> list[str]:
    """In which servers the questions were asked, most first."""
    counted = sorted(kept.about.counts.records, key=lambda pair: (-pair[1], pair[0] or 0))
    lines = [f"- {_where(guild_id, kept.names)}: {count:,}" for guild_id, count in counted[:_GUILDS]]
    rest = counted[_GUILDS:]
    return [*lines, f"- in {plural(len(rest), 'other server')}: {sum(count for _, count in rest):,}"] if rest else lines


def _where(guild_id: int | None, names: Mapping[int, str]) -> str:
    if guild_id is None:
        return "in direct messages"
    return f"in {markup.line(names[guild_id], _NAME)}" if guild_id in names else "in a server that I am not in any more"


def _log(kept: Kept) -> str:
    length = kept.kept_for
    shown = plural(length.days, "day") if length.days else plural(int(length.total_seconds()) // 60, "minute")
    if kept.about.question_log:
        return f"**Question log:** on. What you ask here is kept for {shown}."
    return f"**Question log:** off for you, everywhere. What you ask is kept for {shown}, which its buttons need."
