"""What people type behind a command. Wrong use is an error with an example, like every other error."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram.filters import CommandObject

from domain.errors import FerryError
from domain.job import Priority
from domain.priority import parse_priority

AGAIN, AFTER = "again", "after"
PRIORITIES = frozenset(priority.word for priority in Priority)


class WrongClone(FerryError):
    text = "/clone needs a source and a target."
    hint = "For example: /clone @news @my_archive – behind it may stand again, a priority, or after 3."


class WrongNumber(FerryError):
    text = "/{command} needs the number of one job."
    hint = "For example: /{command} 3"


class WrongPriority(FerryError):
    text = "/priority needs the number of one job and a word: low, normal, high or urgent."
    hint = "For example: /priority 3 high"


class WrongAfter(FerryError):
    text = (
        "/after needs the number of a job, then the numbers of those that must be complete before it starts."
    )
    hint = "For example: /after 3 1 2 – and /after 3 alone lets it wait for none."


@dataclass(frozen=True, slots=True)
class Order:
    source: str
    target: str
    again: bool = False
    priority: Priority = Priority.NORMAL
    after: tuple[int, ...] = ()


def parse_order(command: CommandObject) -> Order:
    """SOURCE TARGET [again] [PRIORITY] [after N…]; raises WrongClone."""
    match (command.args or "").split():
        case [source, target, *rest]:
            words, after = _up_to(AFTER, [word.lower() for word in rest])
        case _:
            raise WrongClone
    priorities = [word for word in words if word in PRIORITIES]
    numbers = _numbers(after)
    if set(words) - PRIORITIES - {AGAIN} or len(priorities) > 1 or numbers is None:
        raise WrongClone
    priority = parse_priority(priorities[0]) if priorities else Priority.NORMAL
    return Order(source, target, AGAIN in words, priority, tuple(numbers))


def parse_number(command: CommandObject) -> int:
    """One job's number; raises WrongNumber."""
    if (number := _number((command.args or "").strip())) is not None:
        return number
    raise WrongNumber(command=command.command.lower())


def parse_job_and_priority(command: CommandObject) -> tuple[int, Priority]:
    """N WORD; raises WrongPriority, and NoSuchPriority for another word."""
    match (command.args or "").split():
        case [typed, word] if (job_id := _number(typed)) is not None:
            return job_id, parse_priority(word)
        case _:
            raise WrongPriority


def parse_job_and_others(command: CommandObject) -> tuple[int, list[int]]:
    """N [M…], with or without commas; raises WrongAfter."""
    match _numbers((command.args or "").split()):
        case [job_id, *others]:
            return job_id, others
        case _:
            raise WrongAfter


def _up_to(mark: str, words: list[str]) -> tuple[list[str], list[str]]:
    """What stands before the mark, and what behind it: there has to be something, or it is no mark."""
    at = words.index(mark) if mark in words[:-1] else len(words)
    return words[:at], words[at + 1 :]


def _numbers(words: list[str]) -> list[int] | None:
    """None when anything else is among them."""
    numbers = [_number(part) for word in words for part in word.split(",") if part]
    known = [number for number in numbers if number is not None]
    return known if len(known) == len(numbers) else None


def _number(typed: str) -> int | None:
    typed = typed.removeprefix("#")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 15 else None
