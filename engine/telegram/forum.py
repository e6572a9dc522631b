"""A forum's topics: listed, made, changed, put in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.errors import OutcomeUnknown
from domain.peer import Chat
from engine.telegram import convert
from engine.telegram.account import TelegramAccount, sent_ids
from engine.telegram.asking import ask

#: The topic that every forum has from its beginning (core.telegram.org/api/forum).
GENERAL = 1
#: Topics in one answer: Telegram's limit.
PAGE = 100


@dataclass(frozen=True, slots=True)
class ForumTopic:
    """`icon_color` is an RGB number, `icon_emoji` a custom emoji's id (0: none)."""

    id: int
    title: str
    icon_color: int
    icon_emoji: int = 0
    closed: bool = False
    hidden: bool = False
    pinned: bool = False


async def topics_of(account: TelegramAccount, forum: Chat) -> list[ForumTopic]:
    """All topics, the pinned ones first, as people see them."""
    found: dict[int, ForumTopic] = {}
    offset: dict[str, Any] = {"offset_date": None, "offset_id": 0, "offset_topic": 0}
    while True:
        request = fn.messages.GetForumTopicsRequest(convert.input_peer(forum.peer), limit=PAGE, **offset)
        answer = await ask(account, forum, request)
        topics = [topic for topic in answer.topics if isinstance(topic, tl.ForumTopic)]
        fresh = [topic for topic in topics if topic.id not in found]
        found |= {topic.id: _topic(topic) for topic in fresh}
        if not fresh or len(found) >= answer.count:
            return list(found.values())
        last = fresh[-1]
        dates = {message.id: message.date for message in answer.messages}
        offset = {
            "offset_date": last.date
            if answer.order_by_create_date
            else dates.get(last.top_message, last.date),
            "offset_id": last.top_message,
            "offset_topic": last.id,
        }


async def topic_of(account: TelegramAccount, forum: Chat, topic_id: int) -> ForumTopic | None:
    """One topic as it is now; None when it is gone."""
    request = fn.messages.GetForumTopicsByIDRequest(convert.input_peer(forum.peer), [topic_id])
    topics = (await ask(account, forum, request)).topics
    return next((_topic(topic) for topic in topics if isinstance(topic, tl.ForumTopic)), None)


async def make_topic(
    account: TelegramAccount,
    forum: Chat,
    *,
    title: str,
    icon_color: int | None,
    icon_emoji: int,
    random_id: int,
) -> int:
    """The new topic's id, that of its service message."""
    request = fn.messages.CreateForumTopicRequest(
        convert.input_peer(forum.peer),
        title,
        icon_color=icon_color,
        icon_emoji_id=icon_emoji or None,
        random_id=random_id,
    )
    made = sent_ids(await account.call(request, sending=True)).get(random_id)
    if made is None:
        raise OutcomeUnknown(reason="the answer names no topic")
    return made


async def change_topic(account: TelegramAccount, forum: Chat, topic_id: int, **change: Any) -> None:
    """`change` is one of title, icon_emoji_id (0: none), closed, hidden: Telegram wants them one by one."""
    request = fn.messages.EditForumTopicRequest(convert.input_peer(forum.peer), topic_id, **change)
    await account.call(request, sending=True)


async def pin_topics(account: TelegramAccount, forum: Chat, order: Sequence[int]) -> None:
    """Just these topics are pinned from now on, in this order."""
    request = fn.messages.ReorderPinnedForumTopicsRequest(
        convert.input_peer(forum.peer), list(order), force=True
    )
    await account.call(request, sending=True)


async def topics_made(account: TelegramAccount, forum: Chat, *, after: int, title: str) -> list[int]:
    """Topics of that title that were made behind message `after`, oldest first.

    Others' are left out as far as it shows: an admin may be anonymous.
    """
    made: list[int] = []
    while True:
        found, _ = await account.raw_after(Chat(forum.peer, forum.title), after)
        if not found:
            return made
        made += (m.id for m in found if _makes_topic(m, title) and (m.out or m.from_id is None))
        after = found[-1].id


def title_told(message: Any) -> tuple[str, int, int] | None:
    """(title, icon color, icon emoji or 0) as the message says that opened a topic."""
    action = getattr(message, "action", None)
    if not isinstance(action, tl.MessageActionTopicCreate):
        return None
    return action.title, action.icon_color, action.icon_emoji_id or 0


def _makes_topic(message: Any, title: str) -> bool:
    told = title_told(message)
    return told is not None and told[0].strip() == title.strip()


def _topic(topic: Any) -> ForumTopic:
    return ForumTopic(
        topic.id,
        topic.title,
        topic.icon_color,
        topic.icon_emoji_id or 0,
        bool(topic.closed),
        bool(topic.hidden),
        bool(topic.pinned),
    )
