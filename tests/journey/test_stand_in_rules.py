"""Every rule of the stand-in catches its violation, and a body that breaks none passes: else it would prove nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.discord import DiscordStandIn, openapi
from tests.discord.components import message_component_faults
from tests.discord.faults import Fault, invalid_form_body, nested
from tests.discord.mentions import pings
from tests.discord.messages import with_ids
from tests.discord.modals import modal_faults
from tests.discord.registry import command_faults, command_list_faults, command_size
from tests.discord.rules import (
    IN_CHANNEL,
    IN_RESPONSE,
    Flag,
    choice_faults,
    edit_faults,
    is_empty,
    new_message_faults,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.discord.shapes import Json, JsonDict, JsonValue

V2 = int(Flag.COMPONENTS_V2)
EPHEMERAL = int(Flag.EPHEMERAL)


def said(content: str = "Hello") -> JsonDict:
    return {"type": 10, "content": content}


def button(custom_id: str = "go", **more: JsonValue) -> JsonDict:
    return {"type": 2, "style": 2, "label": "Go", "custom_id": custom_id, **more}


def link(url: str = "https://news.example/a", **more: JsonValue) -> JsonDict:
    return {"type": 2, "style": 5, "label": "Open", "url": url, **more}


def row(*children: JsonDict) -> JsonDict:
    return {"type": 1, "components": list(children)}


def section(*children: JsonDict, accessory: JsonDict | None = None) -> JsonDict:
    return {"type": 9, "components": list(children), **({"accessory": accessory} if accessory else {})}


def container(*children: JsonDict, **more: JsonValue) -> JsonDict:
    return {"type": 17, "components": list(children), **more}


def option(value: str = "a", **more: JsonValue) -> JsonDict:
    return {"label": "A", "value": value, **more}


def menu(*options: JsonDict, **more: JsonValue) -> JsonDict:
    return {"type": 3, "custom_id": "menu", "options": list(options or (option(),)), **more}


def picture(url: str = "https://news.example/a.png", **more: JsonValue) -> JsonDict:
    return {"media": {"url": url}, **more}


def gallery(*pictures: JsonDict) -> JsonDict:
    return {"type": 12, "items": list(pictures)}


def without(body: JsonDict, name: str) -> JsonDict:
    return {key: value for key, value in body.items() if key != name}


def codes(faults: Iterable[Fault]) -> set[str]:
    return {fault.code for fault in faults}


def places(faults: Iterable[Fault]) -> set[str]:
    return {fault.where for fault in faults}


RICH: list[JsonDict] = [
    container(
        section(said("One"), said("Two"), accessory=link()),
        {"type": 14, "divider": True, "spacing": 2},
        gallery(picture(description="A picture")),
        row(button("a"), button("b", emoji={"name": "🔎"}), link("discord://-/channels/1")),
        row(menu(option("a"), option("b", description="B"), placeholder="Choose", min_values=0, max_values=2)),
        accent_color=0xFFFFFF,
    ),
    section(said(), accessory={"type": 11, **picture()}),
    row({"type": 5, "custom_id": "who"}),
]


def test_a_rich_message_within_all_rules_passes() -> None:
    assert not list(message_component_faults(RICH, v2=True))
    assert not list(
        new_message_faults({"flags": V2, "components": RICH, "allowed_mentions": {"parse": []}}, IN_CHANNEL)
    )


def test_a_message_at_every_limit_passes() -> None:
    full = [
        said("x" * 4_000),
        *(row(button(f"{number:0100}", label="l" * 80)) for number in range(19)),
        gallery(picture()),
    ]
    assert not list(message_component_faults(full, v2=True))


BROKEN_COMPONENTS: dict[str, tuple[list[JsonDict], str, str]] = {
    "41 components, nested ones counted": (
        [container(*(section(said(), accessory=link()) for _ in range(13))), said()],
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
        "components",
    ),
    "4,001 characters in two texts": (
        [said("x" * 2_000), container(said("x" * 2_001))],
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
        "components",
    ),
    "no component at all": ([], "BASE_TYPE_REQUIRED", "components"),
    "an empty text": ([said("")], "BASE_TYPE_BAD_LENGTH", "components.0.content"),
    "a text of blanks": ([said(" \n")], "BASE_TYPE_REQUIRED", "components.0.content"),
    "a bare button": ([button()], "UNION_TYPE_CHOICES", "components.0"),
    "a container in a container": ([container(container(said()))], "UNION_TYPE_CHOICES", "components.0.components.0"),
    "an empty container": ([container()], "BASE_TYPE_BAD_LENGTH", "components.0.components"),
    "a colour beyond white": (
        [container(said(), accent_color=0x1000000)],
        "NUMBER_TYPE_MAX",
        "components.0.accent_color",
    ),
    "a text input in a message": (
        [row({"type": 4, "custom_id": "t", "style": 1})],
        "UNION_TYPE_CHOICES",
        "components.0.components.0",
    ),
    "a label in a message": ([{"type": 18, "label": "L"}], "UNION_TYPE_CHOICES", "components.0"),
    "an unknown type": ([{"type": 99}], "BASE_TYPE_CHOICES", "components.0.type"),
    "a section without accessory": ([section(said())], "BASE_TYPE_REQUIRED", "components.0.accessory"),
    "a section with a select": ([section(said(), accessory=menu())], "UNION_TYPE_CHOICES", "components.0.accessory"),
    "a section without text": ([section(accessory=link())], "BASE_TYPE_BAD_LENGTH", "components.0.components"),
    "a section of four texts": (
        [section(*(said() for _ in range(4)), accessory=link())],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components",
    ),
    "a section with a row": (
        [section(row(button()), accessory=link())],
        "UNION_TYPE_CHOICES",
        "components.0.components.0",
    ),
    "an empty row": ([row()], "BASE_TYPE_BAD_LENGTH", "components.0.components"),
    "six buttons in a row": (
        [row(*(button(str(number)) for number in range(6)))],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components",
    ),
    "a button beside a select": ([row(menu(), button())], "BASE_TYPE_BAD_LENGTH", "components.0.components"),
    "a text in a row": ([row(said())], "UNION_TYPE_CHOICES", "components.0.components.0"),
    "a label of 81": ([row(button(label="l" * 81))], "BASE_TYPE_BAD_LENGTH", "components.0.components.0.label"),
    "a button without label and emoji": (
        [row(without(button(), "label"))],
        "BUTTON_COMPONENT_INVALID_LABEL",
        "components.0.components.0.label",
    ),
    "a custom id of 101": ([row(button("c" * 101))], "BASE_TYPE_BAD_LENGTH", "components.0.components.0.custom_id"),
    "an empty custom id": ([row(button(""))], "BASE_TYPE_BAD_LENGTH", "components.0.components.0.custom_id"),
    "a button without custom id": (
        [row(without(button(), "custom_id"))],
        "BASE_TYPE_REQUIRED",
        "components.0.components.0.custom_id",
    ),
    "one custom id twice": (
        [row(button("same")), row(button("same"))],
        "COMPONENT_CUSTOM_ID_DUPLICATED",
        "components.1.components.0.custom_id",
    ),
    "one component id twice": ([said() | {"id": 7}, said() | {"id": 7}], "COMPONENT_ID_DUPLICATED", "components.1.id"),
    "a component id of 33 bits": ([said() | {"id": 2**32}], "NUMBER_TYPE_MAX", "components.0.id"),
    "an unknown style": ([row(button(style=7))], "BASE_TYPE_CHOICES", "components.0.components.0.style"),
    "a button with a url": (
        [row(button(url="https://a.example"))],
        "BUTTON_COMPONENT_FIELD_FORBIDDEN",
        "components.0.components.0.url",
    ),
    "a link with a custom id": (
        [row(link(custom_id="x"))],
        "BUTTON_COMPONENT_FIELD_FORBIDDEN",
        "components.0.components.0.custom_id",
    ),
    "a link without a url": ([row(without(link(), "url"))], "BASE_TYPE_REQUIRED", "components.0.components.0.url"),
    "a link of 513": (
        [row(link("https://a.example/" + "p" * 495))],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components.0.url",
    ),
    "a link by javascript": (
        [row(link("javascript:alert(1)"))],
        "URL_TYPE_INVALID_SCHEME",
        "components.0.components.0.url",
    ),
    "a link with a blank": (
        [row(link("https://a.example/a b"))],
        "URL_TYPE_INVALID_URL",
        "components.0.components.0.url",
    ),
    "a link without a host": ([row(link("https:///path"))], "URL_TYPE_INVALID_URL", "components.0.components.0.url"),
    "a premium button with a label": (
        [row({"type": 2, "style": 6, "sku_id": "1", "label": "Buy"})],
        "BUTTON_COMPONENT_FIELD_FORBIDDEN",
        "components.0.components.0.label",
    ),
    "a premium button without sku": (
        [row({"type": 2, "style": 6})],
        "BASE_TYPE_REQUIRED",
        "components.0.components.0.sku_id",
    ),
    "an emoji of nothing": ([row(button(emoji={}))], "COMPONENT_INVALID_EMOJI", "components.0.components.0.emoji"),
    "26 options": (
        [row(menu(*(option(str(number)) for number in range(26))))],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components.0.options",
    ),
    "no options": (
        [row({"type": 3, "custom_id": "m", "options": []})],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components.0.options",
    ),
    "an option label of 101": (
        [row(menu(option(label="l" * 101)))],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components.0.options.0.label",
    ),
    "an option value of 101": (
        [row(menu(option("v" * 101)))],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components.0.options.0.value",
    ),
    "an option description of 101": (
        [row(menu(option(description="d" * 101)))],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components.0.options.0.description",
    ),
    "one option value twice": (
        [row(menu(option("a"), option("a")))],
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        "components.0.components.0.options.1.value",
    ),
    "a placeholder of 151": (
        [row(menu(placeholder="p" * 151))],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.components.0.placeholder",
    ),
    "at least 26 values": ([row(menu(min_values=26))], "NUMBER_TYPE_MAX", "components.0.components.0.min_values"),
    "at most no value": ([row(menu(max_values=0))], "NUMBER_TYPE_MAX", "components.0.components.0.max_values"),
    "more values than options": (
        [row(menu(max_values=2))],
        "SELECT_COMPONENT_MAX_VALUES",
        "components.0.components.0.max_values",
    ),
    "two defaults of one": (
        [row(menu(option("a", default=True), option("b", default=True)))],
        "SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS",
        "components.0.components.0.options",
    ),
    "options of a user select": (
        [row({"type": 5, "custom_id": "who", "options": [option()]})],
        "SELECT_OPTIONS_FORBIDDEN",
        "components.0.components.0.options",
    ),
    "two default users of one": (
        [row({"type": 5, "custom_id": "who", "default_values": [{"id": "1"}, {"id": "2"}]})],
        "SELECT_DEFAULT_VALUES_OUT_OF_RANGE",
        "components.0.components.0.default_values",
    ),
    "a separator of spacing 3": ([{"type": 14, "spacing": 3}], "NUMBER_TYPE_MAX", "components.0.spacing"),
    "an empty gallery": ([gallery()], "BASE_TYPE_BAD_LENGTH", "components.0.items"),
    "eleven pictures": ([gallery(*(picture() for _ in range(11)))], "BASE_TYPE_BAD_LENGTH", "components.0.items"),
    "a description of 1,025": (
        [gallery(picture(description="d" * 1025))],
        "BASE_TYPE_BAD_LENGTH",
        "components.0.items.0.description",
    ),
    "a picture by file": (
        [gallery(picture("file:///etc/passwd"))],
        "URL_TYPE_INVALID_SCHEME",
        "components.0.items.0.media.url",
    ),
    "a file from the web": (
        [{"type": 13, "file": {"url": "https://a.example/a.pdf"}}],
        "URL_TYPE_INVALID_SCHEME",
        "components.0.file.url",
    ),
}


@pytest.mark.parametrize("case", BROKEN_COMPONENTS)
def test_a_broken_component_rule_is_caught(case: str) -> None:
    components, code, where = BROKEN_COMPONENTS[case]
    found = list(message_component_faults(components, v2=True))
    assert code in codes(found)
    assert where in places(found)


def test_without_the_flag_only_rows_stand_and_five_of_them() -> None:
    assert codes(message_component_faults([said()], v2=False)) == {"UNION_TYPE_CHOICES"}
    assert not list(message_component_faults([row(button(str(n))) for n in range(5)], v2=False))
    assert codes(message_component_faults([row(button(str(n))) for n in range(6)], v2=False)) == {
        "BASE_TYPE_BAD_LENGTH"
    }


LEGACY = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
BROKEN_MESSAGES: dict[str, tuple[JsonDict, str, str]] = {
    "content beside components": ({"flags": V2, "components": RICH, "content": "x"}, LEGACY, "content"),
    "embeds beside components": ({"flags": V2, "components": RICH, "embeds": [{"title": "x"}]}, LEGACY, "embeds"),
    "stickers beside components": ({"flags": V2, "components": RICH, "sticker_ids": ["1"]}, LEGACY, "sticker_ids"),
    "a poll beside components": ({"flags": V2, "components": RICH, "poll": {"question": {}}}, LEGACY, "poll"),
    "the flag without components": ({"flags": V2}, "BASE_TYPE_REQUIRED", "components"),
    "2,001 characters of content": ({"content": "x" * 2001}, "BASE_TYPE_BAD_LENGTH", "content"),
    "the loading flag": ({"content": "x", "flags": 1 << 7}, "BITFIELD_TYPE_INVALID_FLAGS", "flags"),
    "eleven embeds": ({"embeds": [{"title": "x"}] * 11}, "BASE_TYPE_MAX_LENGTH", "embeds"),
    "an embed title of 257": ({"embeds": [{"title": "x" * 257}]}, "BASE_TYPE_BAD_LENGTH", "embeds.0.title"),
    "an embed text of 4,097": (
        {"embeds": [{"description": "x" * 4097}]},
        "BASE_TYPE_BAD_LENGTH",
        "embeds.0.description",
    ),
    "an embed footer of 2,049": (
        {"embeds": [{"footer": {"text": "x" * 2049}}]},
        "BASE_TYPE_BAD_LENGTH",
        "embeds.0.footer.text",
    ),
    "an embed author of 257": (
        {"embeds": [{"author": {"name": "x" * 257}}]},
        "BASE_TYPE_BAD_LENGTH",
        "embeds.0.author.name",
    ),
    "an embed field of 1,025": (
        {"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]},
        "BASE_TYPE_BAD_LENGTH",
        "embeds.0.fields.0.value",
    ),
    "26 embed fields": (
        {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
        "BASE_TYPE_MAX_LENGTH",
        "embeds.0.fields",
    ),
    "embeds of 6,001": ({"embeds": [{"description": "x" * 3001}] * 2}, "MAX_EMBED_SIZE_EXCEEDED", "embeds"),
    "an embed link by file": ({"embeds": [{"url": "file://a/b"}]}, "URL_TYPE_INVALID_SCHEME", "embeds.0.url"),
    "a nonce of 26": ({"content": "x", "nonce": "n" * 26}, "BASE_TYPE_BAD_LENGTH", "nonce"),
    "an enforced nonce that is none": ({"content": "x", "enforce_nonce": True}, "BASE_TYPE_REQUIRED", "nonce"),
    "an unknown mention kind": (
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
        "BASE_TYPE_CHOICES",
        "allowed_mentions.parse.0",
    ),
    "mention ids beside their kind": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        "allowed_mentions",
    ),
    "101 mention ids": (
        {"content": "x", "allowed_mentions": {"users": [str(number) for number in range(101)]}},
        "BASE_TYPE_MAX_LENGTH",
        "allowed_mentions.users",
    ),
    "eleven attachments": (
        {"content": "x", "attachments": [{"id": number} for number in range(11)]},
        "BASE_TYPE_MAX_LENGTH",
        "attachments",
    ),
    "a file that was not attached": (
        {"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://a.pdf"}}]},
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
        "components.0.file.url",
    ),
}


@pytest.mark.parametrize("case", BROKEN_MESSAGES)
def test_a_broken_message_rule_is_caught(case: str) -> None:
    body, code, where = BROKEN_MESSAGES[case]
    found = list(new_message_faults(body, IN_RESPONSE))
    assert code in codes(found)
    assert where in places(found)


def test_ephemeral_is_for_responses_and_not_for_channels() -> None:
    body: JsonDict = {"content": "x", "flags": EPHEMERAL}
    assert not list(new_message_faults(body, IN_RESPONSE))
    assert codes(new_message_faults(body, IN_CHANNEL)) == {"BITFIELD_TYPE_INVALID_FLAGS"}


BROKEN_EDITS: dict[str, tuple[JsonDict, JsonDict, str]] = {
    "the components flag is taken off": ({"flags": 0}, {"flags": V2}, "MESSAGE_FLAG_COMPONENTS_V2_REMOVED"),
    "a message becomes ephemeral": ({"flags": EPHEMERAL}, {"flags": 0}, "BITFIELD_TYPE_INVALID_FLAGS"),
    "content is added to components": ({"content": "x"}, {"flags": V2}, LEGACY),
    "components are put beside content": ({"flags": V2, "components": RICH}, {"content": "x", "flags": 0}, LEGACY),
}


@pytest.mark.parametrize("case", BROKEN_EDITS)
def test_a_broken_edit_rule_is_caught(case: str) -> None:
    body, before, code = BROKEN_EDITS[case]
    assert code in codes(edit_faults(body, before))


def test_an_edit_of_an_ephemeral_message_may_repeat_its_flags_and_leave_fields_out() -> None:
    before: JsonDict = {"flags": V2 | EPHEMERAL, "components": RICH}
    assert not list(edit_faults({"flags": V2 | EPHEMERAL, "components": [said()]}, before))
    assert not list(edit_faults({"flags": V2, "components": [said()]}, {"flags": 0, "content": ""}))
    assert not list(edit_faults({"allowed_mentions": {"parse": []}}, before))


def test_a_message_of_nothing_is_empty() -> None:
    assert is_empty({"content": "  ", "components": []})
    assert not is_empty({"components": [said()]})


def field_(**more: JsonValue) -> JsonDict:
    return {"type": 18, "label": "Text", "component": {"type": 4, "custom_id": "t", "style": 2, **more}}


def modal(*components: JsonDict, **more: JsonValue) -> JsonDict:
    return {"custom_id": "m", "title": "Title", "components": list(components or (field_(),)), **more}


def test_a_modal_within_all_rules_passes() -> None:
    upload: JsonDict = {"type": 18, "label": "File", "component": {"type": 19, "custom_id": "f", "max_values": 10}}
    choice: JsonDict = {"type": 18, "label": "Pick", "description": "d" * 100, "component": menu()}
    old = row({"type": 4, "custom_id": "o", "style": 1, "label": "Old"})
    full = modal(said("Explained"), field_(max_length=4000, placeholder="p" * 100), upload, choice, old, title="t" * 45)
    assert not list(modal_faults(full))


BROKEN_MODALS: dict[str, tuple[JsonDict, str]] = {
    "a title of 46": (modal(title="t" * 46), "title"),
    "no title": (modal(title=""), "title"),
    "a custom id of 101": (modal(custom_id="c" * 101), "custom_id"),
    "no components": ({"custom_id": "m", "title": "T", "components": []}, "components"),
    "six components": (modal(*(field_(custom_id=str(number)) for number in range(6))), "components"),
    "a button": (modal(row(button())), "components.0.components"),
    "a container": (modal(container(said())), "components.0"),
    "a label of 46": (modal(field_() | {"label": "l" * 46}), "components.0.label"),
    "a description of 101": (modal(field_() | {"description": "d" * 101}), "components.0.description"),
    "a label around nothing": (modal({"type": 18, "label": "L"}), "components.0.component"),
    "a label around a text": (modal({"type": 18, "label": "L", "component": said()}), "components.0.component"),
    "an input with its own label": (modal(field_(label="L")), "components.0.component.label"),
    "an input of style 3": (modal(field_(style=3)), "components.0.component.style"),
    "an input from 4,001": (modal(field_(min_length=4001)), "components.0.component.min_length"),
    "an input up to 4,001": (modal(field_(max_length=4001)), "components.0.component.max_length"),
    "an input up to 0": (modal(field_(max_length=0)), "components.0.component.max_length"),
    "an input from 5 up to 4": (modal(field_(min_length=5, max_length=4)), "components.0.component.max_length"),
    "a value of 4,001": (modal(field_(value="v" * 4001)), "components.0.component.value"),
    "a value beyond its input": (modal(field_(value="vv", max_length=1)), "components.0.component.value"),
    "a placeholder of 101": (modal(field_(placeholder="p" * 101)), "components.0.component.placeholder"),
    "one custom id twice": (modal(field_(), field_()), "components.1.component.custom_id"),
    "a disabled select": (
        modal({"type": 18, "label": "L", "component": menu(disabled=True)}),
        "components.0.component.disabled",
    ),
    "a required select of none": (
        modal({"type": 18, "label": "L", "component": menu(min_values=0)}),
        "components.0.component.min_values",
    ),
    "eleven files": (
        modal({"type": 18, "label": "L", "component": {"type": 19, "custom_id": "f", "max_values": 11}}),
        "components.0.component.max_values",
    ),
    "a radio group of one": (
        modal({"type": 18, "label": "L", "component": {"type": 21, "custom_id": "r", "options": [option()]}}),
        "components.0.component.options",
    ),
    "a checkbox without custom id": (
        modal({"type": 18, "label": "L", "component": {"type": 23}}),
        "components.0.component.custom_id",
    ),
}


@pytest.mark.parametrize("case", BROKEN_MODALS)
def test_a_broken_modal_rule_is_caught(case: str) -> None:
    body, where = BROKEN_MODALS[case]
    assert where in places(modal_faults(body))


def test_choices_are_at_most_25_of_100_characters_each() -> None:
    good: JsonDict = {"name": "n" * 100, "value": "v" * 100}
    assert not list(choice_faults([good] * 25))
    assert not list(choice_faults([]))
    assert places(choice_faults(None)) == {"choices"}
    assert places(choice_faults([good] * 26)) == {"choices"}
    assert places(choice_faults([{"name": "n" * 101, "value": "v" * 101}])) == {"choices.0.name", "choices.0.value"}
    assert places(choice_faults([{"name": "", "value": 1}])) == {"choices.0.name", "choices.0.value"}
    assert places(choice_faults([{"name": "n", "value": "1"}], kind=4)) == {"choices.0.value"}
    assert places(choice_faults([{"name": "n", "value": True}], kind=10)) == {"choices.0.value"}


def slash(*options: JsonDict, **more: JsonValue) -> JsonDict:
    return {"name": "ask", "description": "Asks.", "options": list(options), **more}


def given(name: str = "question", kind: int = 3, **more: JsonValue) -> JsonDict:
    return {"name": name, "description": "What.", "type": kind, **more}


def test_commands_within_all_rules_pass() -> None:
    group = given("desk", 2, options=[given("add", 1, options=[given(required=True, min_length=3, max_length=300)])])
    whole: list[Json] = [
        slash(given(required=True), given("since"), contexts=[0, 1], integration_types=[0]),
        {"name": "article", "description": "Articles.", "options": [group, given("list", 1)]},
        {"name": "Add to corpus", "type": 3},
        {"name": "frage-1", "description": "ä", "name_localizations": {"de": "frage"}},
    ]
    assert not list(command_list_faults(whole))


BROKEN_COMMANDS: dict[str, tuple[JsonDict, str]] = {
    "a name in capitals": (slash(name="Ask"), "name"),
    "a name with a blank": (slash(name="ask me"), "name"),
    "a name of 33": (slash(name="a" * 33), "name"),
    "no description": (slash(description=""), "description"),
    "a description of 101": (slash(description="d" * 101), "description"),
    "a foreign locale": (slash(name_localizations={"xx": "ask"}), "name_localizations.xx"),
    "a localised name in capitals": (slash(name_localizations={"de": "Frage"}), "name_localizations.de"),
    "a localised description of 101": (
        slash(description_localizations={"de": "d" * 101}),
        "description_localizations.de",
    ),
    "26 options": (slash(*(given(f"o{number}") for number in range(26))), "options"),
    "one option twice": (slash(given("a"), given("a")), "options.1.name"),
    "an option in capitals": (slash(given("Question")), "options.0.name"),
    "an option without description": (slash(given(description="")), "options.0.description"),
    "a required option after an optional one": (slash(given("a"), given("b", required=True)), "options.1"),
    "an option of type 12": (slash(given(kind=12)), "options.0.type"),
    "26 choices": (
        slash(given(choices=[{"name": str(number), "value": str(number)} for number in range(26)])),
        "options.0.choices",
    ),
    "a choice of 101": (slash(given(choices=[{"name": "n" * 101, "value": "v"}])), "options.0.choices.0.name"),
    "autocomplete beside choices": (
        slash(given(choices=[{"name": "n", "value": "v"}], autocomplete=True)),
        "options.0.autocomplete",
    ),
    "autocomplete of a truth value": (slash(given(kind=5, autocomplete=True)), "options.0"),
    "a text up to 6,001": (slash(given(max_length=6001)), "options.0.max_length"),
    "a text from 5 up to 4": (slash(given(min_length=5, max_length=4)), "options.0.min_length"),
    "a subcommand beside an option": (slash(given("add", 1), given()), "options"),
    "a group in a group": (slash(given("g", 2, options=[given("h", 2)])), "options.0.options.0.type"),
    "a subcommand in a subcommand": (slash(given("a", 1, options=[given("b", 1)])), "options.0.options.0.type"),
    "no context": (slash(contexts=[]), "contexts"),
    "an unknown context": (slash(contexts=[3]), "contexts"),
    "one context twice": (slash(contexts=[0, 0]), "contexts"),
    "an unknown integration type": (slash(integration_types=[2]), "integration_types"),
    "permissions in words": (slash(default_member_permissions="manage"), "default_member_permissions"),
    "an unknown type": (slash(type=9), "type"),
    "a described context menu": ({"name": "Add", "type": 3, "description": "x"}, "description"),
    "a context menu with options": ({"name": "Add", "type": 3, "options": [given()]}, "options"),
    "8,001 characters in all": (
        slash(*(given(f"o{n}", choices=[{"name": "n" * 100, "value": "v" * 100}] * 2) for n in range(20))),
        "body",
    ),
}


@pytest.mark.parametrize("case", BROKEN_COMMANDS)
def test_a_broken_command_rule_is_caught(case: str) -> None:
    body, where = BROKEN_COMMANDS[case]
    assert where in places(command_faults(body))


def test_the_longest_localisation_counts_towards_the_size_of_a_command() -> None:
    short = slash(given())
    long = slash(given(description_localizations={"de": "d" * 90}))
    assert command_size(long) - command_size(short) == 90 - len("What.")


def test_two_commands_of_one_name_and_type_and_too_many_commands_are_caught() -> None:
    assert "APPLICATION_COMMANDS_DUPLICATE_NAME" in codes(command_list_faults([slash(), slash()]))
    assert not list(command_list_faults([slash(name="add"), {"name": "add", "type": 3}]))
    many: list[Json] = [slash(name=f"c{number}") for number in range(101)]
    assert codes(command_list_faults(many)) == {"APPLICATION_COMMANDS_MAXIMUM_NUMBER_EXCEEDED"}
    menus: list[Json] = [{"name": f"Menu {number}", "type": 3} for number in range(16)]
    assert codes(command_list_faults(menus)) == {"APPLICATION_COMMANDS_MAXIMUM_NUMBER_EXCEEDED"}


@pytest.mark.parametrize(
    ("allowed", "ringing"),
    [
        (None, ("@everyone", "@here", "<@&7>", "<@1>", "<@!2>")),
        ({"parse": []}, ()),
        ({}, ()),
        ({"parse": ["users"]}, ("<@1>", "<@!2>")),
        ({"parse": ["roles"]}, ("<@&7>",)),
        ({"parse": ["everyone"]}, ("@everyone", "@here")),
        ({"parse": [], "users": ["2"], "roles": ["9"]}, ("<@!2>",)),
    ],
)
def test_what_rings_follows_from_the_allowed_mentions(allowed: JsonValue, ringing: tuple[str, ...]) -> None:
    assert pings(["Hi @everyone, @here", "<@&7> <@1> <@!2> <@1>"], allowed) == ringing


def test_a_broken_up_mention_rings_nobody() -> None:
    assert pings(["@\u200beveryone <@\u200b1> mail@example.org"], None) == ()


def test_faults_are_nested_as_discord_nests_them() -> None:
    fault = Fault(("components", 0, "label"), "CODE", "Why.")
    assert nested([fault]) == {"components": {"0": {"label": {"_errors": [{"code": "CODE", "message": "Why."}]}}}}
    assert invalid_form_body([fault]).body()["code"] == 50035


def test_ids_are_given_to_components_that_have_none_and_kept_where_there_is_one() -> None:
    numbered = with_ids([container(said(), said() | {"id": 1}), section(said(), accessory=link()), said() | {"id": 0}])
    found = [numbered[0], *numbered[0]["components"], numbered[1], numbered[1]["accessory"], numbered[2]]  # type: ignore[misc]
    ids = [one["id"] for one in found]
    assert ids == [2, 3, 1, 4, 6, 7]


described = pytest.mark.skipif(openapi.load() is None, reason="no copy of Discord's API description is at hand")
ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"


@described
@pytest.mark.parametrize(
    ("method", "template", "body", "where"),
    [
        ("PATCH", ORIGINAL, {"flags": V2, "components": RICH}, None),
        ("PATCH", ORIGINAL, {"components": [row(button(label="l" * 81))]}, "components.0.components.0.label"),
        ("PATCH", ORIGINAL, {"components": [container(container(said()))]}, "components.0.components.0"),
        ("PATCH", ORIGINAL, {"components": [section(said())]}, "components.0"),
        ("PATCH", ORIGINAL, {"content": 5}, "content"),
        ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", {"type": 3}, "body"),
        ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", {"type": 9, "data": modal()}, None),
        ("PUT", "/applications/{application_id}/commands", [slash(given())], None),
        ("PUT", "/applications/{application_id}/commands", [slash(given(kind=99))], "0.options.0"),
        ("POST", "/users/@me/channels", {"recipient_id": "not an id"}, "recipient_id"),
    ],
)
def test_bodies_are_weighed_against_discords_own_description(
    method: str, template: str, body: JsonValue, where: str | None
) -> None:
    description = openapi.load()
    assert description is not None
    found = description.faults(method, template, body)
    assert (not found) if where is None else any(place.startswith(where) for place in places(found)), found


def test_without_a_copy_of_the_description_the_flag_says_so(tmp_path: Path) -> None:
    assert openapi.load(tmp_path / "openapi.json.gz") is None
    assert DiscordStandIn(described=False).openapi is None


@described
def test_where_the_documentation_allows_more_an_exemption_silences_the_description() -> None:
    description = openapi.load()
    assert description is not None
    body: JsonDict = {"components": [row(button(label="l" * 81))]}
    exemption = openapi.Exemption(("label",), "maxLength", "for this test")
    lenient = openapi.OpenApi(description._description, (exemption,))
    assert description.faults("PATCH", ORIGINAL, body)
    assert not lenient.faults("PATCH", ORIGINAL, body)
