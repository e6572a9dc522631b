"""What an order wants copied, and how: part of the job from the moment it is written down."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import StrEnum

from domain.kind import Kind
from domain.message import SourceMessage


class NewChatKind(StrEnum):
    """What a new target is to be."""

    CHANNEL = "channel"
    GROUP = "group"
    FORUM = "forum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which messages of the source. Ids are as Progress counts them; both ends belong to it.

    What people say in dates or as "the last N" is turned into ids when the order is taken.
    """

    from_id: int | None = None
    to_id: int | None = None
    ids: tuple[int, ...] = ()  #: only these, ascending; empty: all
    kinds: frozenset[Kind] = frozenset()  #: only these; empty: all
    asked: str = field(default="", compare=False)  #: the same in the words of the order

    @property
    def is_everything(self) -> bool:
        return self.from_id is None and self.to_id is None and not (self.ids or self.kinds)

    @property
    def after_id(self) -> int:
        """Reading may begin behind this message."""
        first = self.ids[0] if self.ids else self.from_id
        return 0 if first is None else first - 1

    def is_behind(self, message_id: int) -> bool:
        """Whether everything that is wanted stands before this message."""
        last = self.ids[-1] if self.ids else self.to_id
        return last is not None and message_id > last

    def has_place(self, message_id: int) -> bool:
        """Whether a message of this id may be wanted, whatever its kind."""
        if self.ids:
            place = bisect_left(self.ids, message_id)
            return place < len(self.ids) and self.ids[place] == message_id
        return not (self.from_id is not None and message_id < self.from_id) and not self.is_behind(message_id)

    def takes(self, message: SourceMessage) -> bool:
        return self.has_place(message.id) and (not self.kinds or message.kind in self.kinds)


#: Takes no message: none has such an id.
NOTHING = Selection(to_id=-(2**62))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChat:
    """A target that the job makes first. `token` is how it is known again until it is written down."""

    kind: NewChatKind
    title: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    selection: Selection = Selection()
    replies: bool = True  #: replies lead to the copies
    keep_author: bool = False  #: copies say who wrote them: forwarded with the header, then without replies
    pins: bool = True
    profile: bool = False  #: title, about and photo too
    new_chat: NewChat | None = None
    delete: bool = False  #: dedupe: delete what was found; repair: delete doubles


EVERYTHING = Wishes()
