"""What a copy must have in common with its source, and by what equal messages are found among many.

What the table of kinds in the docs declares lost (buttons, header, signature, a quiz's right answer, a live
place's life) and what the server finds by itself (addresses, tags, names) is no difference.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from telethon.tl import types as tl

from domain.kind import Kind
from domain.message import text_fingerprint
from engine.links import NewUrl, SourceLink, SourceLinks
from engine.telegram.convert import fingerprint
from engine.telegram.entities import rewrite, rewrite_quote
from engine.telegram.entity_marks import MAY_BE_LOST, marks_of
from engine.telegram.kinds import kind_of
from engine.telegram.preview import bare
from engine.telegram.reply import Reply, reply_header
from engine.telegram.rich_text import relinked, words_of

#: Characters below which a text without media says too little to be known by.
SHORT = 20
_TEXTS = (type(None), tl.MessageMediaWebPage, tl.MessageMediaEmpty)
_PLACES = (tl.MessageMediaGeo, tl.MessageMediaGeoLive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is due of one copy. `links` knows the links to messages of the source, `made` those to messages of
    the target; `copies` says where the former lead by now. Those to `moved` messages may lead to what stood
    there before.
    """

    links: SourceLinks
    made: SourceLinks
    copies: Mapping[int, int] = field(default_factory=dict)
    moved: Collection[int] = ()
    reply_to: int | None = None
    reply_matters: bool = True
    topic: int | None = None
    topic_matters: bool = True
    previews: bool = True  #: whether the target takes link previews
    same_chat: bool = False  #: from topic to topic: links to what has no copy are links to the target, too
    uploaded: bool = False  #: by another tool: files are others, of the same size


def is_service(message: Any) -> bool:
    return isinstance(message, tl.MessageService)


def is_by_account(message: Any) -> bool:
    """Whether the account itself seems to have sent it; posts of a channel are its admins', no guests'."""
    return bool(message.out or message.post)


def is_short(message: Any) -> bool:
    """Whether it is a text of a few words: people say the same now and then."""
    plain = isinstance(message.media, _TEXTS) and message.rich_message is None
    return plain and len((message.message or "").strip()) < SHORT


def may_repeat(message: Any) -> bool:
    """Whether people send the same again and mean it: few words, stickers, dice, games."""
    return is_short(message) or kind_of(message) in (Kind.STICKER, Kind.DICE, Kind.GAME)


def differences(source: Any, copy: Any, due: Due) -> tuple[str, ...]:
    """In what a copy differs: text, entities, links, media, look, preview, reply, quote, topic."""
    found = _wording(source, copy, due)
    if not same_media(source, copy, due):
        found.append("media")
    if _look(source) != _look(copy):
        found.append("look")
    if due.previews and "links" not in found and not _same_preview(source, copy, due):
        found.append("preview")
    return tuple(found + _header(source, copy, due))


def same_content(one: Any, other: Any) -> bool:
    """Whether two messages of one chat say and show the same."""
    due = Due(links=SourceLinks(None), made=SourceLinks(None))
    return not _wording(one, other, due) and same_media(one, other, due)


def same_media(source: Any, copy: Any, due: Due) -> bool:
    if isinstance(source.media, tl.MessageMediaGeoLive):
        return isinstance(copy.media, _PLACES)  # it moved on after it was copied
    mine, theirs = _media(source, due.links, _marking(due)), _media(copy, due.made, _mark)
    return mine == theirs or (due.uploaded and loose_content(source) == loose_content(copy) is not None)


def content_of(
    message: Any, links: SourceLinks | None = None, copies: Mapping[int, int] | None = None
) -> str:
    """What equal messages have in common: media and text. Links to messages in `copies` lead there."""
    due = Due(links=links or SourceLinks(None), made=SourceLinks(None), copies=copies or {})
    text, _ = _rewritten(message, due.links, _marking(due))
    media = _media(message, due.links, _marking(due))
    return f"{media}\n{' '.join(text.split())}"


def copy_content(message: Any, made: SourceLinks) -> str:
    """The same of a message of the target, to whose messages `made` knows the links."""
    text, _ = _rewritten(message, made, _mark)
    return f"{_media(message, made, _mark)}\n{' '.join(text.split())}"


def adoptable_content(message: Any, source: SourceLinks, target: SourceLinks) -> str:
    """The same of a copy by whatever tool: wherever links to messages of either chat lead, they are alike."""
    text, entities = message.message or "", message.entities or []
    for links in (source, target):
        if entities and links.possible:
            text, entities = rewrite(text, entities, links, lambda _: "https://t.me/c/0/0")
    nowhere: NewUrl = lambda _: None  # noqa: E731 - what a list or a rich text links to stays as it is
    return f"{_media(message, SourceLinks(None), nowhere)}\n{' '.join(text.split())}"


def entities_print(message: Any) -> int:
    """Eight bytes that tell apart equal texts with different entities."""
    marks = marks_of(message.message or "", message.entities or ())
    return print_of(str(sorted(map(repr, marks)))) if marks else 0


def exact_content(message: Any) -> str:
    """Content and entities, and the topic that they stand in."""
    marks = marks_of(message.message or "", message.entities or ())
    reply = reply_header(message)
    return f"{reply.topic if reply else None}\n{content_of(message)}\n{sorted(map(repr, marks))}"


