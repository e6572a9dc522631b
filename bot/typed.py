"""What people type behind a command. Wrong use is an error with an example, like every other error."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram.filters import CommandObject

from domain.errors import FerryError

AGAIN = "again"


class WrongClone(FerryError):
    text = "/clone needs a source and a target."
    hint = "For example: /clone @news @my_archive"


class WrongNumber(FerryError):
    text = "/{command} needs the number of one job."
    hint = "For example: /{command} 3"


@dataclass(frozen=True, slots=True)
class Order:
    source: str
    target: str
    again: bool = False


def parse_order(command: CommandObject) -> Order:
    """SOURCE TARGET [again]; raises WrongClone."""
    match (command.args or "").split():
        case [source, target]:
            return Order(source, target)
        case [source, target, last] if last.lower() == AGAIN:
            return Order(source, target, again=True)
        case _:
            raise WrongClone


def parse_number(command: CommandObject) -> int:
    """One job's number; raises WrongNumber."""
    typed = (command.args or "").strip().removeprefix("#")
    if typed.isascii() and typed.isdigit() and len(typed) <= 15:
        return int(typed)
    raise WrongNumber(command=command.command.lower())
