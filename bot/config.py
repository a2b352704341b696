"""YAML and environment become frozen settings, or one error that names every fault with its place.

The settings' meaning, unit and range stand in the `Field`s below and, for people, in `config.example.yaml`.
The environment wins over the file. The Discord token is no setting: it comes from `DISCORD_TOKEN` or from the file
that `DISCORD_TOKEN_FILE` names, and is held in a type that never prints it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from bot.errors import ConfigError, Fault
from corpus import yamlfile
from retrieval.segments.kernel import SWITCH

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic.fields import FieldInfo

Snowflake = Annotated[int, Field(ge=1, lt=1 << 63)]
"""Discord's number of a member or a guild."""

HostAndPort = Annotated[str, Field(pattern=r"^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$")]
"""A host's name or address with a port; an IPv6 address in brackets."""


def _folder(value: object) -> object:
    """A path that is not empty; `~` is the home folder."""
    if isinstance(value, str) and value.strip():
        return Path(value).expanduser()
    return value if isinstance(value, Path) else None


FolderPath = Annotated[Path, BeforeValidator(_folder)]


class Section(BaseModel):
    """What all sections share: frozen, no unknown keys, no silent conversions (`yes` is no number)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class CorpusSettings(Section):
    """What is known from the start."""

    starter: bool = Field(default=True, description="whether the library holds the starter collection")


class AnswerSettings(Section):
    """How answers are laid out and for how long they can be used."""

    evidence_per_page: int = Field(default=5, ge=1, le=5, description="pieces of evidence on one page, on Discord")
    max_evidence: int = Field(default=5, ge=1, le=25, description="pieces of evidence in one answer at most")
    closest: int = Field(default=3, ge=0, le=5, description="closest passages shown with a refusal at most")
    record_days: int = Field(default=30, ge=1, le=365, description="days for which the buttons under an answer work")


class LibrarySettings(Section):
    """Who may change the library from Discord; at the terminal it is always open."""

    guilds: tuple[Snowflake, ...] = Field(
        default=(), max_length=100, strict=False, description="ids of the servers whose moderators may change it"
    )
    editors: tuple[Snowflake, ...] = Field(
        default=(), max_length=100, strict=False, description="ids of members who may change it, moderators or not"
    )


class FetchSettings(Section):
    """How pages and feeds are fetched."""

    allow_hosts: tuple[HostAndPort, ...] = Field(
        default=(),
        max_length=100,
        strict=False,
        description="hosts that may be fetched from although their address is not public, such as intranet.example:80",
    )
    contact: str = Field(
        default="", max_length=200, description="a link or address in the User-Agent, for those whose pages are fetched"
    )


class FeedSettings(Section):
    """How feeds are followed."""

    interval_minutes: int = Field(default=30, ge=5, le=1440, description="minutes between two looks at a feed")
    per_guild: int = Field(default=25, ge=0, le=500, description="feeds that one server may follow")


class LimitSettings(Section):
    """How much may be asked. A burst is what may be asked at once after a pause."""

    member_per_minute: int = Field(default=30, ge=1, le=600, description="questions a member may ask per minute")
    member_burst: int = Field(default=20, ge=1, le=600, description="questions a member may ask at once after a pause")
    guild_per_minute: int = Field(default=600, ge=1, le=60_000, description="questions per minute from one guild")
    guild_burst: int = Field(default=200, ge=1, le=60_000, description="questions from one guild at once after a pause")
    concurrent: int = Field(default=8, ge=1, le=1000, description="questions worked on at once, from everywhere")
    suggestions_per_day: int = Field(default=10, ge=0, le=1000, description="articles a member may suggest in a day")
    exempt_members: tuple[Snowflake, ...] = Field(
        default=(), max_length=100, strict=False, description="ids of members whom no limit concerns"
    )


class DiscordSettings(Section):
    """How the bot appears on Discord."""

    sync_commands: bool = Field(default=True, description="whether changed commands are registered at start")
    status: str = Field(
        default="/ask about tech law", max_length=128, description="what the bot's presence says; empty for none"
    )
    stop_grace_s: int = Field(
        default=10, ge=0, le=60, description="seconds for which a stopping bot finishes the questions under way"
    )
    guild_grace_days: int = Field(
        default=7, ge=0, le=90, description="days after which everything of a server that removed the bot is erased"
    )


class LogSettings(Section):
    """What is written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="least level written")
    format: Literal["console", "json"] = Field(default="console", description="lines for people or for machines")


