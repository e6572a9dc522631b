"""Messages that are there: edited, deleted, pinned, reacted to."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReactionTypeEmoji,
)

from tests.sandbox.bot_stage import BotStage

KEYS = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="k", callback_data="d")]])


def dumped(shown: Message | InlineKeyboardMarkup) -> Any:
    keys = shown.reply_markup if isinstance(shown, Message) else shown
    return keys and keys.model_dump(exclude_none=True)


async def test_edit_text_and_keyboard(bot_stage: BotStage) -> None:
    s = bot_stage
    m = await s.bot.send_message(s.alice.id, "a <i>b</i>", reply_markup=KEYS)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await m.edit_text("a <i>b</i> ", reply_markup=KEYS)
    m = await m.edit_text("a <b>b</b>", reply_markup=KEYS)  # type: ignore[assignment]
    assert m.edit_date and m.entities and m.entities[0].type == "bold" and dumped(m) == dumped(KEYS)
    m = await m.edit_text("c")  # type: ignore[assignment]
    assert m.reply_markup is None  # a keyboard not named goes away
    m = await m.edit_reply_markup(reply_markup=KEYS)  # type: ignore[assignment]
    assert m.text == "c" and dumped(m) == dumped(KEYS)
    hers = s.world.boxes["user", s.alice.id].last(("user", s.ferry.id))
    assert hers is not None and hers.text == "c" and hers.markup == [[{"text": "k", "callback_data": "d"}]]


async def test_edit_caption(bot_stage: BotStage) -> None:
    s = bot_stage
    m = await s.bot.send_document(s.source_id, BufferedInputFile(b"x", "a.txt"), caption="one")
    edited = await s.bot.edit_message_caption(
        chat_id=s.source_id, message_id=m.message_id, caption="<u>two</u>"
    )
    assert edited.caption == "two" and edited.document == m.document  # type: ignore[union-attr]
    with pytest.raises(TelegramBadRequest, match="no text in the message"):
        await m.edit_text("x")
    text = await s.bot.send_message(s.source_id, "x")
    with pytest.raises(TelegramBadRequest, match="no caption in the message"):
        await text.edit_caption(caption="y")


async def test_whose_messages_may_be_edited(bot_stage: BotStage) -> None:
    s = bot_stage
    (post,) = s.put(s.src, {"text": "Alice's"})
    edited = await s.bot.edit_message_text("by the bot", chat_id=s.source_id, message_id=post)
    assert edited.text == "by the bot"  # type: ignore[union-attr]
    (said,) = s.put(s.group, {"text": "Alice's"})
    forwarded = await s.bot.forward_message(s.target_id, s.source_id, post)
    private = s.write("hers")
    for chat, number, reason in (
        (s.group_id, said, "message can't be edited"),
        (s.target_id, forwarded.message_id, "message can't be edited"),
        (s.alice.id, private.id, "message can't be edited"),
        (s.source_id, 999, "message to edit not found"),
    ):
        with pytest.raises(TelegramBadRequest, match=reason):
            await s.bot.edit_message_text("x", chat_id=chat, message_id=number)


async def test_delete(bot_stage: BotStage) -> None:
    s = bot_stage
    a, b, c = s.put(s.src, {"text": "a"}, {"text": "b"}, {"text": "c"})
    assert await s.bot.delete_message(s.source_id, a)
    assert await s.bot.delete_messages(s.source_id, [a, b, 999])
    assert s.texts(s.src) == ["c"]
    (said,) = s.put(s.group, {"text": "Alice's"})
    for chat, ids, reason in (
        (s.source_id, [a], "message to delete not found"),
        (s.source_id, [1], "message can't be deleted"),
        (s.group_id, [said], "message can't be deleted"),
    ):
        with pytest.raises(TelegramBadRequest, match=reason):
            await s.bot.delete_message(chat, ids[0])
    with pytest.raises(TelegramBadRequest, match="can't be deleted"):
        await s.bot.delete_messages(s.group_id, [said])
    with pytest.raises(TelegramBadRequest, match="1-100"):
        await s.bot.delete_messages(s.source_id, list(range(1, 102)))
    assert s.message(s.src, c).text == "c"


async def test_pins(bot_stage: BotStage) -> None:
    s = bot_stage
    a, b = s.put(s.src, {"text": "a"}, {"text": "b"})
    assert await s.bot.pin_chat_message(s.source_id, a) and await s.bot.pin_chat_message(s.source_id, b)
    full = await s.bot.get_chat(s.source_id)
    assert full.pinned_message and full.pinned_message.text == "b"
    assert await s.bot.unpin_chat_message(s.source_id)
    assert s.world.pinned(s.ferry.id, ("channel", s.src.id)) == [a]
    assert await s.bot.unpin_chat_message(s.source_id, message_id=a)
    assert (await s.bot.get_chat(s.source_id)).pinned_message is None
    (said,) = s.put(s.group, {"text": "x"})
    for call, reason in (
        (s.bot.unpin_chat_message(s.source_id), "message to unpin not found"),
        (s.bot.pin_chat_message(s.source_id, 999), "message to pin not found"),
        (s.bot.pin_chat_message(s.group_id, said), "not enough rights to manage pinned"),
    ):
        with pytest.raises(TelegramBadRequest, match=reason):
            await call
    assert await s.bot.pin_chat_message(s.source_id, b) and await s.bot.unpin_all_chat_messages(s.source_id)
    assert s.world.pinned(s.ferry.id, ("channel", s.src.id)) == []


async def test_reaction_and_action(bot_stage: BotStage) -> None:
    s = bot_stage
    (a,) = s.put(s.src, {"text": "a"})
    assert await s.bot.set_message_reaction(s.source_id, a, [ReactionTypeEmoji(emoji="👍")])
    assert await s.bot.send_chat_action(s.alice.id, "typing")
    with pytest.raises(TelegramBadRequest, match="message to react not found"):
        await s.bot.set_message_reaction(s.source_id, 999, [])
