"""The world's people, chats and messages as the Bot API's JSON, as one bot sees them."""

from __future__ import annotations

from typing import Any

from sandbox.botapi import entities, files, polls
from sandbox.botapi.ids import chat_id
from sandbox.world import Channel, Message, Peer, User, World

Json = dict[str, Any]


class Converter:
    def __init__(self, world: World) -> None:
        self.world = world

    def user(self, u: User) -> Json:
        shown: Json = {"id": u.id, "is_bot": u.bot, "first_name": u.first_name}
        if u.username:
            shown["username"] = u.username
        return shown if u.bot else shown | {"language_code": getattr(u, "language", "en")}

    def known_user(self, user_id: int) -> Json:
        """Also somebody who is only mentioned: text may name an id nobody has."""
        u = self.world.users.get(user_id)
        return self.user(u) if u else {"id": user_id, "is_bot": False, "first_name": "Deleted Account"}

    def chat(self, peer: Peer) -> Json:
        if peer[0] == "user":
            u = self.world.users[peer[1]]
            shown: Json = {"id": u.id, "type": "private", "first_name": u.first_name}
            return shown | ({"username": u.username} if u.username else {})
        group = self.world.chat(peer)
        shown = {"id": chat_id(peer), "title": group.title, "type": "group"}
        if isinstance(group, Channel):
            shown["type"] = "supergroup" if group.megagroup else "channel"
            if group.username:
                shown["username"] = group.username
            if group.forum:
                shown["is_forum"] = True
        return shown

    def message(self, m: Message, viewer: int, *, with_reply: bool = True) -> Json:
        """`viewer` is the bot that gets to see it; a replied-to message is shown without its own reply."""
        shown: Json = {"message_id": m.id, "date": m.date, "chat": self.chat(m.peer)}
        if m.sender:
            shown["from"] = self.known_user(m.sender)
        elif m.peer[0] != "user":
            shown["sender_chat"] = shown["chat"]
        self._content(shown, m, viewer)
        if m.markup:
            shown["reply_markup"] = {"inline_keyboard": m.markup}
        if m.grouped_id:
            shown["media_group_id"] = str(m.grouped_id)
        if m.topic and m.topic != 1:
            shown |= {"message_thread_id": m.topic, "is_topic_message": True}
        if m.edit_date:
            shown["edit_date"] = m.edit_date
        if m.fwd:
            shown["forward_origin"] = self._origin(m.fwd)
        if m.reply_to and with_reply and not m.service:
            replied = self.world.box_for(viewer, m.peer).by_id.get(m.reply_to)
            if replied is not None and replied.peer == m.peer:
                shown["reply_to_message"] = self.message(replied, viewer, with_reply=False)
        return shown

    def _content(self, shown: Json, m: Message, viewer: int) -> None:
        if m.service:
            shown |= self._service(m, viewer)
            return
        if m.media and m.media.kind == "poll":
            shown["poll"] = polls.to_json(m.media)
        elif m.media:
            shown |= files.to_json(m.media)
        if m.text:
            shown["caption" if m.media else "text"] = m.text
            found = entities.to_json(m.text, m.entities, self.known_user)
            if found:
                shown["caption_entities" if m.media else "entities"] = found

    def _service(self, m: Message, viewer: int) -> Json:
        """What a service message says; nothing for kinds the Bot API has no field for."""
        match m.service:
            case "create":
                kind = self.chat(m.peer)["type"]
                return {f"{kind}_chat_created": True}
            case "topic":
                return {"forum_topic_created": {"name": m.text, "icon_color": 0x6FB9F0}}
            case "title":
                return {"new_chat_title": m.text}
            case "join":
                return {"new_chat_members": [self.known_user(m.detail)]}
            case "leave":
                return {"left_chat_member": self.known_user(m.detail)}
            case "migrate_to":
                return {"migrate_to_chat_id": chat_id(("channel", m.detail))}
            case "migrate_from":
                return {"migrate_from_chat_id": chat_id(("chat", m.detail))}
            case "pin":
                pinned = self.world.box_for(viewer, m.peer).by_id.get(m.reply_to or 0)
                return {"pinned_message": self.message(pinned, viewer, with_reply=False)} if pinned else {}
        return {}

    def _origin(self, fwd: Json) -> Json:
        peer = fwd.get("from")
        if peer is None:
            name = fwd.get("name") or "Deleted Account"
            return {"type": "hidden_user", "date": fwd["date"], "sender_user_name": name}
        if peer[0] == "user":
            return {"type": "user", "date": fwd["date"], "sender_user": self.known_user(peer[1])}
        if fwd.get("post"):
            post = {"chat": self.chat(peer), "message_id": fwd["post"]}
            return {"type": "channel", "date": fwd["date"], **post}
        return {"type": "chat", "date": fwd["date"], "sender_chat": self.chat(peer)}
