"""Who may do what, and where they work."""

from __future__ import annotations

import pytest

from bot.guildsettings import STANDARD, GuildSettings
from bot.moderators import may_edit_library, may_moderate, may_set_up
from bot.scope import collections_for, filters_for, place_for
from corpus.collection import LIBRARY, Collection
from corpus.drafts import Place
from retrieval.index import Filters
from tests.fakes.records import NOW

OWN = Collection(7)
WITH_ROLE = GuildSettings(moderator_role=30)
WITHOUT_LIBRARY = GuildSettings(library=False)


@pytest.mark.parametrize(
    ("manages", "administers", "roles", "settings", "may"),
    [
        (True, False, (), STANDARD, True),
        (False, True, (), STANDARD, True),
        (False, False, (30, 31), WITH_ROLE, True),
        (False, False, (31,), WITH_ROLE, False),
        (False, False, (30,), STANDARD, False),
        (False, False, (), STANDARD, False),
    ],
)
def test_moderators_manage_messages_or_have_the_role_that_the_guild_names(
    *, manages: bool, administers: bool, roles: tuple[int, ...], settings: GuildSettings, may: bool
) -> None:
    found = may_moderate(manage_messages=manages, administrator=administers, role_ids=roles, settings=settings)
    assert found is may


def test_who_manages_the_guild_may_set_it_up_and_a_moderator_may_not() -> None:
    assert may_set_up(manage_guild=True, administrator=False)
    assert may_set_up(manage_guild=False, administrator=True)
    assert not may_set_up(manage_guild=False, administrator=False)


@pytest.mark.parametrize(
    ("member", "guild", "moderator", "may"),
    [
        (1, 7, True, True),
        (1, 7, False, False),
        (1, 8, True, False),
        (9, 8, False, True),
        (9, None, False, True),
        (1, None, False, False),
    ],
)
def test_the_library_is_edited_by_moderators_of_the_guilds_named_and_by_the_persons_named(
    *, member: int, guild: int | None, moderator: bool, may: bool
) -> None:
    assert may_edit_library(member, guild, moderator=moderator, guilds=(7,), editors=(9,)) is may


def test_with_no_guild_and_no_person_named_nobody_edits_the_library_on_discord() -> None:
    assert not may_edit_library(1, 7, moderator=True, guilds=(), editors=())
    assert not may_edit_library(1, None, moderator=True, guilds=(), editors=())


def test_a_guild_that_switched_the_library_off_sees_its_own_articles_only() -> None:
    assert collections_for(7, library=False) == (OWN,)
    assert collections_for(None, library=False) == (LIBRARY,)
    asked = filters_for(7, library=False, since=None, until=None, today=NOW.date())
    assert asked == Filters((OWN,))


def test_moderators_work_in_their_guilds_collection_unless_they_mean_the_library() -> None:
    assert place_for(7, STANDARD) == Place(OWN, (LIBRARY, OWN))
    assert place_for(7, WITHOUT_LIBRARY) == Place(OWN, (OWN,))
    assert place_for(7, WITHOUT_LIBRARY, library=True) == Place(LIBRARY, (LIBRARY,))
    assert place_for(None, STANDARD) == Place(LIBRARY, (LIBRARY,))
