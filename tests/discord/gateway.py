"""The gateway: identify, heartbeats, events, resuming, and the codes with which it closes.

From "Gateway" and "Opcodes and Status Codes". The transport is compressed as the client asks: zlib-stream, zstd-stream,
or not at all.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import secrets
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from tests.discord.shapes import Json, JsonDict, JsonValue, is_whole, items, table, text, whole

if TYPE_CHECKING:
    from tests.discord.state import State
    from tests.discord.world import Guild

HEARTBEAT_MS = 41_250
# GUILD_MEMBERS, GUILD_PRESENCES and MESSAGE_CONTENT.
PRIVILEGED_INTENTS = (1 << 1) | (1 << 8) | (1 << 15)
KNOWN_INTENTS = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
COMMANDS_A_MINUTE = 120
MAX_PAYLOAD = 4096


class Op(IntEnum):
    """Gateway opcodes."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE_STATE = 4
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Close(IntEnum):
    """Gateway close event codes."""

    UNKNOWN_ERROR = 4000
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    INVALID_SEQUENCE = 4007
    RATE_LIMITED = 4008
    INVALID_SHARD = 4010
    INVALID_VERSION = 4012
    INVALID_INTENTS = 4013
    DISALLOWED_INTENTS = 4014


class _Compressor(Protocol):
    def pack(self, message: bytes) -> bytes: ...


class _Plain:
    def pack(self, message: bytes) -> bytes:
        return message


class _Zlib:
    def __init__(self) -> None:
        self._context = zlib.compressobj()

    def pack(self, message: bytes) -> bytes:
        return self._context.compress(message) + self._context.flush(zlib.Z_SYNC_FLUSH)


class _Zstd:
    """Only asked for by a client that has the library itself, in the same interpreter."""

    def __init__(self) -> None:
        try:
            self._context = importlib.import_module("compression.zstd").ZstdCompressor()
            self._flush = self._context.FLUSH_BLOCK
        except ImportError:
            zstandard = importlib.import_module("zstandard")
            self._context = zstandard.ZstdCompressor().compressobj()
            self._flush = zstandard.COMPRESSOBJ_FLUSH_BLOCK

    def pack(self, message: bytes) -> bytes:
        packed: bytes = self._context.compress(message) + self._context.flush(self._flush)
        return packed


_COMPRESSORS: dict[str, type[_Compressor]] = {"zlib-stream": _Zlib, "zstd-stream": _Zstd}


class _ClosingError(Exception):
    """The connection is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(eq=False)
class Connection:
    """One websocket of the bot."""

    socket: web.WebSocketResponse
    compressor: _Compressor
    plain: bool
    session: Session | None = None
    received: list[float] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, payload: Json) -> None:
        """The payload is on its way; a connection that is gone swallows it."""
        async with self.lock:
            raw = json.dumps(payload, separators=(",", ":"))
            with suppress(ConnectionError):
                if self.plain:
                    await self.socket.send_str(raw)
                else:
                    await self.socket.send_bytes(self.compressor.pack(raw.encode()))


@dataclass(eq=False)
class Session:
    """A gateway session, which outlives its connection for as long as it can be resumed."""

    id: str
    intents: int
    shard: tuple[int, int]
    connection: Connection | None
    sequence: int = 0
    sent: list[Json] = field(default_factory=list)

    def serves(self, guild_id: int | None) -> bool:
        """Whether events of this guild (None: of direct messages) come over this session's shard."""
        number, count = self.shard
        return number == (0 if guild_id is None else (guild_id >> 22) % count)

    async def dispatch(self, name: str, data: Json) -> None:
        """The event is sent, or kept for the resume where nobody is connected."""
        self.sequence += 1
        payload: Json = {"op": int(Op.DISPATCH), "s": self.sequence, "t": name, "d": data}
        self.sent.append(payload)
        if self.connection is not None:
            await self.connection.send(payload)


