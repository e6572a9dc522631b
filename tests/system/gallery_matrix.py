"""The fault matrix of faithful copies: which of their calls meets which trouble, and how the job must end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from itertools import product
from random import Random
from typing import Any

from tests.system.gallery_worlds import Place as Site
from tests.system.gallery_worlds import World
from tests.system.matrix import COMPLETED, FAULTS, STOPPING, Ending, Place, Trouble


class Side(StrEnum):
    SOURCE = "source"
    TARGET = "target"
    SOURCE_GROUP = "source group"
    TARGET_GROUP = "target group"


class Deed(Enum):
    """A call of faithful copying, where its faults strike, and how often it is made there."""

    TEXT = "messages.sendMessage", World.ANSWERS, Side.TARGET, 5
    MEDIA = "messages.sendMedia", World.ANSWERS, Side.TARGET, 3
    ALBUM = "messages.sendMultiMedia", World.ANSWERS, Side.TARGET, 3
    FORWARD = "messages.forwardMessages", World.ANSWERS, Side.TARGET, 3
    EDIT = "messages.editMessage", World.ANSWERS, Side.TARGET, 3
    TO_EDIT = "channels.getMessages", World.ANSWERS, Side.TARGET, 1
    PINNED = "messages.search", World.ANSWERS, Side.SOURCE, 1
    PINNED_THERE = "messages.search", World.ANSWERS, Side.TARGET, 1
    PIN = "messages.updatePinnedMessage", World.ANSWERS, Side.TARGET, 3
    TOPIC = "messages.createForumTopic", World.FORUM, Side.TARGET, 3
    IN_TOPIC = "messages.forwardMessages", World.FORUM, Side.TARGET, 8
    TOPICS = "messages.getForumTopics", World.FORUM, Side.SOURCE, 2
    TOPICS_THERE = "messages.getForumTopics", World.FORUM, Side.TARGET, 1
    TOPIC_STATE = "messages.editForumTopic", World.FORUM, Side.TARGET, 3
    TOPIC_ORDER = "messages.reorderPinnedForumTopics", World.FORUM, Side.TARGET, 1
    ROOT = "messages.getDiscussionMessage", World.COMMENTS, Side.TARGET, 3
    COMMENT = "messages.sendMessage", World.COMMENTS, Side.TARGET_GROUP, 12
    POST_OF_ROOT = "channels.getMessages", World.COMMENTS, Side.SOURCE_GROUP, 3
    TITLE = "channels.editTitle", World.LIKE, Side.TARGET, 1
    ABOUT = "messages.editChatAbout", World.LIKE, Side.TARGET, 1
    PHOTO = "channels.editPhoto", World.LIKE, Side.TARGET, 1
    PROFILE = "channels.getFullChannel", World.LIKE, Side.SOURCE, 3
    CHAT = "channels.createChannel", World.NEW, None, 1
    NEW_ABOUT = "messages.editChatAbout", World.NEW, None, 1
    NEW_PHOTO = "channels.editPhoto", World.NEW, None, 1

    def __init__(self, method: str, world: World, side: Side | None, calls: int) -> None:
        self.method, self.world, self.side, self.calls = method, world, side, calls

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")

    def skip(self, place: Place) -> int | None:
        """Calls before it; None where that place is another's as well."""
        if place is Place.FIRST:
            return 0
        if place is Place.MIDDLE:
            return self.calls // 2 if self.calls > 2 else None
        return self.calls - 1 if self.calls > 1 else None


class Bother(StrEnum):
    """Trouble that only faithful copying knows."""

    OLD_REFERENCE = "old reference"
    NOTHING_NEW = "not modified"  # as if an earlier call, whose answer was lost, had done it
    REFUSED = "refused"
    KILL_BEFORE = "killed before"
    KILL_AFTER = "killed after commit"


