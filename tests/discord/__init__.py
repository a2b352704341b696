"""A small, strict stand-in for Discord: REST API and gateway on the loopback interface, and a driver of members."""

from tests.discord.commandline import CommandError, File
from tests.discord.driver import Member, NotAnsweredError, Reply
from tests.discord.faults import Violation
from tests.discord.messages import Button, Message
from tests.discord.modalform import ModalForm
from tests.discord.server import DiscordStandIn
from tests.discord.world import EVERYONE, EVERYTHING, Channel, Guild, Permission, Role, User

__all__ = [
    "EVERYONE",
    "EVERYTHING",
    "Button",
    "Channel",
    "CommandError",
    "DiscordStandIn",
    "File",
    "Guild",
    "Member",
    "Message",
    "ModalForm",
    "NotAnsweredError",
    "Permission",
    "Reply",
    "Role",
    "User",
    "Violation",
]