class Gateway:
    """The websocket endpoint and the sessions it serves."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Json] = []
        self.resumes = 0
        self.heartbeats = 0
        self.closures: list[int] = []
        self._connections: set[Connection] = set()
        self._moved = asyncio.Condition()

    @property
    def online(self) -> bool:
        """Whether a session is connected right now."""
        return any(session.connection is not None for session in self.sessions.values())

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from its handshake to its end."""
        socket = web.WebSocketResponse(compress=False, autoping=True)
        await socket.prepare(request)
        compression = request.query.get("compress", "")
        made = _COMPRESSORS.get(compression, _Plain)()
        connection = Connection(socket, made, plain=isinstance(made, _Plain))
        self._connections.add(connection)
        try:
            await self._converse(connection, request.query.get("v", ""))
        except _ClosingError as closing:
            self.closures.append(closing.code)
            await socket.close(code=closing.code, message=closing.reason.encode())
        finally:
            await self._gone(connection)
        return socket

    async def _converse(self, connection: Connection, version: str) -> None:
        if version != "10":
            raise _ClosingError(Close.INVALID_VERSION, "Invalid API version")
        await connection.send({"op": int(Op.HELLO), "s": None, "t": None, "d": {"heartbeat_interval": HEARTBEAT_MS}})
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                raise _ClosingError(Close.DECODE_ERROR, "Only text frames are understood here.")
            await self._receive(connection, message.data)

    async def _receive(self, connection: Connection, raw: str) -> None:
        self._count(connection)
        try:
            payload = table(json.loads(raw))
        except ValueError as error:
            raise _ClosingError(Close.DECODE_ERROR, "Error while decoding payload.") from error
        if len(raw) > MAX_PAYLOAD or not is_whole(payload.get("op")):
            raise _ClosingError(Close.DECODE_ERROR, "Error while decoding payload.")
        op, data = whole(payload.get("op")), payload.get("d")
        if op == Op.HEARTBEAT:
            self.heartbeats += 1
            await connection.send({"op": int(Op.HEARTBEAT_ACK), "s": None, "t": None, "d": None})
        elif op == Op.IDENTIFY:
            await self._identify(connection, table(data))
        elif op == Op.RESUME:
            await self._resume(connection, table(data))
        elif connection.session is None:
            raise _ClosingError(Close.NOT_AUTHENTICATED, "Not authenticated.")
        elif op == Op.REQUEST_MEMBERS:
            await self._members(connection.session, table(data))
        elif op not in {Op.PRESENCE, Op.VOICE_STATE}:
            raise _ClosingError(Close.UNKNOWN_OPCODE, "Unknown opcode.")

    def _count(self, connection: Connection) -> None:
        now = asyncio.get_running_loop().time()
        connection.received = [*(at for at in connection.received if at > now - 60), now]
        if len(connection.received) > COMMANDS_A_MINUTE:
            raise _ClosingError(Close.RATE_LIMITED, "Rate limited.")

    async def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            raise _ClosingError(Close.ALREADY_AUTHENTICATED, "Already authenticated.")
        self.identifies.append({name: value for name, value in data.items() if name != "token"})
        self._check_token(data)
        intents = data.get("intents")
        if not is_whole(intents) or whole(intents) & ~KNOWN_INTENTS:
            raise _ClosingError(Close.INVALID_INTENTS, "Invalid intent(s).")
        if whole(intents) & PRIVILEGED_INTENTS:
            raise _ClosingError(Close.DISALLOWED_INTENTS, "Disallowed intent(s).")
        session = Session(secrets.token_hex(16), whole(intents), _shard(data.get("shard")), connection)
        self.sessions[session.id] = session
        connection.session = session
        await session.dispatch("READY", self._ready(session))
        for guild in self._guilds_of(session):
            if not guild.unavailable:
                await session.dispatch("GUILD_CREATE", {**guild.json(self._state.bot), "unavailable": False})
        await self._notify()

    def _check_token(self, data: Json) -> None:
        if text(data.get("token")).removeprefix("Bot ") != self._state.token:
            raise _ClosingError(Close.AUTHENTICATION_FAILED, "Authentication failed.")

    def _guilds_of(self, session: Session) -> list[Guild]:
        return [guild for guild in self._state.present_guilds() if session.serves(guild.id)]

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": {**self._state.bot.json(), "verified": True, "mfa_enabled": False, "flags": 0, "email": None},
            "user_settings": {},
            "private_channels": [],
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in self._guilds_of(session)],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._state.gateway_url,
            "shard": list(session.shard),
            "application": {"id": str(self._state.application_id), "flags": 0},
        }

    async def _resume(self, connection: Connection, data: Json) -> None:
        self._check_token(data)
        session = self.sessions.get(text(data.get("session_id")))
        if session is None:
            await connection.send({"op": int(Op.INVALID_SESSION), "s": None, "t": None, "d": False})
            return
        seen = whole(data.get("seq"))
        if seen > session.sequence:
            raise _ClosingError(Close.INVALID_SEQUENCE, "Invalid seq.")
        self.resumes += 1
        connection.session, session.connection = session, connection
        for payload in list(session.sent):
            if whole(payload.get("s")) > seen:
                await connection.send(payload)
        await session.dispatch("RESUMED", {"_trace": []})
        await self._notify()

    async def _members(self, session: Session, data: Json) -> None:
        chunk: JsonDict = {
            "guild_id": data.get("guild_id"),
            "members": [],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": items(data.get("user_ids")),
            "nonce": data.get("nonce"),
        }
        await session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    async def _gone(self, connection: Connection) -> None:
        """A connection closed by the bot with 1000 or 1001 takes its session along; others can be resumed."""
        self._connections.discard(connection)
        session = connection.session
        if session is not None and session.connection is connection:
            session.connection = None
            if connection.socket.close_code in {WSCloseCode.OK, WSCloseCode.GOING_AWAY}:
                self.sessions.pop(session.id, None)
        await self._notify()

    async def _notify(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    async def wait_online(self, *, online: bool = True, timeout_s: float = 5.0) -> None:
        """A session is connected (or, with ``online`` false, none is any more); TimeoutError else."""
        async with asyncio.timeout(timeout_s), self._moved:
            await self._moved.wait_for(lambda: self.online is online)

    async def wait_for_resume(self, count: int, *, timeout_s: float = 5.0) -> None:
        """So many resumes have been done since the start; TimeoutError else."""
        async with asyncio.timeout(timeout_s), self._moved:
            await self._moved.wait_for(lambda: self.resumes >= count and self.online)

    async def dispatch(self, name: str, data: Json, guild_id: int | None = None) -> bool:
        """The event is sent or kept for resuming; False where no session is there to take it."""
        served = [session for session in self.sessions.values() if session.serves(guild_id)]
        connected = [session for session in served if session.connection is not None]
        for session in (connected or served)[-1:]:
            await session.dispatch(name, data)
        return bool(served)

    async def drop(self, *, how: str = "reconnect", resumable: bool = True) -> None:
        """Every connection ends, by op 7 ("reconnect") or a closed socket ("cut"); unresumable ones are forgotten."""
        for session in list(self.sessions.values()):
            connection, session.connection = session.connection, None
            if not resumable:
                self.sessions.pop(session.id)
            if connection is not None:
                connection.session = None
                await self._end(connection, how)
        await self._notify()

    async def invalidate(self) -> None:
        """Every connected session is told that it is invalid and cannot be resumed (op 9)."""
        for session in list(self.sessions.values()):
            self.sessions.pop(session.id)
            connection, session.connection = session.connection, None
            if connection is not None:
                connection.session = None
                await connection.send({"op": int(Op.INVALID_SESSION), "s": None, "t": None, "d": False})

    async def _end(self, connection: Connection, how: str) -> None:
        if how == "reconnect":
            await connection.send({"op": int(Op.RECONNECT), "s": None, "t": None, "d": None})
        else:
            await connection.socket.close(code=Close.UNKNOWN_ERROR, message=b"Cut.")

    async def close(self) -> None:
        """No connection is left."""
        for connection in list(self._connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY, message=b"The stand-in stops.")


def _shard(value: JsonValue) -> tuple[int, int]:
    parts = items(value)
    if not parts:
        return 0, 1
    number, count = (whole(part, -1) for part in (*parts, -1)[:2])
    if not 0 <= number < count:
        raise _ClosingError(Close.INVALID_SHARD, "Invalid shard.")
    return number, count
