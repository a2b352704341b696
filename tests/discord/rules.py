"""The rules of message bodies, from Discord's "Message", "Webhook" and "Receiving and Responding" pages."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, TypeAlias

from tests.discord.components import length_faults, message_component_faults, optional_length_faults, url_faults, walk
from tests.discord.faults import Fault
from tests.discord.mentions import allowed_mention_faults
from tests.discord.shapes import Json, JsonValue, Path, is_whole, items, rows, table, text, whole

if TYPE_CHECKING:
    from collections.abc import Iterator


class Flag(IntFlag):
    """Message flags."""

    SUPPRESS_EMBEDS = 1 << 2
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    SUPPRESS_NOTIFICATIONS = 1 << 12
    VOICE_MESSAGE = 1 << 13
    COMPONENTS_V2 = 1 << 15


IN_CHANNEL = Flag.SUPPRESS_EMBEDS | Flag.SUPPRESS_NOTIFICATIONS | Flag.VOICE_MESSAGE | Flag.COMPONENTS_V2
IN_RESPONSE = IN_CHANNEL | Flag.EPHEMERAL
IN_DEFERRAL = Flag.EPHEMERAL
IN_EDIT = Flag.SUPPRESS_EMBEDS | Flag.COMPONENTS_V2

Faults: TypeAlias = "Iterator[Fault]"


def new_message_faults(body: Json, settable: Flag, *, files: int = 0) -> Faults:
    """What is wrong with a message about to be made; ``settable`` are the flags that its endpoint takes."""
    flags = whole(body.get("flags"))
    yield from _flag_faults(flags, settable)
    yield from content_faults(body, v2=bool(flags & Flag.COMPONENTS_V2))
    yield from _attachment_faults(body, files)
    yield from _nonce_faults(body)


def edit_faults(body: Json, before: Json, *, files: int = 0) -> Faults:
    """What is wrong with an edit of the message that ``before`` shows (the message object as last sent)."""
    had = whole(before.get("flags"))
    flags = whole(body.get("flags"), had)
    yield from _edit_flag_faults(flags, had)
    v2 = bool((flags | had) & Flag.COMPONENTS_V2)
    yield from content_faults(body, v2=v2, edit=True)
    if v2:
        yield from _left_over_faults(body, before)
    yield from _attachment_faults(body, files)


def _edit_flag_faults(flags: int, had: int) -> Faults:
    if had & Flag.COMPONENTS_V2 and not flags & Flag.COMPONENTS_V2:
        message = "IS_COMPONENTS_V2 cannot be removed from a message once it has been set."
        yield Fault(("flags",), "MESSAGE_FLAG_COMPONENTS_V2_REMOVED", message)
    yield from _flag_faults(flags & ~had, IN_EDIT)


def _flag_faults(flags: int, settable: Flag) -> Faults:
    if flags & ~settable:
        message = f"Flags {flags & ~int(settable):#x} cannot be set here."
        yield Fault(("flags",), "BITFIELD_TYPE_INVALID_FLAGS", message)


def _left_over_faults(body: Json, before: Json) -> Faults:
    """A message that becomes Components V2 has to lose what it cannot show any more."""
    for name in ("content", "embeds"):
        if before.get(name) and name not in body:
            yield _legacy_fault(name)


def content_faults(body: Json, *, v2: bool, edit: bool = False) -> Faults:
    """What is wrong with content, embeds, components and mentions; as an edit a field may stay absent."""
    if v2:
        yield from (_legacy_fault(name) for name in ("content", "embeds", "sticker_ids", "poll") if body.get(name))
    else:
        yield from optional_length_faults(body, "content", (), 2000)
        yield from embed_faults(body.get("embeds"))
    if "components" in body or (v2 and not edit):
        yield from message_component_faults(body.get("components"), v2=v2)
    yield from allowed_mention_faults(body.get("allowed_mentions"))


def _legacy_fault(name: str) -> Fault:
    code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
    return Fault((name,), code, f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")


def _nonce_faults(body: Json) -> Faults:
    nonce = body.get("nonce")
    if nonce is not None and not is_whole(nonce):
        yield from length_faults(nonce, ("nonce",), 0, 25)
    if body.get("enforce_nonce") is True and not nonce:
        yield Fault(("nonce",), "BASE_TYPE_REQUIRED", "enforce_nonce needs a nonce.")


def _attachment_faults(body: Json, files: int) -> Faults:
    """Attachments that name no uploaded file, and references to attachments that are not there."""
    if files > 10 or len(items(body.get("attachments"))) > 10:
        yield Fault(("attachments",), "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    named = [text(one.get("filename")) for one in rows(body.get("attachments"))]
    for path, component in walk(body.get("components")):
        for name in ("media", "file"):
            link = text(table(component.get(name)).get("url"))
            if link.startswith("attachment://") and link.removeprefix("attachment://") not in named:
                message = f"{link} is not among the attachments."
                yield Fault((*path, name, "url"), "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)


def is_empty(message: Json) -> bool:
    """Whether a message shows nothing at all, which Discord refuses with code 50006."""
    kept = ("embeds", "components", "attachments", "sticker_ids", "poll")
    return not text(message.get("content")).strip() and not any(message.get(name) for name in kept)


def embed_faults(embeds: JsonValue) -> Faults:
    """What is wrong with embeds: "Message", section Embed Limits."""
    found = rows(embeds)
    if len(found) > 10:
        yield Fault(("embeds",), "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for position, embed in enumerate(found):
        yield from _one_embed_faults(embed, ("embeds", position))
    if sum(_embed_size(embed) for embed in found) > 6000:
        yield Fault(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _one_embed_faults(embed: Json, path: Path) -> Faults:
    yield from optional_length_faults(embed, "title", path, 256)
    yield from optional_length_faults(embed, "description", path, 4096)
    yield from optional_length_faults(table(embed.get("footer")), "text", (*path, "footer"), 2048)
    yield from optional_length_faults(table(embed.get("author")), "name", (*path, "author"), 256)
    if embed.get("url") is not None:
        yield from url_faults(embed["url"], (*path, "url"), 2048, ("http", "https"))
    fields = rows(embed.get("fields"))
    if len(fields) > 25:
        yield Fault((*path, "fields"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for position, one in enumerate(fields):
        yield from length_faults(one.get("name"), (*path, "fields", position, "name"), 1, 256)
        yield from length_faults(one.get("value"), (*path, "fields", position, "value"), 1, 1024)


def _embed_size(embed: Json) -> int:
    parts = [embed.get("title"), embed.get("description")]
    parts += [table(embed.get("footer")).get("text"), table(embed.get("author")).get("name")]
    for one in rows(embed.get("fields")):
        parts += [one.get("name"), one.get("value")]
    return sum(len(text(part)) for part in parts)


def choice_faults(choices: JsonValue, path: Path = ("choices",), kind: int = 3) -> Faults:
    """What is wrong with choices; ``kind`` is the type of their option (3 string, 4 integer, 10 number)."""
    found = rows(choices)
    if not isinstance(choices, list):
        yield Fault(path, "BASE_TYPE_REQUIRED", "This field is required")
    if len(found) > 25:
        yield Fault(path, "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for position, choice in enumerate(found):
        yield from length_faults(choice.get("name"), (*path, position, "name"), 1, 100)
        yield from _choice_value_faults(choice.get("value"), (*path, position, "value"), kind)


def _choice_value_faults(value: JsonValue, path: Path, kind: int) -> Faults:
    if kind == 3:
        yield from length_faults(value, path, 0, 100)
    elif kind == 4 and not is_whole(value):
        yield Fault(path, "NUMBER_TYPE_COERCE", "Value is not a whole number.")
    elif kind == 10 and (isinstance(value, bool) or not isinstance(value, int | float)):
        yield Fault(path, "NUMBER_TYPE_COERCE", "Value is not a number.")
