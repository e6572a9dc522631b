"""What a forward takes along, what it leaves behind, and what refuses the whole call."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from sandbox.world import Message
from tests.sandbox.stage import Stage

m = functions.messages
PLACE = {"lat": 1.5, "long": 2.5}


async def forward(stage: Stage, client: Any, *, to: Any = None, drop_author: bool = True, **kw: Any) -> Any:
    """All that stands in the source; the copies as their reader sees them."""
    src = await client.get_input_entity("source")
    dst = to or await stage.entity(client, "Copy")
    there = stage.world.boxes["channel", stage.src.id]
    ids = [i for i, x in there.by_id.items() if not x.service]
    await client(m.ForwardMessagesRequest(src, ids, dst, drop_author=drop_author, **kw))
    return list(reversed(await client.get_messages(dst, limit=len(ids))))


def put(stage: Stage, **spec: Any) -> Message:
    ((_, made),) = stage.world.send(stage.alice.id, ("channel", stage.src.id), [spec])
    return made


def files(stage: Stage, kind: str = "photo", **fields: Any) -> Any:
    return stage.world.add_media(kind, b"data", **fields)


async def test_looks_previews_and_rich_text_go_along(stage: Stage) -> None:
    cover = files(stage)
    rich = types.RichMessage([types.PageBlockHeading1(types.TextPlain("Big"))], [], [])
    bold = [types.MessageEntityBold(0, 2), types.MessageEntityCustomEmoji(3, 2, 7)]
    put(stage, media=files(stage, "video"), look={"spoiler": True, "cover": cover, "timestamp": 9})
    put(stage, text="  as it was  ", entities=bold, invert=True)
    put(stage, text="x", webpage={"url": "https://a.example", "large": True})
    put(stage, text="x", rich=rich)
    stage.alice.premium = True
    video, text, page, big = await forward(stage, await stage.client(stage.alice))
    assert video.media.spoiler and video.media.video_cover.id == cover.id and video.media.video_timestamp == 9
    assert text.message == "  as it was  " and len(text.entities) == 2 and text.invert_media
    assert page.media.force_large_media and big.rich_message


async def test_custom_emoji_stay_behind_with_the_header_but_for_premium(stage: Stage) -> None:
    styles = [types.MessageEntityBold(0, 2), types.MessageEntityCustomEmoji(3, 2, 7)]
    put(stage, text="as it was", entities=styles)
    a = await stage.client(stage.alice)
    (plain,) = await forward(stage, a)
    (with_header,) = await forward(stage, a, drop_author=False)
    assert [type(e) for e in plain.entities] == [types.MessageEntityBold]
    assert len(with_header.entities) == 2
    await a(m.ForwardMessagesRequest("source", [2], "me", random_id=[9], drop_author=True))
    assert len((await a.get_messages("me", limit=1))[0].entities) == 2


@pytest.mark.parametrize("drop_author", [True, False])
async def test_what_stays_behind(stage: Stage, drop_author: bool) -> None:
    stage.post(stage.src, stage.alice, 1)
    rows = [[{"text": "Open", "url": "https://a.example"}]]
    left = {"via_bot": stage.bob.id, "signature": "Ann", "edit_date": 5, "effect": 7, "markup": rows}
    put(stage, text="x", reply_to=2, quote={"text": "post"}, **left)
    _, copy = await forward(stage, await stage.client(stage.alice), drop_author=drop_author)
    assert (copy.via_bot_id, copy.post_author, copy.edit_date, copy.effect) == (None,) * 4
    assert copy.reply_markup is None and copy.reply_to is None
    if not drop_author:
        assert (copy.fwd_from.post_author, copy.fwd_from.channel_post) == ("Ann", 3)


async def test_the_first_author_s_header_goes_through_any_number_of_forwards(stage: Stage) -> None:
    put(stage, text="x", fwd={"date": 5, "from": None, "name": "Hidden"})
    put(stage, text="y", fwd={"date": 5, "from": ("user", stage.bob.id), "saved_from": (("user", 1), 2)})
    hidden, named = await forward(stage, await stage.client(stage.alice), drop_author=False)
    assert hidden.fwd_from.from_name == "Hidden"
    assert named.fwd_from.from_id.user_id == stage.bob.id and named.fwd_from.saved_from_peer is None


async def test_saved_messages_say_where_they_are_from(stage: Stage) -> None:
    put(stage, text="x")
    (kept,) = await forward(
        stage, await stage.client(stage.alice), to=types.InputPeerSelf(), drop_author=False
    )
    assert kept.fwd_from.saved_from_msg_id == 2
    assert kept.fwd_from.saved_from_peer.channel_id == stage.src.id


async def test_a_live_place_stands_still_in_its_copy(stage: Stage) -> None:
    put(stage, media=stage.world.add_media("geo_live", payload=PLACE | {"period": 60}))
    (copy,) = await forward(stage, await stage.client(stage.alice))
    assert isinstance(copy.media, types.MessageMediaGeo) and copy.geo.lat == 1.5


async def test_a_poll_with_its_header_is_that_very_poll(stage: Stage) -> None:
    poll = {"question": "?", "answers": ["a", "b"], "votes": {stage.bob.id: [0]}}
    put(stage, media=stage.world.add_media("poll", poll=poll))
    a = await stage.client(stage.alice)
    original = (await a.get_messages("source", ids=2)).poll
    (same,) = await forward(stage, a, drop_author=False)
    assert (same.poll.poll.id, same.poll.results.total_voters) == (original.poll.id, 1)
    (new,) = await forward(stage, a)
    assert new.poll.poll.id != original.poll.id and new.poll.results.total_voters == 0
    assert new.poll.poll.question.text == "?"


async def test_dice_are_thrown_anew_without_their_header(stage: Stage) -> None:
    for _ in range(9):
        put(stage, media=stage.world.add_media("dice", payload={"value": 3, "emoticon": "🎲"}))
    a = await stage.client(stage.alice)
    assert {x.dice.value for x in await forward(stage, a, drop_author=False)} == {3}
    assert len({x.dice.value for x in await forward(stage, a)}) > 1


BOUND: list[tuple[str, dict[str, Any]]] = [
    ("giveaway", {"channels": [5], "quantity": 1, "until_date": 2_000_000_000}),
    ("invoice", {"title": "T", "description": "", "currency": "EUR", "total_amount": 1}),
    ("paid", {"stars": 5, "media": []}),
]


@pytest.mark.parametrize(("kind", "payload"), BOUND, ids=[x[0] for x in BOUND])
async def test_what_goes_nowhere_without_its_author(stage: Stage, kind: str, payload: dict[str, Any]) -> None:
    stage.post(stage.src, stage.alice, 1)
    put(stage, media=stage.world.add_media(kind, payload=payload))
    stage.dst.members[stage.bob.id] = "admin"
    b = await stage.client(stage.bob)
    with pytest.raises(errors.MediaInvalidError):
        await forward(stage, b)
    assert stage.texts(stage.dst) == []  # the whole call was refused
    assert len(await forward(stage, b, drop_author=False)) == 2


async def test_one_s_own_paid_media(stage: Stage) -> None:
    put(stage, media=stage.world.add_media("paid", payload={"stars": 5, "media": [files(stage)]}))
    (copy,) = await forward(stage, await stage.client(stage.alice))
    assert copy.media.stars_amount == 5


@pytest.mark.parametrize("drop_author", [True, False])
async def test_self_destructing_media(stage: Stage, drop_author: bool) -> None:
    put(stage, media=files(stage), look={"ttl": 10})
    a = await stage.client(stage.alice)
    with pytest.raises(errors.MediaInvalidError):
        await forward(stage, a, drop_author=drop_author)
    seen = await a.get_messages("source", ids=2)
    with pytest.raises(errors.MediaInvalidError):
        await a.send_file("source", seen.photo)


async def test_public_voters_and_broadcast_channels(stage: Stage) -> None:
    poll = {"question": "?", "answers": ["a", "b"], "public": True}
    group = stage.world.add_channel("Talk", stage.alice, megagroup=True)
    put(stage, media=stage.world.add_media("poll", poll=poll))
    a = await stage.client(stage.alice)
    for drop_author in (True, False):
        with pytest.raises(errors.BroadcastPublicVotersForbiddenError):
            await forward(stage, a, drop_author=drop_author)
    (copy,) = await forward(stage, a, to=await stage.entity(a, group.title))
    assert copy.poll.poll.public_voters


async def test_captions_longer_than_the_forwarder_s(stage: Stage) -> None:
    put(stage, text="x" * 1025, media=files(stage))
    a = await stage.client(stage.alice)
    with pytest.raises(errors.MediaCaptionTooLongError):
        await forward(stage, a)
    (bare,) = await forward(stage, a, drop_media_captions=True)
    assert bare.message == ""
    (whole,) = await forward(stage, a, drop_author=False)
    assert len(whole.message) == 1025
    stage.alice.premium = True
    assert len((await forward(stage, a))[0].message) == 1025
    put(stage, text="y" * 4097)
    with pytest.raises(errors.MessageTooLongError):
        await forward(stage, a)
