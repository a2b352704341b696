"""/ask over the real client: what a member sees."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tests.discord import DiscordStandIn
from tests.fakes.discord_app import answered, corpus, quote
from tests.fakes.discord_bot import living_bot

if TYPE_CHECKING:
    from pathlib import Path

PARLER = corpus("""
    # parler | Judge refuses to order Amazon to restore Parler | CNBC | 2021-01-21 | https://example.com/parler
    A federal judge on Thursday refused to order Amazon to restore web service to Parler.
    U.S. District Judge Barbara Rothstein said the company was unlikely to prevail. Parler had sued Amazon.
""")[0]
QUESTION = "who is the judge in Parler v. AWS?"
SENTENCE = "U.S. District Judge Barbara Rothstein said the company was unlikely to prevail."


async def test_an_answer_quotes_the_sentence_and_names_its_source(tmp_path: Path) -> None:
    told = {QUESTION: answered(quote(PARLER, SENTENCE, "Barbara Rothstein"))}
    async with living_bot(tmp_path, [PARLER], told) as (server, guild, _):
        reply = await server.member("ann", guild).slash("ask", question=QUESTION)
        print(reply.message.outline())
        server.assert_clean()
