"""How many calls to Telegram the copying took, and how few would have done: the bar for its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.fewest_calls import FewestCalls

#: What is not about single messages, at most: logging in; an order's checks of account, chats and rights;
CONNECTION, ORDER = 6, 8
#: and to begin or go on with a job: looking at both chats and their pins, and after an interruption at what
#: came of the last step, and again at the pages that were read ahead.
RUN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Those of the account between the first order and the last end, whatever they were for.

    `jobs` say for each source how few it takes to copy it; `besides` are those that are not about single
    messages.
    """

    made: int
    by_method: Mapping[str, int]
    jobs: Sequence[FewestCalls]
    besides: int

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
        made = {name: count - before.get(name, 0) for name, count in after.items()}
        made = {name: count for name, count in sorted(made.items()) if count}
        runs = len(jobs) * (1 + kills + waits)
        besides = CONNECTION * (1 + kills) + ORDER * len(jobs) + RUN * runs
        return cls(made=sum(made.values()), by_method=made, jobs=jobs, besides=besides)

    @property
    def fewest(self) -> int:
        return sum(job.total for job in self.jobs) + self.besides

    @property
    def to_fewest(self) -> float:
        return self.made / self.fewest

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
        of_copying = {
            name: sum(getattr(job, name) for job in self.jobs) for name in ("pages", "sends", "edits", "pins")
        }
        return {
            "made": self.made,
            "fewest": self.fewest,
            "to_fewest": round(self.to_fewest, 3),
            "made_by_method": dict(self.by_method),
            "fewest_for": of_copying | {"besides": self.besides},
        }
