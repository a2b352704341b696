"""Making and changing messages, once the rules have let them pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.discord.faults import EMPTY_MESSAGE, ApiError
from tests.discord.mentions import pings
from tests.discord.messages import Message, with_ids, with_links
from tests.discord.rules import IN_EDIT, Flag, is_empty
from tests.discord.shapes import Json, JsonDict, items, rows, text, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.discord.calls import Upload
    from tests.discord.state import State
    from tests.discord.world import Channel


class Posting:
    """Turns bodies into messages of the world."""

    def __init__(self, state: State) -> None:
        self._state = state

    def draft(self, channel: Channel, body: Json, uploads: Sequence[Upload]) -> Message:
        """A message made from the body; it is not in the world yet."""
        message = Message(
            id=self._state.clock.snowflake(),
            channel=channel,
            author=self._state.bot,
            created=self._state.clock.now(),
            flags=whole(body.get("flags")),
            content=text(body.get("content")),
            embeds=items(body.get("embeds")),
            components=with_ids(body.get("components")),
            allowed_mentions=body.get("allowed_mentions"),
            nonce=body.get("nonce"),
            kept=self._state.files,
        )
        message.attachments = self._attachments(body, uploads, [])
        message.components = with_links(message.components, message.attachments)
        self._ring(message)
        return message

    def edit(self, message: Message, body: Json, uploads: Sequence[Upload]) -> None:
        """The message shows what the body says; what it leaves out stays. ApiError 50006 where nothing is left."""
        after = {**message.json(), **body}
        if is_empty(after) and not uploads:
            raise ApiError(400, EMPTY_MESSAGE, "Cannot send an empty message")
        was_loading = message.loading
        message.flags = (message.flags & ~int(IN_EDIT | Flag.LOADING)) | (
            whole(body.get("flags"), message.flags) & int(IN_EDIT)
        )
        message.content = text(after.get("content"))
        message.embeds = items(after.get("embeds"))
        if "components" in body:
            message.components = with_ids(body.get("components"))
        if "attachments" in body or uploads:
            message.attachments = self._attachments(body, uploads, message.attachments)
        message.components = with_links(message.components, message.attachments)
        message.allowed_mentions = body.get("allowed_mentions")
        message.edits += 1
        message.edited = None if was_loading else self._state.clock.now()
        self._ring(message)
        self._state.rang(message)

    def _ring(self, message: Message) -> None:
        message.pings = pings(message.texts(), message.allowed_mentions)

    def _attachments(self, body: Json, uploads: Sequence[Upload], before: list[JsonDict]) -> list[JsonDict]:
        if "attachments" in body:
            kept_ids = {str(one.get("id")) for one in rows(body["attachments"])}
            kept = [one for one in before if str(one["id"]) in kept_ids]
        else:
            kept = list(before)
        return kept + [self._keep(upload) for upload in uploads]

    def _keep(self, upload: Upload) -> JsonDict:
        return self._state.keep_file(upload.name, upload.data)
