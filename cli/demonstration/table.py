"""All jobs in one table, and what each of them does at the moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rich import box
from rich.console import RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cli.demonstration.watching import Row, Scene
from cli.display import PAUSES, WAITS, clock
from domain.job import Job, JobStatus, WaitReason

BAR = 12  # cells
#: Below this many columns there is no room for bars.
ROOM_FOR_BARS = 100
#: What the longest usual state takes: "resumed from message 123,456".
STATE = 28


def jobs_table(scene: Scene, *, width: int) -> Table:
    """`width` is the terminal's, in cells."""
    bars = width >= ROOM_FOR_BARS
    padding = (0, 1, 0, 0) if bars else (0, 0)
    table = Table(box=box.SIMPLE_HEAD, padding=padding, expand=True, header_style="bold", show_footer=True)
    table.add_column("#", "all", justify="right", style="dim", no_wrap=True)
    table.add_column("source → target", no_wrap=True, overflow="ellipsis", ratio=1)
    if bars:
        table.add_column("", _bar(scene.copied, scene.total), width=BAR)
    table.add_column("copied", _fraction(scene.copied, scene.total), justify="right", no_wrap=True)
    table.add_column("per s", _rate(scene.per_second), justify="right", no_wrap=True, min_width=6)
    table.add_column("left", justify="right", no_wrap=True, min_width=5)
    table.add_column("state", no_wrap=True, overflow="ellipsis", width=STATE)
    for row in scene.rows:
        table.add_row(*_cells(row, scene.standstill, bars=bars))
    return table


def _cells(row: Row, standstill: str, *, bars: bool) -> list[RenderableType]:
    progress = row.job.progress
    total = max(progress.total, progress.done)
    return [
        str(row.job.id),
        Text(f"{row.job.source.title} → {row.job.target.title}"),
        *([_bar(progress.done, total)] if bars else []),
        _fraction(progress.copied, total),
        _rate(row.per_second),
        _left(row),
        state(row.job, standstill=standstill),
    ]


def state(job: Job, *, standstill: str) -> Text:
    """In a few words."""
    match job.status:
        case JobStatus.COMPLETED:
            return Text("complete", "green")
        case JobStatus.FAILED | JobStatus.CANCELLED:
            return Text(str(job.failure or job.status), "bold red")
        case JobStatus.PAUSED:
            return Text(PAUSES[job.pause_reason] if job.pause_reason else "paused", "bold red")
        case _ if standstill:
            return Text(standstill, "bold red")
        case JobStatus.RUNNING if job.resumed_from is not None:
            return Text(f"resumed from message {job.resumed_from:,}", "cyan")
        case JobStatus.RUNNING:
            return Text("copying", "cyan")
        case _:
            return _waiting(job)


def _waiting(job: Job) -> Text:
    if job.resume_at is None or job.wait_reason is None or job.resume_at < datetime.now(UTC):
        return Text("waiting for its turn")
    if job.wait_reason is WaitReason.FLOOD:
        return Text(f"told to wait, until {clock(job.resume_at)}", "yellow")
    return Text(WAITS[job.wait_reason].format(time=clock(job.resume_at)), "yellow")


def _bar(done: int, total: int) -> ProgressBar:
    return ProgressBar(
        total=max(total, 1),
        completed=done,
        width=BAR,
        style="grey30",
        complete_style="cyan",
        finished_style="green",
    )


def _fraction(copied: int, total: int) -> str:
    return f"{copied:,}/{total:,}"


def _rate(per_second: float) -> str:
    return f"{per_second:,.0f}" if per_second else ""


def _left(row: Row) -> str:
    if row.ends_at is None:
        return ""
    return minutes(max(row.ends_at - datetime.now(UTC), timedelta()).total_seconds())


def minutes(seconds: float) -> str:
    """1:05"""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
