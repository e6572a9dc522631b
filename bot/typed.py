"""What people type behind a command. Wrong use is an error with an example, like every other error."""

from __future__ import annotations

from aiogram.filters import CommandObject

from domain.errors import FerryError
from domain.job import Priority
from domain.priority import parse_priority


class WrongNumber(FerryError):
    text = "/{command} needs the number of one job."
    hint = "For example: /{command} 3"


class WrongChat(FerryError):
    text = "/{command} needs one chat."
    hint = "For example: /{command} @my_archive"


class WrongPriority(FerryError):
    text = "/priority needs the number of one job and a word: low, normal, high or urgent."
    hint = "For example: /priority 3 high"


class WrongAfter(FerryError):
    text = (
        "/after needs the number of a job, then the numbers of those that must be complete before it starts."
    )
    hint = "For example: /after 3 1 2 – and /after 3 alone lets it wait for none."


def parse_number(command: CommandObject) -> int:
    """One job's number; raises WrongNumber."""
    if (number := _number((command.args or "").strip())) is not None:
        return number
    raise WrongNumber(command=command.command.lower())


def parse_chat(command: CommandObject) -> str:
    """One chat, not yet looked at; raises WrongChat."""
    match (command.args or "").split():
        case [chat]:
            return chat
        case _:
            raise WrongChat(command=command.command.lower())


def parse_job_and_priority(command: CommandObject) -> tuple[int, Priority]:
    """N WORD; raises WrongPriority, and NoSuchPriority for another word."""
    match (command.args or "").split():
        case [typed, word] if (job_id := _number(typed)) is not None:
            return job_id, parse_priority(word)
        case _:
            raise WrongPriority


def parse_job_and_others(command: CommandObject) -> tuple[int, list[int]]:
    """N [M…], with or without commas; raises WrongAfter."""
    match numbers_in((command.args or "").split()):
        case [job_id, *others]:
            return job_id, others
        case _:
            raise WrongAfter


def numbers_in(words: list[str]) -> list[int] | None:
    """None when anything else is among them."""
    numbers = [_number(part) for word in words for part in word.split(",") if part]
    known = [number for number in numbers if number is not None]
    return known if len(known) == len(numbers) else None


def _number(typed: str) -> int | None:
    typed = typed.removeprefix("#")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 15 else None
