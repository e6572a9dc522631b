"""Reads what somebody typed about which messages they want. Nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.kind import Kind
from domain.reference import MAX_ID
from domain.refusals import (
    ChoicesClash,
    NoSuchKind,
    NotAMessage,
    NotAMoment,
    NotIds,
    TitleTooLong,
    TooManyIds,
    UpsideDown,
)
from domain.typed import Typed

#: More would make every write of the job long; a range does the same for any number.
MOST_IDS = 10_000
#: Characters (core.telegram.org/bots/api#setchattitle).
LONGEST_TITLE = 128
#: Service messages are never copied, so nobody can choose them.
CHOOSABLE = tuple(kind for kind in Kind if kind is not Kind.SERVICE)

_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_SPAN = re.compile(r"(\d{1,10})(?:\s*-\s*(\d{1,10}))?", re.ASCII)
_DAY = re.compile(r"\d{4}-?\d\d-?\d\d", re.ASCII)
_LINK = re.compile(r"(?:https?://)?(?:\w+\.)?(?:t|telegram)\.(?:me|dog)/\S+|tg:\S+", re.IGNORECASE)

#: A message: its number, or a link that is still to be followed.
Place = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is None or empty sets no bound. `until` is the first moment that no longer belongs to it."""

    start: Place | None = None
    end: Place | None = None
    since: datetime | None = None
    until: datetime | None = None
    last: int | None = None
    ids: tuple[int, ...] = ()  #: ascending
    kinds: frozenset[Kind] = frozenset()
    topic: Place | None = None


def choice_of(typed: Typed) -> Choice:
    """Raises NotAMessage, NotAMoment, NotIds, TooManyIds, NoSuchKind, UpsideDown, ChoicesClash and
    TitleTooLong.
    """
    _refuse_clashes(typed)
    title_of(typed)
    choice = Choice(
        start=_place(typed.start),
        end=_place(typed.end),
        since=_moment(typed.since, end=False),
        until=_moment(typed.until, end=True),
        last=typed.last,
        ids=_ids(typed.ids),
        kinds=_kinds(typed.kinds),
        topic=_place(typed.topic),
    )
    if isinstance(choice.start, int) and isinstance(choice.end, int) and choice.end < choice.start:
        raise UpsideDown(start=choice.start, end=choice.end)
    if choice.since and choice.until and choice.until <= choice.since:
        raise UpsideDown(start=typed.since.strip(), end=typed.until.strip())
    return choice


def title_of(typed: Typed) -> str:
    """Of a chat that is to be made; empty when none was said. Raises TitleTooLong."""
    title = typed.new_title.strip()
    if len(title) > LONGEST_TITLE:
        raise TitleTooLong(count=len(title), most=LONGEST_TITLE)
    return title


def words_of(typed: Typed) -> str:
    """The choice as one line that is the same whenever the same was typed; empty for everything."""
    said = {name: getattr(typed, field) for name, field in _FIELDS.items()}
    return " ".join(f"{name}={_in_one_word(name, str(value))}" for name, value in said.items() if value)


def _in_one_word(name: str, value: str) -> str:
    if name == "kinds":
        return ",".join(_words(value))
    is_moment = name in ("since", "until") and "T" not in value
    return ("T" if is_moment else "").join(value.split())


_FIELDS = {
    "from": "start",
    "to": "end",
    "since": "since",
    "until": "until",
    "last": "last",
    "ids": "ids",
    "kinds": "kinds",
}
#: What says the same thing in two ways.
_CLASHES = [
    *(("ids", other) for other in ("from", "to", "since", "until", "last")),
    *(("last", other) for other in ("from", "to", "since", "until")),
    ("from", "since"),
    ("to", "until"),
]


def _refuse_clashes(typed: Typed) -> None:
    for one, other in _CLASHES:
        if getattr(typed, _FIELDS[one]) and getattr(typed, _FIELDS[other]):
            raise ChoicesClash(one=one, other=other)


def _place(typed: str) -> Place | None:
    typed = typed.strip()
    if not typed:
        return None
    if _NUMBER.fullmatch(typed) and 0 < int(typed) <= MAX_ID:
        return int(typed)
    if _LINK.fullmatch(typed):
        return typed
    raise NotAMessage(typed=typed[:80])


def _moment(typed: str, *, end: bool) -> datetime | None:
    """With a time zone: UTC unless another was typed. A day's `end` is the beginning of the next."""
    typed = typed.strip()
    if not typed:
        return None
    try:
        if not _DAY.match(typed):
            raise ValueError(typed)  # a week of the year
        moment = datetime.fromisoformat(typed)
    except ValueError as error:
        raise NotAMoment(typed=typed[:80]) from error
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    is_last_day = moment.date() == date.max
    return moment + timedelta(days=1) if end and _DAY.fullmatch(typed) and not is_last_day else moment


def _ids(typed: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in filter(None, (part.strip() for part in typed.split(","))):
        span = _SPAN.fullmatch(part)
        if span is None or not int(span[1]):
            raise NotIds(typed=typed.strip()[:80])
        first, last = int(span[1]), int(span[2] or span[1])
        if last < first:
            raise UpsideDown(start=first, end=last)
        if len(found) + last - first >= MOST_IDS:
            raise TooManyIds(most=f"{MOST_IDS:,}")
        if last > MAX_ID:
            raise NotIds(typed=typed.strip()[:80])
        found.update(range(first, last + 1))
    if typed.strip() and not found:
        raise NotIds(typed=typed.strip()[:80])
    return tuple(sorted(found))


def _kinds(typed: str) -> frozenset[Kind]:
    words = _words(typed)
    for word in words:
        if word not in CHOOSABLE:
            raise NoSuchKind(typed=word[:40], kinds=", ".join(CHOOSABLE))
    return frozenset(Kind(word) for word in words)


def _words(typed: str) -> list[str]:
    return typed.replace(",", " ").lower().split()
