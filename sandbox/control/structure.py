"""Operations on what stands between messages: topics, pins, comments, profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.control.server import Refused
from sandbox.control.specs import spec_from
from sandbox.control.views import TopicView, peer_from
from sandbox.world import Channel, Peer, Topic, World


class Structure:
    """What needs an actor is done by the chat's creator, with all that Telegram does about it."""

    def __init__(self, *, world: World) -> None:
        self._world = world

    def add_topic(
        self,
        chat: Any,
        title: str,
        author: int | None = None,
        color: int = 0x6FB9F0,
        emoji: int | None = None,
    ) -> int:
        """Any icon, also one that the author could not choose; the topic's number."""
        channel = self._channel(chat)
        who = self._world.users[author or self._creator(peer_from(chat))]
        return self._world.add_topic(channel, title, who, color=color, emoji=emoji).id

    def set_topic(self, chat: Any, topic: int, **changes: Any) -> None:
        """Of title, icon (0 for none), closed, hidden and pinned as many as are named."""
        peer, channel = peer_from(chat), self._channel(chat)
        who = self._creator(peer)
        if "pinned" in changes:
            self._world.pin_topic(who, peer, topic, changes.pop("pinned"))
        lone = {name: changes.pop(name) for name in ("closed", "hidden") if name in changes}
        if unknown := set(changes) - {"title", "icon"}:
            raise Refused(f"Of a topic one cannot change {', '.join(sorted(unknown))}.")
        if "icon" in changes:  # the creator may have no Premium, and the sandbox's master needs none
            self._world.topic(peer, topic).icon_emoji = changes.pop("icon") or None
        for asked in ([changes] if changes else []) + [{name: value} for name, value in lone.items()]:
            self._world.edit_topic(who, ("channel", channel.id), topic, **asked)

    def delete_topic(self, chat: Any, topic: int) -> int:
        """With all that is in it; how many messages went."""
        peer = peer_from(chat)
        return self._world.delete_topic(self._creator(peer), peer, topic)[1]

    def topics(self, chat: Any) -> list[TopicView]:
        """In the order in which Telegram shows them."""
        channel = self._channel(chat)
        rows = self._world.topics_shown(channel)
        return [self._view(channel, topic) for topic, _ in rows]

    def _view(self, channel: Channel, x: Topic) -> TopicView:
        inside = len(self._world.in_topic(("channel", channel.id), x.id))
        pinned = x.id in channel.pinned_topics
        return TopicView(x.id, x.title, x.icon_color, x.icon_emoji, x.closed, x.hidden, pinned, inside)

    def pin(self, chat: Any, message: int, pinned: bool = True, user: int | None = None) -> None:
        peer = peer_from(chat)
        self._world.pin(user or self._creator(peer), peer, message, pinned=pinned)

    def pinned(self, chat: Any, viewer: int | None = None) -> list[int]:
        """Ids, oldest first."""
        peer = peer_from(chat)
        return self._world.pinned(viewer or self._creator(peer), peer)

    def link_discussion(self, chat: Any, group: Any = None) -> None:
        """Gives a channel its discussion group; None takes it away."""
        peer = peer_from(chat)
        self._world.link(self._creator(peer), peer, None if group is None else peer_from(group))

    def set_appear_delay(self, seconds: float) -> None:
        """How long a channel's new post takes to appear in its discussion group."""
        self._world.appear_delay = seconds

    def comment(
        self, chat: Any, post: int, author: int, texts: list[Any], reply_to: int | None = None
    ) -> list[int]:
        """Says something below a channel's post, or in answer to a comment; the new ids, in the group."""
        roots = self._roots(chat, post)
        group = roots[0].peer
        below = {"reply_to": reply_to or roots[0].id}
        specs = [spec_from(self._world, text) | below for text in texts]
        return [m.id for _, m in self._world.send(author, group, specs)]

    def roots(self, chat: Any, post: int) -> list[int]:
        """Where a channel's post stands in its discussion group, an album whole; ids, oldest first."""
        return [m.id for m in self._roots(chat, post)]

    def _roots(self, chat: Any, post: int) -> list[Any]:
        found = self._world.roots_of(self._world.boxes[peer_from(chat)].by_id[post])
        if not found:
            raise Refused(f"Post {post} has not appeared in a discussion group.")
        return found

    def set_photo(self, chat: Any, data: str | None) -> int | None:
        """`data` stands for the picture's bytes, None for no picture; the photo's number."""
        peer = peer_from(chat)
        photo = None if data is None else self._world.add_media("photo", data.encode(), mime="image/jpeg")
        self._world.set_photo(self._creator(peer), peer, photo)
        kept = self._world.chat(peer).photo
        return kept.id if kept else None

    def set_rights(self, chat: Any, user: int, lacking: list[str]) -> None:
        """Makes them an admin without these rights, called as in ChatAdminRights."""
        peer = peer_from(chat)
        self._world.set_role(self._creator(peer), peer, user, "admin", lacking)

    def migrate(self, chat: Any) -> Peer:
        """A basic group becomes a supergroup: the new one."""
        peer = peer_from(chat)
        return "channel", self._world.migrate(self._creator(peer), self._world.chats[peer[1]]).id

    def change_user(self, user: int, **fields: Mapping[str, Any]) -> None:
        """Sets first_name, username or premium."""
        if unknown := set(fields) - {"first_name", "username", "premium"}:
            raise Refused(f"Of a user one cannot change {', '.join(sorted(unknown))}.")
        for name, value in fields.items():
            setattr(self._world.users[user], name, value)

    def _channel(self, chat: Any) -> Channel:
        return self._world.channels[peer_from(chat)[1]]

    def _creator(self, peer: Peer) -> int:
        members = self._world.chat(peer).members
        found = next((user for user, role in members.items() if role == "creator"), None)
        if found is None:
            raise Refused("This chat has no creator who could do it.")
        return found
