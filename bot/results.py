"""What came of a job that has ended, from what it found or could not do. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from markupsafe import Markup

from bot import kinds
from bot.kinds import Work
from bot.language import N_, Say
from domain.finding import FindingKind, FindingState
from domain.job import Job, JobStatus
from engine.listing import Found

#: Also what a line of the list says of one.
KINDS = {
    FindingKind.MISSING: N_("missing"),
    FindingKind.DOUBLED: N_("doubled"),
    FindingKind.DIFFERENT: N_("different"),
    FindingKind.EDITED: N_("edited at the source since"),
    FindingKind.DELETED: N_("deleted at the source since"),
    FindingKind.MOVED: N_("out of order"),
    FindingKind.SETTING: N_("not set as in the source"),
    FindingKind.FOREIGN: N_("of unknown origin"),
    FindingKind.NOT_APPLIED: N_("not applied"),
}
STATES = {
    FindingState.OPEN: N_("Found: {counts}."),
    FindingState.MENDED: N_("Mended: {counts}."),
    FindingState.KEPT: N_("Left as they are: {counts}."),
    FindingState.FAILED: N_("Could not be mended: {counts}."),
}
#: What a job says that has looked at everything and found nothing.
CLEAN = {
    Work.VERIFY: N_("Nothing differs."),
    Work.REPAIR: N_("There was nothing left to mend."),
    Work.DOUBLES: N_("Nothing stands there twice."),
}
NOTHING: Found = Counter()


def is_open(found: Found) -> bool:
    return any(state is FindingState.OPEN for _, state in found)


def has_list(job: Job, found: Found) -> bool:
    """Whether there is more to read than the counts."""
    left = any(state is not FindingState.MENDED for _, state in found)
    return left or (job.progress.skipped > 0 and kinds.work(job) not in (Work.VERIFY, Work.DOUBLES))


def result(job: Job, found: Found, say: Say) -> list[Markup]:
    """A sentence for each state, and where to read more. Empty when all is well and nobody asked."""
    told = list(_sentences(job, found, say))
    if not told and job.status is JobStatus.COMPLETED and (clean := CLEAN.get(kinds.work(job))):
        return [say(clean)]
    if not has_list(job, found):
        return told
    if kinds.work(job) is Work.VERIFY and job.status is JobStatus.COMPLETED:
        return [
            *told,
            say("/skipped {id} lists them; /repair {of_job} mends them.", id=job.id, of_job=job.of_job),
        ]
    return [*told, say("/skipped {id} tells which and why.", id=job.id)]


def _sentences(job: Job, found: Found, say: Say) -> Iterator[Markup]:
    refused = FindingKind.NOT_APPLIED, FindingState.OPEN
    for state, pattern in STATES.items():
        counts = [
            say("{n} {what}", n=f"{found[kind, state]:,}", what=say(words))
            for kind, words in KINDS.items()
            if found[kind, state] and (kind, state) != refused
        ]
        if counts:
            yield say(pattern, counts=Markup(", ").join(counts))
    if count := found[refused]:
        yield say.plural(
            "{n} thing could not be made as it is in the source (pins, topics, links, replies).",
            "{n} things could not be made as they are in the source (pins, topics, links, replies).",
            count,
        )