class IndexSettings(Section):
    """The formula of the embedded engine (BM25). A change takes effect at the next start."""

    k1: float = Field(default=0.9, ge=0.0, le=5.0, description="how much a repeated word adds")
    b: float = Field(default=0.5, ge=0.0, le=1.0, description="how much the length of a passage counts")
    idf: Literal["monotone", "rank_bm25"] = Field(
        default="monotone", description="weight of rare words: always positive, or as the rank-bm25 library has it"
    )
    word_pairs: float = Field(
        default=0.0, ge=0.0, le=1.0, description="how much a pair of neighbouring words counts; 0: not indexed"
    )


class Settings(Section):
    """Everything an operator can set. `data_dir` is taken from the working directory when relative."""

    data_dir: FolderPath = Field(default=Path("data"), description="the folder of all that is written")
    corpus: CorpusSettings = CorpusSettings()
    library: LibrarySettings = LibrarySettings()
    fetch: FetchSettings = FetchSettings()
    feeds: FeedSettings = FeedSettings()
    answer: AnswerSettings = AnswerSettings()
    limits: LimitSettings = LimitSettings()
    discord: DiscordSettings = DiscordSettings()
    log: LogSettings = LogSettings()
    index: IndexSettings = IndexSettings()


PREFIX = "AMICUS_"
FILE_VARIABLE = "AMICUS_CONFIG"
DEFAULT_FILE = Path("config.yaml")
CREDENTIAL_REMEDY = (
    "set the environment variable DISCORD_TOKEN, or DISCORD_TOKEN_FILE to the name of a file that holds it"
)

TOKEN_SHAPE = re.compile(r"[\w-]{20,40}\.[\w-]{5,10}\.[\w-]{20,60}", re.ASCII)
_TOKEN_KEY = re.compile(r"(?:discord|bot)?_?token(?:_file)?", re.ASCII | re.IGNORECASE)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """A value as it was given for a setting, and the place that a fault with it names (`line` 0: a variable)."""

    value: object
    place: str
    line: int = 0


def find_file(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The file that settings are read from: `path`, else the one $AMICUS_CONFIG names, else ./config.yaml, or none."""
    named = path or (Path(environ[FILE_VARIABLE]) if environ.get(FILE_VARIABLE) else None)
    if named is not None:
        return named
    return DEFAULT_FILE if DEFAULT_FILE.exists() else None


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of file and environment together; raises ConfigError with every fault of both."""
    faults: list[Fault] = []
    given: dict[Key, Given] = {}
    file = find_file(path, environ)
    if file is not None:
        _take_file(file, given, faults)
    _take_environment(environ, given, faults)
    settings = _validated(given, faults)
    if settings is None or faults:
        raise ConfigError(*sorted(faults, key=lambda fault: (fault.line == 0, fault.line, fault.place)))
    return settings


def fields() -> Iterator[tuple[Key, FieldInfo]]:
    """Every single setting with its description, default and range, in the order of the sections."""
    for name, info in Settings.model_fields.items():
        section = _section(info)
        if section is None:
            yield (name,), info
        else:
            yield from (((name, key), inner) for key, inner in section.model_fields.items())


def variable(key: Key) -> str:
    """The environment variable of a setting: `AMICUS_<SECTION>__<KEY>`."""
    return PREFIX + "__".join(key).upper()


def _section(info: FieldInfo) -> type[Section] | None:
    kind = info.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Section) else None


# --- the file


