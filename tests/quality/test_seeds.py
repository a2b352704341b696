"""The two real articles, as they were copied from web pages: cleaned without loss, and asked the first question.

They lie in `../shared/seeds` beside the repository; where that is missing, these tests say so and are skipped.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import build_bot
from bot.config import Settings
from corpus.clean import clean
from corpus.collection import LIBRARY
from tests.discord import DiscordStandIn
from tests.fakes.discord_bot import running
from tests.fakes.program import Program

SEEDS = sorted((Path(__file__).parents[2].parent / "shared" / "seeds").glob("*.txt"))
QUESTION = "who is the judge in Parler v. AWS?"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
NOISE = ("In this article", "Key Points", "Getty Images", "NurPhoto", "The Parler logo is seen", "one time event")

pytestmark = pytest.mark.skipif(not SEEDS, reason="../shared/seeds is not beside the repository")


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_cleaned_text_is_free_of_noise_and_has_lost_no_other_line(path: Path) -> None:
    raw = path.read_text("utf-8")
    cleaned = clean(raw)
    assert not [phrase for phrase in NOISE if phrase in cleaned.text]
    kept = f"{cleaned.title}\n{cleaned.text}"
    lost = [line.strip() for line in raw.splitlines() if line.strip() and line.strip() not in kept]
    assert [line for line in lost if not any(phrase in line for phrase in NOISE)] == []


def test_the_terminal_answers_with_judge_rothstein_first(tmp_path: Path) -> None:
    amicus = Program(tmp_path)
    assert amicus("import", *map(str, SEEDS)).code == 0
    (answer,) = amicus("ask", "--json", QUESTION).objects
    assert answer["outcome"] == "answered"
    assert answer["evidence"][0]["answer"] == "Barbara Rothstein"
    assert "U.S. District Judge Barbara Rothstein sided with Amazon" in answer["evidence"][0]["text"]


async def test_discord_shows_the_same_with_the_name_picked_out(tmp_path: Path) -> None:
    settings = Settings.model_validate({"data_dir": str(tmp_path), "corpus": {"starter": False}})
    async with DiscordStandIn() as server, build_bot(settings, now=lambda: NOW) as app:
        await app.transfer.import_paths(SEEDS, LIBRARY, by="a test", now=NOW)
        await app.follower.catch_up()
        async with running(server, app):
            reply = await server.member("ann", server.guild("Newsroom")).slash("ask", question=QUESTION)
        assert "## Barbara Rothstein" in reply.message.text
        assert "U.S. District Judge **Barbara Rothstein** sided with Amazon" in reply.message.text
        server.assert_clean()
