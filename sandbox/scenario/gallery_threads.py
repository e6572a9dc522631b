"""What leads from one message of the gallery to another: replies, quotes and links."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as t

from sandbox.placeholders import poll
from sandbox.scenario.gallery_media import PLACE, Makers
from sandbox.scenario.gallery_texts import EMOJI
from sandbox.scenario.shelf import Fields, Shelf, styled
from sandbox.scenario.writing import units
from sandbox.world import Channel, Peer

NOWHERE = 900_000  # no message ever had this id


def replies(shelf: Shelf, *, elsewhere: tuple[Peer, int], skipped: int) -> None:
    """`elsewhere`: a message of another chat; `skipped`: one that no copy will hold."""
    new = Makers(shelf)
    (first,) = shelf.put("replied to", {"text": "Shall we go? 走吗"})
    (second,) = shelf.put("reply", {"text": "Yes", "reply_to": first})
    shelf.put("reply to a reply", {"text": "When?", "reply_to": second})
    album = shelf.album("album replied to", *({"media": new("photo")} for _ in range(3)))
    shelf.put("reply to one of an album", {"text": "The second is best", "reply_to": album[1]})
    shelf.put("reply to what is skipped", {"text": "Too bad", "reply_to": skipped})
    shelf.put("reply to a deleted message", {"text": "What was it?", "reply_to": NOWHERE})
    shelf.put("reply to a service message", {"text": "Welcome", "reply_to": 1})
    chat, there = elsewhere
    away = {"text": "They say so, too", "reply_to": there, "reply_peer": chat}
    shelf.put("reply to another chat", away, lost=["reply"])
    quoted = away | {"text": "Look at that", "quote": {"text": "elsewhere", "entities": [], "offset": 0}}
    shelf.put("quote from another chat", quoted, lost=["reply", "quote"])
    _quotes(shelf)
    styles = ("🛶", lambda o, n: t.MessageEntityCustomEmoji(o, n, EMOJI))
    shelf.put("reply with custom emoji", styled("Go 🛶", styles) | {"reply_to": first}, lost=["entities"])
    for name, answer in _answers(shelf, new).items():
        shelf.put(f"reply with {name}", answer | {"reply_to": first})
    dice = {"media": new.unfiled("dice", value=3, emoticon="🏀"), "reply_to": first}  # nowhere else
    shelf.put("reply with a dice", dice, lost=["reply", "media"])  # forwards answer nothing
    todo = new.unfiled("todo", title="List", items=[{"id": 1, "text": "one"}])
    premium = {"media": todo, "reply_to": first}  # only Premium may send one anew
    shelf.put("reply with a to-do list", premium, lost=["reply"])
    several = ({"media": new("photo"), "reply_to": first} for _ in range(2))
    shelf.album("reply with an album", *several)
    for n in range(3):
        shelf.put("equal replies", {"text": "ok", "reply_to": (first, second, album[n])[n]})


def _quotes(shelf: Shelf) -> None:
    said = styled("🚢 The big ship left the harbour", ("big ship", t.MessageEntityBold))
    (quoted,) = shelf.put("quoted", said)
    bold = {"text": "big ship left", "entities": [t.MessageEntityBold(0, 8)], "offset": 7}
    plain = {"text": "harbour", "entities": [], "offset": units("🚢 The big ship left the ")}
    shelf.put("quote with a style", {"text": "Which one?", "reply_to": quoted, "quote": bold})
    shelf.put("quote of the end", {"text": "Ours?", "reply_to": quoted, "quote": plain})


def _answers(shelf: Shelf, new: Makers) -> dict[str, Fields]:
    """Kinds that can be sent anew by reference, and so can answer."""
    shelf.world.previews["https://example.org/r"] = {"title": "R"}
    page = {"url": "https://example.org/r", "title": "R", "large": True}
    address = styled("https://example.org/r", ("https://example.org/r", t.MessageEntityUrl))
    question = poll(shelf.world, "And you?", ["yes", "no"])
    look = {"spoiler": True, "cover": new("photo"), "timestamp": 3}
    return {
        "a photo": {"media": new("photo"), "text": "Look", "look": {"spoiler": True}, "invert": True},
        "a video": {"media": new("video"), "look": look},
        "a file": {"media": new("document", name="a.bin")},
        "a voice message": {"media": new("voice")},
        "a video message": {"media": new("video_note")},
        "a sticker": {"media": new("sticker")},
        "a GIF": {"media": new("animation")},
        "a contact": {"media": new.unfiled("contact", first_name="C", phone_number="1", vcard="BEGIN:VCARD")},
        "a place": {"media": new.unfiled("geo", **PLACE)},
        "a venue": {"media": new.unfiled("venue", **PLACE, title="Pier", address="1")},
        "a poll": {"media": question},
        "a link preview": address | {"webpage": page},
    }


def links(shelf: Shelf, channel: Channel, *, skipped: int) -> None:
    """In every form of address, to what stands before, after, nowhere, and to itself."""
    new = Makers(shelf)
    (to,) = shelf.put("linked to", {"text": "The timetable 时刻表"})
    for n, address in enumerate(addresses(channel, to)):
        shelf.put(f"link {n}", seen(f"🚀 see {{}} and {n} 再见", address))
    home = f"https://t.me/{channel.username}" if channel.username else f"https://t.me/c/{channel.id}"
    shelf.put("link behind words", hidden(f"{home}/{to}"))
    both = seen("First {}, then more", f"{home}/{to}")
    both["entities"] = [*both["entities"], t.MessageEntityBold(units(both["text"]) - 4, 4)]
    shelf.put("link before bold words", both)
    shelf.put("two links", joined(seen("One {}", f"{home}/{to}"), seen("two {} end", f"{home}/{to}?single")))
    shelf.put("link in a caption", seen("Photo: {}", f"{home}/{to}") | {"media": new("photo")})
    captioned = hidden(f"{home}/{to}") | {"media": new("photo")}
    shelf.album("link in an album", captioned, {"media": new("photo")})
    shelf.put("link in an answer", seen("As in {}", f"{home}/{to}") | {"reply_to": to})
    page = {"url": f"{home}/{to}", "title": channel.title}
    shelf.put("link with its preview", seen("{}", f"{home}/{to}") | {"webpage": page}, lost=["preview"])
    header = {"date": 1_600_000_000, "from": ("channel", 1_900_000_001), "post": 7}
    forwarded = seen("They say {}", f"{home}/{to}") | {"fwd": header}
    shelf.put("link in a forwarded post", forwarded, lost=["forward header"])
    shelf.put("link to what is skipped", seen("It was {}", f"{home}/{skipped}"))
    shelf.put("link to nothing", seen("It was {}", f"{home}/{NOWHERE}"))
    shelf.put("link to the chat", seen("Join {}", home if channel.username else "https://t.me/+abcdefghijk"))
    shelf.put("link elsewhere", seen("Not ours: {}", "https://t.me/durov/42"), hidden("https://t.me/c/1/42"))
    (early,) = shelf.put("link forward", {"text": "to be written"})
    (itself,) = shelf.put("link to itself", {"text": "to be written"})
    (late,) = shelf.put("linked to from above", {"text": "It was written later"})
    shelf.change(early, **seen("Later: {}", f"{home}/{late}"))
    shelf.change(itself, **seen("This is {} itself", f"{home}/{itself}"))
    for n in range(2):
        shelf.put("equal links", seen("See {}", f"{home}/{(to, late)[n]}"))


def addresses(channel: Channel, to: int) -> list[str]:
    """All the ways to write where a message is."""
    private = [f"https://t.me/c/{channel.id}/{to}", f"tg://privatepost?channel={channel.id}&post={to}"]
    if not channel.username:
        return private
    name = channel.username
    return [
        f"https://t.me/{name}/{to}",
        f"http://t.me/{name.upper()}/{to}",
        f"t.me/{name}/{to}",
        f"https://telegram.me/{name}/{to}",
        f"https://{name}.t.me/{to}",
        f"https://t.me/{name}/{to}?single",
        f"tg://resolve?domain={name}&post={to}",
        *private,
    ]


def seen(text: str, address: str) -> Fields:
    """`text` with the address in place of {}, as people see it."""
    return styled(text.format(address), (address, t.MessageEntityUrl))


def hidden(address: str) -> Fields:
    return styled(
        "Read all about it 都在这里 today", ("都在这里", lambda o, n: t.MessageEntityTextUrl(o, n, address))
    )


def joined(a: Fields, b: Fields) -> Fields:
    shift = units(a["text"]) + 1
    moved: list[Any] = [type(e)(**vars(e) | {"offset": e.offset + shift}) for e in b["entities"]]
    return {"text": f"{a['text']}\n{b['text']}", "entities": [*a["entities"], *moved]}
