"""Operations that put people, chats and messages into the world, or take them away."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from sandbox.control.server import Refused
from sandbox.control.specs import spec_from
from sandbox.control.views import peer_from
from sandbox.info import SandboxChat, SandboxUser
from sandbox.mtproto.server import MTProtoServer
from sandbox.scenario import Pair, build
from sandbox.scenario.demo import LINKS, reference
from sandbox.scenario.history import REPLIES, SECONDS_BETWEEN, History
from sandbox.world import Channel, Peer, World

#: What change_channel may set.
CHANGEABLE = {"title", "about", "username", "usernames", "noforwards", "slowmode", "forum"}


class Building:
    def __init__(self, *, world: World, telegram: MTProtoServer) -> None:
        self._world = world
        self._telegram = telegram

    def build(
        self, jobs: int, messages: int, seed: int = 1, replies: float = REPLIES, links: float = LINKS
    ) -> list[Pair]:
        shares = {"replies": replies, "links": links}
        return build(self._world, jobs=jobs, messages=messages, seed=seed, **shares).pairs

    def add_user(self, name: str, **fields: Any) -> SandboxUser:
        return describe_user(self._world.add_user(name, **fields).id, self._world, self._telegram)

    def session(self, user: int) -> str:
        """A new logged-in StringSession."""
        if user not in self._world.users:
            raise Refused(f"There is no user {user}.")
        return str(self._telegram.session_for(user).save())

    def add_channel(self, title: str, owner: int, **fields: Any) -> Peer:
        """`fields` as in Channel; `members` maps user ids to roles."""
        members = {int(u): role for u, role in fields.pop("members", {}).items()}
        channel = self._world.add_channel(title, self._world.users[owner], **fields)
        channel.members.update(members)
        return "channel", channel.id

    def add_group(self, title: str, owner: int, members: Sequence[int] = ()) -> Peer:
        """A basic group; what is in it is numbered in each member's own sequence."""
        users = self._world.users
        return "chat", self._world.add_group(title, users[owner], [users[i] for i in members]).id

    def change_channel(self, chat: Any, **fields: Any) -> None:
        if unknown := set(fields) - CHANGEABLE:
            raise Refused(f"Of a channel one cannot change {', '.join(sorted(unknown))}.")
        channel = self._channel(chat)
        for name, value in fields.items():
            setattr(channel, name, value)
        if channel.forum:
            channel.become_forum()

    def set_member(self, chat: Any, user: int, role: str | None) -> None:
        """`role` is creator, admin, member or banned; None makes a stranger of them."""
        members = self._world.chat(peer_from(chat)).members
        members.pop(user, None)
        if role is not None:
            members[user] = role

    def delete_chat(self, chat: Any) -> None:
        """Its owner deletes it; what stood in it can still be compared."""
        self._world.chat(peer_from(chat)).deleted = True

    def fill(
        self, chat: Any, messages: int, seed: int = 1, replies: float = REPLIES, links: float = 0
    ) -> list[int]:
        """The mixture of a real channel, see History; the ids of what can be copied, oldest first."""
        channel = self._channel(chat)
        began = int(self._world.clock() - messages * SECONDS_BETWEEN)
        history = History(
            world=self._world,
            channel=channel,
            random=Random(seed),
            began=began,
            replies=replies,
            links=links,
        )
        history.fill(messages)
        box = self._world.boxes["channel", channel.id]
        return [i for i in box.order[box.key] if not box.by_id[i].service]

    def post(self, chat: Any, author: int, texts: list[Any], album: bool = False) -> list[int]:
        """Sends texts, or messages as spec_from() takes them, in one go or as one album; the new ids."""
        specs = [spec_from(self._world, text) for text in texts]
        if album:
            group = self._world.new_group_id()
            specs = [spec | {"grouped_id": group} for spec in specs]
        return [m.id for _, m in self._world.send(author, peer_from(chat), specs)]

    def post_quiz(self, chat: Any, author: int, question: str) -> int:
        """Whoever has not answered it may not forward it; its id."""
        answers = {"answers": ["yes", "no"], "quiz": True, "correct": 0}
        quiz = self._world.add_media("poll", poll={"question": question, **answers})
        ((_, message),) = self._world.send(author, peer_from(chat), [{"media": quiz}])
        return message.id

    def delete_messages(self, chat: Any, user: int, ids: list[int]) -> int:
        """How many of them were there."""
        return self._world.delete(user, peer_from(chat), ids)[1]

    def users(self) -> list[SandboxUser]:
        """All people, each with a new session."""
        people = [u.id for u in self._world.users.values() if not u.bot]
        return [describe_user(id_, self._world, self._telegram) for id_ in people]

    def chats(self) -> list[SandboxChat]:
        return describe_chats(self._world)

    def _channel(self, chat: Any) -> Channel:
        return self._world.channels[peer_from(chat)[1]]


def describe_user(user: int, world: World, telegram: MTProtoServer) -> SandboxUser:
    u = world.users[user]
    return SandboxUser(u.id, u.first_name, u.username, u.phone, str(telegram.session_for(user).save()))


def describe_chats(world: World) -> list[SandboxChat]:
    return [
        SandboxChat(
            peer=("channel", c.id),
            title=c.title,
            reference=reference(c, link=False),
            messages=len(world.boxes["channel", c.id].by_id),
        )
        for c in world.channels.values()
    ]
