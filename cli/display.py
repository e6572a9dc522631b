"""Shows one job at the terminal: a bar, or plain lines where there is no terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bars

from domain.job import Job, JobKind, JobStatus, PauseReason, Progress, WaitReason
from engine.live import Live

#: Seconds between two plain lines, unless the job's state changes.
LINE_EVERY = 5.0

WAITS = {
    WaitReason.FLOOD: "Telegram says wait: until {time}",
    WaitReason.SLOW_MODE: "the target's slow mode says wait: until {time}",
    WaitReason.PACE: "keeping to ACCOUNT_PACE: until {time}",
    WaitReason.UNREACHABLE: "Telegram can't be reached: next try at {time}",
    WaitReason.TROUBLE: "something went wrong on our side, tried again at {time}",
}
PAUSES = {
    PauseReason.OWNER: "paused by its owner",
    PauseReason.ADMIN: "paused by an admin",
    PauseReason.MEMORY: "paused until there is more memory",
    PauseReason.ACCOUNT: "paused: Telegram no longer accepts the account's login",
    PauseReason.UNSETTLED: "paused: somebody has to look at the end of the target",
}


@dataclass(frozen=True, slots=True)
class Verb:
    """What a job does with messages."""

    doing: str
    done: str


DOES = {
    JobKind.CLONE: Verb("copying", "copied"),
    JobKind.COMMENTS: Verb("copying comments", "copied"),
    JobKind.VERIFY: Verb("comparing", "compared"),
    JobKind.REPAIR: Verb("mending", "mended"),
    JobKind.ADOPT: Verb("finding out what is whose copy, then copying", "done"),
    JobKind.DEDUPE: Verb("looking for doubles", "looked at"),
}


class Display(Protocol):
    def show(self, job: Job, live: Live) -> None:
        """Called often; shows what is new."""


@contextmanager
def display() -> Iterator[Display]:
    """A bar if standard output is a terminal, else lines."""
    console = Console(highlight=False, soft_wrap=True)
    if not console.is_terminal:
        yield Lines(console)
        return
    with Bars(
        BarColumn(bar_width=24),
        TextColumn("{task.fields[numbers]}", markup=False),
        TextColumn("{task.fields[state]}", markup=False, style="dim"),
        console=console,
    ) as progress:
        yield Bar(progress)


class Bar:
    def __init__(self, progress: Bars) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=None, numbers="", state="")
        self._named = False

    def show(self, job: Job, live: Live) -> None:
        if not self._named:
            self._progress.console.print(_title(job), markup=False)
            self._named = True
        self._progress.update(
            self._task,
            completed=live.progress.done,
            total=max(live.progress.total, live.progress.done) or None,
            numbers=f"{done_of(job, live.progress):,}/{live.progress.total:,}",
            state=state(job, live),
        )


class Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: tuple[JobStatus, datetime | None] | None = None
        self._next = 0.0

    def show(self, job: Job, live: Live) -> None:
        if self._shown == (job.status, job.resume_at) and time.monotonic() < self._next:
            return
        self._shown, self._next = (job.status, job.resume_at), time.monotonic() + LINE_EVERY
        done = f"{done_of(job, live.progress):,} of {live.progress.total:,} {DOES[job.kind].done}"
        self._console.print(f"job {job.id}: {done}; {state(job, live)}", markup=False)


def state(job: Job, live: Live) -> str:
    """What the job does at the moment, with rate and time left or the end of its wait."""
    match job.status:
        case JobStatus.RUNNING if live.ends_at and live.per_second:
            left = max(live.ends_at - datetime.now(live.ends_at.tzinfo), timedelta())
            return f"{live.per_second:,.0f}/s, {timedelta(seconds=round(left.total_seconds()))} left"
        case JobStatus.RUNNING:
            return DOES[job.kind].doing
        case JobStatus.PENDING if job.resume_at and job.wait_reason:
            return WAITS[job.wait_reason].format(time=clock(job.resume_at))
        case JobStatus.PENDING:
            return "waiting for its turn"
        case JobStatus.PAUSED if job.pause_reason:
            return PAUSES[job.pause_reason]
        case _:
            return job.status.value


def _title(job: Job) -> str:
    return job.source.title if job.kind is JobKind.DEDUPE else f"{job.source.title} → {job.target.title}"


def done_of(job: Job, progress: Progress) -> int:
    """Of a copy people want to know what arrived; elsewhere what is behind. A repair counts what it sends."""
    if job.kind is JobKind.REPAIR and job.status is JobStatus.COMPLETED:
        return max(progress.total, progress.done)
    return progress.copied if job.kind in (JobKind.CLONE, JobKind.COMMENTS) else progress.done


def clock(moment: datetime) -> str:
    """In this machine's time zone; with its date unless that is today."""
    local, now = moment.astimezone(), datetime.now().astimezone()
    far = local - now > timedelta(minutes=5)
    time_of_day = f"{local:%H:%M}" if far else f"{local:%H:%M:%S}"
    return time_of_day if local.date() == now.date() else f"{local:%Y-%m-%d} {time_of_day}"
