"""Chats and who is in them; the bot's own commands and description."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    ChatMemberAdministrator,
)

from tests.sandbox.bot_stage import BotStage


async def test_full_chats(bot_stage: BotStage) -> None:
    s = bot_stage
    s.src.about, s.src.noforwards = "All the news", True
    s.group.slowmode = 30
    source, group = await s.bot.get_chat("@source"), await s.bot.get_chat(s.group_id)
    assert (source.id, source.type, source.username) == (s.source_id, "channel", "source")
    assert source.description == "All the news" and source.has_protected_content
    assert (group.type, group.slow_mode_delay, group.username) == ("supergroup", 30, None)
    assert group.permissions and group.permissions.can_send_messages
    alice = await s.bot.get_chat(s.alice.id)
    assert (alice.type, alice.first_name, alice.username) == ("private", "Alice", "alice")


async def test_members(bot_stage: BotStage) -> None:
    s = bot_stage
    other = s.world.add_bot("other_bot")
    s.group.members |= {s.bob.id: "banned", other.id: "admin"}
    stranger = s.world.add_user("Eve")
    for user, status in (
        (s.alice, "creator"),
        (s.ferry, "member"),
        (s.bob, "kicked"),
        (other, "administrator"),
        (stranger, "left"),
    ):
        assert (await s.bot.get_chat_member(s.group_id, user.id)).status == status
    assert await s.bot.get_chat_member_count(s.group_id) == 3
    assert await s.bot.get_chat_member_count(s.alice.id) == 2
    listed = await s.bot.get_chat_administrators(s.group_id)
    assert [m.user.id for m in listed] == [s.alice.id]
    mine = await s.bot.get_chat_member(s.source_id, s.ferry.id)
    assert isinstance(mine, ChatMemberAdministrator) and mine.can_post_messages and mine.user.is_bot
    with pytest.raises(TelegramBadRequest, match="no administrators in the private chat"):
        await s.bot.get_chat_administrators(s.alice.id)
    with pytest.raises(TelegramBadRequest, match="invalid user_id"):
        await s.bot.get_chat_member(s.group_id, 987_654)
    s.src.members[s.ferry.id] = "member"
    with pytest.raises(TelegramBadRequest, match="member list is inaccessible"):
        await s.bot.get_chat_administrators(s.source_id)


async def test_leave(bot_stage: BotStage) -> None:
    s = bot_stage
    assert await s.bot.leave_chat(s.target_id)
    assert not s.dst.has(s.ferry.id)
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await s.bot.send_message(s.target_id, "x")
    assert await s.bot.leave_chat(s.source_id)
    with pytest.raises(TelegramForbiddenError, match="not a member of the channel"):
        await s.bot.send_message("@source", "x")


async def test_basic_group(bot_stage: BotStage) -> None:
    """Its id is negative and short; after the upgrade the error names the new one."""
    s = bot_stage
    g = s.world.add_group("Old", s.alice, [s.ferry])
    peer = ("chat", g.id)
    s.world.send(s.alice.id, peer, [{"text": "/jobs"}])
    updates = await s.bot.get_updates(timeout=0)
    seen = next(u.message for u in updates if u.message and u.message.text == "/jobs")
    assert (seen.chat.id, seen.chat.type) == (-g.id, "group")
    answer = await s.bot.send_message(-g.id, "here", reply_to_message_id=seen.message_id)
    assert answer.reply_to_message and answer.reply_to_message.message_id == seen.message_id
    hers = s.world.boxes["user", s.alice.id].last(peer)
    assert hers is not None and hers.text == "here"
    assert (await s.bot.get_chat_member(-g.id, s.alice.id)).status == "creator"
    c = s.world.migrate(s.alice.id, g)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await s.bot.send_message(-g.id, "x")
    assert moved.value.migrate_to_chat_id == -1_000_000_000_000 - c.id
    assert (await s.bot.send_message(moved.value.migrate_to_chat_id, "x")).text == "x"


async def test_commands_by_scope_and_language(bot_stage: BotStage) -> None:
    s = bot_stage
    private, chat = BotCommandScopeAllPrivateChats(), BotCommandScopeChat(chat_id=s.alice.id)

    async def described(**where: Any) -> list[str]:
        return [c.description for c in await s.bot.get_my_commands(**where)]

    await s.bot.set_my_commands([BotCommand(command="jobs", description="Jobs")])
    german = [BotCommand(command="jobs", description="Aufträge")]
    await s.bot.set_my_commands(german, scope=private, language_code="de")
    assert await described() == ["Jobs"]
    assert await described(scope=private, language_code="de") == ["Aufträge"]
    assert await described(scope=private) == [] == await described(scope=chat)
    assert s.ferry.commands == [{"command": "jobs", "description": "Jobs"}]
    await s.bot.delete_my_commands()
    assert await s.bot.get_my_commands() == [] == s.ferry.commands


async def test_who_the_bot_is(bot_stage: BotStage) -> None:
    s = bot_stage
    me = await s.bot.get_me()
    assert (me.id, me.username, me.is_bot) == (s.ferry.id, "ferry_bot", True)
    assert await s.bot.set_my_description("What I do") and await s.bot.set_my_short_description("short")
    assert (await s.bot.get_webhook_info()).pending_update_count == 1
    assert await s.bot.delete_webhook(drop_pending_updates=True)
    assert (await s.bot.get_webhook_info()).pending_update_count == 0