def loose_content(message: Any) -> str | None:
    """How another tool's upload of the same file is known: caption, type and size. None for all but files."""
    caption = " ".join((message.message or "").split())
    match message.media:
        case tl.MessageMediaPhoto(photo=tl.Photo(sizes=sizes)):
            sides = max(((getattr(s, "w", 0), getattr(s, "h", 0)) for s in sizes), default=(0, 0))
            return f"photo {sides}\n{caption}"
        case tl.MessageMediaDocument(document=tl.Document(size=size, mime_type=mime)):
            return f"file {size} {mime}\n{caption}"
        case _:
            return None


def print_of(content: str) -> int:
    """Eight bytes of a digest, as the database keeps them: a million messages share one in 4e7 cases."""
    digest = hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _wording(source: Any, copy: Any, due: Due) -> list[str]:
    said = _rewritten(copy, due.made, _mark)
    wanted = _rewritten(source, due.links, _marking(due))
    if (trouble := _compared(wanted, said)) is None:
        return []
    if due.moved:
        masked = _rewritten(source, due.links, _masking(due)), _rewritten(copy, due.made, _hidden(due))
        if _compared(*masked) is None:
            return []
    as_it_was = (source.message or "", source.entities or [])
    if _compared(as_it_was, (copy.message or "", copy.entities or [])) is None:
        return ["links"]
    return [trouble]


def _compared(wanted: tuple[str, Any], said: tuple[str, Any]) -> str | None:
    if wanted[0].strip() != said[0].strip():
        return "text"
    due, there = marks_of(*wanted), marks_of(*said)
    missing = {mark for mark in due - there if mark.kind not in MAY_BE_LOST}
    return "entities" if missing or there - due else None


def _rewritten(message: Any, links: SourceLinks, new_url: NewUrl) -> tuple[str, Any]:
    text, entities = message.message or "", message.entities or []
    return rewrite(text, entities, links, new_url) if entities and links.possible else (text, entities)


def _mark(link: SourceLink) -> str:
    return _place(link.message_id, link.comment)


def _place(message_id: int, comment_id: int | None) -> str:
    """Some address that tells the places of messages apart, however links to them are written."""
    return f"https://t.me/c/0/{message_id}" + (f"/{comment_id}" if comment_id is not None else "")


def _marking(due: Due) -> NewUrl:
    """Where a link of the source must lead, in the same words as `_mark`."""
    copies = due.copies

    def marked(link: SourceLink) -> str | None:
        copy = copies.get(link.message_id)
        comment = None if link.comment is None else copies.get(link.comment)
        if copy is None:
            return _mark(link) if due.same_chat else None
        return _place(copy, comment)

    return marked


def _masking(due: Due) -> NewUrl:
    marked = _marking(due)
    return lambda link: "https://t.me/c/0/0" if link.message_id in due.moved else marked(link)


def _hidden(due: Due) -> NewUrl:
    """Links of a copy to what is no copy any more."""
    there = {copy for number, copy in due.copies.items() if number not in due.moved}
    return lambda link: _mark(link) if link.message_id in there else "https://t.me/c/0/0"


def _media(message: Any, links: SourceLinks, new_url: NewUrl) -> str:
    media = message.media
    match media:
        case tl.MessageMediaToDo() if links.possible:
            words = (media.todo.title, *(task.title for task in media.todo.list))
            told = (rewrite(w.text, w.entities, links, new_url)[0] for w in words)
            return text_fingerprint("todo", "\n".join(told))
        case _ if isinstance(media, _TEXTS):
            if message.rich_message is None:
                return ""
            return text_fingerprint("rich", words_of(relinked(message.rich_message.blocks, links, new_url)))
        case _:
            return fingerprint(message)


def _look(message: Any) -> tuple[Any, ...]:
    media = message.media
    cover = getattr(media, "video_cover", None)
    return (
        media is not None and bool(message.invert_media),
        bool(getattr(media, "spoiler", None)),
        getattr(cover, "id", None),
        getattr(media, "video_timestamp", None) or 0,
        bool(getattr(media, "force_large_media", None)),
        bool(getattr(media, "force_small_media", None)),
    )


def _same_preview(source: Any, copy: Any, due: Due) -> bool:
    """Of a link to the source's messages: its copy's, if the target is a chat that has previews."""
    shown, there = _page(source), _page(copy)
    if shown is None or there is None:
        led = due.links.find(shown) if shown is not None else None
        return shown is there or (led is not None and led.message_id in due.copies)
    if bare(shown) == bare(there):
        return True
    mine, theirs = due.links.find(shown), due.made.find(there)
    if mine is None or theirs is None:
        return False
    return mine.message_id in due.moved or due.copies.get(mine.message_id) == theirs.message_id


def _page(message: Any) -> str | None:
    """The address of the page that is shown below a text."""
    media = message.media
    if not isinstance(media, tl.MessageMediaWebPage) or isinstance(media.webpage, tl.WebPageEmpty):
        return None
    return getattr(media.webpage, "url", None)


def _header(source: Any, copy: Any, due: Due) -> list[str]:
    """Reply, quote and topic."""
    has = reply_header(copy) or Reply()
    found = []
    if due.reply_matters and has.message_id != due.reply_to:
        found.append("reply")
    elif due.reply_matters and due.reply_to is not None:
        wants = reply_header(source) or Reply()
        if _quoted(wants, due.links, _masking(due)) != _quoted(has, due.made, _hidden(due)):
            found.append("quote")
    if due.topic_matters and has.topic != due.topic:
        found.append("topic")
    return found


def _quoted(reply: Reply, links: SourceLinks, new_url: NewUrl) -> str:
    text, _ = rewrite_quote(reply.quote_text or "", reply.quote_entities, links, new_url)
    return " ".join(text.split())
