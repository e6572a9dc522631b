"""Rich messages once more, by reference."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as tl

from engine.telegram.input_media import CannotCopy, input_document, input_photo
from engine.telegram.rich_text import nodes, relinked
from engine.telegram.wording import Wording

#: What a server makes of plain words by itself, unless the sender forbade it.
_FOUND_BY_SERVER = (
    tl.TextAutoUrl,
    tl.TextAutoEmail,
    tl.TextAutoPhone,
    tl.TextMention,
    tl.TextHashtag,
    tl.TextCashtag,
    tl.TextBotCommand,
    tl.TextBankCard,
)


def input_rich(rich: Any, wording: Wording) -> Any:
    """The InputRichMessage for a RichMessage.

    Raises CannotCopy when only a part of it is here, or when it mentions somebody unknown.
    """
    if rich.part:
        raise CannotCopy("a part of a rich message")
    parts = list(nodes(rich.blocks))
    mentioned = dict.fromkeys(part.user_id for part in parts if type(part) is tl.TextMentionName)
    users = [wording.user(number) for number in mentioned]
    if None in users:
        raise CannotCopy("a rich message that mentions somebody unknown")
    return tl.InputRichMessage(
        relinked(rich.blocks, wording.links, wording.new_url),
        rtl=rich.rtl,
        # Where nothing was found, nothing may be found in the copy.
        noautolink=not any(isinstance(part, _FOUND_BY_SERVER) for part in parts) or None,
        photos=[input_photo(photo) for photo in rich.photos] or None,
        documents=[input_document(document) for document in rich.documents] or None,
        users=users or None,
    )
