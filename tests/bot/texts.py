"""Every text the bot can say: what stands in its code, and the sentences of all errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

import bot
import bot.service
import bot.typed
from domain.errors import FerryError

KEYWORDS = {"say": None, "plain": None, "plural": (1, 2), "N_": None}
OURS = ("domain.", "engine.", "bot.")


def in_code() -> set[str | tuple[str, str]]:
    """Message ids; a plural's are a pair."""
    found = extract_from_dir(str(Path(bot.__file__).parent), [("**.py", "python")], keywords=KEYWORDS)
    return {message for _, _, message, _, _ in found}


def in_errors() -> set[str]:
    return {error.text + (f" {error.hint}" if error.hint else "") for error in _errors(FerryError)}


def _errors(root: type[FerryError]) -> Iterator[type[FerryError]]:
    yield root
    for error in root.__subclasses__():
        if error.__module__.startswith(OURS):
            yield from _errors(error)
