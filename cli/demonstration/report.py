"""The verdict on each job, from the comparison inside the world, and the report that is written."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cli.demonstration.calls import Calls
from domain.job import Job, JobStatus
from sandbox.compare import Comparison
from sandbox.scenario import Pair

#: What must be zero.
FAULTS = ("missing", "doubled", "out_of_order", "different", "foreign", "not_pinned")
#: The calls for copying may be so many times the fewest that do.
MOST_CALLS = 1.05


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """`skipped` are the source's service messages ("joined", "pinned"), which cannot be copied.

    Whatever else was not copied is missing. `foreign` came from nowhere in the source; `different` are also
    replies and links that lead elsewhere; `not_pinned` counts whatever is wrong with the pins.
    """

    job: int
    title: str
    source: str
    target: str
    status: str
    source_messages: int
    copied: int
    skipped: int
    missing: int
    doubled: int
    out_of_order: int
    different: int
    foreign: int
    not_pinned: int
    seconds: float
    problem: str  #: why it failed or was paused

    @classmethod
    def of(cls, job: Job, pair: Pair, found: Comparison) -> JobResult:
        ended = job.finished_at or job.created_at
        return cls(
            job=job.id,
            title=pair.title,
            source=pair.source_ref,
            target=pair.target_ref,
            status=str(job.status),
            source_messages=found.source_messages,
            copied=found.copied,
            skipped=found.service,
            missing=found.missing.count,
            doubled=found.doubled.count,
            out_of_order=found.out_of_order.count,
            different=found.different,
            foreign=found.foreign.count,
            not_pinned=len(found.pins),
            seconds=round((ended - job.created_at).total_seconds(), 2),
            problem=str(job.failure or ""),
        )

    @property
    def is_faultless(self) -> bool:
        return self.status == JobStatus.COMPLETED and not any(getattr(self, fault) for fault in FAULTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`killed_at` is how many messages were copied by then, `resumed_from` job → source message.

    `copying_seconds` lie between the first order and the last end, without those in which the service was
    down or the account told to wait. `calls` are the account's in all that time.
    """

    jobs: list[JobResult]
    killed_at: int | None
    resumed_from: dict[int, int]
    copying_seconds: float
    seconds_down: float
    seconds_told_to_wait: float
    calls: Calls
    seed: int

    @property
    def copied(self) -> int:
        return self.count("copied")

    @property
    def messages_per_second(self) -> float:
        return self.copied / self.copying_seconds if self.copying_seconds > 0 else 0.0

    @property
    def is_true(self) -> bool:
        return bool(self.jobs) and all(job.is_faultless for job in self.jobs)

    @property
    def is_thrifty(self) -> bool:
        return self.calls.ratio <= MOST_CALLS

    @property
    def is_faultless(self) -> bool:
        return self.is_true and self.is_thrifty

    def count(self, what: str) -> int:
        """The sum of one of the jobs' numbers."""
        return sum(getattr(job, what) for job in self.jobs)

    def as_dict(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "calls": self.calls.as_dict(),
            "copying_seconds": round(self.copying_seconds, 2),
            "seconds_down": round(self.seconds_down, 2),
            "seconds_told_to_wait": round(self.seconds_told_to_wait, 2),
            "messages_per_second": round(self.messages_per_second, 1),
        }

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
