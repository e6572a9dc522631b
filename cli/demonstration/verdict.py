"""What the demo found, as a table and in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from cli.demonstration.report import FAULTS, MOST_CALLS, JobResult, Report

COLUMNS = {
    "missing": "missing",
    "doubled": "doubled",
    "out_of_order": "out of\norder",
    "different": "different",
}


#: Below this many columns there is room for what matters only.
ROOM = 100
#: Columns that all but the source's title take, with room and without.
REST = {True: 83, False: 65}


def results_table(report: Report, *, width: int) -> Table:
    """`width` is the terminal's, in cells."""
    roomy = width >= ROOM
    padding = (0, 1, 0, 0) if roomy else (0, 0)
    table = Table(box=box.SIMPLE_HEAD, padding=padding, header_style="bold", show_footer=True)
    table.add_column("#", "all", justify="right", style="dim", no_wrap=True, min_width=3)
    title = max(width - REST[roomy], 12)
    table.add_column("source", no_wrap=True, overflow="ellipsis", max_width=title)
    for name, count in (
        ("messages", report.count("source_messages")),
        ("copied", report.copied),
        ("skipped", report.count("skipped")),
    ):
        table.add_column(name, f"{count:,}", justify="right", no_wrap=True, min_width=max(len(name), 7))
    for fault, name in COLUMNS.items():
        width_of_name = max(map(len, name.splitlines()))
        found = _zero(report.count(fault))
        table.add_column(name, found, justify="right", no_wrap=True, min_width=width_of_name)
    if roomy:
        table.add_column("seconds", justify="right", no_wrap=True, min_width=7)
    table.caption = "skipped: service messages (“pinned”, “joined” …), which nobody can copy"
    table.caption_justify = "left"
    for job in report.jobs:
        table.add_row(*_cells(job), *([f"{job.seconds:.1f}"] if roomy else []))
    return table


def closing_words(report: Report, path: Path, folder: Path) -> Iterator[Text]:
    """`path` is where the report was written, `folder` where the logs are."""
    yield Text(_what_happened(report))
    if report.killed_at is not None:
        yield Text(f"Killed once, at {report.killed_at:,} messages; it resumed by itself.")
    calls = report.calls
    if report.is_true:
        yield Text("Nothing missing, doubled, out of order or different.", "bold green")
        yield Text(
            f"{_number(calls.replies, 'reply', 'replies')}, {_number(calls.links, 'link', 'links')} and "
            f"{_number(calls.pins, 'pin', 'pins')} among them, each where it belongs.",
            "bold green",
        )
    else:
        yield Text(f"Not a true copy: {_what_is_wrong(report)}.", "bold red")
    yield Text(
        f"{calls.total:,} calls to Telegram: copying takes {calls.minimum:,} at the least, "
        f"{calls.besides:,} were for checks and interruptions."
    )
    if not report.is_thrifty:
        yield Text(f"Too many: {calls.ratio:.2f} times the fewest, and {MOST_CALLS} is allowed.", "bold red")
    if report.is_faultless:
        yield Text(f"The numbers: {path}. Next, with your own account: README.md, “Go live”.")
    else:
        yield Text(f"The numbers: {path}. The logs are in {folder}.")


def _what_happened(report: Report) -> str:
    words = (
        f"{report.copied:,} messages copied in {report.copying_seconds:,.0f} s, "
        f"{report.messages_per_second:,.0f} per second"
    )
    lost = [
        (report.seconds_told_to_wait, "told to wait"),
        (report.seconds_down, "down"),
    ]
    besides = [f"{seconds:.0f} s {why}" for seconds, why in lost if seconds]
    return f"{words}, not counting {' and '.join(besides)}." if besides else f"{words}."


def _what_is_wrong(report: Report) -> str:
    found = [f"{report.count(fault):,} {fault.replace('_', ' ')}" for fault in FAULTS if report.count(fault)]
    found += [
        f"job {job.job} is {job.status}{job.problem and f' ({job.problem})'}"
        for job in report.jobs
        if job.status != "completed"
    ]
    return ", ".join(found) or "there were no jobs"


def _number(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _cells(job: JobResult) -> list[str | Text]:
    counts = (job.source_messages, job.copied, job.skipped)
    faults = [_zero(getattr(job, fault)) for fault in COLUMNS]
    return [str(job.job), Text(job.title), *(f"{count:,}" for count in counts), *faults]


def _zero(count: int) -> Text:
    return Text(f"{count:,}", "bold red" if count else "green")
