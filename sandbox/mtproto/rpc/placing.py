"""Where a message goes within a chat: its topic, what it answers, what it quotes."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as t

from sandbox.mtproto.rpc.registry import Call
from sandbox.world import Message, Peer, RpcFailure
from sandbox.world.model import GENERAL

#: The formatting that a quote can have; core.telegram.org/api/entities tells of no other.
QUOTED = (
    t.MessageEntityBold,
    t.MessageEntityItalic,
    t.MessageEntityUnderline,
    t.MessageEntityStrike,
    t.MessageEntitySpoiler,
    t.MessageEntityCustomEmoji,
)


def placed(c: Call, p: Peer, reply_to: Any = None, top: int | None = None) -> dict[str, Any]:
    """The fields of a message that say where it goes; RpcFailure where that is nowhere.

    Many clients see a reply to nothing sent as a plain message; here it is refused, as documented.
    """
    d: dict[str, Any] = {}
    asked = reply_to if isinstance(reply_to, t.InputReplyToMessage) else None
    if p[0] == "channel" and c.w.channels[p[1]].forum:
        d["topic"] = _topic(c, p, asked, top)
    if asked is None or not asked.reply_to_msg_id:
        return d
    there = c.peer(asked.reply_to_peer_id) if asked.reply_to_peer_id else p
    answered = _answered(c, there, asked.reply_to_msg_id)
    d["reply_to"] = answered.id
    if there != p:
        c.w.check_takeable(c.me, there, [answered])
        d["reply_peer"] = there
    if asked.quote_text:
        d["quote"] = _quote(c, asked, answered)
    return d


def _topic(c: Call, p: Peer, asked: Any, top: int | None) -> int:
    """A reply without its topic's number is in General: nobody says that the server looks for it.

    General itself must not be named: many report that this finds no thread (tdlib/telegram-bot-api#798). A
    closed topic takes messages of whom may manage it: who made it, and admins with the right to.
    """
    channel = c.w.channels[p[1]]
    replied = asked.reply_to_msg_id if asked and not asked.reply_to_peer_id else None
    named = top or (asked and asked.top_msg_id)
    wanted = named or (replied if replied in channel.topics else None) or GENERAL
    topic = channel.topics.get(wanted)
    if named == GENERAL or (topic is None and wanted != GENERAL):
        raise RpcFailure(406, "TOPIC_DELETED")
    opener = c.w.boxes[p].by_id.get(wanted)
    is_mine = wanted != GENERAL and opener is not None and opener.author == c.me
    if topic is not None and topic.closed and not (is_mine or channel.may(c.me, "manage_topics")):
        raise RpcFailure(406, "TOPIC_CLOSED")
    return int(wanted)


def _answered(c: Call, peer: Peer, number: int) -> Message:
    c.w.check(c.me, peer, posting=False)
    found = c.w.box_for(c.me, peer).by_id.get(number)
    if found is None or found.peer != peer:
        raise RpcFailure(400, "REPLY_MESSAGE_ID_INVALID")
    return found


def _quote(c: Call, asked: Any, answered: Message) -> dict[str, Any]:
    """The quote must stand in the message; the offset only says near which of several places."""
    text = answered.text.encode("utf-16-le")
    sought = asked.quote_text.encode("utf-16-le")
    places = [i // 2 for i in _occurrences(text, sought)]
    if not places or len(asked.quote_text) > c.w.lengths.quote:
        raise RpcFailure(400, "QUOTE_TEXT_INVALID")
    near = asked.quote_offset or 0
    offset = min(places, key=lambda i: abs(i - near))
    kept = [e for e in asked.quote_entities or () if isinstance(e, QUOTED)]
    return {"text": asked.quote_text, "entities": kept, "offset": offset}


def _occurrences(text: bytes, sought: bytes) -> list[int]:
    found, at = [], text.find(sought)
    while at >= 0:
        if at % 2 == 0:  # else it is half of one character and half of the next
            found.append(at)
        at = text.find(sought, at + 1)
    return found
