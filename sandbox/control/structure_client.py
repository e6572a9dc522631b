"""The client's calls for what stands between messages, and for damage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.control.views import TopicView, peer_from
from sandbox.world import Peer

Text = str | Mapping[str, Any]  #: a text, or a message's fields; see sandbox.control.specs.spec_from


class StructureCalls:
    async def _call(self, operation: str, **arguments: Any) -> Any:
        raise NotImplementedError

    async def add_topic(
        self,
        chat: Peer,
        title: str,
        *,
        author: int | None = None,
        color: int = 0x6FB9F0,
        emoji: int | None = None,
    ) -> int:
        """The topic's number. Without an author its forum's creator makes it."""
        made = await self._call("add_topic", chat=chat, title=title, author=author, color=color, emoji=emoji)
        return int(made)

    async def set_topic(self, chat: Peer, topic: int, **changes: Any) -> None:
        """Of title, icon (0 for none), closed, hidden and pinned as many as are named."""
        await self._call("set_topic", chat=chat, topic=topic, **changes)

    async def delete_topic(self, chat: Peer, topic: int) -> int:
        """With all that is in it; how many messages went."""
        return int(await self._call("delete_topic", chat=chat, topic=topic))

    async def topics(self, chat: Peer) -> list[TopicView]:
        """In the order in which Telegram shows them."""
        return [TopicView(**x) for x in await self._call("topics", chat=chat)]

    async def pin(self, chat: Peer, message: int, *, pinned: bool = True, user: int | None = None) -> None:
        """Without a user its creator does it; a basic group's message has that user's number."""
        await self._call("pin", chat=chat, message=message, pinned=pinned, user=user)

    async def pinned(self, chat: Peer, viewer: int | None = None) -> list[int]:
        """Ids, oldest first."""
        return list(await self._call("pinned", chat=chat, viewer=viewer))

    async def link_discussion(self, chat: Peer, group: Peer | None) -> None:
        """Gives a channel its discussion group; None takes it away. Earlier posts do not appear there."""
        await self._call("link_discussion", chat=chat, group=group)

    async def set_appear_delay(self, seconds: float) -> None:
        """How long a channel's new post takes to appear in its discussion group; 0 at first."""
        await self._call("set_appear_delay", seconds=seconds)

    async def comment(
        self, chat: Peer, post: int, author: int, texts: Sequence[Text], *, reply_to: int | None = None
    ) -> list[int]:
        """Below a channel's post, or in answer to a comment there; the new ids, in the group."""
        arguments = {"chat": chat, "post": post, "author": author, "texts": list(texts)}
        return list(await self._call("comment", **arguments, reply_to=reply_to))

    async def roots(self, chat: Peer, post: int) -> list[int]:
        """Where a channel's post stands in its discussion group, an album whole; ids, oldest first."""
        return list(await self._call("roots", chat=chat, post=post))

    async def set_photo(self, chat: Peer, data: str | None) -> int | None:
        """`data` stands for the picture's bytes, None for no picture; the photo's number."""
        made = await self._call("set_photo", chat=chat, data=data)
        return None if made is None else int(made)

    async def set_rights(self, chat: Peer, user: int, lacking: Sequence[str]) -> None:
        """Makes them an admin without these rights, called as in ChatAdminRights."""
        await self._call("set_rights", chat=chat, user=user, lacking=list(lacking))

    async def migrate(self, chat: Peer) -> Peer:
        """A basic group becomes a supergroup: the new one."""
        return peer_from(await self._call("migrate", chat=chat))

    async def change_user(self, user: int, **fields: Any) -> None:
        """Sets first_name, username or premium."""
        await self._call("change_user", user=user, **fields)

    # damage

    async def edit_message(self, chat: Peer, message: int, text: Text) -> None:
        """Its author edits it."""
        await self._call("edit_message", chat=chat, message=message, text=text)

    async def alter(self, chat: Peer, message: int, **fields: Any) -> None:
        """Changes fields of a message without anybody being told, and without any mark of an edit."""
        await self._call("alter", chat=chat, message=message, **fields)

    async def repost(self, chat: Peer, messages: Sequence[int], *, author: int | None = None) -> list[int]:
        """Posts messages once more at the end, an album as an album; the new ids."""
        return list(await self._call("repost", chat=chat, messages=list(messages), author=author))
