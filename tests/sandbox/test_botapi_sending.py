"""What a bot sends: text, files of every kind, albums, polls; and what it is refused."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramEntityTooLarge, TelegramForbiddenError
from aiogram.methods import SendPaidMedia
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    InputPaidMediaPhoto,
    ReplyParameters,
)

from tests.sandbox.bot_stage import BotStage

FILE = BufferedInputFile(b"\xff\xd8content", "a.bin")


@pytest.mark.parametrize(
    "kind", ["photo", "document", "video", "audio", "voice", "animation", "sticker", "video_note"]
)
async def test_every_kind_of_file(bot_stage: BotStage, kind: str) -> None:
    """Uploaded once, sent again by its id: the same media, and the bytes come back."""
    s = bot_stage
    send = getattr(s.bot, f"send_{kind}")
    captioned = {} if kind in ("sticker", "video_note") else {"caption": "<b>c</b>"}
    m = await send(s.source_id, FILE, **captioned)
    assert m.content_type == kind and (m.caption == "c") == bool(captioned)
    file = m.photo[-1] if kind == "photo" else getattr(m, kind)
    content = await s.bot.download(file.file_id)
    assert content is not None and content.read() == FILE.data
    again = await send(s.target_id, file.file_id)
    assert again.content_type == kind and not again.caption
    there = s.message(s.src, m.message_id), s.message(s.dst, again.message_id)
    assert there[0].media is there[1].media is not None
    other = "document" if kind != "document" else "photo"
    with pytest.raises(TelegramBadRequest, match="can't use file of type"):
        await getattr(s.bot, f"send_{other}")(s.target_id, file.file_id)


async def test_files_that_are_none(bot_stage: BotStage) -> None:
    s = bot_stage
    for file, reason in (
        ("sbx1", "wrong file identifier"),
        ("http://x.yz/a", "failed to get HTTP URL content"),
    ):
        with pytest.raises(TelegramBadRequest, match=reason):
            await s.bot.send_photo(s.source_id, file)
    with pytest.raises(TelegramBadRequest, match="non-empty"):
        await s.bot.send_document(s.source_id, BufferedInputFile(b"", "a"))
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await s.bot.send_document(s.source_id, FILE, caption="x" * 1025)
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await s.bot.get_file("nonsense")
    with pytest.raises(TelegramEntityTooLarge):
        await s.bot.send_document(s.source_id, BufferedInputFile(bytes(52 << 20), "big"))


async def test_album(bot_stage: BotStage) -> None:
    s = bot_stage
    album = [InputMediaPhoto(media=FILE, caption="<i>one</i>"), InputMediaVideo(media=FILE)]
    sent = await s.bot.send_media_group(s.source_id, album)
    assert len({m.media_group_id for m in sent}) == 1 and sent[0].media_group_id
    assert [m.content_type for m in sent] == ["photo", "video"] and sent[0].caption == "one"
    for media, reason in (
        ([album[0]], "2-10 items"),
        ([album[0]] * 11, "2-10 items"),
        ([album[0], InputMediaDocument(media=FILE)], "document can't be mixed"),
    ):
        with pytest.raises(TelegramBadRequest, match=reason):
            await s.bot.send_media_group(s.source_id, media)


async def test_poll(bot_stage: BotStage) -> None:
    s = bot_stage
    m = await s.bot.send_poll(s.group_id, "Who?", ["a", "b"], is_anonymous=False)
    assert m.poll and m.poll.question == "Who?" and [o.text for o in m.poll.options] == ["a", "b"]
    closed = await s.bot.stop_poll(s.group_id, m.message_id)
    assert closed.is_closed
    with pytest.raises(TelegramBadRequest, match="already been closed"):
        await s.bot.stop_poll(s.group_id, m.message_id)
    quiz = await s.bot.send_poll(s.group_id, "Q", ["a", "b"], type="quiz", correct_option_ids=[1])
    assert quiz.poll and quiz.poll.type == "quiz"
    with pytest.raises(TelegramBadRequest, match="wrong correct option"):
        await s.bot.send_poll(s.group_id, "Q", ["a", "b"], type="quiz")
    with pytest.raises(TelegramBadRequest, match="options"):
        await s.bot.send_poll(s.group_id, "Q", ["x"] * 13)


async def test_buttons_replies_and_topics(bot_stage: BotStage) -> None:
    s = bot_stage
    topic = s.world.add_topic(s.group, "Plans")

    def keys(**button: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="k", **button)]])

    first = await s.bot.send_message(s.group_id, "[text", message_thread_id=topic.id)
    assert first.is_topic_message and first.message_thread_id == topic.id
    m = await first.reply("answer", reply_markup=keys(callback_data="d" * 64))
    assert m.reply_to_message and m.reply_to_message.text == "[text"
    assert m.reply_markup and m.reply_markup.inline_keyboard[0][0].callback_data == "d" * 64
    missing = ReplyParameters(message_id=999, allow_sending_without_reply=True)
    assert not (await s.bot.send_message(s.group_id, "x", reply_parameters=missing)).reply_to_message
    for request, reason in (
        ({"reply_parameters": ReplyParameters(message_id=999)}, "replied not found"),
        ({"message_thread_id": 999}, "thread not found"),
        ({"reply_markup": keys(callback_data="d" * 65)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": keys()}, "Text buttons are unallowed"),
    ):
        with pytest.raises(TelegramBadRequest, match=reason):
            await s.bot.send_message(s.group_id, "x", **request)


async def test_chats_out_of_reach(bot_stage: BotStage) -> None:
    s = bot_stage
    stranger, hidden = s.world.add_user("Eve"), s.world.add_channel("Hidden", s.bob)
    shut = s.world.add_channel("Shut", s.bob)
    shut.members[s.ferry.id] = "banned"
    reading = s.world.add_channel("Reading", s.bob)
    reading.members[s.ferry.id] = "member"
    public = s.world.add_channel("Public", s.bob, username="public")
    for chat, error, reason in (
        (stranger.id, TelegramForbiddenError, "can't initiate conversation"),
        (999_999, TelegramBadRequest, "chat not found"),
        ("nonsense", TelegramBadRequest, "chat not found"),
        ("@nobody", TelegramBadRequest, "chat not found"),
        (-1_000_000_000_000 - hidden.id, TelegramBadRequest, "chat not found"),
        (-1_000_000_000_000 - shut.id, TelegramForbiddenError, "bot was kicked from the channel chat"),
        (-1_000_000_000_000 - reading.id, TelegramBadRequest, "need administrator rights"),
        ("@public", TelegramForbiddenError, "not a member of the channel chat"),
        (-77, TelegramBadRequest, "chat not found"),
    ):
        with pytest.raises(error, match=reason):
            await s.bot.send_message(chat, "x")
    assert (await s.bot.get_chat("@public")).title == public.title


async def test_what_the_sandbox_has_not(bot_stage: BotStage) -> None:
    paid = SendPaidMedia(chat_id=1, star_count=1, media=[InputPaidMediaPhoto(media="sbx1")])
    with pytest.raises(Exception, match="sendPaidMedia is not implemented"):
        await bot_stage.bot(paid)
