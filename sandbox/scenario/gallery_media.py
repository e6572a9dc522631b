"""Media of the gallery: every kind, every look, every album, and what nobody can copy."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as t

from sandbox.placeholders import PIXEL, placeholder
from sandbox.placeholders import poll as make_poll
from sandbox.scenario.gallery_texts import EMOJI, LONG_CAPTION
from sandbox.scenario.shelf import Fields, Shelf, styled
from sandbox.world import Media

LATER = 2_000_000_000
PLACE = {"lat": 31.23041, "long": 121.4737}


class Makers:
    """New media, each with bytes of its own, so that one cannot be taken for another."""

    def __init__(self, shelf: Shelf) -> None:
        self._world = shelf.world

    def __call__(self, kind: str, **fields: Any) -> Media:
        medium = placeholder(self._world, kind, **fields)
        medium.data = (PIXEL if kind == "photo" else b"") + b"gallery %d" % medium.id
        return medium

    def unfiled(self, kind: str, **payload: Any) -> Media:
        return self._world.add_media(kind, payload=payload)


def files(shelf: Shelf) -> None:
    new = Makers(shelf)
    caption = styled("Caption 渡口 🛶 with style", ("渡口 🛶", t.MessageEntityBold))
    shelf.put("photo", {"media": new("photo", w=1280, h=960)})
    shelf.put("photo with caption", caption | {"media": new("photo")})
    shelf.put("photo behind a spoiler", {"media": new("photo"), "look": {"spoiler": True}})
    shelf.put("caption above", caption | {"media": new("photo"), "invert": True})
    shelf.put("video", caption | {"media": new("video", duration=30)})
    shelf.put("video with cover", {"media": new("video"), "look": {"cover": new("photo")}})
    shelf.put("video with timestamp", {"media": new("video", duration=90), "look": {"timestamp": 33}})
    everything = {"spoiler": True, "cover": new("photo"), "timestamp": 5}
    shelf.put("video with everything", caption | {"media": new("video"), "look": everything, "invert": True})
    shelf.put("video message", {"media": new("video_note", w=384, h=384, duration=12)})
    shelf.put("file", caption | {"media": new("document", name="账目.pdf", mime="application/pdf")})
    shelf.put("music", {"media": new("audio", name="song.mp3", duration=200)})
    shelf.put("voice message", {"media": new("voice", duration=7)})
    sticker = new("sticker")
    shelf.put("sticker", {"media": sticker})
    shelf.put("GIF", caption | {"media": new("animation")})
    shelf.put("equal stickers", {"media": sticker}, {"media": sticker}, {"media": sticker})
    long = {"text": "长" * LONG_CAPTION, "media": new("photo")}
    shelf.skip("caption over the limit", long, reason="too long")


def unfiled(shelf: Shelf) -> None:
    new = Makers(shelf).unfiled
    card = {"first_name": "Bo", "last_name": "Li", "phone_number": "+8613800138000"}
    vcard = "BEGIN:VCARD\nVERSION:3.0\nFN:Bo Li\nEND:VCARD"
    shelf.put("contact", {"media": new("contact", **card)})
    shelf.put("contact with vcard", {"media": new("contact", **card, vcard=vcard)})
    shelf.put("place", {"media": new("geo", **PLACE)})
    venue = {"title": "Old pier 老码头", "address": "Bund 1", "provider": "foursquare", "venue_id": "4b"}
    shelf.put("venue", {"media": new("venue", **PLACE, **venue)})
    shelf.put("live place", {"media": new("geo_live", **PLACE, period=3600, heading=90)}, lost=["media"])
    shelf.put("dice", {"media": new("dice", value=5, emoticon="🎲")}, lost=["media"])
    shelf.put("another dice", {"media": new("dice", value=2, emoticon="🎯")}, lost=["media"])
    shelf.put("game", {"media": new("game", short_name="rowing", title="Rowing", description="Row!")})
    items = [{"id": 1, "text": "ropes"}, {"id": 2, "text": "锚 anchor"}]
    shelf.put(
        "to-do list", {"media": new("todo", title="Before we leave", items=items, others_can_complete=True)}
    )
    shelf.put("story", {"media": new("story", peer=("user", shelf.owner), id=3)})
    shelf.put("newer than this client", {"media": shelf.world.add_media("unsupported")})


def polls(shelf: Shelf, *, other: int, broadcast: bool) -> None:
    """`other` posts the quizzes, for whoever posted one knows its answer."""

    def new(question: str, **fields: Any) -> Fields:
        return {"media": make_poll(shelf.world, question, ["Tea 茶", "Coffee", "水"], **fields)}

    quiz: dict[str, Any] = {"quiz": True, "correct": 1}
    entities = [t.MessageEntityCustomEmoji(0, 2, EMOJI)]
    why = {"solution": "Because of 咖啡", "solution_entities": [t.MessageEntityBold(11, 2)]}
    shelf.put("poll", new("Tea or coffee?"))
    shelf.put("poll with several answers", new("Which ones?", multiple=True))
    shelf.put("closed poll", new("Was it tea?", closed=True, votes={other: [0]}))
    shelf.put("poll with votes", new("Still tea?", votes={other: [0], shelf.owner: [1]}))
    shelf.put("poll with custom emoji", new("🛶 or 🚲?", question_entities=entities))
    who = new("Who drinks what?", public=True)
    shelf.put("poll that shows who voted", who, lost=["media"] if broadcast else [])
    shelf.put("quiz, answered", new("Answered?", **quiz, **why, votes={shelf.owner: [1]}), by=other)
    shelf.put("quiz, not answered", new("Not answered?", **quiz), by=other, lost=["media"])
    shelf.put("quiz, closed", new("Closed?", **quiz, closed=True), by=other)


def albums(shelf: Shelf) -> None:
    new = Makers(shelf)

    def several(kind: str, count: int, **fields: Any) -> list[Fields]:
        return [{"media": new(kind, **fields)} for _ in range(count)]

    words = styled("An album 相册", ("相册", t.MessageEntityItalic))
    shelf.album("album of photos", *several("photo", 3))
    shelf.album("album of ten", words | {"media": new("photo")}, *several("photo", 9))
    shelf.album(
        "album of photos and videos", *several("photo", 2), *several("video", 2), *several("photo", 1)
    )
    shelf.album(
        "album with a caption each", *({"media": new("photo"), "text": f"Nr. {n} 号"} for n in range(3))
    )
    shelf.album("album with the caption last", *several("video", 2), words | {"media": new("video")})
    shelf.album("album of files", *several("document", 3, name="a.txt", mime="text/plain"))
    shelf.album("album of music", *several("audio", 2, name="s.mp3"))
    hidden = [
        {"media": new("photo"), "look": {"spoiler": True}},
        {"media": new("video"), "look": {"spoiler": True}},
    ]
    shelf.album("album behind spoilers", *hidden)
    above = [x | {"invert": True} for x in several("photo", 2)]
    shelf.album("album with caption above", above[0] | words, above[1])
    header = {"date": 1_600_000_000, "from": ("channel", 1_900_000_001), "post": 9}
    shelf.album(
        "forwarded album", *(x | {"fwd": header} for x in several("photo", 2)), lost=["forward header"]
    )
    same = several("photo", 2)
    shelf.album("an album and its twin", *same)
    shelf.album("its twin", *same)


def impossible(shelf: Shelf, *, bot: int) -> None:
    """What is skipped, each with a reason; a hole for none of them."""
    new = Makers(shelf)
    inside = [new("photo"), new("video")]
    paid = new.unfiled("paid", stars=5, media=inside, buyers={shelf.owner})
    shelf.skip("paid media", {"media": paid, "text": "Only for stars"}, by=bot, reason="paid")
    gift = {"channels": [shelf.peer[1]], "quantity": 3, "until_date": LATER, "months": 6}
    launched = shelf.skip("giveaway", {"media": new.unfiled("giveaway", **gift)}, reason="giveaway")
    won = {"channel_id": shelf.peer[1], "launch_msg_id": launched[0], "winners_count": 1}
    rest = {"unclaimed_count": 0, "winners": [shelf.owner], "until_date": LATER}
    results = new.unfiled("giveaway_results", **won, **rest)
    shelf.skip("giveaway results", {"media": results}, reason="giveaway results")
    bill = new.unfiled("invoice", title="Ticket", description="One way", currency="XTR", total_amount=5)
    shelf.skip("invoice", {"media": bill}, reason="invoice")
    brief = {"media": new("photo"), "look": {"ttl": 10}}
    shelf.skip("self-destructing photo", brief, reason="self-destructing")
    gone = {"media": new("video"), "look": {"ttl": 5, "expired": True}}
    shelf.skip("expired video", gone, reason="self-destructing")
    shelf.skip("protected message", {"text": "For your eyes only", "noforwards": True}, reason="protected")
