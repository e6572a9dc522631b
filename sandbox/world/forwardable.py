"""What cannot be forwarded, and what of a message stays behind when it is."""

from __future__ import annotations

from typing import Any

from telethon.tl.types import MessageEntityCustomEmoji

from sandbox.world.dice import thrown
from sandbox.world.lengths import Lengths
from sandbox.world.model import Media, Message, RpcFailure, User

#: What the Bot API's copyMessage calls impossible: it is forwarded with its author's header or not at all.
BOUND_TO_AUTHOR = ("paid", "giveaway", "giveaway_results", "invoice")


def check_forwardable(
    m: Message, user: User, *, drop_author: bool, captioned: bool, lengths: Lengths
) -> None:
    """Raises RpcFailure where this message refuses the whole call.

    The documentation names no error for most of these; MEDIA_INVALID is what sending such media gives.
    """
    if m.look and m.look.get("ttl"):  # self-destructing media: never, also when it has expired
        raise RpcFailure(400, "MEDIA_INVALID")
    if not drop_author:
        return
    kind = m.media.kind if m.media is not None else ""
    if kind in BOUND_TO_AUTHOR and not (kind == "paid" and m.author == user.id):
        raise RpcFailure(400, "MEDIA_INVALID")
    # Nobody says whether an author-less copy may be longer than its sender could write: here it may not.
    in_media = m.media is not None
    if (captioned or not in_media) and len(m.text) > lengths.longest(user, captioned=in_media):
        raise RpcFailure(400, "MEDIA_CAPTION_TOO_LONG" if in_media else "MESSAGE_TOO_LONG")


def check_voters(found: list[Message]) -> None:
    """Raises RpcFailure for polls with public voters on their way into a broadcast channel."""
    if any(m.media is not None and m.media.poll and m.media.poll.get("public") for m in found):
        raise RpcFailure(400, "BROADCAST_PUBLIC_VOTERS_FORBIDDEN")


def header(m: Message, saved: bool) -> dict[str, Any]:
    """Who a forwarded copy says it is from: the first author, through any number of forwards.

    `saved`: in Saved Messages it also says where it was taken.
    """
    made: dict[str, Any] = {"date": m.date, "from": ("user", m.sender), "post": None}
    if m.fwd:
        made = {k: v for k, v in m.fwd.items() if k != "saved_from"}
    elif m.sender is None:
        made = {"date": m.date, "from": m.peer, "post": m.id}
        if m.signature:
            made["author"] = m.signature
    return made | {"saved_from": (m.peer, m.id)} if saved else made


def without_emoji(entities: list[Any]) -> list[Any]:
    """What a text keeps without its author's header where the forwarder has no Premium.

    That the server takes custom emoji away then, but not on the way to Saved Messages, is what Telegram
    Desktop (DropDisallowedCustomEmoji), Telegram Web A and TDLib (remove_unallowed_entities) expect of it.
    """
    return [e for e in entities if not isinstance(e, MessageEntityCustomEmoji)]


def shared(media: Media, *, drop_author: bool) -> bool:
    """Whether a copy shows its source's very medium; else remade() makes the copy's own."""
    if media.kind == "geo_live":
        return False
    return not drop_author or media.kind not in ("poll", "dice")


def remade(media: Media, number: int) -> Media:
    """The medium of a copy that does not share its source's, with the id `number`.

    A live place stands still in its copies. A poll forwarded with its header stays that very poll, votes and
    all; without, it is a new one that nobody has voted in. Dice without their header are thrown anew. So do
    TDLib's own copies; of the server's nothing is documented.
    """
    p = media.payload or {}
    if media.kind == "geo_live":
        return Media("geo", number, payload={"lat": p["lat"], "long": p["long"]})
    if media.kind == "dice":
        value = thrown(p["emoticon"], number) or p["value"]
        return Media("dice", number, payload=p | {"value": value})
    return Media("poll", number, poll=(media.poll or {}) | {"votes": {}})
