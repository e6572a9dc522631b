"""What a method's handler works with: the bot that calls, the world, and the request's common pieces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from sandbox.botapi.convert import Converter, Json
from sandbox.botapi.errors import ApiError
from sandbox.botapi.files import Upload, take
from sandbox.botapi.ids import chat_id, peer_of
from sandbox.botapi.inbox import Inbox
from sandbox.world import Channel, Group, Media, Message, Peer, World

KEYBOARD_LIMIT = 100  # buttons
CALLBACK_LIMIT = 64  # bytes
LOOKS = {"text", "style", "icon_custom_emoji_id", "disabled"}  # what is on a button, not what it does


@dataclass(frozen=True)
class Call:
    world: World
    inbox: Inbox
    convert: Converter
    uploads: dict[str, Upload]

    @property
    def bot_id(self) -> int:
        return self.inbox.user.id

    def peer(self, chat_id: int | str, *, posting: bool = True) -> Peer:
        """The chat a request names. Raises ApiError: not found, thrown out, or a user who never wrote."""
        text = str(chat_id)
        if text.startswith("@"):
            named = self.world.by_username(text)
            if named is None or named[0] == "user":
                raise ApiError(400, "chat not found")
            return self._allowed(named, posting)
        try:
            peer = peer_of(int(text))
        except ValueError:
            raise ApiError(400, "chat not found") from None
        return self._allowed(peer, posting)

    def _allowed(self, peer: Peer, posting: bool) -> Peer:
        if peer[0] == "user":
            if peer[1] not in self.world.users:
                raise ApiError(400, "chat not found")
            if posting and peer not in self.world.boxes["user", self.bot_id].order:
                raise ApiError(403, "bot can't initiate conversation with a user")
            return peer
        try:
            group = self.world.chat(peer)
        except KeyError:
            raise ApiError(400, "chat not found") from None
        role, name = group.members.get(self.bot_id), self.convert.chat(peer)["type"]
        if isinstance(group, Group) and group.migrated_to is not None:
            moved = chat_id(("channel", group.migrated_to))
            raise ApiError(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved)
        if group.deleted:
            raise ApiError(403, f"the {name} chat was deleted")
        if role == "banned":
            raise ApiError(403, f"bot was kicked from the {name} chat")
        if role is None and not (isinstance(group, Channel) and group.username):
            raise ApiError(400, "chat not found")
        if role is None and posting:
            raise ApiError(403, f"bot is not a member of the {name} chat")
        if posting and name == "channel" and not group.is_admin(self.bot_id):
            raise ApiError(400, "need administrator rights in the channel chat")
        return peer

    def message(self, peer: Peer, message_id: int | None, missing: str) -> Message:
        """The message as this bot sees it. Raises ApiError 400 with `missing`."""
        m = self.world.box_for(self.bot_id, peer).by_id.get(message_id or 0)
        if m is None or m.peer != peer:
            raise ApiError(400, missing)
        return m

    def administers(self, peer: Peer) -> bool:
        return peer[0] != "user" and self.world.chat(peer).is_admin(self.bot_id)

    def media(self, kind: str, value: Any) -> Media:
        return take(self.world, kind, str(value), self.uploads)

    def place(self, request: Any, peer: Peer) -> Json:
        """How a message stands in its chat: its topic, what it answers, whether it is protected."""
        topic = request.message_thread_id
        group = self.world.channels.get(peer[1]) if peer[0] == "channel" else None
        if topic and group is not None and topic not in group.topics:
            raise ApiError(400, "message thread not found")
        reply = getattr(request, "reply_parameters", None)
        target = reply.message_id if reply else getattr(request, "reply_to_message_id", None)
        if target and target not in self.world.box_for(self.bot_id, peer).by_id:
            forgiven = reply.allow_sending_without_reply if reply else request.allow_sending_without_reply
            if forgiven is not True:
                raise ApiError(400, "message to be replied not found")
            target = None
        kept = getattr(request, "protect_content", None) is True
        return {"topic": topic, "reply_to": target, "noforwards": kept}

    def post(self, request: Any, **content: Any) -> Message:
        """Sends one message with the request's keyboard, topic and reply."""
        peer = self.peer(request.chat_id)
        spec = content | self.place(request, peer) | {"markup": keyboard(request.reply_markup)}
        ((_, m),) = self.world.send(self.bot_id, peer, [spec])
        return m

    def shown(self, m: Message) -> Json:
        return self.convert.message(m, self.bot_id)


def keyboard(markup: Any) -> list[list[Json]] | None:
    """An inline keyboard's rows. Other keyboards live in the user's client and leave no trace here."""
    if not isinstance(markup, InlineKeyboardMarkup):
        return None
    rows: list[list[Json]] = [
        [b.model_dump(mode="json", exclude_none=True, exclude_defaults=True) for b in row]
        for row in markup.inline_keyboard
        if row
    ]
    buttons = [b for row in rows for b in row]
    if len(buttons) > KEYBOARD_LIMIT:
        raise ApiError(400, "REPLY_MARKUP_TOO_LONG")
    for b in buttons:
        if not b["text"]:
            raise _bad_button('Field "text" must be non-empty')
        if b.keys() <= LOOKS:
            raise _bad_button("Text buttons are unallowed in the inline keyboard")
        if "callback_data" not in b and "url" not in b:
            raise ApiError(501, f"sandbox: buttons with {', '.join(b.keys() - LOOKS)} are not implemented")
        if len(b.get("callback_data", "").encode()) > CALLBACK_LIMIT:
            raise ApiError(400, "BUTTON_DATA_INVALID")
    return rows or None


def _bad_button(reason: str) -> ApiError:
    return ApiError(400, f"can't parse inline keyboard button: {reason}")
