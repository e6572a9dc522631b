"""Which bots hear of an event, and as what kind of update."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sandbox.botapi.convert import Converter, Json
from sandbox.botapi.ids import chat_id
from sandbox.botapi.inbox import Inbox
from sandbox.world import Channel, Event, Message, World


def deliver(event: Event, world: World, convert: Converter, inbox: Callable[[int], Inbox]) -> None:
    """Bots hear of others' messages, edits and presses on buttons; never of deletions or of their own."""
    if event.kind == "callback":
        press = event.extra
        if press["bot"] in world.users and world.users[press["bot"]].bot:
            inbox(press["bot"]).push("callback_query", partial(_callback_query, convert, press))
    elif event.kind in ("new", "edit") and event.box is not None:
        for user_id in world.readers(event.box):
            if world.users[user_id].bot:
                for _, _, m in event.items:
                    if m.author != user_id:
                        kind = ("edited_" if event.kind == "edit" else "") + _kind(world, m)
                        inbox(user_id).push(kind, partial(convert.message, m, user_id))


def _kind(world: World, m: Message) -> str:
    channel = world.channels.get(m.peer[1]) if m.peer[0] == "channel" else None
    return "channel_post" if isinstance(channel, Channel) and not channel.megagroup else "message"


def _callback_query(convert: Converter, press: dict[str, Any]) -> Json:
    m: Message = press["message"]
    return {
        "id": str(press["id"]),
        "from": convert.known_user(press["user"]),
        "message": convert.message(m, press["bot"]),
        "chat_instance": str(chat_id(m.peer)),
        "data": press["data"].decode(errors="replace"),
    }
