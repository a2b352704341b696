"""The guide's self-test and texts, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from discord import ui

from bot.guildsettings import STANDARD, GuildSettings
from bot.views.buttons import Action, Press
from bot.views.setup import Check, Findings, Opening, SetupLayout, Shown, Step, checks_of, limits_form, limits_press

ROLE = replace(STANDARD, moderator_role=7)
CHANNEL = replace(STANDARD, review_channel=5)


def text_of(step: Step, shown: Shown) -> str:
    """All that a step says."""
    layout = SetupLayout(step, shown)
    return "\n".join(one.content for one in layout.walk_children() if isinstance(one, ui.TextDisplay))


def shown(settings: GuildSettings = STANDARD, *openings: Opening, findings: Findings | None = None) -> Shown:
    """What a step shows."""
    return Shown(settings, 3, timedelta(days=30), openings, findings or Findings())


@pytest.mark.parametrize(
    ("settings", "found", "failing"),
    [
        (STANDARD, Findings(), []),
        (ROLE, Findings(), []),
        (ROLE, Findings(role_stands=False), ["The moderator role is no more."]),
        (STANDARD, Findings(unregistered=("/audit", "/feed")), ["Not registered with Discord: /audit and /feed."]),
        (STANDARD, Findings(unregistered=None), ["Discord did not say which commands are registered."]),
        (STANDARD, Findings(seen_here=False), ["I can't edit my answers in this channel."]),
        (CHANNEL, Findings(), []),
        (CHANNEL, Findings(channel_stands=False, lacks=("channel",)), ["The review channel is no more."]),
        (CHANNEL, Findings(lacks=("Send Messages",)), ["I lack **Send Messages** in <#5>."]),
        (
            CHANNEL,
            Findings(lacks=("View Channel", "Embed Links")),
            [
                "I lack **View Channel** in <#5>.",
                "I lack **Embed Links** in <#5>.",
                "I can't edit my own messages in <#5>.",
            ],
        ),
    ],
)
def test_each_failing_check_is_named_with_its_remedy(
    settings: GuildSettings, found: Findings, failing: list[str]
) -> None:
    failed = [check for check in checks_of(settings, found) if check.passed is False]
    assert [check.text for check in failed] == failing
    assert all(check.remedy for check in failed)
    said = text_of(Step.TEST, shown(settings, findings=found))
    assert ("All is well." in said) == (not failing)


def test_a_check_is_a_line_with_its_remedy_below() -> None:
    assert Check(passed=True, text="Fine.").line == "✅ Fine."
    assert Check(None, "Nothing set.").line == "➖ Nothing set."
    assert Check(passed=False, text="Bad.", remedy="mend it.").line == "❌ Bad.\n-# Remedy: mend it."


def test_every_step_has_its_title_and_what_is_set_now() -> None:
    own = GuildSettings(
        moderator_role=7,
        review_channel=5,
        library=False,
        private=True,
        evidence_per_page=1,
        languages=("en", "de"),
        member_per_minute=4,
        question_log=False,
    )
    for step, now in (
        (Step.ROLE, "<@&7>"),
        (Step.CHANNEL, "<#5>"),
        (Step.LIBRARY, "off"),
        (Step.ANSWERS, "answers are seen by the asker alone, at most 1 quotation a page"),
        (Step.LANGUAGES, "en and de"),
        (Step.LIMITS, "4 questions a minute for each member; no question log"),
    ):
        assert f"**Now:** {now}" in text_of(step, shown(own))
    assert "at most 3 quotations a page (as the operator set)" in text_of(Step.ANSWERS, shown())
    assert "questions as the operator set; questions are kept for 30 days" in text_of(Step.LIMITS, shown())


def test_what_is_no_more_is_said_where_it_is_set() -> None:
    gone = Findings(role_stands=False, channel_stands=False)
    assert "<@&7> (it is no more)" in text_of(Step.ROLE, shown(ROLE, findings=gone))
    assert "<#5> (it is no more)" in text_of(Step.CHANNEL, shown(CHANNEL, findings=gone))


def test_commands_to_open_are_named_with_their_mentions() -> None:
    openings = (Opening("/article", ("</article add:1>", "</article list:1>")), Opening("Add to corpus"))
    said = text_of(Step.COMMANDS, shown(ROLE, *openings))
    assert "- **/article**: </article add:1> </article list:1>\n- **Add to corpus**" in said
    assert "*Add Roles or Members*, add <@&7>" in said


def test_the_form_of_limits_carries_what_stood_in_it() -> None:
    press = limits_press(GuildSettings(member_per_minute=600, record_days=365))
    assert press == Press(Action.SETUP_LIMITS, page=600, argument=365)
    fields = [one.component for one in limits_form(press).children if isinstance(one, ui.Label)]
    assert [one.default for one in fields if isinstance(one, ui.TextInput)] == ["600", "365"]
    assert Press.parse(limits_form(press).custom_id) == press


def test_no_two_controls_of_a_step_have_one_id() -> None:
    for step in Step:
        items = list(SetupLayout(step, shown(ROLE)).walk_children())
        ids = [one.custom_id for one in items if isinstance(one, ui.Button | ui.Select | ui.RoleSelect)]
        assert len(ids) == len(set(ids)) >= 2
