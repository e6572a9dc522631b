"""From Telethon's messages to the slim ones that planning and settling work with, and peers both ways."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as tl

from domain.message import TargetMessage, text_fingerprint
from domain.peer import Peer, PeerKind
from engine.telegram.identity import place_fingerprint, rare_fingerprint, rich_fingerprint


def input_peer(peer: Peer) -> Any:
    match peer.kind:
        case PeerKind.USER:
            return tl.InputPeerUser(peer.id, peer.access_hash)
        case PeerKind.GROUP:
            return tl.InputPeerChat(peer.id)
        case PeerKind.CHANNEL:
            return tl.InputPeerChannel(peer.id, peer.access_hash)


def input_channel(peer: Peer) -> Any:
    return tl.InputChannel(peer.id, peer.access_hash)


def peer_of(entity: Any) -> Peer:
    """The peer of a User, Chat or Channel (forbidden ones too)."""
    match entity:
        case tl.User():
            return Peer(PeerKind.USER, entity.id, entity.access_hash or 0)
        case tl.Chat() | tl.ChatForbidden():
            return Peer(PeerKind.GROUP, entity.id)
        case _:
            return Peer(PeerKind.CHANNEL, entity.id, entity.access_hash or 0)


def title_of(entity: Any) -> str:
    if isinstance(entity, tl.User):
        return " ".join(part for part in (entity.first_name, entity.last_name) if part) or str(entity.id)
    return str(entity.title)


def username_of(entity: Any) -> str | None:
    """The name by which t.me finds it; bought names stand in a list of their own."""
    if name := getattr(entity, "username", None):
        return str(name)
    names = getattr(entity, "usernames", None) or ()
    return next((str(name.username) for name in names if name.active), None)


def is_protected(chats: Any, peer: Peer) -> bool:
    """Whether among these Chats and Channels there is this one, and it forbids to copy from it."""
    return any(
        chat.id == peer.id and getattr(chat, "noforwards", False)
        for chat in chats
        if peer_of(chat).kind is peer.kind
    )


def target_message(message: Any) -> TargetMessage:
    return TargetMessage(message.id, fingerprint(message), bool(message.out))


def may_be_a_copy(message: Any) -> bool:
    """Whether it is content that this account may have sent: nothing that bears another sender's name.

    Whoever writes as a group or a channel does not tell who it is; and in a discussion group the posts of its
    channel appear by themselves.
    """
    if isinstance(message, tl.MessageService):
        return False
    if message.out or message.post or isinstance(message.peer_id, tl.PeerUser):
        return True
    header = message.fwd_from
    if header is not None and isinstance(message.from_id, tl.PeerChannel):
        return header.saved_from_peer != message.from_id
    return not isinstance(message.from_id, tl.PeerUser)


def fingerprint(message: Any) -> str:
    """What a message and its copy have in common: the media's identity, or else the payload or the text.

    A forwarded photo or document keeps its id; a poll may get a new one, so it is known by its words.
    """
    media = message.media
    match media:
        case None | tl.MessageMediaWebPage() | tl.MessageMediaEmpty():
            if message.rich_message is not None:
                return rich_fingerprint(message.rich_message)
            return text_fingerprint("text", message.message or "")
        case tl.MessageMediaPhoto(photo=tl.Photo(id=number)):
            return f"photo:{number}"
        case tl.MessageMediaDocument(document=tl.Document(id=number)):
            return f"document:{number}"
        case tl.MessageMediaPoll():
            words = [media.poll.question.text, *(answer.text.text for answer in media.poll.answers)]
            return text_fingerprint("poll", "\n".join(words))
        case tl.MessageMediaContact():
            return text_fingerprint("contact", f"{media.phone_number} {media.first_name} {media.last_name}")
        case tl.MessageMediaVenue():
            return text_fingerprint("venue", f"{media.title} {media.address}")
        case tl.MessageMediaGeo(geo=tl.GeoPoint()):
            return place_fingerprint(media.geo)
        case tl.MessageMediaDice():
            return f"dice:{media.emoticon}"
        case _:
            return rare_fingerprint(media, message.message or "")
