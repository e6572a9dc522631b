"""Which messages cannot be changed any more, or never could."""

from __future__ import annotations

from typing import Any

from sandbox.world.model import Message, RpcFailure

TIME_LIMIT = 172_800  # seconds; help.getConfig's edit_time_limit
CAPTIONED = ("photo", "video", "animation", "audio", "document", "voice", "paid")
REPLACEABLE = ("photo", "video", "animation", "audio", "document")
FAMILIES = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}


def check_editable(m: Message, changes: dict[str, Any], *, age: float, for_ever: bool) -> None:
    """Raises RpcFailure where Telegram refuses; `age` in seconds, `for_ever`: none is too old.

    That forwards are not edited, and which error they get, no documentation says: clients never offer it.
    """
    if m.fwd:
        raise RpcFailure(403, "MESSAGE_AUTHOR_REQUIRED")
    if age > TIME_LIMIT and not for_ever:
        raise RpcFailure(400, "MESSAGE_EDIT_TIME_EXPIRED")
    if "media" in changes:
        _check_exchange(m, changes["media"].shape)
    elif m.media is not None and m.media.shape not in CAPTIONED:  # nothing of it can be edited
        raise RpcFailure(400, "MESSAGE_ID_INVALID")


def _check_exchange(m: Message, new: str) -> None:
    if m.media is not None and m.media.shape not in REPLACEABLE:
        raise RpcFailure(400, "MEDIA_PREV_INVALID")
    if new not in REPLACEABLE:
        raise RpcFailure(400, "MEDIA_NEW_INVALID")
    if m.grouped_id and m.media is not None and FAMILIES.get(new) != FAMILIES.get(m.media.shape):
        raise RpcFailure(400, "MEDIA_GROUPED_INVALID")