KILLS = {Bother.KILL_BEFORE: "hold_before", Bother.KILL_AFTER: "hold_after"}
NAMED = {Deed.TEXT, Deed.MEDIA, Deed.ALBUM, Deed.FORWARD, Deed.TOPIC, Deed.IN_TOPIC, Deed.COMMENT}
SENDS = NAMED - {Deed.TOPIC}
READS = {
    Deed.TO_EDIT,
    Deed.PINNED,
    Deed.PINNED_THERE,
    Deed.TOPICS,
    Deed.TOPICS_THERE,
    Deed.ROOT,
    Deed.POST_OF_ROOT,
    Deed.PROFILE,
}
MAKES = {Deed.CHAT, Deed.NEW_ABOUT, Deed.NEW_PHOTO}
#: What Telegram says of a change that was made already.
NOT_MODIFIED = {
    Deed.EDIT: "MESSAGE_NOT_MODIFIED",
    Deed.PIN: "CHAT_NOT_MODIFIED",
    Deed.TOPIC_STATE: "TOPIC_NOT_MODIFIED",
    Deed.TOPIC_ORDER: "PINNED_TOPICS_NOT_MODIFIED",
    Deed.TITLE: "CHAT_NOT_MODIFIED",
    Deed.ABOUT: "CHAT_ABOUT_NOT_MODIFIED",
    Deed.PHOTO: "CHAT_NOT_MODIFIED",
    Deed.NEW_ABOUT: "CHAT_ABOUT_NOT_MODIFIED",
}
#: Refusals for good: each is told as a finding, or ends a job that can't go on.
REFUSALS = {
    Deed.EDIT: "MESSAGE_EDIT_TIME_EXPIRED",
    Deed.PIN: "PIN_RESTRICTED",
    Deed.TOPIC: "TOPICS_TOO_MUCH",
    Deed.TOPIC_STATE: "TOPIC_ID_INVALID",
    Deed.TOPIC_ORDER: "PINNED_TOO_MUCH",
    Deed.TITLE: "CHAT_TITLE_EMPTY",
    Deed.ABOUT: "CHAT_ABOUT_TOO_LONG",
    Deed.PHOTO: "PHOTO_INVALID",
    Deed.CHAT: "CHANNELS_TOO_MUCH",
}
WITH_REFERENCE = {Deed.MEDIA, Deed.ALBUM, Deed.PHOTO, Deed.NEW_PHOTO}


@dataclass(frozen=True, slots=True)
class GalleryEnding:
    """`told`: a completed job has findings, and what they name may differ."""

    ending: Ending
    told: bool = False


