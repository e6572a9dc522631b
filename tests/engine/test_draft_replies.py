"""What a message answers, as its header tells it, and the answer that its copy gives."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as tl

from engine.telegram.reply import Reply, input_reply, reply_header
from tests.engine.draft_stage import HERE, LINKS, copy_url, message, passed

BOLD = tl.MessageEntityBold(0, 2)


def answer(**header: Any) -> Any:
    return message("answer", reply_to=tl.MessageReplyHeader(**header))


HEADERS: list[tuple[dict[str, Any], Reply | None]] = [
    ({"reply_to_msg_id": 5}, Reply(5, thread=5)),
    ({"reply_to_msg_id": 5, "reply_to_top_id": 3}, Reply(5, thread=3)),
    ({"reply_to_msg_id": 5, "reply_to_peer_id": HERE}, Reply(5, thread=5)),
    ({"reply_to_msg_id": 5, "reply_to_peer_id": tl.PeerChannel(9)}, None),
    ({"reply_to_peer_id": tl.PeerChannel(9)}, None),
    ({"forum_topic": True, "reply_to_msg_id": 3}, Reply(None, 3)),
    ({"forum_topic": True, "reply_to_msg_id": 5, "reply_to_top_id": 3}, Reply(5, 3)),
    ({"forum_topic": True, "reply_to_msg_id": 3, "reply_to_top_id": 3}, Reply(None, 3)),
    (
        {
            "forum_topic": True,
            "reply_to_msg_id": 5,
            "reply_to_top_id": 3,
            "reply_to_peer_id": tl.PeerChannel(9),
            "quote": True,
            "quote_text": "elsewhere",
        },
        Reply(None, 3),
    ),
    (
        {
            "quote": True,
            "reply_to_msg_id": 5,
            "quote_text": "it is",
            "quote_entities": [BOLD],
            "quote_offset": 8,
        },
        Reply(5, None, 5, "it is", (BOLD,), 8),
    ),
]


@pytest.mark.parametrize(("header", "expected"), HEADERS)
def test_a_header_is_read(header: dict[str, Any], expected: Reply | None) -> None:
    assert reply_header(answer(**header)) == expected


def test_most_messages_answer_nothing_and_some_a_story() -> None:
    assert reply_header(message("plain")) is None
    assert reply_header(message("nice", reply_to=tl.MessageReplyStoryHeader(tl.PeerUser(7), 3))) is None


def test_an_answer_leads_to_the_copy_with_its_quote() -> None:
    source = answer(quote=True, reply_to_msg_id=5, quote_text="it is", quote_entities=[BOLD], quote_offset=8)
    expected = tl.InputReplyToMessage(
        105, top_msg_id=7, quote_text="it is", quote_entities=[BOLD], quote_offset=8
    )
    assert passed(input_reply(105, 7, source)) == expected


def test_answers_to_one_task_or_one_option_keep_it() -> None:
    made = input_reply(105, None, answer(reply_to_msg_id=5, todo_item_id=2))
    assert made == tl.InputReplyToMessage(105, todo_item_id=2)
    made = input_reply(105, None, answer(reply_to_msg_id=5, poll_option=b"1"))
    assert made == tl.InputReplyToMessage(105, poll_option=b"1")


def test_into_a_topic_without_an_answer() -> None:
    assert input_reply(7, 7) == tl.InputReplyToMessage(7, top_msg_id=7)
    assert input_reply(7, 7, message("plain")) == tl.InputReplyToMessage(7, top_msg_id=7)


def test_the_links_of_a_quote_are_those_of_the_copy() -> None:
    """Telegram refuses a quote whose words it doesn't find in the message answered."""
    source = answer(
        quote=True,
        reply_to_msg_id=5,
        quote_text="😀 as in t.me/source/9, bold",
        quote_entities=[tl.MessageEntityBold(24, 4)],
    )
    made = input_reply(105, None, source, links=LINKS, new_url=copy_url)
    assert made.quote_text == "😀 as in t.me/c/600/1009, bold"
    assert made.quote_entities == [tl.MessageEntityBold(26, 4)]
    assert source.reply_to.quote_text == "😀 as in t.me/source/9, bold"
