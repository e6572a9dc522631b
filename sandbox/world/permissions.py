"""Which kinds of messages the members of a group may send (core.telegram.org/constructor/chatBannedRights).

Which right a kind needs is TDLib's reading (can_send_message_content); each refusal's word is from
core.telegram.org/method/messages.forwardMessages.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sandbox.world.model import RpcFailure

PLAIN, MEDIA, EMBED, INLINE = "send_plain", "send_media", "embed_links", "send_inline"
#: What a right that is missing is called in the refusal: CHAT_SEND_PHOTOS_FORBIDDEN.
WORDS = {
    PLAIN: "PLAIN",
    MEDIA: "MEDIA",
    "send_photos": "PHOTOS",
    "send_videos": "VIDEOS",
    "send_roundvideos": "ROUNDVIDEOS",
    "send_audios": "AUDIOS",
    "send_voices": "VOICES",
    "send_docs": "DOCS",
    "send_stickers": "STICKERS",
    "send_gifs": "GIFS",
    "send_games": "GAME",
    "send_polls": "POLL",
    EMBED: "WEBPAGE",
    INLINE: "INLINE",
}
#: By the kind of media; contacts and places need what texts do.
NEEDED = {
    "photo": ("send_photos",),
    "video": ("send_videos",),
    "video_note": ("send_roundvideos",),
    "audio": ("send_audios",),
    "voice": ("send_voices",),
    "document": ("send_docs",),
    "sticker": ("send_stickers",),
    "animation": ("send_gifs",),
    "dice": ("send_stickers",),
    "game": ("send_games",),
    "poll": ("send_polls",),
    "todo": ("send_polls",),
    "story": ("send_photos", "send_videos"),
    "paid": ("send_photos", "send_videos"),
}


def check_kind(spec: Mapping[str, Any], barred: Collection[str]) -> None:
    """Raises RpcFailure for a message of a kind for which one of these rights is missing."""
    media = spec.get("media")
    needed = NEEDED.get(media.shape, (PLAIN,)) if media is not None else (PLAIN,)
    if needed != (PLAIN,):
        needed = (*needed, MEDIA)
    if spec.get("webpage"):
        needed = (*needed, EMBED)
    for right in needed:
        if right in barred:
            raise RpcFailure(403, f"CHAT_SEND_{WORDS[right]}_FORBIDDEN")
