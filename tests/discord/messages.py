"""A message as the stand-in keeps it and as a test looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.discord.components import LINK_STYLE, SELECTS, Kind, texts, walk
from tests.discord.rules import Flag
from tests.discord.shapes import Json, JsonDict, JsonValue, items, rows, table, text, whole

if TYPE_CHECKING:
    from datetime import datetime

    from tests.discord.world import Channel, User


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a member sees it; exactly one of ``custom_id`` and ``url`` is set, except on premium buttons."""

    label: str
    custom_id: str | None
    url: str | None
    style: int
    disabled: bool
    id: int
    emoji: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a string select."""

    label: str
    value: str
    description: str | None
    default: bool


@dataclass(frozen=True, slots=True)
class Select:
    """A select menu as a member sees it; ``kind`` is the component type, only 3 (string) has ``options``.

    ``chosen`` are the ids of the roles, channels or members that stand in it from the start; ``channel_types``, where
    there are any, are the kinds of channels that it offers.
    """

    custom_id: str
    kind: int
    placeholder: str | None
    options: tuple[Option, ...]
    least: int
    most: int
    disabled: bool
    id: int
    channel_types: tuple[int, ...] = ()
    chosen: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class Message:
    """A message that stands, stood (``deleted``) or is about to come (``loading``)."""

    id: int
    channel: Channel
    author: User
    created: datetime
    flags: int = 0
    content: str = ""
    embeds: list[JsonValue] = field(default_factory=list)
    components: list[JsonDict] = field(default_factory=list)
    attachments: list[JsonDict] = field(default_factory=list)
    allowed_mentions: JsonValue = None
    pings: tuple[str, ...] = ()
    nonce: JsonValue = None
    kind: int = 0
    audience: User | None = None
    interaction: Json | None = None
    reference: Message | None = None
    edited: datetime | None = None
    deleted: bool = False
    edits: int = 0
    kept: Mapping[int, bytes] = field(default_factory=dict, repr=False)

    @property
    def ephemeral(self) -> bool:
        """Whether only its audience sees it."""
        return bool(self.flags & Flag.EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & Flag.LOADING)

    @property
    def components_v2(self) -> bool:
        """Whether it carries the Components V2 flag."""
        return bool(self.flags & Flag.COMPONENTS_V2)

    def stands_in(self, channel: Channel) -> bool:
        """Whether it stands in this channel, still."""
        return self.channel is channel and not self.deleted

    def visible_to(self, user: User) -> bool:
        """Whether this user sees it."""
        return not self.deleted and (self.audience is None or self.audience.id == user.id)

    def texts(self) -> list[str]:
        """Every text in the order of the screen: the content, or the text displays."""
        return [*([self.content] if self.content else []), *texts(self._components)]

    @property
    def text(self) -> str:
        """All texts, a line break between them."""
        return "\n".join(self.texts())

    @property
    def _components(self) -> JsonValue:
        return list(self.components)

    @property
    def files(self) -> dict[str, bytes]:
        """What is in each file on the screen, by its name; with Components V2 only what a component shows is there."""
        shown = {_media_url(one) for _, one in walk(self._components)}
        return {
            text(one["filename"]): self.kept[int(text(one["id"]))]
            for one in self.attachments
            if not self.components_v2 or one["url"] in shown
        }

    def buttons(self) -> list[Button]:
        """Every button in the order of the screen."""
        return [_button(one) for _, one in walk(self._components) if one.get("type") == Kind.BUTTON]

    def labels(self) -> list[str]:
        """The labels of all buttons in the order of the screen."""
        return [button.label for button in self.buttons()]

    def button(self, label: str | None = None, *, custom_id: str | None = None) -> Button:
        """The one button with this label or custom id; LookupError names those that are there."""
        found = [
            button
            for button in self.buttons()
            if (label is None or button.label == label) and (custom_id is None or button.custom_id == custom_id)
        ]
        if len(found) != 1:
            shown = [(button.label, button.custom_id or button.url) for button in self.buttons()]
            raise LookupError(f"{len(found)} buttons match label={label!r} custom_id={custom_id!r}; there are {shown}")
        return found[0]

    def links(self) -> list[tuple[str, str]]:
        """Label and address of every link button."""
        return [(one.label, one.url) for one in self.buttons() if one.style == LINK_STYLE and one.url is not None]

    def selects(self) -> list[Select]:
        """Every select menu in the order of the screen."""
        return [_select(one) for _, one in walk(self._components) if whole(one.get("type")) in SELECTS]

    def outline(self) -> str:
        """The component tree, one line a component, indented by its depth: handy in a failing test."""
        lines = []
        for path, one in walk(self._components):
            depth = sum(1 for part in path if isinstance(part, str)) - 1
            kind = Kind(whole(one.get("type"))).name.lower()
            shown = text(one.get("content")) or text(one.get("label")) or text(one.get("placeholder"))
            lines.append("  " * depth + f"{kind} {shown!r}" if shown else "  " * depth + kind)
        return "\n".join(([repr(self.content)] if self.content else []) + lines)

    def json(self) -> Json:
        """The message object."""
        body: JsonDict = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.json(),
            "content": self.content,
            "timestamp": self.created.isoformat(),
            "edited_timestamp": self.edited.isoformat() if self.edited else None,
            "tts": False,
            "mention_everyone": any(ping.startswith("@") for ping in self.pings),
            "mentions": [],
            "mention_roles": [],
            "attachments": list(self.attachments),
            "embeds": list(self.embeds),
            "components": list(self.components),
            "pinned": False,
            "type": self.kind,
            "flags": self.flags,
        }
        return body | self._origin()

    def _origin(self) -> JsonDict:
        """Where it comes from: an application's webhook, an interaction, another message."""
        body: JsonDict = {}
        if self.interaction is not None:
            body |= {
                "application_id": str(self.author.id),
                "webhook_id": str(self.author.id),
                "interaction_metadata": self.interaction,
            }
        if self.reference is not None:
            body["message_reference"] = {
                "type": 0,
                "message_id": str(self.reference.id),
                "channel_id": str(self.reference.channel.id),
            }
        if self.nonce is not None:
            body["nonce"] = self.nonce
        return body


