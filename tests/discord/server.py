"""The stand-in as a test sees it: started, pointed at, filled with guilds and members, looked at afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route as LibraryRoute

from tests.discord import openapi
from tests.discord.driver import Member
from tests.discord.gateway import Gateway
from tests.discord.places import Account, Channels
from tests.discord.posting import Posting
from tests.discord.registry import Registry
from tests.discord.responses import Responses
from tests.discord.rest import PREFIX, Rest
from tests.discord.state import State
from tests.discord.troubles import Trouble
from tests.discord.world import EVERYONE, EVERYTHING, Channel, Guild, Overwrite, Role, User

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from types import TracebackType

    from tests.discord.clock import Clock
    from tests.discord.faults import Violation
    from tests.discord.messages import Message
    from tests.discord.shapes import Json
    from tests.discord.state import Ping, Request

TOKEN = "MTA5.stand-in.token"


class DiscordStandIn:
    """A Discord of one's own on the loopback interface; an async context manager.

    Within it discord.py's two base addresses lead here: ``discord.http.Route.BASE`` and
    ``DiscordWebSocket.DEFAULT_GATEWAY``. Nothing else of the library is touched.
    """

    def __init__(self, *, token: str = TOKEN, described: bool = True, point: bool = True) -> None:
        """``described`` false leaves the API description out, to measure time; ``point`` false leaves discord.py be."""
        self.state = State(token)
        self.openapi = openapi.load() if described else None
        self.gateway = Gateway(self.state)
        self.registry = Registry(self.state)
        posting = Posting(self.state)
        sections = (Account(self.state), Channels(self.state, posting), self.registry, Responses(self.state, posting))
        self.rest = Rest(self.state, [route for one in sections for route in one.routes()], self.openapi)
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        self._pointing = pointed_at(self) if point else None

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/attachments/{number}/{name}", self._file)
        app.router.add_route("*", PREFIX + "/{path:.*}", self.rest.serve)
        return app

    async def _file(self, request: web.Request) -> web.Response:
        data = self.state.files.get(int(request.match_info["number"]))
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.state.base = f"http://{host}:{port}"
        self.state.gateway_url = f"ws://{host}:{port}/gateway/"
        if self._pointing is not None:
            self._pointing.__enter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pointing is not None:
            self._pointing.__exit__(None, None, None)
        await self.gateway.close()
        await self._runner.cleanup()

    @property
    def api(self) -> str:
        """The base address of the REST API."""
        return self.state.base + PREFIX

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.state.token

    @property
    def clock(self) -> Clock:
        """The stand-in's clock, to be advanced by tests about the 3 seconds and the 15 minutes."""
        return self.state.clock

    @property
    def bot(self) -> User:
        """The bot's user."""
        return self.state.bot

    @property
    def violations(self) -> list[Violation]:
        """Every rule that the bot has broken and every request that was refused, in order."""
        return self.state.violations

    @property
    def pings(self) -> list[Ping]:
        """Every mention in any message that would have rung somebody."""
        return self.state.pings

    @property
    def requests(self) -> list[Request]:
        """Every request, in order."""
        return self.state.requests

    @property
    def recorded(self) -> asyncio.Condition:
        """Notified after every request: wait on it for what a bot does unasked."""
        return self.state.recorded

    @property
    def messages(self) -> list[Message]:
        """Every message that stands, in order; deleted ones are left out."""
        return [message for message in self.state.messages.values() if not message.deleted]

    @property
    def commands(self) -> dict[str, Json]:
        """The global commands by name."""
        return {str(command["name"]): command for command in self.state.commands.get(None, [])}

    def guild_commands(self, guild: Guild) -> dict[str, Json]:
        """The guild's own commands by name."""
        return {str(command["name"]): command for command in self.state.commands.get(guild.id, [])}

    def patience(self, *, ack_s: float, settle_s: float) -> None:
        """The driver waits so long for a first and for a final answer (4 s and 15 s unless told)."""
        self.state.ack_timeout_s, self.state.settle_timeout_s = ack_s, settle_s

    def assert_clean(self) -> None:
        """Nothing was refused, no rule was broken and nobody was pinged; AssertionError lists what was."""
        found = [str(one) for one in self.violations]
        found += [f"ping {one.mention} in message {one.message.id}" for one in self.pings]
        if found:
            raise AssertionError("\n".join(found))

    def forgive(self, *codes: int) -> None:
        """Refusals with these codes were arranged and are taken off the record; AssertionError if one is not there."""
        for code in codes:
            arranged = [one for one in self.violations if one.code == str(code)]
            if not arranged:
                raise AssertionError(f"Nothing was refused with code {code}: {[str(one) for one in self.violations]}")
            self.state.violations = [one for one in self.violations if one not in arranged]

    def guild(
        self,
        name: str = "Newsroom",
        *,
        locale: str = "en-US",
        app_permissions: int = EVERYONE,
        channels: tuple[str, ...] = ("general",),
    ) -> Guild:
        """A guild that has the bot before the bot connects; see ``join`` for one that comes later."""
        return self.state.add_guild(name, locale=locale, app_permissions=app_permissions, channels=channels)

    async def join(self, name: str = "Newcomers", *, locale: str = "en-US") -> Guild:
        """A guild adds the bot while it runs: GUILD_CREATE is sent."""
        guild = self.guild(name, locale=locale)
        await self.gateway.dispatch("GUILD_CREATE", guild.json(self.bot), guild.id)
        return guild

    async def remove_guild(self, guild: Guild, *, offline: bool = False) -> None:
        """The guild removes the bot; with ``offline`` no event tells it, it is merely absent from the next READY."""
        guild.removed = True
        if not offline:
            await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id)

    async def outage(self, guild: Guild) -> None:
        """The guild becomes unavailable, which is no removal."""
        guild.unavailable = True
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id)

    def channel(self, guild: Guild, name: str) -> Channel:
        """A further text channel of the guild."""
        return self.state.add_channel(guild, name)

    def thread(self, parent: Channel, name: str = "thread") -> Channel:
        """A public thread below the channel."""
        return self.state.add_thread(parent, name)

    async def allow(self, guild: Guild, permissions: int) -> None:
        """The bot may do this in the guild from now on; GUILD_ROLE_UPDATE tells it."""
        guild.app_permissions = permissions
        for role in guild.own_roles():
            data: Json = {"guild_id": str(guild.id), "role": role.json()}
            await self.gateway.dispatch("GUILD_ROLE_UPDATE", data, guild.id)

    async def deny(self, channel: Channel, permissions: int) -> None:
        """The channel takes these permissions from the bot; CHANNEL_UPDATE tells it."""
        channel.overwrites = [Overwrite(self.bot.id, permissions)] if permissions else []
        if channel.guild is not None:
            await self.gateway.dispatch("CHANNEL_UPDATE", channel.json(), channel.guild.id)

    async def delete_channel(self, channel: Channel) -> None:
        """The channel is no more; CHANNEL_DELETE tells the bot."""
        self.state.channels.pop(channel.id)
        if channel.guild is not None:
            channel.guild.channels.remove(channel)
            await self.gateway.dispatch("CHANNEL_DELETE", channel.json(), channel.guild.id)

    async def new_role(self, guild: Guild, name: str, permissions: int = 0) -> Role:
        """A role that the guild makes while the bot runs: GUILD_ROLE_CREATE is sent."""
        role = self.role(guild, name, permissions)
        data: Json = {"guild_id": str(guild.id), "role": role.json()}
        await self.gateway.dispatch("GUILD_ROLE_CREATE", data, guild.id)
        return role

    def role(self, guild: Guild, name: str, permissions: int = 0) -> Role:
        """A role of the guild that was there before the bot connects; see ``new_role`` for one that comes later."""
        role = Role(self.clock.snowflake(), name, permissions)
        guild.roles.append(role)
        self.state.roles[role.id] = role
        return role

    def member(
        self,
        name: str,
        guild: Guild | None = None,
        *,
        permissions: int = EVERYONE,
        channel: Channel | None = None,
        locale: str = "en-US",
        roles: tuple[Role, ...] = (),
        bot: bool = False,
    ) -> Member:
        """A person at work: in the guild's first channel, in ``channel``, or (no guild) in direct messages.

        The same name is the same user everywhere. The guild's owner may do everything. ``bot`` makes it another
        program, which says things and does nothing else.
        """
        user = self.state.user(name, locale, bot=bot)
        if channel is not None:
            guild = channel.guild
        place = channel or (guild.first_channel if guild else self.state.direct_channel(user))
        may = EVERYTHING if guild is not None and guild.owner is user else permissions
        return Member(self.state, self.gateway, user, place, permissions=may, locale=locale, roles=roles)

    async def wait_until_online(self, *, timeout_s: float = 5.0) -> None:
        """The bot has identified (or resumed) and has its guilds; TimeoutError else."""
        await self.gateway.wait_online(timeout_s=timeout_s)

    async def wait_until_offline(self, *, timeout_s: float = 5.0) -> None:
        """The bot has no connection to the gateway; TimeoutError else."""
        await self.gateway.wait_online(online=False, timeout_s=timeout_s)

    async def drop_gateway(self, *, how: str = "reconnect", resumable: bool = True) -> None:
        """The gateway ends every connection: ``reconnect`` by op 7, ``cut`` by closing; see ``Gateway.drop``."""
        await self.gateway.drop(how=how, resumable=resumable)

    async def invalidate_sessions(self) -> None:
        """The gateway tells every connected session that it is invalid and cannot be resumed (op 9)."""
        await self.gateway.invalidate()

    async def wait_until_resumed(self, count: int = 1, *, timeout_s: float = 5.0) -> None:
        """So many sessions have been resumed since the start; TimeoutError else."""
        await self.gateway.wait_for_resume(count, timeout_s=timeout_s)

    def fail(self, method: str, route: str, *, status: int = 500, times: int | None = 1) -> Trouble:
        """The next requests of this method ("*" any) whose route's template holds ``route`` fail with this status."""
        return self._arrange(Trouble(method, route, status=status, left=times))

    def slow(self, method: str, route: str, seconds: float, *, times: int | None = None) -> Trouble:
        """Such requests are answered so much later."""
        return self._arrange(Trouble(method, route, delay_s=seconds, left=times))

    def hang_up(self, method: str, route: str, *, times: int | None = 1) -> Trouble:
        """The connections of the next such requests are closed without an answer."""
        return self._arrange(Trouble(method, route, status=500, hangs_up=True, left=times))

    def rate_limit(
        self, method: str, route: str, *, retry_after_s: float = 0.05, times: int = 1, whole_bot: bool = False
    ) -> Trouble:
        """Such requests are answered by 429; ``whole_bot`` makes it the global limit."""
        return self._arrange(
            Trouble(method, route, status=429, retry_after_s=retry_after_s, whole_bot=whole_bot, left=times)
        )

    def _arrange(self, trouble: Trouble) -> Trouble:
        self.rest.troubles.append(trouble)
        return trouble


@contextmanager
def pointed_at(server: DiscordStandIn) -> Iterator[None]:
    """discord.py's base addresses are those of the stand-in; before and after, Discord's."""
    base, gateway = LibraryRoute.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    LibraryRoute.BASE = server.api
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.state.gateway_url)
    try:
        yield
    finally:
        LibraryRoute.BASE = base
        DiscordWebSocket.DEFAULT_GATEWAY = gateway
