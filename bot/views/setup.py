"""The guide of `/setup`: a step on each page, what is set now, and what can be chosen; at the end a self-test."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import discord
from discord import ui

from bot.guildsettings import EVIDENCE_PER_PAGE, MEMBER_PER_MINUTE, MOST_LANGUAGES, RECORD_DAYS, GuildSettings
from bot.limits import measure
from bot.views import markup
from bot.views.buttons import Action, Layout, Press, button
from bot.views.forms import Form, TextField
from bot.views.paged import Items, fill
from bot.wording import human_join, plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

ON: Final = 1
OFF: Final = 0
AS_THE_OPERATOR: Final = 0
"""As the number of quotations on a page: as many as the operator set."""
PER_MINUTE: Final = "per_minute"
DAYS: Final = "days"
CODES: Final = "codes"

_MENTIONS: Final = 2_500
_SAID: Final = 600
_NAME: Final = 80
_VIEW: Final = "View Channel"
_SEND: Final = "Send Messages"


class Step(IntEnum):
    """The steps in their order."""

    ROLE = 0
    COMMANDS = 1
    CHANNEL = 2
    LIBRARY = 3
    ANSWERS = 4
    LANGUAGES = 5
    LIMITS = 6
    TEST = 7


_TITLES: Final = {
    Step.ROLE: "Moderator role",
    Step.COMMANDS: "Open the commands to the role",
    Step.CHANNEL: "Review channel",
    Step.LIBRARY: "Library",
    Step.ANSWERS: "Answers",
    Step.LANGUAGES: "Languages",
    Step.LIMITS: "Limits and question log",
    Step.TEST: "Self-test",
}


@dataclass(frozen=True, slots=True)
class Opening:
    """A command that moderators need, as Discord's settings name it; with mentions that open it, where known."""

    name: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What the self-test found.

    `lacks` are the permissions missing in the review channel, by their names; empty with `channel_stands` false where
    the channel is no more. `unregistered` are commands that Discord does not know; None where it did not say.
    """

    role_stands: bool = True
    channel_stands: bool = True
    lacks: tuple[str, ...] = ()
    unregistered: tuple[str, ...] | None = ()
    seen_here: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tested: None where there is nothing to test. `text` is Markdown; `remedy` too."""

    passed: bool | None
    text: str
    remedy: str = ""

    @property
    def line(self) -> str:
        """The check as it is shown."""
        sign = {True: "✅", False: "❌", None: "➖"}[self.passed]
        return f"{sign} {self.text}" + (f"\n-# Remedy: {self.remedy}" if self.remedy else "")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a step shows: the settings, what the operator set, and what was found out for the step."""

    settings: GuildSettings
    per_page: int
    kept_for: timedelta
    openings: tuple[Opening, ...] = ()
    findings: Findings = field(default_factory=Findings)


class SetupLayout(Layout):
    """One step of the guide; `said` tells what became of the last choice (Markdown, escaped)."""

    def __init__(self, step: Step, shown: Shown, said: str = "") -> None:
        super().__init__()
        heading = f"### Setting up, step {step + 1} of {len(Step)}: {_TITLES[step]}"
        texts = [heading, *_TEXTS[step](shown), said]
        fill(self, texts, *_CONTROLS[step](shown), _turning(step))


def checks_of(settings: GuildSettings, found: Findings) -> list[Check]:
    """The self-test, line by line."""
    return [_role_check(settings, found), _commands_check(found), *_channel_checks(settings, found), _here(found)]


def languages_form(settings: GuildSettings) -> Form:
    """Asks for the languages."""
    return Form(
        "Languages",
        Press(Action.SETUP_LANGUAGES),
        TextField(
            CODES,
            "Codes of languages, such as en, de",
            f"At most {MOST_LANGUAGES}. Leave it empty for articles in any language.",
            value=", ".join(settings.languages),
            required=False,
            most=100,
        ),
    )


def limits_form(press: Press) -> Form:
    """Asks for the limits; `press` carries those that stand in it (page: per minute, argument: days; 0 for none)."""
    low, high = MEMBER_PER_MINUTE
    least, most = RECORD_DAYS
    return Form(
        "Limits",
        press,
        TextField(
            PER_MINUTE,
            "Questions a minute for each member",
            f"{low} to {high}. Empty: as the bot's operator set. It can lower their limit, not raise it.",
            value=str(press.page or ""),
            required=False,
            most=len(str(high)),
        ),
        TextField(
            DAYS,
            "Days for which questions are kept",
            f"{least} to {most}. Empty: as the bot's operator set. It can't be longer than that.",
            value=str(press.argument or ""),
            required=False,
            most=len(str(most)),
        ),
    )


def limits_press(settings: GuildSettings) -> Press:
    """The press that opens the form of the limits as they are."""
    return Press(Action.SETUP_LIMITS, page=settings.member_per_minute or 0, argument=settings.record_days or 0)


def not_changed(reason: str) -> str:
    """Says that nothing was changed, and why (plain text)."""
    return f"**Not changed:** {markup.line(reason, _SAID)}"


def role_refused(name: str, *, everyone: bool) -> str:
    """Says why a role can't be the moderators'."""
    if everyone:
        return "**Not changed:** every member has this role, so everybody would moderate. Choose another."
    return (
        f"**Not changed:** the role {markup.line(name, _NAME)} belongs to a bot or an integration, so no member can be "
        "given it. Choose or make another."
    )


def lacking(lacks: Sequence[str]) -> str:
    """Says what the review channel, just set, still needs; empty where it needs nothing."""
    if not lacks:
        return ""
    return f"I can't post there yet: I lack **{human_join(lacks)}**. The self-test at the end says what to do."


# --- texts


_LIBRARY: Final = (
    "The library is a collection of articles shared by all servers. With it switched off, answers here come from this "
    "server's own articles alone, and earlier answers no longer show what they quoted from the library."
)
_ANSWERS: Final = (
    "Whether answers to `/ask` and `/search` are seen by everybody in the channel or by the asker alone, unless they "
    "say otherwise; and how many quotations stand on a page."
)
_LANGUAGES: Final = (
    "Articles in other languages are marked in previews, and items of feeds in other languages go to the review queue "
    "even where the feed goes straight in."
)
_LIMITS: Final = (
    "How much one member may ask, and how long questions are remembered. Without the question log a question is "
    "remembered for as long as the first buttons need it: 15 minutes. A member can opt out for themselves with "
    "`/privacy`."
)


def _now(what: str) -> str:
    return f"**Now:** {what}"


def _role(shown: Shown) -> list[str]:
    settings, found = shown.settings, shown.findings
    text = (
        "Members with this role may use the corpus desk: articles, feeds, the review queue, the wanted list and the "
        "audit record. Members with **Manage Messages** and administrators may always."
    )
    if settings.moderator_role is None:
        return [text, _now("no role")]
    gone = "" if found.role_stands else " (it is no more)"
    return [text, _now(f"<@&{settings.moderator_role}>{gone}")]


def _commands(shown: Shown) -> list[str]:
    settings = shown.settings
    role = f"<@&{settings.moderator_role}>" if settings.moderator_role else "your moderator role (step 1)"
    how = (
        "Discord shows the desk's commands to members with **Manage Messages**. A bot can't change that; an "
        "administrator can:\n"
        "1. Open *Server Settings → Integrations* and choose this bot.\n"
        f"2. For each command below: choose it, *Add Roles or Members*, add {role}, allow it, save.\n"
        "What a member may do is checked by the bot as well, so opening a command to others does no harm."
    )
    return [how, _opened(shown.openings)]


def _opened(openings: Sequence[Opening]) -> str:
    """A line for each command; mentions as long as there is room."""
    lines: list[str] = []
    left = _MENTIONS
    for one in openings:
        name = f"**{markup.line(one.name, _NAME)}**"
        mentions = " ".join(one.mentions)
        line = f"- {name}: {mentions}" if mentions and measure(mentions) < left - 150 else f"- {name}"
        if measure(line) > left:
            break
        left -= measure(line) + 1
        lines.append(line)
    return "\n".join(lines)


def _channel(shown: Shown) -> list[str]:
    settings, found = shown.settings, shown.findings
    text = (
        "Suggestions of members are posted there, with buttons for moderators. Whoever sees the channel sees them. "
        "Without a channel they wait in `/queue` all the same."
    )
    if settings.review_channel is None:
        return [text, _now("no channel")]
    gone = "" if found.channel_stands else " (it is no more)"
    return [text, _now(f"<#{settings.review_channel}>{gone}")]


def _visibility(settings: GuildSettings) -> str:
    return "answers are seen by the asker alone" if settings.private else "answers are seen by everybody"


def _evidence(shown: Shown) -> str:
    own = shown.settings.evidence_per_page
    return f"at most {plural(own or shown.per_page, 'quotation')} a page" + ("" if own else " (as the operator set)")


def _limits(shown: Shown) -> str:
    asked = shown.settings.member_per_minute
    limit = f"{plural(asked, 'question')} a minute for each member" if asked else "questions as the operator set"
    if not shown.settings.question_log:
        return f"{limit}; no question log"
    return f"{limit}; questions are kept for {plural(shown.kept_for.days, 'day')}"


def _library(shown: Shown) -> list[str]:
    return [_LIBRARY, _now("on" if shown.settings.library else "off")]


def _answers(shown: Shown) -> list[str]:
    return [_ANSWERS, _now(f"{_visibility(shown.settings)}, {_evidence(shown)}")]


def _languages(shown: Shown) -> list[str]:
    return [_LANGUAGES, _now(human_join(shown.settings.languages) or "any language")]


def _limited(shown: Shown) -> list[str]:
    return [_LIMITS, _now(_limits(shown))]


# --- the self-test


def _test(shown: Shown) -> list[str]:
    checks = checks_of(shown.settings, shown.findings)
    failed = sum(check.passed is False for check in checks)
    outcome = f"**{plural(failed, 'thing')} to mend.**" if failed else "**All is well.**"
    return ["\n".join(check.line for check in checks), outcome]


def _role_check(settings: GuildSettings, found: Findings) -> Check:
    if settings.moderator_role is None:
        return Check(None, "No moderator role is set: members with **Manage Messages** use the desk.")
    if found.role_stands:
        return Check(passed=True, text=f"The moderator role <@&{settings.moderator_role}> is there.")
    return Check(passed=False, text="The moderator role is no more.", remedy=f"choose another in step {Step.ROLE + 1}.")


def _commands_check(found: Findings) -> Check:
    if found.unregistered is None:
        return Check(
            passed=False, text="Discord did not say which commands are registered.", remedy="test again in a minute."
        )
    if not found.unregistered:
        return Check(passed=True, text="All commands are registered with Discord.")
    names = markup.line(human_join(found.unregistered), _SAID)
    return Check(
        passed=False,
        text=f"Not registered with Discord: {names}.",
        remedy="the bot's operator runs `amicus sync`; then reload Discord (Ctrl+R).",
    )


def _channel_checks(settings: GuildSettings, found: Findings) -> list[Check]:
    if settings.review_channel is None:
        return [Check(None, "No review channel is set: suggestions wait in `/queue`.")]
    where = f"<#{settings.review_channel}>"
    if not found.channel_stands:
        remedy = f"choose another in step {Step.CHANNEL + 1}."
        return [Check(passed=False, text="The review channel is no more.", remedy=remedy)]
    wanted = [_VIEW, _SEND, *(one for one in found.lacks if one not in {_VIEW, _SEND})]
    checks = [_permission_check(name, where, held=name not in found.lacks) for name in wanted]
    return [*checks, _editing_check(where, held=_VIEW not in found.lacks)]


def _permission_check(name: str, where: str, *, held: bool) -> Check:
    if held:
        return Check(passed=True, text=f"I have **{name}** in {where}.")
    remedy = f"in the channel's settings under *Permissions*, add me or my role and allow **{name}**."
    return Check(passed=False, text=f"I lack **{name}** in {where}.", remedy=remedy)


def _editing_check(where: str, *, held: bool) -> Check:
    if held:
        return Check(passed=True, text=f"I can edit my own messages in {where}.")
    return Check(
        passed=False, text=f"I can't edit my own messages in {where}.", remedy=f"allow me **{_VIEW}**, as above."
    )


def _here(found: Findings) -> Check:
    if found.seen_here:
        return Check(passed=True, text="I can edit my answers in this channel, for example when an article is erased.")
    return Check(
        passed=False,
        text="I can't edit my answers in this channel.",
        remedy=f"in this channel's settings under *Permissions*, add me or my role and allow **{_VIEW}**.",
    )


# --- what can be chosen


def _role_controls(shown: Shown) -> list[Items]:
    clear = _clear(Step.ROLE, enabled=shown.settings.moderator_role is not None)
    return [[_role_select()], clear]


def _channel_controls(shown: Shown) -> list[Items]:
    clear = _clear(Step.CHANNEL, enabled=shown.settings.review_channel is not None)
    return [[_channel_select()], clear]


def _library_controls(shown: Shown) -> list[Items]:
    labels = ("The library is seen here", "This server's own articles alone")
    return [[_switch(Action.SETUP_LIBRARY, labels, on=shown.settings.library)]]


def _answer_controls(shown: Shown) -> list[Items]:
    labels = ("The asker alone sees answers", "Everybody sees answers")
    return [[_switch(Action.SETUP_PRIVATE, labels, on=shown.settings.private)], [_evidence_select(shown)]]


def _language_controls(shown: Shown) -> list[Items]:
    change = button(Press(Action.SETUP_LANGUAGES), "Change the languages")
    return [[change, *_clear(Step.LANGUAGES, enabled=bool(shown.settings.languages), label="Any language")]]


def _limit_controls(shown: Shown) -> list[Items]:
    labels = ("Questions are kept", "Questions are not kept")
    log = _switch(Action.SETUP_LOG, labels, on=shown.settings.question_log)
    return [[log], [button(limits_press(shown.settings), "Change the limits")]]


def _no_controls(_shown: Shown) -> list[Items]:
    return []


def _turning(step: Step) -> Items:
    """The buttons to the steps before and after; the last step can be taken again."""
    back = button(Press(Action.SETUP_STEP, argument=max(step - 1, 0)), "Previous", enabled=step > Step.ROLE)
    last = step == Step.TEST
    on = Press(Action.SETUP_STEP, argument=step if last else step + 1)
    return [back, button(on, "Test again" if last else "Next", style=discord.ButtonStyle.primary)]


def _clear(step: Step, *, enabled: bool, label: str = "Clear") -> Items:
    return [button(Press(Action.SETUP_CLEAR, argument=step), label, enabled=enabled)]


def _role_select() -> ui.RoleSelect[ui.LayoutView]:
    """The choice of a role; which one is set stands in the text above, also where it is no more."""
    return ui.RoleSelect(custom_id=str(Press(Action.SETUP_ROLE)), placeholder="Choose the moderator role")


def _channel_select() -> ui.ChannelSelect[ui.LayoutView]:
    return ui.ChannelSelect(
        custom_id=str(Press(Action.SETUP_CHANNEL)),
        placeholder="Choose the review channel",
        channel_types=[discord.ChannelType.text],
    )


def _switch(action: Action, labels: tuple[str, str], *, on: bool) -> ui.Select[ui.LayoutView]:
    """On and off, by what they mean."""
    options = [
        discord.SelectOption(label=labels[0], value=str(ON), default=on),
        discord.SelectOption(label=labels[1], value=str(OFF), default=not on),
    ]
    return ui.Select(custom_id=str(Press(action)), options=options)


def _evidence_select(shown: Shown) -> ui.Select[ui.LayoutView]:
    own = shown.settings.evidence_per_page or AS_THE_OPERATOR
    least, most = EVIDENCE_PER_PAGE
    labels = {AS_THE_OPERATOR: f"As the operator set: {shown.per_page}"}
    labels |= {number: f"{plural(number, 'quotation')} a page" for number in range(least, most + 1)}
    options = [
        discord.SelectOption(label=label, value=str(number), default=number == own) for number, label in labels.items()
    ]
    return ui.Select(custom_id=str(Press(Action.SETUP_EVIDENCE)), options=options)


_TEXTS: Final[Mapping[Step, Callable[[Shown], list[str]]]] = {
    Step.ROLE: _role,
    Step.COMMANDS: _commands,
    Step.CHANNEL: _channel,
    Step.LIBRARY: _library,
    Step.ANSWERS: _answers,
    Step.LANGUAGES: _languages,
    Step.LIMITS: _limited,
    Step.TEST: _test,
}
_CONTROLS: Final[Mapping[Step, Callable[[Shown], list[Items]]]] = {
    Step.ROLE: _role_controls,
    Step.COMMANDS: _no_controls,
    Step.CHANNEL: _channel_controls,
    Step.LIBRARY: _library_controls,
    Step.ANSWERS: _answer_controls,
    Step.LANGUAGES: _language_controls,
    Step.LIMITS: _limit_controls,
    Step.TEST: _no_controls,
}
