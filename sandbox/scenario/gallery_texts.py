"""Texts of the gallery: every entity, previews, buttons, effects, what others wrote first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from telethon.tl import types as t

from sandbox.placeholders import placeholder
from sandbox.scenario.shelf import Fields, Shelf, styled

EMOJI = 5_368_324_170_671_202_286
EFFECT = 5_104_841_245_755_180_586
LONG_CAPTION, LONG_TEXT = 1500, 5000  # characters: more than an account without Premium may write
STYLES: dict[str, Any] = {
    "bold": t.MessageEntityBold,
    "italic": t.MessageEntityItalic,
    "underline": t.MessageEntityUnderline,
    "strike": t.MessageEntityStrike,
    "spoiler": t.MessageEntitySpoiler,
    "code": t.MessageEntityCode,
    "pre": lambda o, n: t.MessageEntityPre(o, n, ""),
    "code with language": lambda o, n: t.MessageEntityPre(o, n, "python"),
    "quote": t.MessageEntityBlockquote,
    "expandable quote": lambda o, n: t.MessageEntityBlockquote(o, n, collapsed=True),
    "text link": lambda o, n: t.MessageEntityTextUrl(o, n, "https://example.org/渡口?a=1#b"),
    "custom emoji": lambda o, n: t.MessageEntityCustomEmoji(o, n, EMOJI),
    "date": lambda o, n: t.MessageEntityFormattedDate(
        o, n, datetime(2030, 1, 2, tzinfo=UTC), short_date=True
    ),
}
#: What Telegram finds by itself, and what it finds.
FOUND: dict[str, tuple[str, Any]] = {
    "address": ("https://example.org/news", t.MessageEntityUrl),
    "mention": ("@morning_tea_daily", t.MessageEntityMention),
    "hashtag": ("#每日精选", t.MessageEntityHashtag),
    "cashtag": ("$TON", t.MessageEntityCashtag),
    "command": ("/start", t.MessageEntityBotCommand),
    "email": ("captain@example.org", t.MessageEntityEmail),
    "phone": ("+86 10 1234 5678", t.MessageEntityPhone),
    "bank card": ("4242 4242 4242 4242", t.MessageEntityBankCard),
}


def texts(shelf: Shelf, *, other: int, bot: int) -> None:
    shelf.put("text", {"text": "The ferry leaves at nine 渡船九点开 🛶"})
    for name, make in STYLES.items():
        word = "🛶" if name == "custom emoji" else "渡口 pier 👨‍👩‍👧‍👦"
        lost = ["entities"] if name == "custom emoji" else []  # the owner has no Premium
        shelf.put(name, styled(f"🚀 {name}: {word} end", (word, make)), lost=lost)
    for name, (word, make) in FOUND.items():
        shelf.put(name, styled(f"👍🏽 {name} {word} end", (word, make)))
    shelf.put("mention by name", styled("Ask Ann 安 about it", ("Ann 安", lambda o, n: _person(o, n, other))))
    nested = (
        ("all of this", t.MessageEntityBold),
        ("of this", t.MessageEntityItalic),
        ("this", STYLES["spoiler"]),
    )
    shelf.put("nested entities", styled("🔥 all of this counts", *nested))
    shelf.put("lines and spaces", {"text": "first\n\n  second   third\n\tfourth"})
    _previews(shelf)
    _around(shelf, other=other, bot=bot)


def _person(offset: int, length: int, user: int) -> Any:
    return t.MessageEntityMentionName(offset, length, user)


def _previews(shelf: Shelf) -> None:
    story, picture = "https://example.org/story", "https://example.org/picture"
    about = {"title": "A story", "site_name": "Example", "description": "…"}
    shelf.world.previews[story] = about
    shelf.world.previews[picture] = about | {"photo": placeholder(shelf.world, "photo", w=1200, h=630)}

    def previewed(url: str, **how: Any) -> Fields:
        page = {"url": url, **shelf.world.previews[url]} | how
        return styled(f"Read {url} today", (url, t.MessageEntityUrl)) | {"webpage": page}

    shelf.put("link preview", previewed(story))
    shelf.put("large link preview", previewed(picture, large=True))
    shelf.put("small link preview", previewed(picture, small=True))
    shelf.put("link preview above the text", previewed(story) | {"invert": True})
    shelf.put("preview of no address", previewed(story, manual=True) | {"text": "Nothing", "entities": []})
    shelf.put("preview switched off", styled(f"See {story}", (story, t.MessageEntityUrl)))


def _around(shelf: Shelf, *, other: int, bot: int) -> None:
    """What stands around a text."""
    edited = shelf.message(shelf.entries[0].ids[0]).date + 5000
    url, call = {"text": "Open", "url": "https://example.org"}, {"text": "Vote", "callback_data": "1"}
    shelf.put("buttons", {"text": "Press one", "markup": [[url], [call]]}, lost=["buttons"])
    shelf.put("via a bot", {"text": "Found with a bot", "via_bot": bot}, lost=["via bot"])
    shelf.put("effect", {"text": "Party!", "effect": EFFECT}, lost=["effect"])
    shelf.put("signed", {"text": "Signed post", "signature": "Ann 安"}, lost=["signature"])
    shelf.put("edited", {"text": "As it reads now", "edit_date": edited})
    heading, line = (
        t.PageBlockHeading1(t.TextPlain("Timetable")),
        t.PageBlockParagraph(t.TextPlain("9:00 渡口")),
    )
    shelf.put("rich message", {"text": "Timetable 9:00 渡口", "rich": t.RichMessage([heading, line], [], [])})
    header = {"date": 1_600_000_000, "post": None}
    person, hidden = header | {"from": ("user", other)}, header | {"from": None, "name": "Nobody you know"}
    post = header | {"from": ("channel", 1_900_000_001), "post": 7, "author": "An editor"}
    lost = ["forward header"]
    shelf.put("forwarded from a person", {"text": "Bo wrote this", "fwd": person}, lost=lost)
    shelf.put("forwarded from a hidden person", {"text": "Somebody wrote this", "fwd": hidden}, lost=lost)
    shelf.put("forwarded from a channel", {"text": "They posted this", "fwd": post}, lost=lost)
    shelf.skip("text over the limit", {"text": "字" * LONG_TEXT}, reason="too long")
    for _ in range(5):
        shelf.put("equal neighbours", {"text": "ok"})
