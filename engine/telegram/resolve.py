"""From what a person typed to a chat, and whether this account may read there or post there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.choosing import Place
from domain.errors import (
    ChatNotFound,
    MessageRefused,
    NoPostRight,
    NoReadRight,
    ProtectedSource,
    TelegramError,
    TopicNotFound,
)
from domain.peer import CHANNEL_MARK, Chat, PeerKind
from domain.reference import ById, ByInvite, ByUsername, ChatReference, parse_reference
from domain.refusals import CostsStars, DirectMessages, NoForum, TopicClosed, TopicElsewhere
from domain.wishes import NewChatKind
from engine.links import SourceLinks
from engine.telegram import convert
from engine.telegram.account import TelegramAccount
from engine.telegram.errors import ChatGone
from engine.telegram.rights import Right, manages_topics, price_of, rights_of
from engine.telegram.taking import EVERYTHING, Taking, taking_of


@dataclass(frozen=True, slots=True)
class Found:
    """A chat, and what an order asks of it before it is taken."""

    chat: Chat
    rights: frozenset[Right]
    is_forum: bool = False
    is_broadcast: bool = False
    taking: Taking = EVERYTHING  #: what the account may send there

    @property
    def has_topics(self) -> bool:
        """Whether all topics of a forum are meant, not one of them."""
        return self.is_forum and self.chat.topic_id is None

    @property
    def kind_of_copy(self) -> NewChatKind:
        """What a new chat must be to hold the same. People and basic groups become groups."""
        if self.is_broadcast:
            return NewChatKind.CHANNEL
        return NewChatKind.FORUM if self.has_topics else NewChatKind.GROUP


class Resolver:
    """Looks chats up with one account. `name` is what people call that account.

    A channel's direct messages are refused with DirectMessages, wherever they are named.
    """

    def __init__(self, *, account: TelegramAccount, name: str) -> None:
        self._account, self._name = account, name

    async def source(self, typed: str, *, topic: Place | None = None, to_copy: bool = True) -> Found:
        """The chat to read from. Raises ChatNotFound, TopicNotFound, NoReadRight, ProtectedSource.

        `topic` is chosen apart from the chat. Raises NoForum and TopicElsewhere for that. What is only looked
        at, not copied, may be protected.
        """
        entity, chat = await self._find(typed)
        if isinstance(entity, tl.ChannelForbidden | tl.ChatForbidden):
            raise NoReadRight(account=self._name, title=chat.title)
        is_person = isinstance(entity, tl.User)
        if to_copy and (await self._account.is_protected(chat) if is_person else entity.noforwards):
            raise ProtectedSource(title=chat.title)
        try:
            await self._account.newest_id(chat)
        except TelegramError as error:
            if isinstance(error, ChatGone | MessageRefused):
                raise NoReadRight(account=self._name, title=chat.title) from error
            raise
        if topic is not None:
            chat = await self._in_topic(entity, chat, topic)
        return _found(entity, chat)

    async def target(self, typed: str) -> Found:
        """The chat to post in. Raises ChatNotFound, TopicNotFound, NoForum, NoPostRight, CostsStars,
        TopicClosed.
        """
        entity, chat = await self._find(typed)
        found = _found(entity, chat)
        if Right.POST not in found.rights:
            raise NoPostRight(account=self._name, title=chat.title)
        if stars := price_of(entity):
            raise CostsStars(title=chat.title, stars=stars)
        if chat.topic_id is not None:
            topic = await self._topic(chat, chat.topic_id)
            if topic.closed and not (topic.my or manages_topics(entity)):
                raise TopicClosed(account=self._name, title=chat.title, topic=topic.title)
        return found

    async def known(self, chat: Chat) -> Found:
        """A chat of an earlier order, as it is now. Raises NoReadRight when it is gone."""
        match chat.peer.kind:
            case PeerKind.USER:
                request = fn.users.GetUsersRequest([tl.InputUser(chat.peer.id, chat.peer.access_hash)])
            case PeerKind.GROUP:
                request = fn.messages.GetChatsRequest([chat.peer.id])
            case PeerKind.CHANNEL:
                request = fn.channels.GetChannelsRequest([convert.input_channel(chat.peer)])
        try:
            answer = await self._account.call(request)
        except TelegramError as error:
            if isinstance(error, ChatGone | MessageRefused):
                raise NoReadRight(account=self._name, title=chat.title) from error
            raise
        entity = next(iter(getattr(answer, "chats", answer)), None)
        if entity is None:
            raise NoReadRight(account=self._name, title=chat.title)
        return _found(entity, chat)

    async def _in_topic(self, entity: Any, chat: Chat, topic: Place) -> Chat:
        """The same chat with one of its topics, given by number or by a link to it or into it."""
        if not getattr(entity, "forum", False):
            raise NoForum(title=chat.title)
        if isinstance(topic, str):
            link = SourceLinks(chat.peer.id, [chat.username] if chat.username else []).find(topic)
            if link is None:
                raise TopicElsewhere(typed=topic, title=chat.title)
            topic = link.topic or link.message_id
        await self._topic(chat, topic)
        return replace(chat, topic_id=topic)

    async def _find(self, typed: str) -> tuple[Any, Chat]:
        reference = parse_reference(typed)
        entity = await self._entity(reference)
        if entity is None:
            raise ChatNotFound(account=self._name, reference=typed)
        if getattr(entity, "monoforum", False):
            raise DirectMessages(title=convert.title_of(entity))
        chat = Chat(convert.peer_of(entity), convert.title_of(entity), convert.username_of(entity))
        thread = getattr(reference, "thread", None)
        if thread is None:
            return entity, chat
        if not getattr(entity, "forum", False):
            if getattr(reference, "in_topic", False):
                raise NoForum(title=chat.title)
            return entity, chat  # without topics the number is merely that of a message
        await self._topic(chat, thread)
        return entity, replace(chat, topic_id=thread)

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

    async def _topic(self, chat: Chat, topic_id: int) -> Any:
        """Raises TopicNotFound."""
        peer = convert.input_peer(chat.peer)
        found = await self._account.call(fn.messages.GetForumTopicsByIDRequest(peer, [topic_id]))
        for topic in found.topics:
            if isinstance(topic, tl.ForumTopic):
                return topic
        raise TopicNotFound(title=chat.title, topic=topic_id)


def _found(entity: Any, chat: Chat) -> Found:
    is_forum, is_broadcast = (bool(getattr(entity, name, False)) for name in ("forum", "broadcast"))
    return Found(chat, rights_of(entity), is_forum, is_broadcast, taking_of(entity))
