"""A Telegram login that jobs copy with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AccountState(StrEnum):
    READY = "ready"
    STOPPED = "stopped"  #: Telegram refuses it; a person must log in again


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`owner_id` is the bot user who may copy with it; None means the operator: admins and the command line.

    `sealed_session` is the encrypted session string; the plain one exists only in the engine's memory.
    """

    id: int
    owner_id: int | None
    user_id: int
    name: str
    state: AccountState
    sealed_session: bytes
    added_at: datetime
