"""How many calls to Telegram the copying took, and how few would have done: the bar for its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.fewest_calls import FewestCalls

#: Calls that do not count, at most: a connection's (who am I, limits); an order's, for its checks of account,
#: chats and rights, and the job's look at both chats and their pins;
CONNECTION, ORDER = 6, 12
#: and for each job those that a kill or a wait forces: the call that was told to wait, a look at both chats
#: and at what came of the last step, the pages that had been read ahead, smaller steps at a lower pace.
INTERRUPTION = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """`made` are all of the account's calls between the first order and the last end, by method.

    `jobs` say for each source how few it takes to copy it, reckoned from the source alone. `allowance` is how
    many more may be made for what is not copying.
    """

    made: Mapping[str, int]
    jobs: Sequence[FewestCalls]
    allowance: int

    @classmethod
    def of(
        cls,
        *,
        before: Mapping[str, int],
        after: Mapping[str, int],
        jobs: Sequence[FewestCalls],
        kills: int,
        waits: int,
    ) -> Calls:
        """`before` and `after` are calls by method. A kill or a wait interrupts every job once."""
        made = {name: count - before.get(name, 0) for name, count in sorted(after.items())}
        allowance = CONNECTION * (1 + kills) + (ORDER + INTERRUPTION * (kills + waits)) * len(jobs)
        return cls(
            made={name: count for name, count in made.items() if count}, jobs=jobs, allowance=allowance
        )

    @property
    def total(self) -> int:
        return sum(self.made.values())

    @property
    def minimum(self) -> int:
        return sum(job.total for job in self.jobs)

    @property
    def besides(self) -> int:
        """Those that were not for copying."""
        return max(0, min(self.total - self.minimum, self.allowance))

    @property
    def ratio(self) -> float:
        """Of those for copying to the fewest that do."""
        return (self.total - self.besides) / max(self.minimum, 1)

    @property
    def replies(self) -> int:
        return sum(job.replies for job in self.jobs)

    @property
    def links(self) -> int:
        return sum(job.links for job in self.jobs)

    @property
    def pins(self) -> int:
        return sum(job.pins for job in self.jobs)

    def as_dict(self) -> dict[str, Any]:
        kinds = ("pages", "sends", "edits", "pins")
        return {
            "made": self.total,
            "besides": self.besides,
            "minimum": self.minimum,
            "ratio": round(self.ratio, 4),
            "made_by_method": dict(self.made),
            "minimum_by_kind": {kind: sum(getattr(job, kind) for job in self.jobs) for kind in kinds},
        }
