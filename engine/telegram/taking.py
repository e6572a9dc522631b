"""What a group lets the account send: the kinds of messages, link previews, messages via bots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from telethon.tl import types as tl

from domain.kind import Kind
from engine.telegram.preview import has_preview
from engine.telegram.rights import is_banned

#: What a member must be allowed to send a message of a kind (core.telegram.org/constructor/chatBannedRights,
#: as TDLib reads it in can_send_message_content). All but what needs send_plain need send_media beside it.
_PLAIN = ("send_plain",)
_NEEDED = {
    Kind.PHOTO: ("send_photos",),
    Kind.VIDEO: ("send_videos",),
    Kind.ROUND: ("send_roundvideos",),
    Kind.FILE: ("send_docs",),
    Kind.MUSIC: ("send_audios",),
    Kind.VOICE: ("send_voices",),
    Kind.STICKER: ("send_stickers",),
    Kind.DICE: ("send_stickers",),
    Kind.GIF: ("send_gifs",),
    Kind.GAME: ("send_games",),
    Kind.POLL: ("send_polls",),
    Kind.QUIZ: ("send_polls",),
    Kind.TODO: ("send_polls",),
    Kind.STORY: ("send_photos", "send_videos"),
    Kind.PAID: ("send_photos", "send_videos"),
    **dict.fromkeys((Kind.TEXT, Kind.RICH, Kind.CONTACT, Kind.PLACE, Kind.LIVE), _PLAIN),
}
#: The refusals of a message with a link preview and of one sent via a bot
#: (core.telegram.org/method/messages.forwardMessages). Sent again, neither has to have it.
NO_PREVIEWS, NO_BOTS = "CHAT_SEND_WEBPAGE_FORBIDDEN", "CHAT_SEND_INLINE_FORBIDDEN"
#: Where Telegram's word for a refusal is not that of the right.
_WORDS = {"send_games": "GAME", "send_polls": "POLL"}


@dataclass(frozen=True, slots=True)
class Taking:
    """`refused` are the kinds that it does not take, each with the word of Telegram's refusal."""

    refused: Mapping[Kind, str] = field(default_factory=dict)
    previews: bool = True
    via_bots: bool = True

    def objection(self, message: Any) -> str:
        """Why a message can't be forwarded there though what it says may be sent; mostly empty."""
        if not self.previews and has_preview(message.media):
            return NO_PREVIEWS
        return NO_BOTS if not self.via_bots and message.via_bot_id else ""


EVERYTHING = Taking()


def taking_of(entity: Any) -> Taking:
    """Channels, people, and groups to their admins let everything be sent."""
    if not isinstance(entity, tl.Chat | tl.Channel) or entity.creator or entity.admin_rights:
        return EVERYTHING
    refused: dict[Kind, str] = {}
    for kind, needed in _NEEDED.items():
        names = needed if needed is _PLAIN else (*needed, "send_media")
        if (name := next((name for name in names if is_banned(entity, name)), None)) is not None:
            word = _WORDS.get(name, name.removeprefix("send_").upper())
            refused[kind] = f"CHAT_SEND_{word}_FORBIDDEN"
    return Taking(refused, not is_banned(entity, "embed_links"), not is_banned(entity, "send_inline"))
