"""From what a person typed to a chat, and whether this account may read there or post there."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.errors import (
    ChatNotFound,
    MessageRefused,
    NoPostRight,
    NoReadRight,
    ProtectedSource,
    TelegramError,
    TopicNotFound,
)
from domain.peer import CHANNEL_MARK, Chat
from domain.reference import ById, ByInvite, ByUsername, ChatReference, parse_reference
from engine.telegram import convert
from engine.telegram.account import TelegramAccount
from engine.telegram.errors import ChatGone


class Resolver:
    """Looks chats up with one account. `name` is what people call that account."""

    def __init__(self, *, account: TelegramAccount, name: str) -> None:
        self._account, self._name = account, name

    async def source(self, typed: str) -> Chat:
        """The chat to read from. Raises ChatNotFound, TopicNotFound, NoReadRight, ProtectedSource."""
        entity, chat = await self._find(typed)
        if isinstance(entity, tl.ChannelForbidden | tl.ChatForbidden):
            raise NoReadRight(account=self._name, title=chat.title)
        if getattr(entity, "noforwards", False):
            raise ProtectedSource(title=chat.title)
        try:
            await self._account.newest_id(chat)
        except TelegramError as error:
            if isinstance(error, ChatGone | MessageRefused):
                raise NoReadRight(account=self._name, title=chat.title) from error
            raise
        return chat

    async def target(self, typed: str) -> Chat:
        """The chat to post in. Raises ChatNotFound, TopicNotFound, NoPostRight."""
        entity, chat = await self._find(typed)
        if not may_post(entity):
            raise NoPostRight(account=self._name, title=chat.title)
        return chat

    async def _find(self, typed: str) -> tuple[Any, Chat]:
        reference = parse_reference(typed)
        entity = await self._entity(reference)
        if entity is None:
            raise ChatNotFound(account=self._name, reference=typed)
        chat = Chat(convert.peer_of(entity), convert.title_of(entity), convert.username_of(entity))
        thread = getattr(reference, "thread", None)
        if thread is None or not getattr(entity, "forum", False):
            return entity, chat  # without topics the number is merely that of a message
        await self._check_topic(chat, thread)
        return entity, Chat(chat.peer, chat.title, chat.username, thread)

    async def _entity(self, reference: ChatReference) -> Any | None:
        match reference:
            case ByUsername(name=name):
                return await self._by_username(name)
            case ByInvite(hash=invite):
                return await self._by_invite(invite)
            case ById(number=number):
                return await self._by_id(number)

    async def _by_username(self, name: str) -> Any | None:
        try:
            found = await self._account.call(fn.contacts.ResolveUsernameRequest(name))
        except TelegramError as error:
            if isinstance(error, MessageRefused):
                return None
            raise
        return next(iter((*found.chats, *found.users)), None)

    async def _by_invite(self, invite: str) -> Any | None:
        """The chat behind an invite link if the account is in it already: joining is its owner's choice."""
        try:
            found = await self._account.call(fn.messages.CheckChatInviteRequest(invite))
        except TelegramError as error:
            if isinstance(error, MessageRefused):
                return None
            raise
        if isinstance(found, tl.ChatInvite):
            raise NoReadRight(account=self._name, title=found.title)
        return found.chat

    async def _by_id(self, number: int) -> Any | None:
        """Telegram finds nothing by number alone, so the account's own dialogs are searched."""
        marked = {number} if number < 0 else {number, -number, CHANNEL_MARK - number}
        async for entity in self._account.dialogs():
            if convert.peer_of(entity).marked_id in marked:
                return entity
        return None

    async def _check_topic(self, chat: Chat, topic_id: int) -> None:
        peer = convert.input_peer(chat.peer)
        found = await self._account.call(fn.messages.GetForumTopicsByIDRequest(peer, [topic_id]))
        if not any(isinstance(topic, tl.ForumTopic) for topic in found.topics):
            raise TopicNotFound(title=chat.title, topic=topic_id)


def may_post(entity: Any) -> bool:
    """Whether the account that was shown this entity may post there."""
    match entity:
        case tl.User():
            return not entity.deleted
        case tl.Chat():
            return not (entity.left or entity.deactivated) and _may_send(entity)
        case tl.Channel() if entity.left:
            return False
        case tl.Channel() if entity.broadcast:
            rights = entity.admin_rights
            return bool(entity.creator or (rights and rights.post_messages))
        case tl.Channel():
            return _may_send(entity)
        case _:
            return False


def _may_send(entity: Any) -> bool:
    if entity.creator or entity.admin_rights:
        return True
    bans = (getattr(entity, "banned_rights", None), getattr(entity, "default_banned_rights", None))
    return not any(ban and ban.send_messages for ban in bans)
