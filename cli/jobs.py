"""`jobs` and `job`: what the database knows, without Telegram and beside a running service."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

from cli.carrying import carry
from cli.display import DOES, clock, done_of, state
from cli.endings import DONE, WrongUsage, at_the_terminal, tell
from cli.findings import FOUND, STATES
from cli.following import SKIPPED
from cli.numbers import several
from cli.settings import load_settings
from cli.stores import Stores
from cli.tables import console, plain_table
from cli.wiring import open_database
from domain.errors import NoSuchJob
from domain.job import OPERATOR, Change, Job, JobKind
from domain.typed import Typed
from engine.listing import HEADER, Listing, link, row
from engine.live import Live
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.progress import ProgressStore

#: The newest jobs that `jobs` lists.
LISTED = 100


class NoFile(WrongUsage):
    text = "“{file}” can't be written: {reason}."
    hint = "Name another file, or - for standard output."


class OneOfBoth(WrongUsage):
    text = "--retry-skipped makes a new job; --csv writes what this one left out."
    hint = "Say one of them."


async def show_all() -> int:
    async with _stores() as stores:
        jobs = await stores.jobs.list(limit=LISTED + 1)
    if not jobs:
        tell("There is no job yet. Copy a chat with: python main.py clone SOURCE TARGET")
        return DONE
    table = plain_table(">number", "kind", "from", "to", "status", ">progress", "ended")
    for job in jobs[:LISTED]:
        ended = clock(job.finished_at) if job.finished_at and not job.is_unfinished else ""
        kind = job.kind.value + (f" of {job.of_job}" if job.of_job is not None else "")
        target = "" if job.kind is JobKind.DEDUPE else job.target.title
        table.add_row(str(job.id), kind, job.source.title, target, job.status.value, _progress(job), ended)
    console().print(table)
    if len(jobs) > LISTED:
        tell("Those are the newest; `job N` shows older ones too.")
    return DONE


async def show(number: int) -> int:
    out = console()
    async with _stores() as stores:
        job = await _found(stores, number)
        skips = Counter((skip.reason, skip.detail) for skip in await stores.progress.skips(number))
        counts = await stores.findings.counts(number)
        history = await stores.jobs.history(number)
    about = f", about job {job.of_job}" if job.of_job is not None else ""
    out.print(f"Job {job.id}: {job.kind.value}{about}")
    out.print(f"  from   {_place(job.source.title, link(job.source, 1))}")
    if job.kind is not JobKind.DEDUPE:
        out.print(f"  to     {_place(job.target.title, link(job.target, 1))}")
    for line in _wishes(job):
        out.print(f"  {line}")
    out.print(f"  stands {_progress(job)} {DOES[job.kind].done}; {state(job, Live(job.progress, 0.0, None))}")
    if job.failure:
        out.print(f"  {at_the_terminal(job.failure.text).format(**job.failure.values)}")
    table = plain_table("when", "status", "by", "why")
    for change in history:
        why = at_the_terminal(change.reason.text).format(**change.reason.values) if change.reason else ""
        table.add_row(clock(change.at), change.became.value, _who(change), why)
    out.print(table)
    if skips or counts:
        left = plain_table(">how many", "what", "why")
        for (reason, detail), count in skips.most_common():
            left.add_row(f"{count:,}", "skipped", SKIPPED[reason] + (f": {detail}" if detail else ""))
        for (kind, stands), count in counts.most_common():
            left.add_row(f"{count:,}", FOUND[kind], STATES[stands])
        out.print(left)
        tell(f"Each of them: python main.py job {number} --csv FILE")
    return DONE


async def export(number: int, file: str) -> int:
    async with _stores() as stores:
        job = await _found(stores, number)
        with _opened(file) as out:
            written = await _write(job, stores, out)
    lines = several(written, "line")
    tell(f"{lines}, one for each message that job {number} skipped or found something about.")
    return DONE


async def retry(number: int, file: str) -> int:
    """Tries once more to copy what the job skipped. Raises OneOfBoth when there is a file to write, too."""
    if file:
        raise OneOfBoth
    return await carry(Typed(of_job=number, skipped=True))


async def _write(job: Job, stores: Stores, out: IO[str]) -> int:
    """How many lines."""
    lines, written = csv.writer(out), 0
    lines.writerow(HEADER)
    async with aclosing(Listing(store=stores.progress, findings=stores.findings).pages(job)) as pages:
        async for page in pages:
            lines.writerows(row(job, line) for line in page)
            written += len(page)
    return written


@contextmanager
def _opened(file: str) -> Iterator[IO[str]]:
    if file == "-":
        yield sys.stdout
        return
    try:
        with Path(file).open("w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        raise NoFile(file=file, reason=error.strerror or error) from error


@asynccontextmanager
async def _stores() -> AsyncIterator[Stores]:
    async with open_database(load_settings()) as database:
        yield Stores(
            jobs=JobStore(database), progress=ProgressStore(database), findings=FindingStore(database)
        )


async def _found(stores: Stores, number: int) -> Job:
    if (job := await stores.jobs.get(number)) is None:
        raise NoSuchJob(job_id=number)
    return job


def _progress(job: Job) -> str:
    done = done_of(job, job.progress)
    return f"{done:,}/{max(job.progress.total, done):,}"


def _place(title: str, address: str) -> str:
    return f"“{title}”" + (f" ({address.rpartition('/')[0]})" if address else "")


def _who(change: Change) -> str:
    if change.who is None:
        return "Ferry"
    return "command line" if change.who == OPERATOR else f"user {change.who}"


def _wishes(job: Job) -> Iterator[str]:
    """What the order said beside the two chats."""
    wishes, chosen = job.wishes, job.wishes.selection
    if chosen.asked:
        yield f"only   {chosen.asked}"
    elif not chosen.is_everything and job.kind is not JobKind.REPAIR:  # that one chooses for itself
        yield f"only   {several(len(chosen.ids), 'message')}" if chosen.ids else "only   a part"
    flags = {
        "without replies": not wishes.replies,
        "with the authors' header": wishes.keep_author,
        "without pins": not wishes.pins,
        "with title, description and photo": wishes.profile,
        "into a new chat": wishes.new_chat is not None and job.of_job is None,
        "deletes doubles": wishes.delete,
    }
    if any(flags.values()):
        yield f"how    {', '.join(words for words, is_so in flags.items() if is_so)}"
