"""Exported numbers, times and words as Telegram can hold them; ValueError for what it cannot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

#: Telegram's numbers of messages, times and sizes are of 32 bits; those of people, chats and files of 64.
LARGEST, LARGEST_ID = 2**31 - 1, 2**63 - 1


def number(value: Any, largest: int = LARGEST) -> int:
    found = int(value or 0)
    if not -largest <= found <= largest:
        raise ValueError(f"{found} is too large a number")
    return found


def identity(value: Any, *kinds: str) -> int:
    """Of 123456, "123456", or "user123456" where "user" is one of `kinds`; 0 for anything else."""
    digits = str(value)
    for kind in kinds:
        digits = digits.removeprefix(kind)
    return int(digits) if digits.isdecimal() and int(digits) <= LARGEST_ID else 0


def seconds(item: dict[str, Any], field: str, default: int) -> int:
    """Exports before 2022 have only local time without a zone: taken as UTC."""
    if (found := item.get(f"{field}_unixtime")) is None:
        if not item.get(field):
            return default
        local = datetime.fromisoformat(item[field])
        found = (local if local.tzinfo else local.replace(tzinfo=UTC)).timestamp()
    if not 0 <= int(found) <= LARGEST:
        raise ValueError(f"{field} {found} is no date of Telegram's")
    return int(found)


def words(value: Any) -> str:
    """Without halves of characters, which JSON can hold and Telegram cannot; nothing for nothing."""
    text = "" if value is None else str(value)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
