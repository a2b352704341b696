"""/setup through the real client: the guide step by step, who may use it, and what takes effect at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.views.setup import CODES, DAYS, PER_MINUTE
from corpus.drafts import AuditFilter, Place
from tests.discord.commandline import CommandError
from tests.discord.world import EVERYONE, Permission, Role
from tests.fakes.discord_bot import desk_stage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.discord.driver import Member
    from tests.discord.messages import Message
    from tests.fakes.discord_bot import DeskStage

TITLES = (
    "Moderator role",
    "Open the commands to the role",
    "Review channel",
    "Library",
    "Answers",
    "Languages",
    "Limits and question log",
    "Self-test",
)


async def at_step(member: Member, number: int) -> Message:
    """The guide at that step, counted from 1."""
    guide = (await member.slash("setup")).message
    for _ in range(number - 1):
        await member.press(guide, "Next")
    assert f"step {number} of 8: {TITLES[number - 1]}" in guide.text
    return guide


async def recorded(here: DeskStage) -> list[str]:
    """What the audit record says of settings, the newest first."""
    entries = await here.app.desk.audit(Place.of(here.own), AuditFilter(), limit=50)
    return [
        entry.detail for entry in entries if entry.action == "settings" and entry.actor == f"discord:{here.admin.id}"
    ]


async def test_the_guide_is_private_and_goes_through_its_steps_and_back(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        reply = await here.admin.slash("setup")
        guide = reply.message
        assert reply.ephemeral
        assert guide.button("Previous").disabled
        for number, title in enumerate(TITLES, 1):
            assert f"step {number} of 8: {title}" in guide.text
            if number < len(TITLES):
                await here.admin.press(guide, "Next")
        assert guide.labels() == ["Previous", "Test again"]
        await here.admin.press(guide, "Previous")
        assert "step 7 of 8" in guide.text


async def test_discord_offers_it_to_who_may_manage_the_server_and_the_bot_checks_that_too(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        with pytest.raises(CommandError):
            await here.mod.slash("setup")
        manager = here.server.member("meg", here.guild, permissions=EVERYONE | Permission.MANAGE_GUILD)
        assert "step 1 of 8" in (await manager.slash("setup")).message.text
        here.open_to_everyone("setup")
        refused = await here.mod.slash("setup")
        assert refused.ephemeral
        assert "Manage Server" in refused.message.text
        assert "step" not in refused.message.text


async def test_the_moderator_role_is_set_shown_recorded_and_cleared(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        role = await here.server.new_role(here.guild, "Editors")
        guide = await at_step(here.admin, 1)
        assert "**Now:** no role" in guide.text
        assert guide.button("Clear").disabled
        await here.admin.select(guide, role)
        assert f"**Now:** <@&{role.id}>" in guide.text
        assert here.app.guilds.of(here.guild.id).moderator_role == role.id
        await here.admin.press(guide, "Clear")
        assert "**Now:** no role" in guide.text
        assert here.app.guilds.of(here.guild.id).moderator_role is None
        assert await recorded(here) == [f"moderator_role: {role.id} → not set", f"moderator_role: not set → {role.id}"]


async def test_roles_that_everybody_or_nobody_can_have_are_refused_with_the_reason(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        everyone, managed = here.guild.own_roles()
        here.guild.roles += [everyone, managed]
        guide = await at_step(here.admin, 1)
        await here.admin.select(guide, everyone)
        assert "every member has this role" in guide.text
        await here.admin.select(guide, managed)
        assert "belongs to a bot or an integration" in guide.text
        vanished = Role(here.server.clock.snowflake(), "gone", 0)
        here.guild.roles.append(vanished)
        await here.admin.select(guide, vanished)
        assert "no such role any more" in guide.text
        assert here.app.guilds.of(here.guild.id).moderator_role is None
        assert await recorded(here) == []


async def test_a_moderator_by_role_uses_the_desk_once_the_role_is_named_and_no_longer_when_it_is_cleared(
    tmp_path: Path,
) -> None:
    async with desk_stage(tmp_path) as here:
        role = await here.server.new_role(here.guild, "Editors")
        bob = here.server.member("bob", here.guild, roles=(role,))
        with pytest.raises(CommandError):
            await bob.slash("audit")
        here.open_to_everyone("audit")
        assert "for moderators" in (await bob.slash("audit")).message.text
        guide = await at_step(here.admin, 1)
        await here.admin.select(guide, role)
        record = (await bob.slash("audit")).message
        assert "### Audit record: 1 entry" in record.text
        assert "for moderators" in (await here.ann.slash("audit")).message.text
        assert f"<@&{role.id}>" in (await here.ann.slash("audit")).message.text
        await here.admin.press(guide, "Clear")
        refused = await bob.press(record, "Export as CSV")
        assert "for moderators" in refused.message.text
        assert "for moderators" in (await bob.slash("audit")).message.text


async def test_the_commands_to_open_are_named_with_mentions(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        guide = await at_step(here.admin, 2)
        assert "Server Settings → Integrations" in guide.text
        assert f"- **/audit**: </audit:{here.server.commands['audit']['id']}>" in guide.text
        assert "**/setup**" not in guide.text
        assert "**/ask**" not in guide.text


async def test_the_commands_to_open_are_named_even_where_discord_does_not_tell_of_them(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        guide = await at_step(here.admin, 1)
        here.server.fail("GET", "/commands", status=403)
        await here.admin.press(guide, "Next")
        assert "- **/audit**" in guide.text
        here.server.forgive(0)


async def test_the_review_channel_is_set_and_what_is_lacking_there_is_named(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        channel = here.guild.first_channel
        guide = await at_step(here.admin, 3)
        await here.admin.select(guide, channel)
        assert f"Suggestions are posted in <#{channel.id}>." in guide.text
        await here.admin.press(guide, "Clear")
        assert "**Now:** no channel" in guide.text
        await here.server.deny(channel, Permission.SEND_MESSAGES)
        await here.admin.select(guide, channel)
        assert "I lack **Send Messages**" in guide.text
        assert here.app.guilds.of(here.guild.id).review_channel == channel.id


async def test_the_self_test_names_each_failing_permission_with_its_remedy_and_passes_once_it_is_mended(
    tmp_path: Path,
) -> None:
    async with desk_stage(tmp_path) as here:
        channel = here.guild.first_channel
        role = await here.server.new_role(here.guild, "Editors")
        guide = await at_step(here.admin, 1)
        await here.admin.select(guide, role)
        for _ in range(2):
            await here.admin.press(guide, "Next")
        await here.admin.select(guide, channel)
        await here.server.deny(channel, Permission.SEND_MESSAGES)
        for _ in range(5):
            await here.admin.press(guide, "Next")
        assert f"❌ I lack **Send Messages** in <#{channel.id}>." in guide.text
        assert "Remedy: in the channel's settings under *Permissions*, add me or my role and allow **Send" in guide.text
        assert f"✅ I have **View Channel** in <#{channel.id}>." in guide.text
        assert f"✅ The moderator role <@&{role.id}> is there." in guide.text
        assert "✅ All commands are registered" in guide.text
        assert "**1 thing to mend.**" in guide.text
        await here.server.deny(channel, 0)
        await here.admin.press(guide, "Test again")
        assert "**All is well.**" in guide.text
        await here.server.delete_channel(channel)
        await here.admin.press(guide, "Test again")
        assert "❌ The review channel is no more." in guide.text


async def test_the_self_test_tells_of_commands_that_discord_does_not_know(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        guide = await at_step(here.admin, 8)
        here.server.state.commands[None] = [one for one in here.server.state.commands[None] if one["name"] != "audit"]
        await here.admin.press(guide, "Test again")
        assert "❌ Not registered with Discord: /audit." in guide.text
        here.server.fail("GET", "/commands", status=403)
        await here.admin.press(guide, "Test again")
        assert "Discord did not say" in guide.text
        here.server.forgive(0)


async def test_switches_and_defaults_take_effect_at_once(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        await here.give(
            "# k | Parler sues | CNBC | 2021-01-11\nParler sued Amazon in Seattle.", collection=here.library
        )
        assert "1 article" in (await here.ann.slash("sources")).message.text
        guide = await at_step(here.admin, 4)
        await here.admin.select(guide, "This server's own articles alone")
        assert "**Now:** off" in guide.text
        assert "Library" not in (await here.ann.slash("sources")).message.text
        await here.admin.press(guide, "Next")
        await here.admin.select(guide, "The asker alone sees answers", custom_id=guide.selects()[0].custom_id)
        await here.admin.select(guide, "2 quotations a page", custom_id=guide.selects()[1].custom_id)
        assert "**Now:** answers are seen by the asker alone, at most 2 quotations a page" in guide.text
        assert (await here.ann.slash("search", words="Amazon")).ephemeral
        await here.admin.select(guide, "0", custom_id=guide.selects()[1].custom_id)
        assert here.app.guilds.of(here.guild.id).evidence_per_page is None
        assert (await recorded(here))[-1] == "library: on → off"


async def test_languages_are_written_in_a_form_and_wrong_ones_are_refused(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        guide = await at_step(here.admin, 6)
        form = (await here.admin.press(guide, "Change the languages")).modal
        await here.admin.submit(form, {CODES: "EN, de; en"})
        assert "**Now:** en and de" in guide.text
        form = (await here.admin.press(guide, "Change the languages")).modal
        await here.admin.submit(form, {CODES: "English, fr"})
        assert "**Not changed:** languages" in guide.text
        assert here.app.guilds.of(here.guild.id).languages == ("en", "de")
        await here.admin.press(guide, "Any language")
        assert "**Now:** any language" in guide.text


async def test_limits_are_written_in_a_form_and_wrong_ones_are_refused(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        guide = await at_step(here.admin, 7)
        form = (await here.admin.press(guide, "Change the limits")).modal
        await here.admin.submit(form, {PER_MINUTE: "1", DAYS: "7"})
        assert "1 question a minute for each member; questions are kept for 7 days" in guide.text
        form = (await here.admin.press(guide, "Change the limits")).modal
        await here.admin.submit(form, {PER_MINUTE: "999"})
        assert "**Not changed:** “999”" in guide.text
        form = (await here.admin.press(guide, "Change the limits")).modal
        await here.admin.submit(form, {PER_MINUTE: "", DAYS: "x"})
        assert "**Not changed:** “x”" in guide.text
        await here.admin.select(guide, "Questions are not kept")
        assert "no question log" in guide.text
        assert not here.app.guilds.of(here.guild.id).question_log


async def test_two_administrators_each_change_their_own_field(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        other = here.server.member("adele", here.guild, permissions=EVERYONE | Permission.MANAGE_GUILD)
        guide, second = await at_step(here.admin, 7), await at_step(other, 7)
        mine = (await here.admin.press(guide, "Change the limits")).modal
        theirs = (await other.press(second, "Change the limits")).modal
        await other.submit(theirs, {PER_MINUTE: "9"})
        await here.admin.submit(mine, {DAYS: "5"})
        settings = here.app.guilds.of(here.guild.id)
        assert (settings.member_per_minute, settings.record_days) == (9, 5)


async def test_the_steps_work_after_a_restart(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        role = await here.server.new_role(here.guild, "Editors")
        guide = await at_step(here.admin, 1)
        await here.restarted()
        await here.admin.select(guide, role)
        assert f"**Now:** <@&{role.id}>" in guide.text
        for _ in range(5):
            await here.admin.press(guide, "Next")
        form = (await here.admin.press(guide, "Change the languages")).modal
        await here.restarted()
        assert here.app.guilds.of(here.guild.id).moderator_role == role.id
        await here.admin.submit(form, {CODES: "en"})
        assert "**Now:** en" in guide.text


async def test_who_lost_the_right_meanwhile_changes_nothing_by_press_select_or_form(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        meg = here.server.member("meg", here.guild, permissions=EVERYONE | Permission.MANAGE_GUILD)
        role = await here.server.new_role(here.guild, "Editors")
        guide, languages, limits = await at_step(meg, 1), await at_step(meg, 6), await at_step(meg, 7)
        channel, library = await at_step(meg, 3), await at_step(meg, 4)
        form = (await meg.press(languages, "Change the languages")).modal
        other = (await meg.press(limits, "Change the limits")).modal
        meg.permissions = EVERYONE
        replies = [
            await meg.submit(form, {CODES: "en"}),
            await meg.submit(other, {DAYS: "5"}),
            await meg.select(guide, role),
            await meg.select(channel, here.guild.first_channel),
            await meg.select(library, "This server's own articles alone"),
            await meg.press(guide, "Next"),
            await meg.press(languages, "Change the languages"),
            await meg.press(limits, "Change the limits"),
        ]
        for reply in replies:
            assert reply.ephemeral
            assert "Manage Server" in reply.message.text
        assert here.app.guilds.guilds == ()


async def test_the_help_shows_moderators_and_administrators_their_commands(tmp_path: Path) -> None:
    async with desk_stage(tmp_path) as here:
        for member, desk, setup in ((here.ann, False, False), (here.mod, True, False), (here.admin, True, True)):
            shown = (await member.slash("help")).message.text
            assert "**/privacy**" in shown
            assert ("**/queue**" in shown) == desk
            assert ("**/setup**" in shown) == setup
