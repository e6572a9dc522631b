"""Drafts sent by a real Telethon into the sandbox: what then stands there would be drafted alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telethon.tl import functions as fn
from telethon.tl import types as tl

from engine.links import SourceLinks, TargetLinks
from engine.telegram.convert import fingerprint
from engine.telegram.draft import Draft, draft_of
from engine.telegram.reply import input_reply
from engine.telegram.requests import album_request, edit_request, send_request
from sandbox.testing import Rig
from sandbox.world import Message

PLACE = {"lat": 1.5, "long": 2.5}
VENUE = PLACE | {"title": "T", "address": "A", "provider": "p", "venue_id": "v", "venue_type": "y"}
CONTACT = {"phone_number": "1", "first_name": "C", "last_name": "D", "vcard": "BEGIN:VCARD"}
TODO = {"title": "Buy", "items": [{"id": 1, "text": "milk"}, {"id": 2, "text": "tea"}], "done": {2: 7}}
POLL = {"question": "Why?", "answers": ["a", "b", "c"], "multiple": True}
URL = "https://a.example/b"
RICH = tl.RichMessage([tl.PageBlockParagraph(tl.TextBold(tl.TextPlain("rich")))], [], [])
ENTITIES = [
    tl.MessageEntityBlockquote(0, 16, collapsed=True),
    tl.MessageEntityBold(3, 4),
    tl.MessageEntitySpoiler(8, 4),
    tl.MessageEntityPre(17, 4, "python"),
    tl.MessageEntityCustomEmoji(22, 2, 77),
]

#: Fields of a source message: how its media is made (kind and fields), and the message's own.
SOURCES: dict[str, tuple[tuple[str, dict[str, Any]] | None, dict[str, Any]]] = {
    "text": (None, {"text": "😀 bold hide text\ncode 😀", "entities": ENTITIES}),
    "photo": (("photo", {}), {"text": "caption", "invert": True, "look": {"spoiler": True}}),
    "video": (("video", {}), {"look": {"timestamp": 3, "spoiler": True}}),
    "round": (("video_note", {}), {}),
    "file": (("document", {"name": "a.pdf"}), {"text": "caption"}),
    "music": (("audio", {"name": "song"}), {}),
    "voice": (("voice", {}), {}),
    "sticker": (("sticker", {}), {}),
    "gif": (("animation", {}), {}),
    "contact": (("contact", {"payload": CONTACT}), {}),
    "place": (("geo", {"payload": PLACE}), {}),
    "venue": (("venue", {"payload": VENUE}), {}),
    "live": (("geo_live", {"payload": PLACE}), {}),
    "game": (("game", {"payload": {"short_name": "g", "title": "G", "description": ""}}), {}),
    "poll": (("poll", {"poll": POLL}), {}),
    "quiz, answer unknown": (("poll", {"poll": POLL | {"multiple": False, "quiz": True, "correct": 1}}), {}),
    "todo": (("todo", {"payload": TODO}), {}),
    "preview": (None, {"text": f"see {URL}", "webpage": {"url": URL}}),
    "preview, large": (None, {"text": f"see {URL}", "webpage": {"url": URL, "large": True}, "invert": True}),
    "preview, elsewhere": (None, {"text": "see", "webpage": {"url": URL, "small": True, "manual": True}}),
    "preview, taken away": (None, {"text": f"see {URL}"}),
    "rich": (None, {"rich": RICH}),
}


class Desk:
    """A premium user's client, a source channel and a target channel."""

    def __init__(self, rig: Rig) -> None:
        self.world = rig.world
        self.owner = self.world.add_user("Alice", phone="15550001")
        self.owner.premium = True
        self.world.previews[URL] = {"title": "A page"}
        self.source = self.world.add_channel("Source", self.owner, username="source")
        self.target = self.world.add_channel("Copy", self.owner)
        self.links = SourceLinks(self.source.id, ["source"])
        self.copies: dict[int, int] = {}

    def post(self, media: tuple[str, dict[str, Any]] | None = None, **fields: Any) -> Message:
        if media:
            kind, made = media
            fields["media"] = self.world.add_media(kind, b"data", **made)
        [(_, message)] = self.world.send(self.owner.id, ("channel", self.source.id), [fields])
        return message

    async def open(self, rig: Rig) -> None:
        self.client = await rig.client(self.owner)
        dialogs = {dialog.name: dialog.input_entity for dialog in await self.client.get_dialogs()}
        self.here, self.there = dialogs["Source"], dialogs["Copy"]

    async def read(self, number: int, *, copied: bool = False) -> Any:
        channel = self.there if copied else self.here
        answer = await self.client(fn.channels.GetMessagesRequest(channel, [tl.InputMessageID(number)]))
        return answer.messages[0]

    def draft(self, message: Any) -> Draft:
        target = TargetLinks(self.target.id)
        return draft_of(
            message,
            links=self.links,
            new_url=lambda link: (
                target.to(self.copies[link.message_id]) if link.message_id in self.copies else None
            ),
            user=lambda number: None,
        )

    async def send(self, draft: Draft, random_id: int, reply_to: Any = None) -> Any:
        """The copy, as it is read in the target."""
        request = send_request(draft, peer=self.there, reply_to=reply_to, random_id=random_id)
        return await self.made(await self.client(request))

    async def made(self, answer: Any) -> Any:
        ids = [update.id for update in answer.updates if isinstance(update, tl.UpdateMessageID)]
        return await self.read(ids[0], copied=True)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with Rig() as rig:
        desk = Desk(rig)
        await desk.open(rig)
        yield desk


