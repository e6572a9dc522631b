"""Exported times as Unix seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

LATEST = 2**31 - 1


def seconds(item: dict[str, Any], field: str, default: int) -> int:
    """Exports before 2022 have only local time without a zone: taken as UTC. ValueError where it is none."""
    if (found := item.get(f"{field}_unixtime")) is None:
        if not item.get(field):
            return default
        found = datetime.fromisoformat(item[field]).replace(tzinfo=UTC).timestamp()
    if not 0 <= int(found) <= LATEST:
        raise ValueError(f"{field} {found} is no date of Telegram's")
    return int(found)
