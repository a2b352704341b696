"""One interaction from its sending to its last follow-up: what may be answered, how, and until when.

From "Receiving and Responding": first answer within 3 seconds, exactly one; the token lives 15 minutes.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING

from tests.discord.faults import (
    ALREADY_ACKNOWLEDGED,
    INVALID_WEBHOOK_TOKEN,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
    Fault,
)

if TYPE_CHECKING:
    from tests.discord.messages import Message
    from tests.discord.shapes import Json
    from tests.discord.world import Channel, Guild, User

FIRST_ANSWER_WITHIN = timedelta(seconds=3)
TOKEN_LIVES = timedelta(minutes=15)


class InteractionKind(IntEnum):
    """Interaction types."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL_SUBMIT = 5


class Response(IntEnum):
    """Interaction callback types."""

    PONG = 1
    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


_NEW = {Response.MESSAGE, Response.DEFERRED_MESSAGE}
_UPDATES = {Response.DEFERRED_UPDATE, Response.UPDATE}
_ANSWERS: dict[InteractionKind, set[Response]] = {
    InteractionKind.COMMAND: _NEW | {Response.MODAL},
    InteractionKind.COMPONENT: _NEW | _UPDATES | {Response.MODAL},
    InteractionKind.AUTOCOMPLETE: {Response.CHOICES},
    InteractionKind.MODAL_SUBMIT: _NEW,
}


@dataclass(slots=True, eq=False)
class Interaction:
    """An interaction under way; ``source`` is the message that its component or modal came from."""

    id: int
    token: str
    kind: InteractionKind
    user: User
    guild: Guild | None
    channel: Channel
    payload: Json
    created: datetime
    name: str
    source: Message | None = None
    sent_at: float = field(default_factory=time.perf_counter)
    response: Response | None = None
    acknowledged_ms: float | None = None
    settled_ms: float | None = None
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    followups: list[Message] = field(default_factory=list)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def answers(self) -> set[Response]:
        """The callback types that this interaction takes."""
        allowed = _ANSWERS[self.kind]
        from_message = self.kind is InteractionKind.MODAL_SUBMIT and self.source is not None
        return allowed | _UPDATES if from_message else allowed

    def open_for_answer(self, now: datetime) -> None:
        """Nothing happens while a first answer is welcome; ApiError 40060 after one, 10062 after 3 seconds."""
        if self.response is not None:
            raise ApiError(400, ALREADY_ACKNOWLEDGED, "Interaction has already been acknowledged.")
        if now - self.created > FIRST_ANSWER_WITHIN:
            raise ApiError(404, UNKNOWN_INTERACTION, "Unknown interaction")

    def open_for_webhook(self, now: datetime) -> None:
        """Nothing happens while the token serves; ApiError before the first answer and after 15 minutes."""
        if now - self.created > TOKEN_LIVES:
            raise ApiError(401, INVALID_WEBHOOK_TOKEN, "Invalid Webhook Token")
        if self.response is None:
            raise ApiError(404, UNKNOWN_WEBHOOK, "Unknown Webhook")

    def response_fault(self, kind: int) -> Fault | None:
        """What is wrong with answering by this callback type, if anything."""
        if kind in self.answers():
            return None
        known = ", ".join(str(int(one)) for one in sorted(self.answers()))
        message = f"Callback type {kind} does not answer an interaction of type {int(self.kind)}; allowed: {known}."
        return Fault(("type",), "INTERACTION_CALLBACK_TYPE_INVALID", message)

    def answer(self, response: Response) -> None:
        """The interaction is acknowledged by this callback, and settled where nothing more is to come."""
        self.response = response
        self.acknowledged_ms = (time.perf_counter() - self.sent_at) * 1000
        self.acknowledged.set()
        if response not in {Response.DEFERRED_MESSAGE, Response.DEFERRED_UPDATE}:
            self.settle()

    def settle(self) -> None:
        """What the member waits for is there."""
        if self.settled_ms is None:
            self.settled_ms = (time.perf_counter() - self.sent_at) * 1000
        self.settled.set()

    def current_original(self) -> Message:
        """The message that @original names; ApiError 10008 where there is none (any more)."""
        if self.original is None or self.original.deleted:
            raise ApiError(404, UNKNOWN_MESSAGE, "Unknown Message")
        return self.original
