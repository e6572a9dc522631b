"""What the world tells its front ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.world.box import Box


@dataclass(slots=True)
class Event:
    """Something happened. `box` is the sequence it belongs to."""

    kind: str  # new | edit | delete | pin | callback | qr | revoked
    box: Box | None
    items: list[tuple[int, int, Any]] = field(default_factory=list)  # (pts, pts_count, payload)
    origin: Any = None  # the session that caused it and gets the answer as its RPC result
    extra: dict[str, Any] = field(default_factory=dict)
