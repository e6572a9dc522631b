"""Updates and the long poll that fetches them; a user's Telethon and a bot's aiogram in one world."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.exceptions import TelegramConflictError, TelegramUnauthorizedError
from aiogram.filters import Command
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from tests.sandbox.bot_stage import BotStage
from tests.sandbox.waiting import until

GO = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go:1")]])


@asynccontextmanager
async def polling(dispatcher: Dispatcher, bot: Bot) -> AsyncIterator[None]:
    task = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, polling_timeout=5))
    try:
        yield
    finally:
        await dispatcher.stop_polling()
        await task


async def test_telethon_user_meets_aiogram_bot(bot_stage: BotStage) -> None:
    s, dispatcher = bot_stage, Dispatcher()

    @dispatcher.message(Command("clone"))
    async def clone(m: Message) -> None:
        assert m.from_user and m.from_user.language_code == "en"
        await m.answer(f"<b>Hello</b> {m.from_user.first_name}", reply_markup=GO)

    @dispatcher.callback_query(F.data == "go:1")
    async def go(q: CallbackQuery) -> None:
        assert isinstance(q.message, Message)
        await q.message.edit_text("done")
        await q.answer("ok!", show_alert=True)

    async with polling(dispatcher, s.bot):
        client = await s.client(s.alice)
        await client.send_message("ferry_bot", "/clone https://t.me/a @b")
        box = s.world.boxes["user", s.alice.id]

        def answered() -> bool:
            last = box.last(("user", s.ferry.id))
            return last is not None and not last.out

        await until(answered)
        (m,) = await client.get_messages("ferry_bot", limit=1)
        assert m.raw_text == "Hello Alice" and m.entities and m.buttons[0][0].text == "Go"
        answer = await m.click(0)
        assert answer.message == "ok!" and answer.alert
        (m,) = await client.get_messages("ferry_bot", limit=1)
        assert m.text == "done" and m.buttons is None


def kinds(updates: list[Update]) -> list[tuple[str, Any]]:
    return [(u.event_type, getattr(u.event, "text", None)) for u in updates]


async def test_kinds_of_update(bot_stage: BotStage) -> None:
    """Others' messages and edits, per kind of chat; never its own, nothing of deletions."""
    s = bot_stage
    (post,) = s.put(s.src, {"text": "post"})
    s.world.edit(s.alice.id, ("channel", s.src.id), post, text="post!")
    s.world.delete(s.alice.id, ("channel", s.src.id), [post])
    (said,) = s.put(s.group, {"text": "said"})
    s.world.edit(s.alice.id, ("channel", s.group.id), said, text="said!")
    await s.bot.send_message(s.source_id, "its own")
    updates = await s.bot.get_updates(timeout=0)
    assert kinds(updates) == [
        ("message", "/start"),
        ("channel_post", "post"),
        ("edited_channel_post", "post!"),
        ("message", "said"),
        ("edited_message", "said!"),
    ]
    assert [u.update_id for u in updates] == [1, 2, 3, 4, 5]
    assert updates[1].channel_post and updates[1].channel_post.sender_chat
    again = await s.bot.get_updates(offset=4, limit=1, timeout=0)
    assert [u.update_id for u in again] == [4]
    assert [u.update_id for u in await s.bot.get_updates(offset=-1, timeout=0)] == [5]
    assert await s.bot.get_updates(offset=6, timeout=0, allowed_updates=["message"]) == []
    s.put(s.src, {"text": "not asked for"})
    s.write("asked for")
    assert kinds(await s.bot.get_updates(timeout=0)) == [("message", "asked for")]


async def test_service_messages(bot_stage: BotStage) -> None:
    s = bot_stage
    await s.bot.get_updates(offset=2, timeout=0)
    peer = ("channel", s.group.id)
    (said,) = s.put(s.group, {"text": "said"})
    s.world.pin(s.alice.id, peer, said)
    s.world.set_title(s.alice.id, peer, "New")
    s.world.join(s.bob.id, peer, invite=True)
    s.world.leave(s.bob.id, peer)
    seen = [u.message for u in await s.bot.get_updates(offset=2, timeout=0) if u.message]
    assert [m.content_type for m in seen] == [
        "text",
        "pinned_message",
        "new_chat_title",
        "new_chat_members",
        "left_chat_member",
    ]
    assert isinstance(seen[1].pinned_message, Message) and seen[1].pinned_message.text == "said"


async def test_the_later_poll_wins(bot_stage: BotStage) -> None:
    s = bot_stage
    inbox = s.bot_api.inbox(s.ferry.id)
    first = asyncio.create_task(s.bot.get_updates(offset=2, timeout=20))
    await until(lambda: inbox.polls == 1)
    second = asyncio.create_task(s.bot.get_updates(offset=2, timeout=20))
    with pytest.raises(TelegramConflictError, match="only one bot instance"):
        await first
    s.write("hello")
    assert [u.message.text for u in await second if u.message] == ["hello"]


async def test_a_killed_bot_leaves_no_poll(bot_stage: BotStage) -> None:
    """Its connection breaks as at kill -9; its successor starts at once and gets what is not confirmed."""
    s = bot_stage
    inbox, where = s.bot_api.inbox(s.ferry.id), urlsplit(s.bot_api.url)
    _, writer = await asyncio.open_connection(where.hostname, where.port)
    request = f"GET /bot{s.ferry.token}/getUpdates?offset=2&timeout=50 HTTP/1.1\r\nHost: x\r\n\r\n"
    writer.write(request.encode())
    await until(lambda: inbox.polls == 1)
    writer.transport.abort()
    await until(lambda: inbox.polls == 0)
    poll = asyncio.create_task(s.bot.get_updates(offset=2, timeout=20))
    await until(lambda: inbox.polls == 1)
    s.write("for the successor")
    assert [u.message.text for u in await poll if u.message] == ["for the successor"]
    assert s.bot_api.refused == 0


async def test_a_poll_without_news_ends_in_time(bot_stage: BotStage) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await bot_stage.bot.get_updates(offset=2, timeout=1) == []
    assert 0.9 < loop.time() - began < 5


async def test_tokens(bot_stage: BotStage) -> None:
    s = bot_stage
    with pytest.raises(TelegramUnauthorizedError):
        await s.new_bot("1:" + "x" * 35).get_me()
    assert (await s.new_bot(s.ferry.token).get_me()).id == s.ferry.id
