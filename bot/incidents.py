"""The one error handler: the log gets the traceback with an incident's number, the member the number and no more.

What is no accident but an answer (there is no such article, somebody else was faster) is told in its own words.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

import discord
import structlog
from discord import app_commands

from bot.views import notices
from bot.views.notices import Notice
from corpus.errors import ArticleNotFound, Conflict, NotFound, Unreadable

if TYPE_CHECKING:
    from bot.views.buttons import Layout

# Topics → Opcodes and Status Codes, "JSON Error Codes": the interaction, its message or its token is no more, or
# the interaction was acknowledged by somebody else (a second process with the same token).
_TOO_LATE: Final = frozenset({10008, 10015, 10062, 40060, 50027})
_TOLD: Final = (Conflict, NotFound, Unreadable)
PRIVATE: Final = "private"
"""The key in an interaction's extras that says whether only the member sees what was acknowledged."""
_OUTDATED: Final = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)

_log = structlog.get_logger(__name__)


async def report(interaction: discord.Interaction[discord.Client], error: Exception) -> None:
    """The failure is logged and the member told, as far as Discord still lets us."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    if _is_too_late(cause):
        _log.info("interaction.expired", interaction=interaction.id, reason=str(cause))
        return
    if isinstance(cause, _TOLD):
        _log.info("interaction.refused", interaction=interaction.id, reason=type(cause).__name__)
        # That of an article names its collection as the terminal does.
        gone = isinstance(cause, ArticleNotFound)
        await _tell(interaction, Notice(notices.NO_ARTICLE) if gone else notices.sentence(cause))
        return
    if isinstance(error, _OUTDATED):
        _log.warning("interaction.outdated", interaction=interaction.id, reason=str(error))
        await _tell(interaction, Notice(notices.OUTDATED))
        return
    number = secrets.token_hex(4)
    _log.error("interaction.failed", incident=number, interaction=interaction.id, exc_info=cause)
    await _tell(interaction, notices.incident(number))


def _is_too_late(error: BaseException) -> bool:
    return isinstance(error, discord.HTTPException) and error.code in _TOO_LATE


async def _tell(interaction: discord.Interaction[discord.Client], notice: Layout) -> None:
    """Only the member sees the notice, whatever has been answered so far."""
    response = interaction.response
    try:
        if not response.is_done():
            await response.send_message(view=notice, ephemeral=True)
            return
        deferred = response.type is discord.InteractionResponseType.deferred_channel_message
        if deferred and interaction.extras.get(PRIVATE):
            await interaction.edit_original_response(view=notice)
            return
        if deferred:
            # Whoever may see the deferred answer sees what takes its place, so that says nothing of the incident.
            await interaction.edit_original_response(view=Notice(notices.UNANSWERED))
        await interaction.followup.send(view=notice, ephemeral=True)
    except discord.HTTPException as error:
        _log.warning("interaction.untold", interaction=interaction.id, reason=str(error))
