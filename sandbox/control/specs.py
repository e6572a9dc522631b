"""Messages as they survive JSON, turned into what the world takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telethon.tl import types as t

from sandbox.control.server import Refused
from sandbox.control.views import peer_from
from sandbox.world import Media, World

#: What a caller may say of a message.
FIELDS = {
    "date",
    "edit_date",
    "effect",
    "entities",
    "fwd",
    "grouped_id",
    "invert",
    "look",
    "markup",
    "media",
    "noforwards",
    "quote",
    "reply_peer",
    "reply_to",
    "signature",
    "text",
    "topic",
    "via_bot",
    "webpage",
}


def spec_from(world: World, given: str | Mapping[str, Any]) -> dict[str, Any]:
    """A text, or Message's fields.

    Entities are {"type": "bold", "offset": 0, "length": 4, ...}; media is {"id": ...} for one that exists, or
    {"kind": ...} with Media's fields for a new one, whose `data` is a text.

    Raises Refused for a field that can't be said.
    """
    if isinstance(given, str):
        return {"text": given}
    fields = dict(given)
    spec: dict[str, Any] = {}
    if "entities" in fields:
        spec["entities"] = [entity_from(e) for e in fields.pop("entities") or ()]
    if fields.get("media") is not None:
        spec["media"] = media_from(world, fields.pop("media"))
    if fields.get("fwd") is not None:
        spec["fwd"] = _header(fields.pop("fwd"))
    if fields.get("reply_peer") is not None:
        spec["reply_peer"] = peer_from(fields.pop("reply_peer"))
    if fields.get("quote") is not None:
        quote = dict(fields.pop("quote"))
        spec["quote"] = quote | {"entities": [entity_from(e) for e in quote.get("entities", ())]}
    if unknown := set(fields) - FIELDS:
        raise Refused(f"Of a message one cannot say {', '.join(sorted(unknown))}.")
    return spec | fields


def entity_from(given: Mapping[str, Any]) -> Any:
    """{"type": "text_url", ...} is a MessageEntityTextUrl; the rest are its arguments."""
    fields = dict(given)
    name = "MessageEntity" + "".join(part.title() for part in str(fields.pop("type")).split("_"))
    made = getattr(t, name, None)
    if made is None:
        raise Refused(f"There is no {name}.")
    try:
        return made(**fields)
    except TypeError as e:
        raise Refused(f"This is no {name}: {e}.") from e


def media_from(world: World, given: Mapping[str, Any]) -> Media:
    fields = dict(given)
    if "kind" not in fields:
        return world.files[fields["id"]]
    if "poll" in fields:
        votes = fields["poll"].get("votes", {})
        fields["poll"] |= {"votes": {int(user): chosen for user, chosen in votes.items()}}
    return world.add_media(fields.pop("kind"), str(fields.pop("data", "")).encode(), **fields)


def _header(given: Mapping[str, Any]) -> dict[str, Any]:
    header = dict(given)
    if header.get("from"):
        header["from"] = peer_from(header["from"])
    if header.get("saved_from"):
        chat, message = header["saved_from"]
        header["saved_from"] = (peer_from(chat), message)
    return header
