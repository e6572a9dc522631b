"""A step: one call that changes something at Telegram, as it is journalled before the call is made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from domain.message import Skip


class StepKind(StrEnum):
    FORWARD = "forward"  #: server-side, without the author's header, at most 100 messages


@dataclass(frozen=True, slots=True)
class StepItem:
    source_id: int
    random_id: int
    fingerprint: str
    grouped_id: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """`through_id` is the cursor once the step is done; `skips` are passed over on the way there.

    A `late` step sends again what an answer left out: the only exception to order. `later` are items of that
    kind that follow it; the cursor has passed them, so nothing but the journal knows of them.
    """

    number: int
    kind: StepKind
    items: tuple[StepItem, ...]
    through_id: int
    skips: tuple[Skip, ...] = ()
    late: bool = False
    later: tuple[StepItem, ...] = ()


def random_id(*, key: bytes, target: int, source: int, message_id: int, part: int = 0) -> int:
    """The signed non-zero 64-bit number by which Telegram knows a sent message again.

    `key` is the job's own random one; `target` and `source` are marked ids. Telegram never forgets an id
    (core.telegram.org/api/updates), so the same message of another job must get another one. It refuses 0.
    """
    for salt in range(2):
        told = b"%s|%d|%d|%d|%d|%d" % (key, target, source, message_id, part, salt)
        number = int.from_bytes(hashlib.sha256(told).digest()[:8], "little", signed=True)
        if number:
            return number
    raise AssertionError("two SHA-256 sums in a row began with 64 zero bits")
