"""What of a message could be an article: its links, its files, its text. Pure but for the message it is given.

Nothing that names the author is kept: mentions in a text are replaced, and no candidate says who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import discord

from bot.cogs.drafting import FILE_MOST
from bot.limits import SELECT_OPTIONS
from bot.wording import plural
from corpus.dedupe import canonical_url
from corpus.readers import READABLE_SUFFIXES
from corpus.readers.limits import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_WORDS: Final = 40
"""A text with fewer words, links aside, is no article."""
LINK_MOST: Final = 2_048
TEXT_MOST: Final = 10_000
"""More than a message and its embeds hold in text; what is kept of candidates has to fit into a pending record."""
_KEPT_MOST: Final = 60_000

_LINK: Final = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_MENTIONS: Final = (
    (re.compile(r"<@[!&]?[0-9]+>"), "@member"),
    (re.compile(r"<#[0-9]+>"), "#channel"),
    (re.compile(r"<a?:(\w+):[0-9]+>"), r":\1:"),
    (re.compile(r"</([^:>]+):[0-9]+>"), r"/\1"),
    (re.compile(r"<t:-?[0-9]+(?::[a-zA-Z])?>"), ""),
    (re.compile(r"<id:\w+>"), ""),
)
_LONG_MESSAGE: Final = "message.txt"
"""So Discord names the file that it makes of a message which is too long."""
_BRACKETS: Final = {")": "(", "]": "["}


class Taken(StrEnum):
    """What kind of thing is taken."""

    LINK = "link"
    FILE = "file"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be an article: a link; a file (`content` is its address at Discord); a text.

    `words_of_member`: it was written by a person for the channel, not published.
    """

    kind: Taken
    content: str
    name: str = ""
    media_type: str | None = None
    size_bytes: int = 0
    words_of_member: bool = False

    @property
    def shown(self) -> tuple[str, str]:
        """Label and description for a menu."""
        match self.kind:
            case Taken.LINK:
                return self.content, "Link"
            case Taken.FILE:
                what = "A member's own words as a file" if self.words_of_member else "File"
                return self.name, f"{what}, {in_words(self.size_bytes)}"
            case Taken.TEXT:
                whose = "A member's own words" if self.words_of_member else "The message's text"
                return self.content, f"{whose}, {plural(len(self.content.split()), 'word')}"

    def kept(self) -> dict[str, object]:
        """As JSON has it."""
        return {
            "kind": self.kind.value,
            "content": self.content,
            "name": self.name,
            "media_type": self.media_type,
            "size_bytes": self.size_bytes,
            "words_of_member": self.words_of_member,
        }


@dataclass(frozen=True, slots=True)
class Found:
    """What a message holds, and what is wrong with the files that can't be taken."""

    candidates: tuple[Candidate, ...]
    problems: tuple[str, ...] = ()


def found_in(message: discord.Message) -> Found:
    """What of the message could be an article: links first, then files, then the text."""
    attached = (one for part in _parts(message) for one in part.attachments)
    files, problems = _files(attached, by_member=_is_by_member(message))
    everything = (*_links(message), *files, *_texts(message))
    return Found(_fitting(everything[:SELECT_OPTIONS]), problems)


def read_back(content: Mapping[str, object]) -> tuple[Candidate, ...]:
    """The candidates that were kept as JSON; what has another shape is left out."""
    kept = content.get("candidates")
    rows = kept if isinstance(kept, list) else []
    return tuple(_candidate(row) for row in rows if isinstance(row, Mapping) and row.get("kind") in set(Taken))


def without_names(text: str) -> str:
    """The text without the marks by which Discord names members, roles and channels."""
    for pattern, instead in _MENTIONS:
        text = pattern.sub(instead, text)
    return text.strip()


def _candidate(row: Mapping[str, object]) -> Candidate:
    media_type, size = row.get("media_type"), row.get("size_bytes")
    return Candidate(
        Taken(str(row["kind"])),
        str(row.get("content", "")),
        str(row.get("name", "")),
        media_type if isinstance(media_type, str) else None,
        size if isinstance(size, int) else 0,
        row.get("words_of_member") is True,
    )


def _fitting(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """As many as can be kept."""
    fitting: list[Candidate] = []
    left = _KEPT_MOST
    for one in candidates:
        # JSON may write a character as six, or as twelve outside of the basic plane.
        left -= 200 + sum(1 if character.isascii() else 12 for character in one.content + one.name)
        if left >= 0:
            fitting.append(one)
    return tuple(fitting)


def _parts(message: discord.Message) -> list[discord.Message | discord.MessageSnapshot]:
    """The message, and what it forwards."""
    return [message, *message.message_snapshots]


def _links(message: discord.Message) -> Iterator[Candidate]:
    seen: set[str] = set()
    for link in _written_links(message):
        if len(link) <= LINK_MOST and _is_link(link) and (same := canonical_url(link)) not in seen:
            seen.add(same)
            yield Candidate(Taken.LINK, link)


def _written_links(message: discord.Message) -> Iterator[str]:
    for part in _parts(message):
        yield from (_trimmed(link) for link in _LINK.findall(part.content))
        yield from (embed.url for embed in part.embeds if embed.url)


def _trimmed(link: str) -> str:
    """The link without the punctuation of the sentence around it."""
    while link and (link[-1] in ".,;:!?'\"*_~|`" or (link[-1] in _BRACKETS and _unopened(link))):
        link = link[:-1]
    return link


def _unopened(link: str) -> bool:
    return link.count(link[-1]) > link.count(_BRACKETS[link[-1]])


def _is_link(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _files(
    attachments: Iterable[discord.Attachment], *, by_member: bool
) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    files: list[Candidate] = []
    problems: list[str] = []
    for one in attachments:
        if PurePath(one.filename).suffix.lower() not in READABLE_SUFFIXES:
            problems.append(f"{one.filename}: files of this kind are not read")
        elif one.size > FILE_MOST:
            problems.append(f"{one.filename} is {in_words(one.size)} large; at most {in_words(FILE_MOST)} are read")
        else:
            own = by_member and one.filename == _LONG_MESSAGE
            files.append(Candidate(Taken.FILE, one.url, one.filename, one.content_type, one.size, own))
    return tuple(files), tuple(problems)


def _texts(message: discord.Message) -> Iterator[Candidate]:
    """The text of the message; of a bot's without one, that of its embeds."""
    by_member = _is_by_member(message)
    written = message.content or next((one.content for one in message.message_snapshots if one.content), "")
    if not by_member and not _is_long(written):
        written = "\n\n".join(_told(embed) for embed in message.embeds)
    if _is_long(written):
        yield Candidate(Taken.TEXT, without_names(written)[:TEXT_MOST], words_of_member=by_member)


def _is_by_member(message: discord.Message) -> bool:
    """Whether a person wrote it; who wrote what was forwarded is not known, so that counts as a person's."""
    return bool(message.message_snapshots) or not (message.author.bot or message.webhook_id is not None)


def _told(embed: discord.Embed) -> str:
    fields = (f"{field.name}\n{field.value}" for field in embed.fields)
    return "\n\n".join(text for text in (embed.title, embed.description, *fields) if text)


def _is_long(text: str) -> bool:
    return len(_LINK.sub(" ", without_names(text)).split()) >= LEAST_WORDS
