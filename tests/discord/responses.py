"""Answers to interactions: the callback, the original response, and follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.discord.calls import Answer, Call, Route
from tests.discord.faults import (
    EMPTY_MESSAGE,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
    Fault,
)
from tests.discord.interactions import InteractionKind, Response
from tests.discord.modals import modal_faults
from tests.discord.rules import (
    IN_DEFERRAL,
    IN_RESPONSE,
    Flag,
    choice_faults,
    edit_faults,
    is_empty,
    new_message_faults,
)
from tests.discord.shapes import Json, JsonDict, rows, table, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.discord.interactions import Interaction
    from tests.discord.messages import Message
    from tests.discord.posting import Posting
    from tests.discord.state import State

SLASH_COMMAND_MESSAGE = 20
CONTEXT_MENU_MESSAGE = 23
REPLY = 19


class Responses:
    """The routes below ``/interactions`` and ``/webhooks``."""

    def __init__(self, state: State, posting: Posting) -> None:
        self._state = state
        self._posting = posting

    def routes(self) -> list[Route]:
        """Its routes; none asks for the bot's token, for the interaction's own token is in the path."""
        hook = "/webhooks/{webhook_id}/{webhook_token}"
        table_ = [
            ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", self._callback),
            ("GET", f"{hook}/messages/@original", self._get_original),
            ("PATCH", f"{hook}/messages/@original", self._edit_original),
            ("DELETE", f"{hook}/messages/@original", self._delete_original),
            ("POST", hook, self._follow_up),
            ("GET", f"{hook}/messages/{{message_id}}", self._get_follow_up),
            ("PATCH", f"{hook}/messages/{{message_id}}", self._edit_follow_up),
            ("DELETE", f"{hook}/messages/{{message_id}}", self._delete_follow_up),
        ]
        return [Route(method, template, handler, open_to_all=True) for method, template, handler in table_]

    async def _callback(self, call: Call) -> Answer:
        interaction = self._state.interactions.get(call.parts["interaction_token"])
        if interaction is None or str(interaction.id) != call.parts["interaction_id"]:
            raise ApiError(404, UNKNOWN_INTERACTION, "Unknown interaction")
        interaction.open_for_answer(self._state.clock.now())
        fault = interaction.response_fault(whole(call.json.get("type")))
        if fault is not None:
            call.accept([fault])
        response = Response(whole(call.json.get("type")))
        data = table(call.json.get("data"))
        call.accept(one.under("data") for one in _callback_faults(call, response, data, interaction))
        self._apply(call, interaction, response, data)
        await self._told(interaction)
        if call.query.get("with_response", "").lower() not in {"1", "true"}:
            return Answer(None, 204)
        return Answer(_callback_json(interaction))

    def _apply(self, call: Call, interaction: Interaction, response: Response, data: Json) -> None:
        if response in {Response.MESSAGE, Response.DEFERRED_MESSAGE}:
            interaction.original = self._reply(call, interaction, data, loading=response is Response.DEFERRED_MESSAGE)
        elif response in {Response.UPDATE, Response.DEFERRED_UPDATE}:
            interaction.original = interaction.source
            if response is Response.UPDATE and interaction.source is not None:
                self._posting.edit(interaction.source, data, call.uploads)
        elif response is Response.CHOICES:
            interaction.choices = rows(data.get("choices"))
        else:
            interaction.modal = data
        interaction.answer(response)

    def _reply(self, call: Call, interaction: Interaction, data: Json, *, loading: bool = False) -> Message:
        message = self._posting.draft(interaction.channel, data, call.uploads)
        if loading:
            message.flags |= Flag.LOADING
        elif is_empty(message.json()):
            raise ApiError(400, EMPTY_MESSAGE, "Cannot send an empty message")
        message.interaction = _metadata(interaction)
        message.kind = _message_kind(interaction)
        message.reference = interaction.source
        message.audience = interaction.user if message.ephemeral else None
        return self._state.store(message)

    async def _told(self, interaction: Interaction) -> None:
        async with interaction.changed:
            interaction.changed.notify_all()

    def _interaction(self, call: Call) -> Interaction:
        interaction = self._state.interactions.get(call.parts["webhook_token"])
        if interaction is None or call.parts["webhook_id"] != str(self._state.application_id):
            raise ApiError(404, UNKNOWN_WEBHOOK, "Unknown Webhook")
        interaction.open_for_webhook(self._state.clock.now())
        return interaction

    async def _get_original(self, call: Call) -> Answer:
        return Answer(self._interaction(call).current_original().json())

    async def _edit_original(self, call: Call) -> Answer:
        interaction = self._interaction(call)
        return await self._edit(call, interaction, interaction.current_original())

    async def _delete_original(self, call: Call) -> Answer:
        interaction = self._interaction(call)
        interaction.current_original().deleted = True
        interaction.settle()
        await self._told(interaction)
        return Answer(None, 204)

    async def _edit(self, call: Call, interaction: Interaction, message: Message) -> Answer:
        before = {**message.json(), "flags": message.flags & ~int(Flag.LOADING)}
        call.accept(edit_faults(call.json, before, files=len(call.uploads)))
        self._posting.edit(message, call.json, call.uploads)
        if message is interaction.original:
            interaction.settle()
        await self._told(interaction)
        return Answer(message.json())

    async def _follow_up(self, call: Call) -> Answer:
        interaction = self._interaction(call)
        if interaction.original is not None and interaction.original.loading:
            return await self._first_follow_up(call, interaction)
        call.accept(new_message_faults(call.json, IN_RESPONSE, files=len(call.uploads)))
        message = self._reply(call, interaction, call.json)
        message.reference = interaction.original
        message.kind = REPLY
        interaction.followups.append(message)
        if interaction.response is Response.DEFERRED_UPDATE:
            interaction.settle()
        await self._told(interaction)
        return Answer(message.json())

    async def _first_follow_up(self, call: Call, interaction: Interaction) -> Answer:
        """Directly after a deferral a follow-up is the deprecated way of editing the loading message."""
        message = interaction.current_original()
        call.accept(new_message_faults(call.json, IN_RESPONSE, files=len(call.uploads)))
        body: JsonDict = {**call.json, "flags": (whole(call.json.get("flags")) & ~Flag.EPHEMERAL) | message.flags}
        self._posting.edit(message, body, call.uploads)
        interaction.settle()
        await self._told(interaction)
        return Answer(message.json())

    def _own_message(self, call: Call) -> tuple[Interaction, Message]:
        interaction = self._interaction(call)
        message = self._state.messages.get(call.number("message_id"))
        if message is None or message.deleted or message not in (*interaction.followups, interaction.original):
            raise ApiError(404, UNKNOWN_MESSAGE, "Unknown Message")
        return interaction, message

    async def _get_follow_up(self, call: Call) -> Answer:
        return Answer(self._own_message(call)[1].json())

    async def _edit_follow_up(self, call: Call) -> Answer:
        interaction, message = self._own_message(call)
        return await self._edit(call, interaction, message)

    async def _delete_follow_up(self, call: Call) -> Answer:
        interaction, message = self._own_message(call)
        message.deleted = True
        await self._told(interaction)
        return Answer(None, 204)


def _callback_faults(call: Call, response: Response, data: Json, interaction: Interaction) -> Iterator[Fault]:
    if response is Response.MESSAGE:
        yield from new_message_faults(data, IN_RESPONSE, files=len(call.uploads))
    elif response is Response.DEFERRED_MESSAGE:
        if whole(data.get("flags")) & ~int(IN_DEFERRAL):
            yield Fault(("flags",), "BITFIELD_TYPE_INVALID_FLAGS", "A deferral takes no flag but EPHEMERAL.")
    elif response is Response.UPDATE and interaction.source is not None:
        yield from edit_faults(data, interaction.source.json(), files=len(call.uploads))
    elif response is Response.CHOICES:
        yield from choice_faults(data.get("choices"), kind=_focused_kind(interaction))
    elif response is Response.MODAL:
        yield from modal_faults(data)


def _focused_kind(interaction: Interaction) -> int:
    """The type of the option that is being completed; 3 (string) where none says that it is."""
    levels = rows(table(interaction.payload.get("data")).get("options"))
    while levels:
        for option in levels:
            if option.get("focused") is True:
                return whole(option.get("type"), 3)
        levels = [child for option in levels for child in rows(option.get("options"))]
    return 3


def _message_kind(interaction: Interaction) -> int:
    if interaction.kind is not InteractionKind.COMMAND:
        return REPLY
    slash = table(interaction.payload.get("data")).get("type") == 1
    return SLASH_COMMAND_MESSAGE if slash else CONTEXT_MENU_MESSAGE


def _metadata(interaction: Interaction) -> Json:
    body: JsonDict = {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "user": interaction.user.json(),
        "authorizing_integration_owners": interaction.payload.get("authorizing_integration_owners"),
    }
    if interaction.kind is InteractionKind.COMMAND:
        body["name"] = interaction.name
    if interaction.source is not None:
        body["interacted_message_id"] = str(interaction.source.id)
    return body


def _callback_json(interaction: Interaction) -> Json:
    about: JsonDict = {"id": str(interaction.id), "type": int(interaction.kind)}
    body: JsonDict = {"interaction": about}
    message = interaction.original
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.loading
        about["response_message_ephemeral"] = message.ephemeral
    if interaction.response in {Response.MESSAGE, Response.UPDATE} and message is not None:
        body["resource"] = {"type": int(interaction.response), "message": message.json()}
    elif interaction.response is not None:
        body["resource"] = {"type": int(interaction.response)}
    return body
