"""Forum topics: made, changed, pinned, deleted, and the order in which they are shown."""

from __future__ import annotations

from typing import Any

from sandbox.world.editing import Editing
from sandbox.world.model import GENERAL, Channel, Message, Peer, RpcFailure, Topic
from sandbox.world.sending import Sent

TITLE_LIMIT = 128  # characters
PINNED_LIMIT = 5  # topics_pinned_limit of the app's configuration
COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)
#: Custom emoji that everybody may give a topic (inputStickerSetEmojiDefaultTopicIcons); others need Premium.
FREE_ICONS = range(5_310_000_000_000_000_001, 5_310_000_000_000_000_113)


class Topics(Editing):
    def set_forum(self, user_id: int, peer: Peer, enabled: bool) -> None:
        """Its topics stay for the day when it becomes a forum again."""
        self.check_admin(user_id, peer, "change_info")
        channel = self.channels[peer[1]]
        if not channel.megagroup or channel.forum == enabled:
            raise RpcFailure(400, "CHAT_NOT_MODIFIED")
        if channel.linked is not None:
            raise RpcFailure(400, "CHAT_DISCUSSION_UNALLOWED")
        channel.forum = enabled
        if enabled:
            channel.become_forum()

    def create_topic(
        self,
        user_id: int,
        peer: Peer,
        title: str,
        *,
        random_id: int,
        color: int | None = None,
        emoji: int | None = None,
        origin: Any = None,
    ) -> Sent:
        """As its maker sees it. A repeated random id makes nothing, see random_ids."""
        # In many forums members may open topics, too; whether they may is not modelled, so they may not.
        self.check_admin(user_id, peer, "manage_topics")
        self._check_title(title)
        self._check_icon(user_id, emoji)
        shade = color if color in COLORS else COLORS[0]
        icon = {"color": shade, "emoji": emoji or None}
        spec = {"service": "topic", "text": title, "detail": icon, "random_id": random_id}
        sent = self.deliver(user_id, peer, [spec], origin)
        for _, count, m in sent.items:
            if count:  # else it was made before
                topic = Topic(m.id, title, icon_color=shade, icon_emoji=emoji or None)
                self.channels[peer[1]].topics[m.id] = topic
        return sent

    def edit_topic(
        self,
        user_id: int,
        peer: Peer,
        topic_id: int,
        *,
        title: str | None = None,
        icon: int | None = None,
        closed: bool | None = None,
        hidden: bool | None = None,
        origin: Any = None,
    ) -> None:
        """What is None stays; icon 0 takes the icon away. A service message says what changed."""
        self.check_admin(user_id, peer, "manage_topics")
        topic = self.topic(peer, topic_id)
        _check_alone(topic, title, icon, closed, hidden)
        if title is not None:
            self._check_title(title)
        self._check_icon(user_id, icon)
        wanted = {
            "title": title,
            "icon_emoji": None if icon is None else icon,
            "closed": closed,
            "hidden": hidden,
        }
        wanted = {k: v for k, v in wanted.items() if v is not None}
        if all((getattr(topic, k) or 0) == (v or 0) for k, v in wanted.items()):
            raise RpcFailure(400, "TOPIC_NOT_MODIFIED")
        for name, value in wanted.items():
            setattr(topic, name, value or None if name == "icon_emoji" else value)
        if hidden is True:
            topic.closed = True  # whoever hides General closes it
        if closed is False:
            topic.hidden = False  # and whoever opens it shows it
        said = {"service": "topic_edit", "detail": wanted, "topic": topic_id, "text": title or ""}
        self.commit(user_id, peer, [said], origin)

    def pin_topic(self, user_id: int, peer: Peer, topic_id: int, pinned: bool) -> None:
        """The topic pinned last is shown first."""
        self.check_admin(user_id, peer, "manage_topics")
        self.topic(peer, topic_id)
        order = self.channels[peer[1]].pinned_topics
        if (topic_id in order) == pinned:
            raise RpcFailure(400, "PINNED_TOPIC_NOT_MODIFIED")
        if not pinned:
            return order.remove(topic_id)
        if len(order) >= PINNED_LIMIT:
            raise RpcFailure(400, "PINNED_TOO_MUCH")
        order.insert(0, topic_id)

    def order_topics(self, user_id: int, peer: Peer, order: list[int], force: bool) -> None:
        """`force`: just these are pinned from now on; else only those that are change their places."""
        self.check_admin(user_id, peer, "manage_topics")
        channel = self.channels[peer[1]]
        if any(i not in channel.topics for i in order):
            raise RpcFailure(400, "TOPIC_ID_INVALID")
        if not force:
            named = [i for i in order if i in channel.pinned_topics]
            order = named + [i for i in channel.pinned_topics if i not in named]
        if len(order) > PINNED_LIMIT:
            raise RpcFailure(400, "PINNED_TOO_MUCH")
        channel.pinned_topics = list(dict.fromkeys(order))

    def delete_topic(self, user_id: int, peer: Peer, topic_id: int, origin: Any = None) -> tuple[int, int]:
        """With everything in it; the channel's pts and how many messages went."""
        self.check_admin(user_id, peer, "delete_messages")
        self.topic(peer, topic_id)
        if topic_id == GENERAL:
            raise RpcFailure(400, "TOPIC_ID_INVALID")
        box = self.boxes[peer]
        gone = [i for i in (topic_id, *box.threads.get(topic_id, ())) if i in box.by_id]
        self.remove(box, gone, origin)
        self.channels[peer[1]].forget_topic(topic_id)
        return box.pts, len(gone)

    def topic(self, peer: Peer, topic_id: int) -> Topic:
        """RpcFailure TOPIC_ID_INVALID where there is none."""
        found = self.channels[peer[1]].topics.get(topic_id)
        if found is None:
            raise RpcFailure(400, "TOPIC_ID_INVALID")
        return found

    def in_topic(self, peer: Peer, topic_id: int) -> list[int]:
        """Ids of what was said in a topic, ascending; whatever stands in no topic stands in General."""
        box = self.boxes[peer]
        if topic_id != GENERAL:
            return box.threads.get(topic_id, [])
        return [i for i in box.order.get(peer, []) if _general(box.by_id[i])]

    def topics_shown(self, channel: Channel) -> list[tuple[Topic, Message | None]]:
        """All topics with their newest messages: the pinned ones, then by that message, newest first."""
        rows = {x.id: (x, self.newest_in(channel, x.id)) for x in channel.topics.values()}
        first = [rows.pop(i) for i in channel.pinned_topics]
        return first + sorted(rows.values(), key=lambda row: -(row[1].id if row[1] else 0))

    def newest_in(self, channel: Channel, topic_id: int) -> Message | None:
        """What was said last in the topic: the message that opened it, where nothing was."""
        box = self.boxes["channel", channel.id]
        if topic_id == GENERAL:
            found = (box.by_id[i] for i in reversed(box.order.get(box.key, [])))
            return next((m for m in found if _general(m)), None)
        inside = box.threads.get(topic_id)
        return box.by_id.get(inside[-1] if inside else topic_id)

    def _check_title(self, title: str) -> None:
        if not title.strip():
            raise RpcFailure(400, "TOPIC_TITLE_EMPTY")
        if len(title) > TITLE_LIMIT:  # no document names this refusal
            raise RpcFailure(400, "TOPIC_TITLE_TOO_LONG")

    def _check_icon(self, user_id: int, emoji: int | None) -> None:
        if emoji and emoji not in FREE_ICONS and not self.users[user_id].premium:
            raise RpcFailure(400, "DOCUMENT_INVALID")


def _check_alone(
    topic: Topic, title: str | None, icon: int | None, closed: bool | None, hidden: bool | None
) -> None:
    """Which changes can't be asked for together, or not of this topic."""
    named = sum(x is not None for x in (title, icon, closed, hidden))
    if closed is not None and named > 1:
        raise RpcFailure(400, "TOPIC_CLOSE_SEPARATELY")
    if hidden is not None and named > 1:
        raise RpcFailure(400, "TOPIC_HIDE_SEPARATELY")
    if icon is not None and topic.id == GENERAL:
        raise RpcFailure(400, "GENERAL_MODIFY_ICON_FORBIDDEN")
    if hidden is not None and topic.id != GENERAL:
        raise RpcFailure(400, "TOPIC_ID_INVALID")


def _general(m: Message) -> bool:
    return m.topic in (None, GENERAL) and m.service != "topic"
