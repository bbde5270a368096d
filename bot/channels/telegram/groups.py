"""Groups: an office's own, which it named by a code, is spoken in; every other one is left with one kind sentence."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from typing import Any

import structlog
from telegram import Bot, Chat, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.channels.base import OfficeGroups
from bot.channels.telegram.errors import understood
from bot.channels.telegram.introduction import LEAVING
from bot.channels.telegram.updates import NAME, group_of, is_removed

log = structlog.get_logger(__name__)
PATIENCE = 120.0
"""Seconds in which the code may be said after the bot was added."""
_CODE = re.compile(r"\bGRUP(?:-[A-Z0-9]{4}){3}\b")


class GroupsHere:
    """Of one process. Nothing that people write in a group is kept, and only a code is looked for."""

    def __init__(self, bot: Bot, groups: OfficeGroups | None, patience: float) -> None:
        self._bot = bot
        self._groups = groups
        self._patience = patience
        self._leaving: set[int] = set()
        self._arriving: set[int] = set()

    def seen(self, update: Update) -> Coroutine[Any, Any, None] | None:
        """What is to be done about an update from a group; None for others."""
        group = group_of(update)
        if group is None:
            return None
        return self._removed(group) if is_removed(update) else self._look(group, update)

    async def _removed(self, group: Chat) -> None:
        try:
            if self._groups is not None:
                await self._groups.moved(NAME, str(group.id), "")
        except Exception as error:  # the database is away: the next call finds out
            log.warning("could not forget a group", error=type(error).__name__)

    async def _look(self, group: Chat, update: Update) -> None:
        """Stays where an office wants it. What cannot be known now (no database) is left to the next message there."""
        try:
            stays = group.type != ChatType.CHANNEL and await self._stays(group, update)
        except Exception as error:
            log.warning("could not look up a group", error=type(error).__name__)
            return
        if not stays:
            await self._leave(group)

    async def _stays(self, group: Chat, update: Update) -> bool:
        if self._groups is None:
            return False
        message, address = update.effective_message, str(group.id)
        if message is not None and message.migrate_to_chat_id:
            await self._groups.moved(NAME, address, str(message.migrate_to_chat_id))
            return True
        code = _CODE.search((message.text or "") if message else "")
        told = await self._groups.join(NAME, address, code[0]) if code else None
        if told:
            await self._say(group, told)
            return True
        if await self._groups.knows(NAME, address) or group.id in self._arriving:
            return True
        if update.my_chat_member is None:
            return False
        self._arriving.add(group.id)
        try:
            await asyncio.sleep(self._patience)
        finally:
            self._arriving.discard(group.id)
        return await self._groups.knows(NAME, address)

    async def _leave(self, group: Chat) -> None:
        """What people ask about their permits is no matter for others."""
        if group.id in self._leaving:
            return
        self._leaving.add(group.id)
        try:
            if group.type != ChatType.CHANNEL:
                await self._say(group, LEAVING)
            await understood(self._bot.leave_chat(group.id))
            log.info("left a telegram group")
        except TelegramError as error:  # gone already
            log.debug("could not leave", error=type(error).__name__)
        finally:
            self._leaving.discard(group.id)

    async def _say(self, group: Chat, text: str) -> None:
        try:
            await understood(self._bot.send_message(group.id, text))
        except TelegramError as error:  # not allowed to write there
            log.debug("could not speak in a group", error=type(error).__name__)
