"""copyMessage(s) and forwardMessage(s): what is taken, what is skipped, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import MessageOriginChannel

from tests.sandbox.bot_stage import BotStage


def content(s: BotStage, ids: list[int]) -> list[tuple[str, Any]]:
    return [(m.text, m.media) for m in (s.message(s.dst, i) for i in ids)]


async def test_copies_carry_content_and_no_author(bot_stage: BotStage) -> None:
    s = bot_stage
    photo = s.world.add_media("photo", b"x")
    (text,) = s.put(s.src, {"text": "plain"})
    album = s.put(s.src, *({"text": f"p{i}", "media": photo, "grouped_id": 7} for i in range(3)))
    sent = await s.bot.copy_messages(s.target_id, s.source_id, [text, *album])
    ids = [m.message_id for m in sent]
    assert content(s, ids) == [("plain", None), ("p0", photo), ("p1", photo), ("p2", photo)]
    groups = [s.message(s.dst, i).grouped_id for i in ids]
    assert groups[0] is None and len(set(groups[1:])) == 1 and groups[1] not in (None, 7)
    assert all(s.message(s.dst, i).fwd is None for i in ids)
    bare = await s.bot.copy_messages(s.target_id, s.source_id, [text, album[0]], remove_caption=True)
    assert content(s, [m.message_id for m in bare]) == [("plain", None), ("", photo)]
    one = await s.bot.copy_message(s.target_id, s.source_id, album[0], caption="<b>new</b>")
    kept = s.message(s.dst, one.message_id)
    assert (kept.text, kept.media, kept.grouped_id, len(kept.entities)) == ("new", photo, None, 1)


async def test_several_skip_what_cannot_be_taken(bot_stage: BotStage) -> None:
    """The answer is shorter than the request and does not say where the holes are."""
    s = bot_stage
    paid = s.world.add_media("paid", payload={"stars": 1, "media": []})
    quiz = s.world.add_media("poll", poll={"question": "q", "answers": ["a", "b"], "quiz": True, "votes": {}})
    poll = s.world.add_media(
        "poll", poll={"question": "q", "answers": ["a", "b"], "quiz": False, "votes": {}}
    )
    a, gone, b, *rest = s.put(
        s.src,
        {"text": "a"},
        {"text": "gone"},
        {"text": "b"},
        {"media": paid},
        {"media": quiz},
        {"media": poll},
    )
    s.world.delete(s.alice.id, ("channel", s.src.id), [gone])
    asked = [1, a, gone, b, *rest, 999]  # message 1 is a service message
    copied = await s.bot.copy_messages(s.target_id, s.source_id, asked)
    assert content(s, [m.message_id for m in copied]) == [("a", None), ("b", None), ("", poll)]
    forwarded = await s.bot.forward_messages(s.target_id, s.source_id, asked)
    assert len(forwarded) == 5 and s.message(s.dst, forwarded[0].message_id).fwd
    own = await s.bot.send_poll(s.source_id, "Q", ["a", "b"], type="quiz", correct_option_ids=[0])
    assert await s.bot.copy_message(s.target_id, s.source_id, own.message_id)
    for call in (s.bot.copy_messages, s.bot.forward_messages):
        with pytest.raises(TelegramBadRequest, match="there are no messages to forward"):
            await call(s.target_id, s.source_id, [1, 999])
    for number, verb, reason in (
        (999, "copy", "message to copy not found"),
        (999, "forward", "message to forward not found"),
        (rest[0], "copy", "the message can't be copied"),
        (rest[1], "copy", "the message can't be copied"),
        (1, "forward", "the message can't be forwarded"),
    ):
        with pytest.raises(TelegramBadRequest, match=reason):
            await getattr(s.bot, f"{verb}_message")(s.target_id, s.source_id, number)


BATCHES: list[Callable[[Bot], Any]] = [lambda bot: bot.copy_messages, lambda bot: bot.forward_messages]


@pytest.mark.parametrize("batch", BATCHES, ids=["copy", "forward"])
async def test_batches_are_ordered_and_bounded(bot_stage: BotStage, batch: Callable[[Bot], Any]) -> None:
    s, call = bot_stage, batch(bot_stage.bot)
    ids = s.put(s.src, *({"text": f"{i}"} for i in range(101)))
    before = len(s.texts(s.dst))
    for wrong, reason in (
        ([ids[1], ids[0]], "strictly increasing order"),
        ([ids[0], ids[0]], "strictly increasing order"),
        (ids, "too much messages"),
        ([], "not specified"),
        ([0, ids[0]], "invalid message identifier"),
    ):
        with pytest.raises(TelegramBadRequest, match=reason):
            await call(s.target_id, s.source_id, wrong)
    assert len(s.texts(s.dst)) == before
    sent = await call(s.target_id, s.source_id, ids[:100])
    assert [s.message(s.dst, m.message_id).text for m in sent] == [f"{i}" for i in range(100)]


async def test_protected_content_stays(bot_stage: BotStage) -> None:
    s = bot_stage
    a, b = s.put(s.src, {"text": "a"}, {"text": "b", "noforwards": True})
    assert len(await s.bot.copy_messages(s.target_id, s.source_id, [a, b])) == 1
    kept = await s.bot.send_message(s.source_id, "mine", protect_content=True)
    with pytest.raises(TelegramBadRequest, match="can't be forwarded"):
        await s.bot.forward_message(s.target_id, s.source_id, kept.message_id)
    s.src.noforwards = True
    for name, ids in (
        ("copy_message", a),
        ("copy_messages", [a]),
        ("forward_message", a),
        ("forward_messages", [a]),
    ):
        with pytest.raises(TelegramBadRequest, match="can't be"):
            await getattr(s.bot, name)(s.target_id, s.source_id, ids)


async def test_forward_says_where_it_is_from(bot_stage: BotStage) -> None:
    s = bot_stage
    topic = s.world.add_topic(s.group, "Plans")
    (a,) = s.put(s.src, {"text": "a"})
    m = await s.bot.forward_message(s.group_id, "@source", a, message_thread_id=topic.id)
    assert isinstance(m.forward_origin, MessageOriginChannel)
    assert (m.forward_origin.chat.id, m.forward_origin.message_id) == (s.source_id, a)
    assert m.message_thread_id == topic.id and m.text == "a"
    private = await s.bot.copy_message(s.alice.id, s.source_id, a)
    seen = s.world.boxes["user", s.ferry.id].by_id[private.message_id]
    assert seen.text == "a" and seen.peer == ("user", s.alice.id)
