"""The words behind /clone, /preview and /adopt: the chats, what to copy of them, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from aiogram.filters import CommandObject

from bot.typed import numbers_in, parse_number
from domain.errors import FerryError
from domain.job import JobKind, Priority
from domain.priority import parse_priority
from domain.typed import Typed
from domain.wishes import NewChatKind

PRIORITIES = frozenset(priority.word for priority in Priority)
AGAIN, AFTER, LAST, TITLE, NEW_TARGET = "again", "after", "last", "title", "new-target"
#: What stands behind these words, up to the next of them, is a field of the order.
VALUES = {
    "from": "start",
    "to": "end",
    "since": "since",
    "until": "until",
    LAST: "last",
    "ids": "ids",
    "kinds": "kinds",
    "topic": "topic",
    TITLE: "new_title",
    AFTER: "after",
}
FLAGS: dict[str, dict[str, Any]] = {
    AGAIN: {"again": True},
    "no-replies": {"replies": False},
    "keep-author": {"keep_author": True},
    "no-pins": {"pins": False},
    "profile": {"profile": True},
}
#: What is said of an order to take a target over: it is always taken over as a whole.
WHENEVER = frozenset({AGAIN, AFTER, *PRIORITIES})
#: Keyboards make one long dash of two short ones.
DASHES = "-–—"


class WrongClone(FerryError):
    text = "/{command} needs a source and a target."
    hint = "For example: /{command} @news @my_archive – behind it may stand more, as /help shows."


class WrongWord(FerryError):
    text = "“{typed}” can't stand there."
    hint = "/help shows what may, for example: last 50, since 2026-01-31, kinds photo,video, high, after 3."


def parse_copy(command: CommandObject) -> Typed:
    """SOURCE TARGET and any of the words above, with or without dashes before them. For SOURCE
    new-target [KIND] the target is made. Raises WrongClone and WrongWord.
    """
    match (command.args or "").split():
        case [source, second, *rest] if _plain(second) == NEW_TARGET:
            kind = _kind(rest)
            typed = Typed(source=source, new_target=True, new_kind=kind)
            return _with(typed, rest[1:] if kind else rest)
        case [source, second, *rest] if not _is_word(second):
            typed = _with(Typed(source=source, target=second), rest)
            if typed.new_title:  # that chat has one
                raise WrongWord(typed=TITLE)
            return typed
        case _:
            raise WrongClone(command=command.command.lower())


def parse_adoption(command: CommandObject) -> Typed:
    """SOURCE TARGET [again] [PRIORITY] [after N…]. Raises WrongClone and WrongWord."""
    match (command.args or "").split():
        case [source, target, *rest] if not _is_word(target):
            for word in map(_plain, rest):
                if word not in WHENEVER and not numbers_in([word]):
                    raise WrongWord(typed=word[:40])
            return _with(Typed(kind=JobKind.ADOPT, source=source, target=target), rest)
        case _:
            raise WrongClone(command=command.command.lower())


def parse_repair(command: CommandObject) -> Typed:
    """N, and behind it perhaps new-target [KIND]. Raises WrongNumber and WrongWord."""
    number, _, more = (command.args or "").strip().partition(" ")
    typed = Typed(kind=JobKind.REPAIR, of_job=parse_number(replace(command, args=number)))
    words = more.split()
    if not words:
        return typed
    kind = _kind(words[1:])
    if _plain(words[0]) != NEW_TARGET or len(words) > 1 + bool(kind):
        raise WrongWord(typed=more.strip()[:40])
    return replace(typed, new_target=True, new_kind=kind)


def _with(typed: Typed, words: Sequence[str]) -> Typed:
    said: dict[str, Any] = {}
    for word, behind in _clauses(words):
        value = _meaning(word, behind)
        if said.keys() & value.keys():
            raise WrongWord(typed=" ".join([word, *behind])[:40])
        said |= value
    return replace(typed, **said)


def _clauses(words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each word of ours, and what stands behind it. A title takes all the rest."""
    rest = list(words)
    while rest:
        word, behind = rest.pop(0), list[str]()
        while rest and _plain(word) in VALUES and (_plain(word) == TITLE or not _is_word(rest[0])):
            behind.append(rest.pop(0))
        yield (_plain(word) if _is_word(word) else word), behind


def _meaning(word: str, behind: list[str]) -> dict[str, Any]:
    """What it says of the order."""
    if word in PRIORITIES:
        return {"priority": parse_priority(word)}
    if word in FLAGS:
        return FLAGS[word]
    field = VALUES.get(word)
    if field is None or not behind:
        raise WrongWord(typed=word[:40])
    if word not in (AFTER, LAST):
        return {field: ("," if word == "ids" else " ").join(behind)}
    numbers = numbers_in(behind)
    if not numbers or (word == LAST and (len(numbers) > 1 or not numbers[0])):
        raise WrongWord(typed=" ".join([word, *behind])[:40])
    return {field: tuple(numbers) if word == AFTER else numbers[0]}


def _kind(words: Sequence[str]) -> NewChatKind | None:
    word = words[0].lower() if words else ""
    return NewChatKind(word) if word in list(NewChatKind) else None


def _plain(word: str) -> str:
    return word.lstrip(DASHES).lower()


def _is_word(word: str) -> bool:
    plain = _plain(word)
    return plain in VALUES or plain in FLAGS or plain in PRIORITIES