def with_ids(components: JsonValue) -> list[JsonDict]:
    """The components with the ids that Discord gives to those that came without one."""
    taken = {whole(one.get("id")) for _, one in walk(components)} - {0}
    counter = iter(number for number in range(1, 100_000) if number not in taken)

    def numbered(one: Json) -> JsonDict:
        body = dict(one)
        body["id"] = whole(one.get("id")) or next(counter)
        if "components" in one:
            body["components"] = [numbered(child) for child in rows(one["components"])]
        for name in ("accessory", "component"):
            if name in one:
                body[name] = numbered(table(one[name]))
        return body

    return [numbered(one) for one in rows(components)]


def _button(one: Json) -> Button:
    return Button(
        label=text(one.get("label")),
        custom_id=text(one.get("custom_id")) or None,
        url=text(one.get("url")) or None,
        style=whole(one.get("style")),
        disabled=one.get("disabled") is True,
        id=whole(one.get("id")),
        emoji=text(table(one.get("emoji")).get("name")) or None,
    )


def _select(one: Json) -> Select:
    options = [
        Option(
            text(row.get("label")),
            text(row.get("value")),
            text(row.get("description")) or None,
            default=row.get("default") is True,
        )
        for row in rows(one.get("options"))
    ]
    return Select(
        custom_id=text(one.get("custom_id")),
        kind=whole(one.get("type")),
        placeholder=text(one.get("placeholder")) or None,
        options=tuple(options),
        least=whole(one.get("min_values"), 1),
        most=whole(one.get("max_values"), 1),
        disabled=one.get("disabled") is True,
        id=whole(one.get("id")),
        channel_types=tuple(whole(kind) for kind in items(one.get("channel_types"))),
        chosen=tuple(int(str(default.get("id"))) for default in rows(one.get("default_values"))),
    )


def with_links(components: list[JsonDict], attachments: list[JsonDict]) -> list[JsonDict]:
    """The components with the addresses of the files that they name by ``attachment://``."""
    named = {f"attachment://{text(one['filename'])}": one for one in attachments}

    def linked(one: Json) -> JsonDict:
        body = dict(one)
        for name in ("file", "media"):
            attachment = named.get(text(table(one.get(name)).get("url")))
            if attachment is not None:
                body[name] = {"url": attachment["url"], "proxy_url": attachment["proxy_url"]}
                body |= {"name": attachment["filename"], "size": attachment["size"]} if name == "file" else {}
        for name in ("components", "items"):
            if name in one:
                body[name] = [linked(child) for child in rows(one[name])]
        if "accessory" in one:
            body["accessory"] = linked(table(one["accessory"]))
        return body

    return [linked(one) for one in components]


def _media_url(one: Json) -> str:
    return next((url for name in ("file", "media") if (url := text(table(one.get(name)).get("url")))), "")
