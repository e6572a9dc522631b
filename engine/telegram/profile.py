"""What a chat shows of itself: title, description, photo. And chats that are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.peer import Chat, PeerKind
from domain.wishes import NewChat, NewChatKind
from engine.telegram import convert
from engine.telegram.account import TelegramAccount
from engine.telegram.asking import ask


@dataclass(frozen=True, slots=True)
class Profile:
    """`photo` is Telethon's Photo, with a reference that is good for now; None without one."""

    title: str
    about: str = ""
    photo: Any = None

    @property
    def photo_id(self) -> int:
        """0 without a photo."""
        return 0 if self.photo is None else int(self.photo.id)

    def has_photo_of(self, other: Profile) -> bool:
        """Whether both show the same picture: a copy may have an id of its own, but the same sizes."""
        return self.photo_id == other.photo_id or _looks(self.photo) == _looks(other.photo) != ()


async def profile_of(account: TelegramAccount, chat: Chat) -> Profile:
    peer = chat.peer
    match peer.kind:
        case PeerKind.CHANNEL:
            answer = await ask(account, chat, fn.channels.GetFullChannelRequest(convert.input_channel(peer)))
        case PeerKind.GROUP:
            answer = await ask(account, chat, fn.messages.GetFullChatRequest(peer.id))
        case PeerKind.USER:
            answer = await ask(account, chat, fn.users.GetFullUserRequest(convert.input_peer(peer)))
            full, (entity, *_) = answer.full_user, answer.users
            return Profile(convert.title_of(entity), full.about or "", _photo(full.profile_photo))
    full = answer.full_chat
    title = next((c.title for c in answer.chats if c.id == peer.id), chat.title)
    return Profile(title, full.about or "", _photo(full.chat_photo))


async def set_title(account: TelegramAccount, chat: Chat, title: str) -> None:
    if chat.peer.kind is PeerKind.GROUP:
        request = fn.messages.EditChatTitleRequest(chat.peer.id, title)
    else:
        request = fn.channels.EditTitleRequest(convert.input_channel(chat.peer), title)
    await account.call(request, sending=True)


async def set_about(account: TelegramAccount, chat: Chat, about: str) -> None:
    request = fn.messages.EditChatAboutRequest(convert.input_peer(chat.peer), about)
    await account.call(request, sending=True)


async def set_photo(account: TelegramAccount, chat: Chat, photo: Any) -> None:
    """`photo` is Telethon's Photo that some other chat shows; nothing is uploaded."""
    given = tl.InputChatPhoto(tl.InputPhoto(photo.id, photo.access_hash, photo.file_reference))
    if chat.peer.kind is PeerKind.GROUP:
        request = fn.messages.EditChatPhotoRequest(chat.peer.id, given)
    else:
        request = fn.channels.EditPhotoRequest(convert.input_channel(chat.peer), given)
    await account.call(request, sending=True)


async def make_chat(account: TelegramAccount, wanted: NewChat) -> Chat:
    """A new chat whose description is the token by which it is known again."""
    request = fn.channels.CreateChannelRequest(
        wanted.title,
        wanted.token,
        broadcast=wanted.kind is NewChatKind.CHANNEL or None,
        megagroup=wanted.kind is not NewChatKind.CHANNEL or None,
        forum=wanted.kind is NewChatKind.FORUM or None,
    )
    (entity,) = (await account.call(request, sending=True)).chats
    return _chat(entity)


async def find_made(account: TelegramAccount, wanted: NewChat) -> Chat | None:
    """The chat that make_chat() made, if it did; looked for among the account's own."""
    async for entity in account.dialogs():
        if (
            isinstance(entity, tl.Channel)
            and entity.creator
            and entity.title.strip() == wanted.title.strip()
            and (await profile_of(account, _chat(entity))).about == wanted.token
        ):
            return _chat(entity)
    return None


def _chat(entity: Any) -> Chat:
    return Chat(convert.peer_of(entity), convert.title_of(entity), convert.username_of(entity))


def _photo(photo: Any) -> Any:
    return photo if isinstance(photo, tl.Photo) else None


def _looks(photo: Any) -> tuple[tuple[int, int, int], ...]:
    """What tells one picture from another: width, height and bytes of each of its sizes."""
    sizes = photo.sizes if photo is not None else ()
    plain = [(size.w, size.h, size.size) for size in sizes if isinstance(size, tl.PhotoSize)]
    growing = [
        (size.w, size.h, size.sizes[-1]) for size in sizes if isinstance(size, tl.PhotoSizeProgressive)
    ]
    return tuple(plain + growing)
