"""Makes imports cheaper, the big ones of Telethon and aiogram most of all."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """What is imported inside stays: the collector would slow it by a quarter, and walk it ever after."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
