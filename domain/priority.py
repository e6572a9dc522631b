"""The word for a priority, as people type it."""

from __future__ import annotations

from domain.errors import NoSuchPriority
from domain.job import Priority


def parse_priority(typed: str) -> Priority:
    """Raises NoSuchPriority."""
    for priority in Priority:
        if typed.strip().lower() == priority.word:
            return priority
    raise NoSuchPriority(word=typed)
