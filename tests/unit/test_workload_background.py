"""What is under way, what goes on beside it, and how both end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from bot.background import Background
from bot.workload import Workload


async def test_at_most_so_many_questions_are_answered_at_once() -> None:
    workload, most, now = Workload(3), 0, 0

    async def answer() -> None:
        nonlocal most, now
        async with workload.answering():
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(answer() for _ in range(20)))
    assert most == 3


async def test_the_end_of_what_is_under_way_can_be_waited_for() -> None:
    workload = Workload(1)
    assert await workload.drained(0.01)
    with workload.interaction(), workload.interaction():
        assert workload.under_way == 2
        assert not await workload.drained(0.01)
    assert await workload.drained(0.01)


async def test_work_that_fails_is_logged_and_begun_again() -> None:
    background, done, attempts = Background(retry_after=timedelta(0)), asyncio.Event(), 0

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise RuntimeError("once")
        done.set()
        await background.pause(timedelta(minutes=1))

    with structlog.testing.capture_logs() as logs:
        background.start(work, name="work")
        async with asyncio.timeout(5):
            await done.wait()
            await background.stop()
    assert attempts == 2
    assert [(entry["event"], entry["work"]) for entry in logs] == [("background.failed", "work")]


async def test_endless_work_ends_with_the_bot() -> None:
    background, ended = Background(), asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    background.start_endless(work, name="endless")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await background.stop()
    assert ended.is_set()
