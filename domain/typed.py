"""An order as somebody typed it: nothing of it has been looked up, most of it not even read."""

from __future__ import annotations

from dataclasses import dataclass

from domain.job import JobKind, Priority
from domain.wishes import NewChatKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What is empty was not said. `domain.choosing` reads what is to be copied, `domain.reference` the chats.

    `of_job` is the job that a verify, a repair, a deletion of doubles or another try is about; such an order
    names no chats. A target is named, or `new_target` asks for one.
    """

    kind: JobKind = JobKind.CLONE
    source: str = ""
    target: str = ""
    account_id: int | None = None
    again: bool = False
    priority: Priority = Priority.NORMAL
    after: tuple[int, ...] = ()
    # what to copy
    start: str = ""  #: the first message: its number, or a link to it
    end: str = ""  #: the last one
    since: str = ""  #: a date, or a moment
    until: str = ""  #: the same; a date counts to its end
    last: int | None = None  #: so many of the newest
    ids: str = ""  #: numbers and ranges
    kinds: str = ""
    topic: str = ""  #: a topic of the source: its number, or a link to it
    # how
    replies: bool = True
    keep_author: bool = False
    pins: bool = True
    profile: bool = False
    new_target: bool = False
    new_kind: NewChatKind | None = None  #: None: as the source
    new_title: str = ""  #: empty: as the source
    # about another job
    of_job: int | None = None
    delete: bool = False  #: of a listing of doubles: delete them
    skipped: bool = False  #: try again what that job skipped
