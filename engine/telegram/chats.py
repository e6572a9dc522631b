"""What a chat is like, as far as copying depends on it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.errors import SourceLost
from domain.job import Job
from domain.peer import Chat, PeerKind
from engine.links import SourceLinks, TargetLinks
from engine.telegram import convert
from engine.telegram.account import TelegramAccount
from engine.telegram.asking import ask
from engine.telegram.errors import ChatGone, MayNotPost
from engine.telegram.taking import EVERYTHING, Taking, taking_of


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """`links` knows the links that lead to its messages, `made` makes such links."""

    chat: Chat
    broadcast: bool = False
    forum: bool = False
    usernames: tuple[str, ...] = ()
    taking: Taking = EVERYTHING  #: what the account may send there
    beside: ChatInfo | None = None  #: the channel, of a discussion group whose comments are copied

    @property
    def _channel_id(self) -> int | None:
        return self.chat.peer.id if self.chat.peer.kind is PeerKind.CHANNEL else None

    @property
    def links(self) -> SourceLinks:
        beside = self.beside.links if self.beside is not None else None
        return SourceLinks(self._channel_id, self.usernames, beside=beside)

    @property
    def made(self) -> TargetLinks:
        beside = self.beside.made if self.beside is not None else None
        return TargetLinks(self._channel_id, self.usernames[0] if self.usernames else None, beside)


async def look_at_both(account: TelegramAccount, job: Job, posts: Job | None) -> tuple[ChatInfo, ChatInfo]:
    """A job's source and target; `posts` copied the channel on whose posts the source's messages comment.

    Raises as look_at().
    """
    source, target = await look_at(account, job.source), await look_at(account, job.target)
    if posts is not None:
        source = replace(source, beside=await look_at(account, posts.source))
        target = replace(target, beside=await look_at(account, posts.target))
    return source, target


async def look_at(account: TelegramAccount, chat: Chat) -> ChatInfo:
    """Asks Telegram. Raises SourceLost when the chat is gone, MustWait, Unreachable, AccountStopped."""
    match chat.peer.kind:
        case PeerKind.USER:
            return ChatInfo(chat)
        case PeerKind.GROUP:
            request = fn.messages.GetChatsRequest([chat.peer.id])
        case PeerKind.CHANNEL:
            request = fn.channels.GetChannelsRequest([convert.input_channel(chat.peer)])
    try:
        (entity,) = (await account.call(request)).chats
    except (ChatGone, MayNotPost) as error:
        raise SourceLost(title=chat.title, reason=error.values["reason"], job_id="") from error
    match entity:
        case tl.Channel():
            kind, names = (bool(entity.broadcast), bool(entity.forum)), tuple(_usernames(entity))
            return ChatInfo(chat, *kind, names, taking_of(entity))
        case tl.Chat():
            return ChatInfo(chat, taking=taking_of(entity))
        case _:  # closed to the account: that shows itself at the first call that needs it
            return ChatInfo(chat)


async def seconds_between(account: TelegramAccount, chat: Chat) -> int:
    """What slow mode makes the account wait from message to message there: admins, not at all."""
    if chat.peer.kind is not PeerKind.CHANNEL:
        return 0
    answer = await ask(account, chat, fn.channels.GetFullChannelRequest(convert.input_channel(chat.peer)))
    entity = next((one for one in answer.chats if one.id == chat.peer.id), None)
    if entity is None or entity.creator or entity.admin_rights:
        return 0
    return answer.full_chat.slowmode_seconds or 0


def _usernames(entity: Any) -> list[str]:
    """The one to show first; bought names stand in a list of their own."""
    names = [entity.username] if entity.username else []
    return names + [n.username for n in entity.usernames or () if n.active and n.username not in names]