def _take_file(file: Path, given: dict[Key, Given], faults: list[Fault]) -> None:
    try:
        parsed = yamlfile.parse_mapping(_text_of(file), name=str(file))
    except yamlfile.YamlError as error:
        place = f"{error.name}:{error.line}"
        faults.append(Fault(place, error.problem, "see config.example.yaml for the form", error.line))
        return
    except ConfigError as error:
        faults.extend(error.faults)
        return
    known = dict(fields())
    for key, value in _leaves(parsed.value, {name: _section(info) for name, info in Settings.model_fields.items()}):
        line = parsed.line_of(key)
        place = f"{file}:{line}: {'.'.join(key)}"
        fault = _fault_of_key(key, value, place, known)
        if fault is not None:
            faults.append(replace(fault, line=line))
        else:
            # A text stays as it was written: `status: no` is the word, not a truth value.
            text = parsed.text_of(key) if known[key].annotation is str else None
            given[key] = Given(value if text is None else text, place, line)


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(Fault(str(file), "there is no such file", "check --config and $AMICUS_CONFIG")) from error
    except UnicodeDecodeError as error:
        raise ConfigError(Fault(str(file), "is not UTF-8 text", "save it as UTF-8")) from error
    except OSError as error:
        raise ConfigError(
            Fault(str(file), f"can't be read: {error.strerror}", "check the path and its rights")
        ) from error


def _leaves(value: object, sections: Mapping[str, type[Section] | None]) -> Iterator[tuple[Key, object]]:
    """Every key that may be a setting; a section left empty says nothing, one that is no mapping is told as it is."""
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if sections.get(str(name)) is None:
            yield (str(name),), inner
        elif isinstance(inner, dict):
            yield from (((str(name), str(key)), leaf) for key, leaf in inner.items())
        elif inner is not None:
            yield (str(name),), inner


def _fault_of_key(key: Key, value: object, place: str, known: Mapping[Key, FieldInfo]) -> Fault | None:
    if _TOKEN_KEY.fullmatch(key[-1]) or (isinstance(value, str) and TOKEN_SHAPE.search(value)):
        return Fault(
            place, "a token must not stand in this file, which is easily shared or committed", CREDENTIAL_REMEDY
        )
    if key in known:
        return None
    if len(key) == 1 and key[0] in Settings.model_fields:
        return Fault(place, "is a section, not a value", f"write its keys below it, indented: {_keys_of(key[0])}")
    names = [*(".".join(name) for name in known), *Settings.model_fields]
    return Fault(place, "is no setting", _did_you_mean(".".join(key), {name: name for name in names}))


def _keys_of(section: str) -> str:
    return ", ".join(key[1] for key, _ in fields() if key[0] == section)


def _did_you_mean(name: str, known: Mapping[str, str]) -> str:
    """What to write instead of a name: what is known under the name most like it, also where its section is missing."""
    by_last = {entry.rpartition(".")[2]: entry for entry in known}
    close = get_close_matches(name, known, n=1, cutoff=0.7)
    if not close:
        close = [by_last[last] for last in get_close_matches(name.rpartition(".")[2], by_last, n=1, cutoff=0.7)]
    return f"did you mean {known[close[0]]}?" if close else "config.example.yaml lists all settings"


# --- the environment


def _take_environment(environ: Mapping[str, str], given: dict[Key, Given], faults: list[Fault]) -> None:
    known = {variable(key): (key, info) for key, info in fields()}
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in {FILE_VARIABLE, SWITCH}:
            continue
        if name in known:
            key, info = known[name]
            given[key] = Given(_from_words(environ[name], info), name)
        elif name.endswith(("_TOKEN", "_TOKEN_FILE")):
            faults.append(Fault(name, "is not where the token is read from", CREDENTIAL_REMEDY))
        else:
            dotted = name.removeprefix(PREFIX).replace("__", ".").lower()
            names = {".".join(key): variable(key) for key, _ in fields()} | {"config": FILE_VARIABLE}
            faults.append(Fault(name, "is no setting", _did_you_mean(dotted, names)))


_TRUTHS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _from_words(words: str, info: FieldInfo) -> object:
    """The value that a variable's text means for this setting; the text itself where it means none."""
    kind = info.annotation
    text = words.strip()
    if kind is bool:
        return _TRUTHS.get(text.lower(), words)
    if kind in {int, float}:
        return _number(text, whole=kind is int)
    if get_origin(kind) is tuple:
        return _listed(text)
    return words if kind is str else text


def _number(text: str, *, whole: bool) -> object:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return text


