"""`verify`, `repair` and `dedupe`: ordered, followed, and what they found."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from rich.console import Console
from rich.prompt import Confirm

from cli.carrying import Stores, carry
from cli.clone import ending
from cli.endings import DONE, FAILED, LEFT_OUT, WRONG_USAGE, WrongUsage, tell
from cli.findings import FOUND, STATES, every_finding, of_state, where
from cli.following import why_not
from cli.tables import console, plain_table
from domain.finding import FindingState
from domain.job import Job, JobKind, JobStatus
from domain.reference import parse_reference
from domain.typed import Typed

#: As `diff` has them.
DIFFERENCES, TROUBLE = 1, WRONG_USAGE
#: Findings that are shown; `job N --csv` has them all.
SHOWN = 20


class WhichJob(WrongUsage):
    text = "“{typed}” is not the number of a job."
    hint = "Write the number that `jobs` shows, or a source and a target."


class WhichChat(WrongUsage):
    text = "Which chat is missing."
    hint = "For example: python main.py dedupe @news_backup"


async def verify(what: str, target: str) -> int:
    typed = Typed(kind=JobKind.VERIFY)
    if target:
        parse_reference(what), parse_reference(target)
        return await carry(replace(typed, source=what, target=target), _verified)
    if not what.isdecimal():
        raise WhichJob(typed=what[:80])
    return await carry(replace(typed, of_job=int(what)), _verified)


async def repair(job_id: int, *, new_target: bool, title: str) -> int:
    typed = Typed(kind=JobKind.REPAIR, of_job=job_id, new_target=new_target, new_title=title)
    return await carry(typed, ending if new_target else _repaired)


async def dedupe(chat: str, *, account_id: int | None, delete: int | None) -> int:
    if delete is not None:
        return await carry(Typed(kind=JobKind.DEDUPE, of_job=delete, delete=True), _deleted)
    if not chat:
        raise WhichChat
    parse_reference(chat)
    listed: list[Job] = []

    async def listing(job: Job, stores: Stores) -> int:
        listed.append(job)
        return await _listed(job, stores)

    code = await carry(Typed(kind=JobKind.DEDUPE, source=chat, account_id=account_id), listing)
    if code != DIFFERENCES or not listed:
        return code
    job_id = listed[-1].id
    if sys.stdin.isatty() and await asyncio.to_thread(_confirmed):
        return await carry(Typed(kind=JobKind.DEDUPE, of_job=job_id, delete=True), _deleted)
    tell(f"Nothing was deleted. To do that: python main.py dedupe --delete {job_id}")
    return code


async def _verified(job: Job, stores: Stores) -> int:
    if job.status is not JobStatus.COMPLETED:
        return _told_why_not(job, TROUBLE)
    counts = of_state(await stores.findings.counts(job.id), FindingState.OPEN)
    names = f"“{job.source.title}” and “{job.target.title}”"
    if not counts:
        console().print(f"{names} are the same, as far as job {job.of_job} copied.")
        return DONE
    console().print(f"{names} differ in {counts.total():,} places:")
    await _show(job, stores, {FindingState.OPEN})
    tell(f"To mend that: python main.py repair {job.of_job}")
    return DIFFERENCES


async def _repaired(job: Job, stores: Stores) -> int:
    if job.status is not JobStatus.COMPLETED:
        return _told_why_not(job, FAILED)
    counts = await stores.findings.counts(job.id)
    console().print(f"Sent {job.progress.copied:,} messages that were missing.")
    for state in (FindingState.MENDED, FindingState.KEPT, FindingState.FAILED):
        for kind, count in of_state(counts, state).most_common():
            console().print(f"  {count:,} {FOUND[kind]}: {STATES[state]}")
    left = of_state(counts, FindingState.FAILED, FindingState.OPEN)
    if not left and not job.progress.skipped:
        tell(f"To see that all is well: python main.py verify {job.of_job}")
        return DONE
    await _show(job, stores, {FindingState.FAILED, FindingState.OPEN})
    return LEFT_OUT


async def _listed(job: Job, stores: Stores) -> int:
    if job.status is not JobStatus.COMPLETED:
        return _told_why_not(job, TROUBLE)
    counts = of_state(await stores.findings.counts(job.id), FindingState.OPEN)
    if not counts:
        console().print(f"Nothing stands twice in “{job.source.title}”.")
        return DONE
    console().print(f"{counts.total():,} messages stand in “{job.source.title}” a second time:")
    await _show(job, stores, {FindingState.OPEN})
    return DIFFERENCES


async def _deleted(job: Job, stores: Stores) -> int:
    if job.status is not JobStatus.COMPLETED:
        return _told_why_not(job, TROUBLE)
    counts = await stores.findings.counts(job.id)
    console().print(
        f"Deleted {of_state(counts, FindingState.MENDED).total():,} doubles in “{job.source.title}”."
    )
    left = of_state(counts, FindingState.FAILED, FindingState.OPEN)
    kept = of_state(counts, FindingState.KEPT).total()
    if kept:
        console().print(f"  left as they are, for they changed meanwhile: {kept:,}")
    if left:
        await _show(job, stores, {FindingState.FAILED, FindingState.OPEN})
    return DIFFERENCES if left else DONE


async def _show(job: Job, stores: Stores, states: set[FindingState]) -> None:
    """The first few, each with links to both sides."""
    table, shown = plain_table("what", "where", "in what"), 0
    async for finding in every_finding(stores.findings, job.id):
        if finding.state not in states:
            continue
        shown += 1
        if shown > SHOWN:
            break
        table.add_row(FOUND[finding.kind], where(job, finding), finding.detail)
    console().print(table)
    if shown > SHOWN:
        tell(f"That is not all. The whole list: python main.py job {job.id} --csv FILE")


def _told_why_not(job: Job, code: int) -> int:
    console().print(why_not(job))
    return code


def _confirmed() -> bool:
    return Confirm.ask("Delete them?", default=False, console=Console(stderr=True))
