"""`wanted`: what the members of a server miss in the articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import UsageError
from bot.records import Records
from bot.terminal import desk_objects as objects
from bot.terminal.face import block, labelled
from bot.terminal.session import Exit
from bot.terminal.table import table, total_of
from bot.terminal.working import collection_named, with_corpus
from bot.wanted import TopicState, Wanted

if TYPE_CHECKING:
    from bot.app import Corpus
    from bot.terminal.session import Session
    from bot.wanted import Topic


@dataclass(frozen=True, slots=True)
class Order:
    """Whose list, and what was decided about which request."""

    collection: str
    done: int | None
    dismiss: int | None
    limit: int
    offset: int
    as_json: bool


def wanted(session: Session, order: Order) -> Exit:
    """The requests were listed, or one was marked."""
    guild_id = collection_named(order.collection).guild_id
    if guild_id is None:
        raise UsageError("Members ask for articles in servers; say in which with --collection guild:ID.")
    if order.done is not None and order.dismiss is not None:
        raise UsageError("give either --done N or --dismiss N")
    if order.done is not None:
        return _decide(session, order, guild_id, order.done, TopicState.DONE)
    if order.dismiss is not None:
        return _decide(session, order, guild_id, order.dismiss, TopicState.DISMISSED)
    return _list(session, order, guild_id)


def _list(session: Session, order: Order, guild_id: int) -> Exit:
    async def found(corpus: Corpus) -> tuple[list[Topic], int]:
        topics = Wanted(Records(corpus.store).wanted)
        page = await topics.listed(guild_id, limit=order.limit, offset=order.offset)
        return page, await topics.length(guild_id)

    page, total = with_corpus(session, found)
    if order.as_json:
        for topic in page:
            session.face.json(objects.of_topic(topic))
    elif page:
        session.face.show(table(("NUMBER", "ASKED BY", "LAST", "REQUEST"), [_cells(topic) for topic in page]))
    if total:
        session.face.tell(total_of("request", shown=len(page), offset=order.offset, total=total))
    else:
        session.face.tell(block(f"Nothing is asked for in {order.collection}."))
    return Exit.DONE


def _cells(topic: Topic) -> tuple[str, str, str, str]:
    return str(topic.id), f"{topic.count:,}", f"{topic.last_at:%Y-%m-%d}", topic.text


def _decide(session: Session, order: Order, guild_id: int, number: int, state: TopicState) -> Exit:
    async def decided(corpus: Corpus) -> Topic:
        topics = Wanted(Records(corpus.store).wanted)
        return await topics.decide(number, guild_id, state, session.who, session.now())

    topic = with_corpus(session, decided)
    if order.as_json:
        session.face.json(objects.of_topic(topic))
    else:
        session.face.show([labelled(state.value, "green", f"{topic.id}: {topic.text}")])
    return Exit.DONE
