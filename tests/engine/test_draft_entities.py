"""Links in texts: found, replaced, and every other entity still over the words it was over."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from telethon.tl import types as tl

from domain.message import BESIDE
from engine.links import SourceLink
from engine.telegram.entities import as_input, length_of, linked_ids, rewrite
from tests.engine.draft_stage import KNOWN, LINKS, copy_url, message, poll, words


def covered(text: str, entity: Any) -> str:
    units = text.encode("utf-16-le")
    return units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")


def test_links_shown_and_behind_words_are_found() -> None:
    source = message(
        "😀 t.me/source/9 and this, t.me/source/9, t.me/other/8, bold",
        [
            tl.MessageEntityUrl(3, 13),
            tl.MessageEntityTextUrl(21, 4, "https://t.me/c/500/7?single"),
            tl.MessageEntityUrl(27, 13),
            tl.MessageEntityUrl(42, 12),
            tl.MessageEntityBold(56, 4),
        ],
    )
    assert linked_ids(source, LINKS) == (9, 7)
    comment = message("see", [tl.MessageEntityTextUrl(0, 3, "https://t.me/source/9?comment=7")])
    assert linked_ids(comment, LINKS) == (9, 7 + BESIDE)
    assert linked_ids(message("t.me/source/9"), LINKS) == ()
    assert linked_ids(message("bold", [tl.MessageEntityBold(0, 4)]), LINKS) == ()


def test_links_of_previews_solutions_tasks_and_rich_messages_are_found() -> None:
    page = tl.MessageMediaWebPage(tl.WebPage(1, "https://t.me/source/3", "t.me", 0))
    assert linked_ids(message("look", media=page), LINKS) == (3,)
    assert linked_ids(message("look", media=tl.MessageMediaWebPage(tl.WebPageEmpty(1))), LINKS) == ()
    assert linked_ids(message(media=poll("a", "b", quiz=True, right=0)), LINKS) == (4,)
    assert linked_ids(message(media=poll("a", "b")), LINKS) == ()
    task = tl.TodoItem(1, words("see t.me/source/5", tl.MessageEntityUrl(4, 13)))
    assert linked_ids(message(media=tl.MessageMediaToDo(tl.TodoList(words("t"), [task]))), LINKS) == (5,)
    texts = [
        tl.TextUrl(tl.TextPlain("here"), "https://t.me/source/6", 0),
        tl.TextAutoUrl(tl.TextPlain("t.me/source/7")),
    ]
    rich = tl.RichMessage([tl.PageBlockParagraph(tl.TextBold(tl.TextConcat(texts)))], [], [])
    assert linked_ids(message(rich_message=rich), LINKS) == (6, 7)


def test_the_words_change_and_the_entities_move_along() -> None:
    text = "😀 t.me/source/9 bold https://t.me/source/8 end"
    source = [
        tl.MessageEntityUnderline(0, 47),
        tl.MessageEntityUrl(3, 13),
        tl.MessageEntityBold(17, 4),
        tl.MessageEntityUrl(22, 21),
        tl.MessageEntityItalic(44, 3),
    ]
    before = deepcopy(source)
    new, moved = rewrite(text, source, LINKS, copy_url)
    assert new == "😀 t.me/c/600/1009 bold https://t.me/c/600/1008 end"
    assert [covered(new, entity) for entity in moved] == [
        new,
        "t.me/c/600/1009",
        "bold",
        "https://t.me/c/600/1008",
        "end",
    ]
    assert source == before


def test_what_covers_a_part_of_a_link_covers_all_of_the_new_one() -> None:
    source = [
        tl.MessageEntityUrl(4, 13),
        tl.MessageEntityBold(0, 8),
        tl.MessageEntityItalic(6, 4),
        tl.MessageEntityStrike(10, 11),
    ]
    new, moved = rewrite("see t.me/source/9 now", source, LINKS, copy_url)
    assert [covered(new, entity) for entity in moved] == [
        "t.me/c/600/1009",
        "see t.me/c/600/1009",
        "t.me/c/600/1009",
        "t.me/c/600/1009 now",
    ]


def test_entities_may_stand_in_any_order() -> None:
    source = [tl.MessageEntityUrl(14, 13), tl.MessageEntityUrl(0, 13)]
    new, moved = rewrite("t.me/source/8 t.me/source/9", source, LINKS, copy_url)
    assert new == "t.me/c/600/1008 t.me/c/600/1009"
    assert [covered(new, entity) for entity in moved] == ["t.me/c/600/1009", "t.me/c/600/1008"]


def test_links_without_a_copy_stay() -> None:
    source = [tl.MessageEntityUrl(0, 15), tl.MessageEntityTextUrl(16, 4, "https://example.com/9")]
    new, same = rewrite("t.me/source/900 here", source, LINKS, copy_url)
    assert new == "t.me/source/900 here"
    assert all(one is other for one, other in zip(same, source, strict=True))


def test_an_address_behind_words_is_replaced_in_a_copy_of_the_entity() -> None:
    hidden = tl.MessageEntityTextUrl(0, 4, "tg://privatepost?channel=500&post=9")
    text, moved = rewrite("here", [hidden], LINKS, copy_url)
    assert (text, moved[0].url) == ("here", "https://t.me/c/600/1009")
    assert hidden.url == "tg://privatepost?channel=500&post=9"


def test_who_is_mentioned_by_name_must_be_known() -> None:
    bold = tl.MessageEntityBold(0, 4)
    mentions = [tl.MessageEntityMentionName(0, 4, 7), tl.MessageEntityMentionName(5, 4, 8), bold]
    sent, lost = as_input(mentions, KNOWN.get)
    assert lost == 1
    assert sent == [tl.InputMessageEntityMentionName(0, 4, tl.InputUser(7, 70)), bold]


def test_of_too_many_entities_those_are_left_out_that_the_server_finds_by_itself() -> None:
    bold, tag = tl.MessageEntityBold(0, 4), tl.MessageEntityHashtag(5, 4)
    assert as_input([bold, tag] * 50, KNOWN.get) == ([bold, tag] * 50, 0)
    assert as_input([bold, tag] * 51, KNOWN.get) == ([bold] * 51, 0)


WORDS = st.text(alphabet=st.sampled_from("ab c😀é家\n👨‍👩"), max_size=6)
ADDRESSES = st.sampled_from(
    ["t.me/source/1", "https://t.me/source/22", "t.me/x/9", "tg:resolve?domain=source&post=5"]
)
STYLES = st.sampled_from([tl.MessageEntityBold, tl.MessageEntitySpoiler, tl.MessageEntityCode])


@given(parts=st.lists(st.tuples(WORDS, STYLES, ADDRESSES), max_size=6), long=st.booleans())
def test_entities_keep_covering_the_same_words(parts: list[tuple[str, Any, str]], long: bool) -> None:
    """Styled words and links in turn: after a rewrite the words are the same, the links the new ones."""

    def new_url(link: SourceLink) -> str:
        return f"https://t.me/c/600/{link.message_id}{'0' * 6}" if long else "t.me/c/6/1"

    text, entities, expected = "", [], []
    for styled, style, address in parts:
        entities.append(style(length_of(text), length_of(styled)))
        text += styled
        entities.append(tl.MessageEntityUrl(length_of(text), length_of(address)))
        text += address
        link = LINKS.find(address)
        new = new_url(link) if link else address
        expected += [styled, new if ":" in address or not link else new.removeprefix("https://")]
    before = deepcopy(entities)
    new_text, moved = rewrite(text, entities, LINKS, new_url)
    assert [covered(new_text, entity) for entity in moved] == expected
    assert new_text == "".join(expected)
    assert entities == before
    assert [type(entity) for entity in moved] == [type(entity) for entity in entities]
