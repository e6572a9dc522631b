"""What the members of a group may send is the admins' choice, kind by kind; and it may cost stars."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types
from telethon.errors.rpcerrorlist import rpc_errors_dict

from sandbox.world import Channel
from tests.sandbox.stage import Stage

m = functions.messages
LINK = "https://example.org"
FILES = [
    ("photo", "send_photos", "PHOTOS"),
    ("video", "send_videos", "VIDEOS"),
    ("video_note", "send_roundvideos", "ROUNDVIDEOS"),
    ("animation", "send_gifs", "GIFS"),
    ("audio", "send_audios", "AUDIOS"),
    ("voice", "send_voices", "VOICES"),
    ("document", "send_docs", "DOCS"),
    ("sticker", "send_stickers", "STICKERS"),
    ("photo", "send_media", "MEDIA"),
]


def talk(stage: Stage, **fields: Any) -> Channel:
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True, username="talk", **fields)
    group.members[stage.bob.id] = "member"
    return group


def word_of(refusal: Any) -> str:
    """Telethon's own classes do not carry Telegram's word."""
    return next((n for n, kind in rpc_errors_dict.items() if kind is type(refusal)), refusal.message)


def forward(*ids: int, **more: Any) -> Any:
    return m.ForwardMessagesRequest("source", [*ids], "talk", random_id=[*ids], drop_author=True, **more)


@pytest.mark.parametrize(("kind", "right", "word"), FILES)
async def test_a_kind_that_members_may_not_send_refuses_the_call(
    stage: Stage, kind: str, right: str, word: str
) -> None:
    group = talk(stage, barred={right})
    media = stage.world.add_media(kind, b"x" * 99, name="x.bin" if kind == "document" else None)
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"text": "words"}, {"media": media}])
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    with pytest.raises(errors.ForbiddenError) as refused:
        await b(forward(2, 3))
    assert word_of(refused.value) == f"CHAT_SEND_{word}_FORBIDDEN"
    await b(forward(2))
    shown = (await b.get_messages("source", ids=3)).media
    with pytest.raises(errors.ForbiddenError):
        await b.send_file("talk", shown)
    await a(forward(3))
    assert stage.texts(group) == ["words", ""]


@pytest.mark.parametrize(
    ("right", "media", "word"),
    [
        (
            "send_polls",
            types.InputMediaPoll(
                types.Poll(
                    0,
                    types.TextWithEntities("?", []),
                    [types.InputPollAnswer(types.TextWithEntities(x, [])) for x in "ab"],
                    hash=0,
                )
            ),
            "POLL",
        ),
        ("send_stickers", types.InputMediaDice("🎲"), "STICKERS"),
        ("send_plain", types.InputMediaContact("1", "A", "B", ""), "PLAIN"),
    ],
)
async def test_what_has_no_file_needs_a_right_too(stage: Stage, right: str, media: Any, word: str) -> None:
    talk(stage, barred={right})
    b = await stage.client(stage.bob)
    with pytest.raises(errors.ForbiddenError) as refused:
        await b(m.SendMediaRequest("talk", media, "", random_id=1))
    assert word_of(refused.value) == f"CHAT_SEND_{word}_FORBIDDEN"


async def test_members_are_told_what_they_may_not_send(stage: Stage) -> None:
    group = talk(stage)
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    rights = types.ChatBannedRights(None, send_photos=True, send_plain=True)
    await a(m.EditChatDefaultBannedRightsRequest("talk", rights))
    await a.edit_permissions("talk", "bob", send_polls=False, embed_link_previews=False)
    seen = await b.get_entity("talk")
    assert seen.default_banned_rights.send_photos and not seen.default_banned_rights.send_messages
    assert seen.banned_rights.send_polls and seen.banned_rights.embed_links
    with pytest.raises(errors.ForbiddenError):
        await b.send_message("talk", "words")
    await a.send_message("talk", "admins may")
    assert stage.texts(group) == ["admins may"]
    await a(m.EditChatDefaultBannedRightsRequest("talk", types.ChatBannedRights(None, send_messages=True)))
    with pytest.raises(errors.ChatWriteForbiddenError):
        await b.send_message("talk", "words")


async def test_who_may_not_embed_links_sends_none_with_a_preview(stage: Stage) -> None:
    group = talk(stage, barred={"embed_links"})
    stage.world.previews[LINK] = {"title": "Example"}
    seen = {"text": LINK, "webpage": {"url": LINK}}
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [seen])
    b = await stage.client(stage.bob)
    page = types.InputMediaWebPage(LINK, optional=True)
    for attempt in (
        forward(2),
        m.SendMessageRequest("talk", LINK, random_id=1),
        m.SendMediaRequest("talk", page, LINK, random_id=2),
    ):
        with pytest.raises(errors.ForbiddenError) as refused:
            await b(attempt)
        assert word_of(refused.value) == "CHAT_SEND_WEBPAGE_FORBIDDEN"
    sent = await b.send_message("talk", LINK, link_preview=False)
    with pytest.raises(errors.ForbiddenError):
        await b.edit_message("talk", sent.id, f"{LINK} and more")
    await b.edit_message("talk", sent.id, f"{LINK} and more", link_preview=False)
    assert stage.texts(group) == [f"{LINK} and more"]


async def test_who_may_not_use_inline_bots_forwards_nothing_that_came_via_one(stage: Stage) -> None:
    group = talk(stage, barred={"send_inline"})
    via = {"text": "via", "via_bot": stage.bob.id}
    stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"text": "words"}, via])
    b = await stage.client(stage.bob)
    with pytest.raises(errors.ChatSendInlineForbiddenError):
        await b(forward(2, 3))
    await b(forward(2))
    assert stage.texts(group) == ["words"]


async def test_in_a_broadcast_group_only_admins_write(stage: Stage) -> None:
    group = talk(stage, gigagroup=True)
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    assert (await b.get_entity("talk")).gigagroup
    with pytest.raises(errors.ChatWriteForbiddenError):
        await b.send_message("talk", "words")
    await a.send_message("talk", "words")
    assert stage.texts(group) == ["words"]


async def test_direct_messages_are_neither_read_nor_written_like_a_group(stage: Stage) -> None:
    talk(stage, monoforum=True)
    a = await stage.client(stage.alice)
    assert (await a.get_entity("talk")).monoforum
    with pytest.raises(errors.BadRequestError, match="REPLY_TO_MONOFORUM_PEER_INVALID"):
        await a.send_message("talk", "to whom?")
    with pytest.raises(errors.BadRequestError, match="CHANNEL_MONOFORUM_UNSUPPORTED"):
        await a.get_messages("talk", limit=1)


async def test_a_message_costs_stars_but_for_admins(stage: Stage) -> None:
    group = talk(stage, stars=25)
    stage.post(stage.src, stage.alice, 1)
    a, b = await stage.client(stage.alice), await stage.client(stage.bob)
    assert (await b.get_entity("talk")).send_paid_messages_stars == 25
    for attempt in (b.send_message("talk", "words"), b(forward(2))):
        with pytest.raises(errors.ForbiddenError, match="ALLOW_PAYMENT_REQUIRED_25"):
            await attempt
    await a(forward(2))
    assert stage.texts(group) == ["post 0"]
