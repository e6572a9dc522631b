"""The kinds of messages, in the words that people type to choose among them."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"  #: also with a link preview
    PHOTO = "photo"
    VIDEO = "video"
    ROUND = "round"  #: a video message
    FILE = "file"
    MUSIC = "music"
    VOICE = "voice"
    STICKER = "sticker"
    GIF = "gif"
    CONTACT = "contact"
    PLACE = "place"  #: a point on the map or a venue
    LIVE = "live"  #: a live place
    DICE = "dice"
    GAME = "game"
    POLL = "poll"
    QUIZ = "quiz"
    TODO = "todo"
    STORY = "story"
    PAID = "paid"
    GIVEAWAY = "giveaway"  #: its results too
    INVOICE = "invoice"
    RICH = "rich"
    SERVICE = "service"
    OTHER = "other"  #: newer than this Ferry
