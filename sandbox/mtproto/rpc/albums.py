"""What may stand in one album."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as t

from sandbox.world import Media, RpcFailure

LEAST, MOST = 2, 10
#: Kinds that share an album; the documentation of the Bot API's sendMediaGroup says it best.
FAMILIES = {"photo": "visual", "video": "visual", "document": "document", "audio": "audio"}
NEW = (t.InputMediaUploadedPhoto, t.InputMediaUploadedDocument)


def check_size(items: list[Any]) -> None:
    """RpcFailure for too few or many, and for uploads that did not go through messages.uploadMedia first."""
    if len(items) > MOST:
        raise RpcFailure(400, "MULTI_MEDIA_TOO_LONG")
    if len(items) < LEAST:
        raise RpcFailure(400, "MEDIA_EMPTY" if not items else "MEDIA_INVALID")
    if any(isinstance(x.media, NEW) for x in items):
        raise RpcFailure(400, "MEDIA_INVALID")


def check_mixture(media: list[Media | None]) -> None:
    families = {FAMILIES.get(m.shape) if m else None for m in media}
    if None in families:
        raise RpcFailure(400, "MEDIA_INVALID")
    if len(families) > 1:
        raise RpcFailure(400, "MEDIA_GROUPED_INVALID")
