"""Follows one job in the database until it ends, and says how it ended."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import humanize
from rich.console import Console

from cli.display import PAUSES, Display
from cli.endings import DONE, FAILED, LEFT_OUT, at_the_terminal
from cli.findings import FOUND, Counts, of_state
from cli.numbers import several
from domain.errors import NoSuchJob
from domain.finding import FindingKind, FindingState
from domain.job import Job, JobKind, JobStatus, PauseReason
from domain.message import Skip, SkipReason
from engine.listing import spoken
from engine.live import Live, Speed, ends_at
from storage.jobs import JobStore

LOOK_EVERY = 0.5  # seconds

SKIPPED = {
    SkipReason.SERVICE: "service messages (joined, pinned …)",
    SkipReason.UNSUPPORTED: "of a kind that Telegram lets nobody copy",
    SkipReason.PROTECTED: "protected by their author",
    SkipReason.DELETED: "deleted before they could be copied",
    SkipReason.REFUSED: "refused by Telegram",
    SkipReason.NO_POST: "comments on posts that have no copy",
    SkipReason.FORBIDDEN: "of a kind that the account may not send to the target",
}
#: Skips that leave nothing behind that could have been copied.
NOTHING_LOST = frozenset({SkipReason.SERVICE, SkipReason.DELETED})


async def follow(
    job_id: int, *, jobs: JobStore, display: Display, check: Callable[[], Awaitable[None]]
) -> Job:
    """Shows the job until it is over or paused. `check` raises when nobody works on it any more."""
    speed = Speed()
    while True:
        job = await jobs.get(job_id)
        if job is None:
            raise NoSuchJob(job_id=job_id)
        now = time.monotonic()
        if job.status is not JobStatus.RUNNING:
            speed = Speed()
        speed.feed(now, job.progress.done)
        per_second = speed.per_second(now)
        left = job.progress.total - job.progress.done
        display.show(
            job, Live(job.progress, per_second, ends_at(datetime.now(UTC), left=left, per_second=per_second))
        )
        if not job.is_unfinished or (
            job.status is JobStatus.PAUSED and job.pause_reason is not PauseReason.MEMORY
        ):
            return job
        await check()
        await asyncio.sleep(LOOK_EVERY)


def told(job: Job, skips: list[Skip], found: Counts | None = None) -> int:
    """Says how a job ended that copied; returns the exit code. `found` is what it could not apply."""
    console = Console(highlight=False, soft_wrap=True)
    if job.status is not JobStatus.COMPLETED:
        console.print(why_not(job), markup=False)
        return FAILED
    seconds = humanize.precisedelta((job.finished_at or job.created_at) - (job.started_at or job.created_at))
    messages = several(job.progress.copied, "message")
    route = f"“{job.source.title}” → “{job.target.title}”"
    if job.kind is JobKind.ADOPT:
        console.print(f"Found or copied {messages} in {seconds}: {route}.", markup=False)
    else:
        console.print(f"Copied {messages} in {seconds}: {route}.", markup=False)
    for reason, count in Counter(skip.reason for skip in skips).most_common():
        console.print(f"  skipped {count:,}: {SKIPPED[reason]}{_which(reason, skips)}", markup=False)
    not_applied = of_state(found or Counter(), FindingState.OPEN, FindingState.FAILED)
    for kind, count in not_applied.most_common():
        console.print(
            f"  {FOUND[kind]} {count:,}: python main.py job {job.id} --csv - tells which", markup=False
        )
    if not_applied[FindingKind.MISSING]:
        console.print(
            f"To send what is missing: python main.py verify {job.id}, then python main.py repair {job.id}",
            markup=False,
        )
    nothing_lost = all(skip.reason in NOTHING_LOST for skip in skips)
    return DONE if nothing_lost and not not_applied else LEFT_OUT


def why_not(job: Job) -> str:
    """Why it is not complete."""
    verb = "has" if job.status is JobStatus.FAILED else "is"
    return f"Job {job.id} {verb} {_why(job)}"


def _why(job: Job) -> str:
    if job.failure:
        return f"{job.status}. {at_the_terminal(job.failure.text).format(**job.failure.values)}"
    if job.pause_reason:
        return f"{PAUSES[job.pause_reason]}. The same command lets it go on."
    return f"{job.status}."


def _which(reason: SkipReason, skips: list[Skip], at_most: int = 10) -> str:
    """The numbers of the messages that somebody may want to look at."""
    if reason in NOTHING_LOST:
        return ""
    ids = [spoken(skip.source_id) for skip in skips if skip.reason is reason]
    return f" (message {', '.join(ids[:at_most])}{' …' if len(ids) > at_most else ''})"