def plain(draft: Draft) -> tuple[Any, ...]:
    """A draft as values that can be compared."""
    media, rich = draft.media, draft.rich
    return (
        draft.text,
        [bytes(entity) for entity in draft.entities],
        media and bytes(media),
        draft.invert_media,
        draft.no_webpage,
        rich and bytes(rich),
        draft.fingerprint,
    )


@pytest.mark.parametrize("name", SOURCES)
async def test_what_is_sent_would_be_drafted_alike(desk: Desk, name: str) -> None:
    media, fields = SOURCES[name]
    source = await desk.read(desk.post(media, **fields).id)
    draft = desk.draft(source)
    copy = await desk.send(draft, 1)
    assert fingerprint(copy) == draft.fingerprint
    assert plain(desk.draft(copy)) == plain(draft)
    assert type(copy.media) is type(source.media) or name == "live"


@pytest.mark.parametrize("closed", [False, True])
async def test_a_quiz_whose_answer_the_account_may_know_stays_one(desk: Desk, closed: bool) -> None:
    votes = {} if closed else {desk.owner.id: 2}
    quiz = {
        "question": "?",
        "answers": ["a", "b", "c"],
        "quiz": True,
        "correct": 1,
        "solution": "b, of course",
    }
    post = desk.post(("poll", {"poll": quiz | {"votes": votes, "closed": closed}}))
    copy = await desk.send(desk.draft(await desk.read(post.id)), 1)
    made = desk.world.boxes["channel", desk.target.id].by_id[copy.id].media
    assert made and made.poll
    assert (made.poll["quiz"], made.poll["correct"], made.poll["solution"]) == (True, 1, "b, of course")
    assert made.poll["closed"] is closed


async def test_a_video_keeps_its_cover(desk: Desk) -> None:
    cover = desk.world.add_media("photo", b"jpg")
    source = await desk.read(desk.post(("video", {}), look={"cover": cover}).id)
    copy = await desk.send(desk.draft(source), 1)
    assert copy.media.video_cover.id == source.media.video_cover.id == cover.id


async def test_an_album_arrives_whole(desk: Desk) -> None:
    group = desk.world.new_group_id()
    posts = [desk.post((kind, {}), grouped_id=group, text=kind) for kind in ("photo", "video")]
    drafts = [desk.draft(await desk.read(post.id)) for post in posts]
    answer = await desk.client(album_request(drafts, peer=desk.there, reply_to=None, random_ids=[1, 2]))
    sent = {
        update.random_id: update.id for update in answer.updates if isinstance(update, tl.UpdateMessageID)
    }
    copies = [await desk.read(sent[number], copied=True) for number in (1, 2)]
    assert [plain(desk.draft(copy)) for copy in copies] == [plain(draft) for draft in drafts]
    assert copies[0].grouped_id == copies[1].grouped_id is not None


async def test_an_answer_with_a_quote_finds_its_copy(desk: Desk) -> None:
    """The quoted words have a link, which is another one in the copy that is answered."""
    first = desk.post(text="first")
    url = tl.MessageEntityUrl(6, len(f"t.me/source/{first.id}"))
    second = desk.post(text=f"as in t.me/source/{first.id}, bold", entities=[url])
    quote = {"text": f"in t.me/source/{first.id}, bold", "entities": [], "offset": 3}
    third = desk.post(text="well", reply_to=second.id, quote=quote)
    desk.copies[first.id] = (await desk.send(desk.draft(await desk.read(first.id)), 1)).id
    copy = await desk.send(desk.draft(await desk.read(second.id)), 2)
    source = await desk.read(third.id)
    address = TargetLinks(desk.target.id).to(desk.copies[first.id])
    reply = input_reply(copy.id, None, source, links=desk.links, new_url=lambda link: address)
    answer = await desk.send(desk.draft(source), 3, reply)
    assert copy.message == f"as in {address.removeprefix('https://')}, bold"
    assert answer.reply_to.reply_to_msg_id == copy.id
    assert answer.reply_to.quote_text == f"in {address.removeprefix('https://')}, bold"


async def test_a_link_forward_is_mended_by_an_edit(desk: Desk) -> None:
    url = tl.MessageEntityTextUrl(0, 4, f"https://t.me/c/{desk.source.id}/900")
    source = await desk.read(
        desk.post(text=f"next {URL}", entities=[url], webpage={"url": URL, "large": True}).id
    )
    copy = await desk.send(desk.draft(source), 1)
    assert copy.entities[0].url == url.url
    desk.copies[900] = 901
    await desk.client(edit_request(desk.draft(source), peer=desk.there, message_id=copy.id))
    edited = await desk.read(copy.id, copied=True)
    assert edited.entities[0].url == TargetLinks(desk.target.id).to(901)
    assert edited.media.force_large_media
    assert edited.media.webpage.url == URL
