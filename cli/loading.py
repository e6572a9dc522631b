"""Makes imports cheaper, the big ones of Telethon and aiogram most of all."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WORD = re.compile(r"\w+")


@contextmanager
def loading() -> Iterator[None]:
    """What is imported inside stays: the collector would slow it by a quarter, and walk it ever after."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def loading_aiogram() -> Iterator[None]:
    """Without the schemas of Telegram's six hundred types and methods, of which we use some dozens.

    aiogram has all of them built while it is loaded, which takes two thirds of the time and eighty megabytes.
    Pydantic builds a missing one when it is first used. For that each module needs the names that it mentions
    but imports for type checkers only; aiogram passes all to every `model_rebuild` (docs/decisions/0019).
    """
    from pydantic import BaseModel  # late: not every command needs it

    names: dict[str, Any] = {}
    build = BaseModel.__dict__["model_rebuild"]

    def remember(model: Any, /, *, _types_namespace: dict[str, Any] | None = None, **options: Any) -> Any:
        if _types_namespace is None:  # not aiogram's loading: somebody needs it now
            return build.__func__(model, **options)
        names.update(_types_namespace)
        return None

    BaseModel.model_rebuild = classmethod(remember)  # type: ignore[method-assign,assignment]
    try:
        with loading():
            yield
    finally:
        BaseModel.model_rebuild = build  # type: ignore[method-assign]
        for model in _below(BaseModel):
            if model.__module__.startswith("aiogram.") and not model.__pydantic_complete__:
                _name(model, names)


def _below(base: type[Any]) -> Iterator[type[Any]]:
    for each in base.__subclasses__():
        yield each
        yield from _below(each)


def _name(model: type[Any], names: dict[str, Any]) -> None:
    """Gives the model's module those of the names that its fields mention."""
    module = vars(sys.modules[model.__module__])
    for parent in model.__mro__:
        for annotation in vars(parent).get("__annotations__", {}).values():
            for word in WORD.findall(str(annotation)):
                if word in names:
                    module.setdefault(word, names[word])