@dataclass(frozen=True, slots=True)
class GalleryCell:
    deed: Deed
    trouble: Trouble | Bother
    place: Place

    def __str__(self) -> str:
        return f"{self.deed} × {self.trouble} × {self.place}"

    @property
    def is_kill(self) -> bool:
        return self.trouble in KILLS

    @property
    def is_slow(self) -> bool:
        """Whether many messages still follow in a chat that is in slow mode: a second for each."""
        return self.trouble is Trouble.SLOW_MODE and self.place is not Place.LAST

    @property
    def makes_sense(self) -> bool:
        deed, trouble = self.deed, self.trouble
        if deed.skip(self.place) is None:
            return False
        match trouble:
            case Trouble.SLOW_MODE:
                return deed in SENDS
            case Trouble.DUPLICATE:
                return deed in NAMED
            case Trouble.DROP_AFTER | Trouble.ERROR_AFTER | Bother.KILL_AFTER if deed in READS:
                return False  # nothing is done that could be done twice
            case Bother.OLD_REFERENCE:
                return deed in WITH_REFERENCE
            case Bother.NOTHING_NEW:
                return deed in NOT_MODIFIED
            case Bother.REFUSED:
                return deed in REFUSALS
            case Trouble.RIGHTS | Trouble.TARGET_DELETED:
                return deed.side is not None
            case Trouble.SOURCE_DELETED:
                return deed in SENDS | {Deed.PINNED, Deed.TOPICS} and self.place is Place.FIRST
            case _:
                return True

    @property
    def expected(self) -> GalleryEnding:
        changes = self.deed not in READS | NAMED | MAKES
        match self.trouble:
            case Bother.REFUSED if self.deed is Deed.TOPIC:
                return GalleryEnding(Ending("failed", "target", "resume"))
            case Bother.REFUSED if self.deed is Deed.CHAT:
                return GalleryEnding(Ending("failed", "source", "resume"))  # the new one has that title, too
            case Bother.REFUSED:
                return GalleryEnding(COMPLETED, told=True)
            case Trouble.RIGHTS if changes:
                return GalleryEnding(COMPLETED, told=True)
            case Trouble.RIGHTS:
                return GalleryEnding(Ending("failed", self._blamed, "rights"))
            case Trouble.SOURCE_DELETED:
                return GalleryEnding(Ending("failed", "source"))
            case Trouble.TARGET_DELETED:
                return GalleryEnding(Ending("failed", "target"))
            case Trouble.REVOKED | Trouble.SPAMMER | Trouble.DUPLICATED:
                return GalleryEnding(Ending("paused", mends="login"))
            case _:
                return GalleryEnding(COMPLETED)

    def faults(self, site: Site) -> Iterator[dict[str, Any]]:
        """As ControlClient.set_fault takes them."""
        struck = {"method": self.deed.method, "user": site.user, "skip": self.deed.skip(self.place)}
        if self.deed.side is not None:
            struck["target"] = self._chat(site, self.deed.side)
        yield struck | self._trouble(site)

    @property
    def _blamed(self) -> str:
        side = self.deed.side or Side.TARGET
        return "source" if side in (Side.SOURCE, Side.SOURCE_GROUP) else "target"

    @property
    def _below(self) -> bool:
        return self.deed.side in (Side.SOURCE_GROUP, Side.TARGET_GROUP)

    def _chat(self, site: Site, side: Side) -> Any:
        groups = site.below or (None, None)
        return {
            Side.SOURCE: site.source,
            Side.TARGET: site.target,
            Side.SOURCE_GROUP: groups[0],
            Side.TARGET_GROUP: groups[1],
        }[side]

    def _trouble(self, site: Site) -> dict[str, Any]:
        match self.trouble:
            case Bother.OLD_REFERENCE:
                return {"action": "error", "code": 400, "message": "FILE_REFERENCE_EXPIRED"}
            case Bother.NOTHING_NEW:
                return {"action": "error_after", "code": 400, "message": NOT_MODIFIED[self.deed]}
            case Bother.REFUSED:
                return {"action": "error", "code": 400, "message": REFUSALS[self.deed]}
            case Bother():
                return {"action": KILLS[self.trouble], "discard": True}
        if (fault := (FAULTS | STOPPING).get(self.trouble)) is not None:
            return fault
        return {"action": "pass", "then": self._happening(site)}

    def _happening(self, site: Site) -> list[Any]:
        chat = self._chat(site, self.deed.side) if self.deed.side else None
        match self.trouble:
            case Trouble.RIGHTS:
                reads = self.deed in READS or self.deed in (Deed.IN_TOPIC, Deed.COMMENT)
                role = None if reads else "member"  # a member may read channels and write in groups
                return ["set_member", {"chat": chat, "user": site.user, "role": role}]
            case Trouble.SOURCE_DELETED:
                return ["delete_chat", {"chat": site.below[0] if self._below and site.below else site.source}]
            case Trouble.TARGET_DELETED:
                return ["delete_chat", {"chat": site.below[1] if self._below and site.below else site.target}]
            case _:
                return ["revoke", {"user": site.user}]


CELLS = [
    cell for cell in (GalleryCell(*x) for x in product(Deed, (*Trouble, *Bother), Place)) if cell.makes_sense
]


def sample(size: int, random: Random, *, kills: bool) -> list[GalleryCell]:
    """Every deed and every trouble about as often as any other, no cell twice, and none that is slow."""
    cells = random.sample(CELLS, len(CELLS))
    left = [cell for cell in cells if cell.is_kill is kills and not cell.is_slow]
    chosen: list[GalleryCell] = []
    while len(chosen) < min(size, len(left)):
        used = [cell.deed for cell in chosen], [cell.trouble for cell in chosen]
        rest = (cell for cell in left if cell not in chosen)
        chosen.append(min(rest, key=lambda c: used[0].count(c.deed) + used[1].count(c.trouble)))
    return chosen
