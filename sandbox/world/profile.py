"""What a chat shows of itself: title, description, photo."""

from __future__ import annotations

from typing import Any

from sandbox.world.making import Making
from sandbox.world.model import Media, Peer, RpcFailure

TITLE_LIMIT, ABOUT_LIMIT = 128, 255  # characters


class Profile(Making):
    def set_title(self, user_id: int, peer: Peer, title: str, origin: Any = None) -> None:
        self.check_admin(user_id, peer, "change_info")
        chat = self.chat(peer)
        if not title.strip() or len(title) > TITLE_LIMIT:
            raise RpcFailure(400, "CHAT_TITLE_EMPTY")
        if chat.title == title:
            raise RpcFailure(400, "CHAT_NOT_MODIFIED")
        chat.title = title
        self.add_service(chat, "title", title, sender=self.users[user_id], origin=origin)

    def set_about(self, user_id: int, peer: Peer, about: str) -> None:
        self.check_admin(user_id, peer, "change_info")
        chat = self.chat(peer)
        if len(about) > ABOUT_LIMIT:
            raise RpcFailure(400, "CHAT_ABOUT_TOO_LONG")
        if chat.about == about:
            raise RpcFailure(400, "CHAT_ABOUT_NOT_MODIFIED")
        chat.about = about

    def set_photo(self, user_id: int, peer: Peer, photo: Media | None, origin: Any = None) -> None:
        """None takes it away.

        The chat gets a photo of its own with the same bytes: no document says whether one that was there
        before would keep its number.
        """
        self.check_admin(user_id, peer, "change_info")
        chat = self.chat(peer)
        if photo is None and chat.photo is None:
            raise RpcFailure(400, "CHAT_NOT_MODIFIED")
        if photo is not None:
            photo = self.add_media("photo", photo.data, mime=photo.mime, w=photo.w, h=photo.h)
        chat.photo = photo
        self.add_service(chat, "photo", sender=self.users[user_id], media=photo, origin=origin)
