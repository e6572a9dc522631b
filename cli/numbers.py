"""Numbers of things, in words."""

from __future__ import annotations


def several(number: int, one: str) -> str:
    """1 message, 2,000 messages."""
    return f"{number:,} {one if number == 1 else one + 's'}"