def _listed(text: str) -> object:
    """A list given as `[a, b]`, `["a", "b"]` or `a, b`; its members are numbers where they look like it."""
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    parts = (part.strip().strip("\"'") for part in inner.split(","))
    return [_number(part, whole=True) for part in parts if part]


# --- validation


def _validated(given: Mapping[Key, Given], faults: list[Fault]) -> Settings | None:
    tree: dict[str, object] = {}
    for key, entry in given.items():
        if len(key) == 1:
            tree[key[0]] = entry.value
        else:
            section = tree.setdefault(key[0], {})
            if isinstance(section, dict):
                section[key[1]] = entry.value
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        infos = dict(fields())
        keys = dict.fromkeys(_key_of(problem["loc"], infos) for problem in error.errors(include_url=False))
        faults.extend(_fault_of_value(given[key], infos[key]) for key in keys)
        return None


def _key_of(location: tuple[int | str, ...], known: Mapping[Key, FieldInfo]) -> Key:
    """The setting that pydantic's location lies in (a member of a list has a longer one)."""
    names = tuple(map(str, location))
    return names[:1] if names[:1] in known else names[:2]


def _fault_of_value(entry: Given, info: FieldInfo) -> Fault:
    problem = f"{_shown(entry.value)} is not possible here"
    return Fault(entry.place, problem, f"write {expected(info)}", entry.line)


def _shown(value: object) -> str:
    text = TOKEN_SHAPE.sub("…", repr(value) if not isinstance(value, bool | None) else str(value).lower())
    text = "an empty value" if value is None else text
    return text if len(text) <= 60 else text[:59] + "…"


_EXAMPLES = {Snowflake: "[123456789012345678]", HostAndPort: '["intranet.example:8080"]'}
"""A list of each kind, as it may be written."""


def expected(info: FieldInfo) -> str:
    """What may be written for a setting, in words: kind and range."""
    kind = info.annotation
    if kind is bool:
        return "true or false"
    if kind in {int, float}:
        low, high = _limit(info, "ge"), _limit(info, "le")
        return f"{'a whole number' if kind is int else 'a number'} from {low:g} to {high:g}"
    if get_origin(kind) is Literal:
        return f"one of: {', '.join(map(str, get_args(kind)))}"
    if get_origin(kind) is tuple:
        what = "ids" if get_args(kind)[0] is Snowflake else "hosts with ports"
        return f"a list of {what}, at most {_longest(info)}, such as {_EXAMPLES[get_args(kind)[0]]}"
    if kind is Path:
        return "the path of a folder"
    return f"text of at most {_longest(info)} characters, in quotes"


def _longest(info: FieldInfo) -> str:
    return f"{_limit(info, 'max_length'):g}"


def _limit(info: FieldInfo, name: str) -> float:
    """The bound of this name among the field's constraints; every setting that asks for one has it."""
    bounds = (getattr(entry, name, None) for entry in info.metadata)
    return next(bound for bound in bounds if isinstance(bound, int | float))


# --- the token


def read_token(environ: Mapping[str, str]) -> SecretStr | None:
    """The Discord token, None where none is given; raises ConfigError (never showing it) where it can't be one."""
    direct, file = environ.get("DISCORD_TOKEN", "").strip(), environ.get("DISCORD_TOKEN_FILE", "").strip()
    if direct and file:
        raise ConfigError(Fault("DISCORD_TOKEN", "is set beside DISCORD_TOKEN_FILE", "unset one of the two"))
    if not direct and not file:
        return None
    place = "DISCORD_TOKEN" if direct else f"DISCORD_TOKEN_FILE ({file})"
    token = direct or _token_in(Path(file), place)
    if not token or re.search(r"\s", token) or not token.isascii():
        raise ConfigError(Fault(place, "holds no token", "one line without spaces, as the Developer Portal shows it"))
    return SecretStr(token)


def _token_in(file: Path, place: str) -> str:
    try:
        with file.open(encoding="utf-8-sig") as stream:
            return stream.read(4096).strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(Fault(place, f"can't be read: {reason}", "check the path and its rights")) from error


def token_looks_right(token: SecretStr) -> bool:
    """Whether the token has the shape Discord's tokens have: three parts joined by dots."""
    return TOKEN_SHAPE.fullmatch(token.get_secret_value()) is not None
