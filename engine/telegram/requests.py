"""The calls that send and edit drafts. A copy must not wake everybody in the target: they are silent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from engine.telegram.draft import Draft
from engine.telegram.input_media import CannotCopy


def send_request(draft: Draft, *, peer: Any, reply_to: Any, random_id: int) -> Any:
    """SendMessage or SendMedia; `peer` is an InputPeer, `reply_to` an InputReplyTo or None."""
    common = {
        "peer": peer,
        "message": draft.text,
        "silent": True,
        "invert_media": draft.invert_media or None,
        "reply_to": reply_to,
        "random_id": random_id,
        "entities": list(draft.entities) or None,
    }
    if draft.media is not None:
        return fn.messages.SendMediaRequest(media=draft.media, **common)
    return fn.messages.SendMessageRequest(
        no_webpage=draft.no_webpage or None, rich_message=draft.rich, **common
    )


def album_request(drafts: Sequence[Draft], *, peer: Any, reply_to: Any, random_ids: Sequence[int]) -> Any:
    """SendMultiMedia: one answer for all, a random_id for each."""
    return fn.messages.SendMultiMediaRequest(
        peer=peer,
        multi_media=[
            tl.InputSingleMedia(
                draft.media, draft.text, random_id=random_id, entities=list(draft.entities) or None
            )
            for draft, random_id in zip(drafts, random_ids, strict=True)
        ],
        silent=True,
        invert_media=any(draft.invert_media for draft in drafts) or None,
        reply_to=reply_to,
    )


def edit_request(draft: Draft, *, peer: Any, message_id: int, with_media: bool = False) -> Any:
    """EditMessage of text and entities; of the media only `with_media` or where the words are part of it.

    Raises CannotCopy for a poll: whatever it says stays as it was sent (core.telegram.org/api/poll).
    """
    kind = type(draft.media)
    if kind is tl.InputMediaPoll:
        raise CannotCopy("a poll can't be edited")
    media = draft.media if with_media or kind in (tl.InputMediaWebPage, tl.InputMediaTodo) else None
    return fn.messages.EditMessageRequest(
        peer=peer,
        id=message_id,
        message=draft.text,
        media=media,
        no_webpage=draft.no_webpage or None,
        invert_media=draft.invert_media or None,
        entities=list(draft.entities) or None,
        rich_message=draft.rich,
    )
