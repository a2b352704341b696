"""How much a member and a guild may ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.quota import Bound, Exhausted, Quota, Rate, SuggestionQuota

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def quota(**given_rates: Rate) -> Quota:
    rates = {"member": Rate(6, 3), "guild": Rate(600, 100), **given_rates}
    return Quota(member=rates["member"], guild=rates["guild"], exempt=(99,))


def test_a_burst_is_admitted_and_the_next_one_told_when_to_come_back() -> None:
    limit = quota()
    assert [limit.take(1, None, NOW) for _ in range(3)] == [None] * 3
    assert limit.take(1, None, NOW) == Exhausted(Bound.MEMBER, NOW + 10 * SECOND)


def test_at_the_moment_named_the_next_one_is_admitted() -> None:
    limit = quota()
    for _ in range(3):
        limit.take(1, None, NOW)
    assert limit.take(1, None, NOW + 9 * SECOND) is not None
    assert limit.take(1, None, NOW + 10 * SECOND) is None


def test_a_refused_question_costs_nothing() -> None:
    limit = quota()
    for _ in range(50):
        limit.take(1, None, NOW)
    assert limit.take(1, None, NOW + 10 * SECOND) is None


def test_members_do_not_share_a_bucket() -> None:
    limit = quota(member=Rate(1, 1))
    assert limit.take(1, None, NOW) is None
    assert limit.take(2, None, NOW) is None


def test_a_guild_has_a_limit_of_its_own_and_costs_the_refused_member_nothing() -> None:
    limit = quota(member=Rate(1, 1), guild=Rate(60, 1))
    assert limit.take(1, 7, NOW) is None
    assert limit.take(2, 7, NOW) == Exhausted(Bound.GUILD, NOW + SECOND)
    assert limit.take(2, 8, NOW) is None


def test_exempt_members_are_always_admitted() -> None:
    limit = quota(member=Rate(1, 1), guild=Rate(1, 1))
    assert [limit.take(99, 7, NOW) for _ in range(9)] == [None] * 9
    assert limit.take(1, 7, NOW) is None


def test_full_buckets_are_forgotten() -> None:
    limit = quota()
    for member in range(1000):
        limit.take(member, member, NOW)
    limit.take(1, None, NOW + timedelta(minutes=5))
    assert len(limit) == 1


def test_a_guild_may_lower_the_limit_of_its_members_and_elsewhere_they_have_their_own() -> None:
    limit = quota(member=Rate(30, 20))
    assert [limit.take(1, 7, NOW, per_minute=2) for _ in range(2)] == [None] * 2
    assert limit.take(1, 7, NOW, per_minute=2) == Exhausted(Bound.MEMBER, NOW + 30 * SECOND)
    assert limit.take(2, 7, NOW, per_minute=2) is None
    assert [limit.take(1, guild, NOW) for guild in (8, None)] == [None] * 2
    assert limit.take(1, 7, NOW + 30 * SECOND, per_minute=2) is None


def test_a_guild_can_not_raise_the_limit_of_its_members() -> None:
    limit = quota()
    assert [limit.take(1, 7, NOW, per_minute=600) for _ in range(4)][-1] == Exhausted(Bound.MEMBER, NOW + 10 * SECOND)


def test_what_is_asked_elsewhere_counts_for_the_operators_limit_too() -> None:
    limit = quota()
    assert [limit.take(1, guild, NOW) for guild in (7, 8, None)] == [None] * 3
    assert limit.take(1, 7, NOW, per_minute=5) == Exhausted(Bound.MEMBER, NOW + 10 * SECOND)


def test_buckets_of_members_in_guilds_are_forgotten_too() -> None:
    limit = quota()
    for member in range(100):
        limit.take(member, 7, NOW, per_minute=1)
    limit.take(1, None, NOW + timedelta(minutes=5))
    assert len(limit) == 1


def test_so_many_suggestions_are_admitted_in_any_24_hours() -> None:
    limit = SuggestionQuota(2)
    assert [limit.take(1, NOW), limit.take(1, NOW + HOUR), limit.take(2, NOW)] == [None] * 3
    assert limit.take(1, NOW + 23 * HOUR) == Exhausted(Bound.DAY, NOW + 24 * HOUR)
    assert limit.take(1, NOW + 24 * HOUR) is None
    assert limit.take(1, NOW + 24 * HOUR) == Exhausted(Bound.DAY, NOW + 25 * HOUR)


def test_exempt_members_may_always_suggest() -> None:
    limit = SuggestionQuota(1, exempt=(99,))
    assert [limit.take(99, NOW) for _ in range(9)] == [None] * 9


def test_suggestions_of_the_day_before_are_forgotten() -> None:
    limit = SuggestionQuota(3)
    for member in range(100):
        limit.take(member, NOW)
    limit.take(1, NOW + 24 * HOUR)
    assert len(limit) == 1


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(1, 10))
def test_in_no_24_hours_more_suggestions_than_set_are_admitted(gaps: list[int], per_day: int) -> None:
    limit = SuggestionQuota(per_day)
    moment, admitted = NOW, list[datetime]()
    for gap in gaps:
        moment += gap * HOUR
        refused = limit.take(1, moment)
        if refused is None:
            admitted.append(moment)
        else:
            assert moment < refused.again_at <= moment + 24 * HOUR
    for first in admitted:
        assert sum(first <= at < first + 24 * HOUR for at in admitted) <= per_day


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(1, 60), st.integers(1, 10))
def test_never_more_than_the_burst_and_the_rate_together_are_admitted(
    gaps: list[int], per_minute: int, burst: int
) -> None:
    limit = quota(member=Rate(per_minute, burst))
    moment, admitted = NOW, 0
    for gap in gaps:
        moment += gap * SECOND
        admitted += limit.take(1, None, moment) is None
    assert admitted <= burst + (moment - NOW) / timedelta(minutes=1) * per_minute + 1e-6
