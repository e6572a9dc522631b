"""What is asked of Telegram to lead a copy's links to the copies."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import functions as fn
from telethon.tl import types as tl

from domain.peer import Chat, Peer, PeerKind
from engine.links import SourceLink, SourceLinks
from engine.telegram.draft import CannotCopy
from engine.telegram.relinking import Like, relinked
from tests.engine.draft_stage import KNOWN, LINKS, PHOTO, copy_url, message, poll, wired, words

TARGET = Chat(Peer(PeerKind.CHANNEL, 600, 7), "Copy")


def edit_of(copy: Any) -> Any:
    request = relinked(copy, TARGET, links=LINKS, new_url=copy_url, user=KNOWN.get)
    if request is not None:
        wired(request)
    return request


def test_a_text_whose_link_is_shown_and_everything_around_it() -> None:
    text = "read t.me/source/4 twice"
    entities = [tl.MessageEntityUrl(5, 13), tl.MessageEntityBold(19, 5)]
    edit = edit_of(message(text, entities))
    assert isinstance(edit, fn.messages.EditMessageRequest)
    assert (edit.id, edit.message) == (1, "read t.me/c/600/1004 twice")
    assert [(e.offset, e.length) for e in edit.entities] == [(5, 15), (21, 5)]


def test_a_caption_without_its_photo() -> None:
    entities = [tl.MessageEntityTextUrl(0, 3, "https://t.me/source/4")]
    edit = edit_of(message("see", entities, media=tl.MessageMediaPhoto(photo=PHOTO)))
    assert edit.media is None and edit.entities[0].url == "https://t.me/c/600/1004"


def test_a_to_do_list_with_its_tasks() -> None:
    todo = tl.TodoList(words("t.me/source/4", tl.MessageEntityUrl(0, 13)), [tl.TodoItem(1, words("one"))])
    edit = edit_of(message(media=tl.MessageMediaToDo(todo)))
    assert edit.media.todo.title.text == "t.me/c/600/1004"


@pytest.mark.parametrize("url", ["https://t.me/source/400", "https://t.me/c/600/1004", "https://example.org"])
def test_no_call_where_nothing_is_led_elsewhere(url: str) -> None:
    assert edit_of(message("see", [tl.MessageEntityTextUrl(0, 3, url)])) is None


def test_a_link_gets_the_comment_that_its_source_leads_to_and_so_does_its_preview() -> None:
    source = message("a t.me/source/4?comment=1 b", [tl.MessageEntityUrl(2, 23)])
    page = tl.MessageMediaWebPage(tl.WebPage(1, "https://t.me/c/600/1004", "t.me", 0))
    copy = message("a t.me/c/600/1004 b", [tl.MessageEntityUrl(2, 15)], media=page)

    def new_url(link: SourceLink) -> str:
        return f"https://t.me/c/600/{link.message_id + 1000}?comment=55"

    like = Like(source, SourceLinks(600))
    edit = relinked(copy, TARGET, links=LINKS, new_url=new_url, user=KNOWN.get, like=like)
    assert edit.message == "a t.me/c/600/1004?comment=55 b"
    assert (edit.media, edit.no_webpage) == (None, None)  # the server finds the page of that address
    copy.message, copy.entities = edit.message, edit.entities
    copy.media.webpage.url += "?comment=55"
    assert relinked(copy, TARGET, links=LINKS, new_url=new_url, user=KNOWN.get, like=like) is None
    copy.entities = []
    with pytest.raises(CannotCopy, match="changed"):
        relinked(copy, TARGET, links=LINKS, new_url=new_url, user=KNOWN.get, like=like)


def test_a_poll_can_not_be_edited() -> None:
    with pytest.raises(CannotCopy, match="poll"):
        edit_of(message(media=poll("yes", "no", right=0, quiz=True)))
