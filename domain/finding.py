"""One thing that a job found or could not do: what `verify` lists, `repair` mends, and people read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    MISSING = "missing"  #: no copy, though nothing says why
    DOUBLED = "doubled"  #: one copy too many
    DIFFERENT = "different"  #: the copy is not as it was made; `detail` says in what
    EDITED = "edited"  #: the source was edited after it was copied
    DELETED = "deleted"  #: the source was deleted after it was copied
    MOVED = "moved"  #: the copy stands out of order
    SETTING = "setting"  #: a pin, a topic's state, the title is not as in the source; `detail` says which
    FOREIGN = "foreign"  #: stands in the target and is nobody's copy
    NOT_APPLIED = "not_applied"  #: a pin, a topic's state, a title that Telegram refused; `detail` says why


class FindingState(StrEnum):
    OPEN = "open"
    MENDED = "mended"
    KEPT = "kept"  #: left as it is, on purpose
    FAILED = "failed"  #: could not be mended


@dataclass(frozen=True, slots=True)
class Finding:
    """0 stands for "none" in both ids. Written again with the same kind and ids it replaces the former."""

    kind: FindingKind
    source_id: int = 0
    target_id: int = 0
    detail: str = ""
    state: FindingState = FindingState.OPEN
