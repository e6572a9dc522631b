"""What can be refused about an order before anything big is loaded or opened."""

from __future__ import annotations

from dataclasses import replace

from cli.endings import TitleOfWhat, WrongUsage
from domain.choosing import choice_of
from domain.reference import parse_reference
from domain.typed import Typed
from domain.wishes import NewChatKind


class NoTarget(WrongUsage):
    text = "Where to copy it to is missing."
    hint = "Name a chat behind the source, or make a new one: --new-target"


class NoKindOfChat(WrongUsage):
    text = "“{typed}” is no kind of chat."
    hint = "With --new-target stands channel, group, forum or nothing behind the source."


def checked(typed: Typed) -> Typed:
    """Raises what is wrong with it. The kind of a new target stands in its place."""
    parse_reference(typed.source)
    choice_of(typed)
    word = typed.target.strip()
    if not typed.new_target:
        if typed.new_title:
            raise TitleOfWhat
        if not word:
            raise NoTarget
        parse_reference(word)
        return typed
    try:
        return replace(typed, target="", new_kind=NewChatKind(word.lower()) if word else None)
    except ValueError as error:
        raise NoKindOfChat(typed=word[:80]) from error
