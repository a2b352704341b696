"""`articles purge`: an article erased for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.records import Records
from bot.signs import one_line
from bot.terminal import desk_objects as objects
from bot.terminal.asked import can_ask, choose, written_to
from bot.terminal.face import block
from bot.terminal.session import Exit
from bot.terminal.working import alone, helped, with_corpus
from bot.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.app import Corpus
    from bot.records.model import Posted
    from bot.terminal.session import Session
    from corpus.drafts import Purged
    from corpus.model import Article


@dataclass(frozen=True, slots=True)
class Takedown:
    """What is to be erased, and why; `yes`: without asking."""

    collection: str
    key: str
    why: str
    yes: bool
    as_json: bool


def purge(session: Session, order: Takedown) -> Exit:
    """The article is erased, and the backups that still hold it are named; not where the person says no."""
    place = alone(order.collection)
    if not order.why.strip():
        raise UsageError("--why needs a reason; it stays in the audit record")
    if not order.yes and not can_ask(session.face):
        raise UsageError("This erases for good; without somebody at a terminal it needs --yes.")

    async def found(corpus: Corpus) -> Article:
        return await helped(corpus.desk, place, order.key, corpus.desk.show(place, order.key))

    async def erased(corpus: Corpus) -> tuple[Purged, list[Posted]]:
        purged = await corpus.desk.purge(place, order.key, by=session.who, now=session.now(), why=order.why)
        return purged, await Records(corpus.store).answers.quoting(purged.article_id)

    article = with_corpus(session, found)
    if not order.yes and not _confirmed(session, article):
        session.face.tell(block("Nothing was erased."))
        return Exit.DONE
    purged, quoting = with_corpus(session, erased)
    _tell(session, purged, [_link(message) for message in quoting], as_json=order.as_json)
    return Exit.DONE


def _confirmed(session: Session, article: Article) -> bool:
    """Whether the person said yes, and then wrote the article's key."""
    revisions = plural(article.revision, "revision")
    question = f"Erase “{one_line(article.title)}” for good, with {revisions}? It can't be restored."
    if choose(session.face, question, {"y": "[y]es", "n": "[n]o"}) != "y":
        return False
    written = written_to(session.face, f"Write its key ({article.key}) to erase it: ")
    return written is not None and written.strip() == article.key


def _link(message: Posted) -> str:
    """What opens the message on Discord."""
    return f"https://discord.com/channels/{message.guild_id or '@me'}/{message.channel_id}/{message.message_id}"


def _tell(session: Session, purged: Purged, messages: Sequence[str], *, as_json: bool) -> None:
    face = session.face
    if as_json:
        face.json(objects.of_purged(purged, messages))
    erased = plural(purged.revisions, "revision") + (
        f" and {plural(len(purged.drafts), 'draft')}" if purged.drafts else ""
    )
    face.tell(block(f"Erased for good: {one_line(purged.title)} ({erased})", "green"))
    if purged.backups:
        face.tell(block("These copies were made while it was stored, and still hold it; delete them:"))
        face.tell(*(block(one_line(path), indent=2) for path in purged.backups))
    if messages:
        face.tell(block("These messages of the bot quote it until a button under them is pressed; delete them:"))
        face.tell(*(block(link, indent=2) for link in messages))
