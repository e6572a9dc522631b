"""How a job ended, in the words of its kind, and the exit code for that."""

from __future__ import annotations

from cli.endings import DONE, FAILED, LEFT_OUT, WRONG_USAGE, tell
from cli.findings import FOUND, STATES, every_finding, of_state, where
from cli.following import told, why_not
from cli.numbers import several
from cli.stores import Stores
from cli.tables import console, plain_table
from domain.finding import FindingState
from domain.job import Job, JobKind, JobStatus

#: As `diff` has them.
DIFFERENCES, TROUBLE = 1, WRONG_USAGE
#: Findings that are shown; `job N --csv` has them all.
SHOWN = 20


async def ended(job: Job, stores: Stores) -> int:
    """Says it; returns the exit code."""
    match job.kind:
        case JobKind.VERIFY:
            return await _verified(job, stores)
        case JobKind.REPAIR:
            return await _repaired(job, stores)
        case JobKind.DEDUPE if job.wishes.delete:
            return await _deleted(job, stores)
        case JobKind.DEDUPE:
            return await _listed(job, stores)
        case _:
            return told(job, await stores.progress.skips(job.id), await stores.findings.counts(job.id))


async def _verified(job: Job, stores: Stores) -> int:
    if job.status is not JobStatus.COMPLETED:
        return _told_why_not(job, TROUBLE)
    counts = of_state(await stores.findings.counts(job.id), FindingState.OPEN)
    names = f"“{job.source.title}” and “{job.target.title}”"
    if not counts:
        console().print(f"{names} are the same, as far as job {job.of_job} copied.")
        return DONE
    console().print(f"{names} differ in {several(counts.total(), 'place')}:")
    await _show(job, stores, {FindingState.OPEN})
    tell(f"To mend that: python main.py repair {job.of_job}")
    return DIFFERENCES


async def _repaired(job: Job, stores: Stores) -> int:
    if job.status is not JobStatus.COMPLETED:
        return _told_why_not(job, FAILED)
    counts = await stores.findings.counts(job.id)
    were = "was" if job.progress.copied == 1 else "were"
    console().print(f"Sent {several(job.progress.copied, 'message')} that {were} missing.")
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
    stand = "stands" if counts.total() == 1 else "stand"
    console().print(f"{several(counts.total(), 'message')} {stand} in “{job.source.title}” a second time:")
    await _show(job, stores, {FindingState.OPEN})
    return DIFFERENCES


async def _deleted(job: Job, stores: Stores) -> int:
    if job.status is not JobStatus.COMPLETED:
        return _told_why_not(job, TROUBLE)
    counts = await stores.findings.counts(job.id)
    gone = of_state(counts, FindingState.MENDED).total()  # perhaps somebody else was quicker
    are = "is" if gone == 1 else "are"
    console().print(f"{several(gone, 'double')} {are} gone from “{job.source.title}”.")
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
