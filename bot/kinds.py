"""What a job of each kind is called, what it is doing, and what its numbers mean. Pure."""

from __future__ import annotations

from enum import Enum, auto

from markupsafe import Markup

from bot.language import N_, Say
from domain.job import Job, JobKind, JobStatus, Progress

#: Kinds that put copies into their target.
COPYING = frozenset({JobKind.CLONE, JobKind.COMMENTS, JobKind.ADOPT})


class Work(Enum):
    """What people tell apart: a kind of job, or what its order made of it."""

    COPY = auto()
    COMMENTS = auto()
    AGAIN = auto()  #: another try at what a job skipped
    VERIFY = auto()
    REPAIR = auto()
    ADOPT = auto()
    DOUBLES = auto()  #: lists them
    DELETE = auto()  #: deletes those that were listed


_WORKS = {
    JobKind.CLONE: Work.COPY,
    JobKind.COMMENTS: Work.COMMENTS,
    JobKind.VERIFY: Work.VERIFY,
    JobKind.REPAIR: Work.REPAIR,
    JobKind.ADOPT: Work.ADOPT,
    JobKind.DEDUPE: Work.DOUBLES,
}
TITLES = {
    Work.COMMENTS: N_("Comments of job {of_job}"),
    Work.AGAIN: N_("Trying again what job {of_job} skipped"),
    Work.VERIFY: N_("Checking what job {of_job} copied"),
    Work.REPAIR: N_("Mending job {of_job}"),
    Work.ADOPT: N_("Taking over what was copied before"),
    Work.DOUBLES: N_("Looking for doubles"),
    Work.DELETE: N_("Deleting the doubles that job {of_job} found"),
}
#: The same behind the number of the job, in the midst of a sentence.
ASIDES = {
    Work.COMMENTS: N_("comments of job {of_job}"),
    Work.AGAIN: N_("what job {of_job} skipped"),
    Work.VERIFY: N_("checking job {of_job}"),
    Work.REPAIR: N_("mending job {of_job}"),
    Work.ADOPT: N_("taking over"),
    Work.DOUBLES: N_("looking for doubles"),
    Work.DELETE: N_("deleting doubles of job {of_job}"),
}
RUNNING = {
    Work.COPY: N_("copying"),
    Work.COMMENTS: N_("copying"),
    Work.AGAIN: N_("copying"),
    Work.VERIFY: N_("checking"),
    Work.REPAIR: N_("mending"),
    Work.ADOPT: N_("taking over"),
    Work.DOUBLES: N_("looking for doubles"),
    Work.DELETE: N_("deleting doubles"),
}
#: Of how many messages it has done what.
DONE = {
    Work.COPY: N_("{copied} of {total} copied"),
    Work.COMMENTS: N_("{copied} of {total} copied"),
    Work.AGAIN: N_("{copied} of {total} copied"),
    Work.VERIFY: N_("{done} of {total} checked"),
    Work.ADOPT: N_("{copied} of {total} in place"),
    Work.DOUBLES: N_("{done} of {total} looked at"),
    Work.DELETE: N_("{copied} of {total} deleted"),
}
#: And what `skipped` counts.
LEFT = {
    Work.COPY: N_(", {skipped} skipped"),
    Work.COMMENTS: N_(", {skipped} skipped"),
    Work.AGAIN: N_(", {skipped} skipped"),
    Work.REPAIR: N_(", {skipped} skipped"),
    Work.ADOPT: N_(", {skipped} skipped"),
    Work.VERIFY: N_(", {skipped} not as they should be"),
    Work.DOUBLES: N_(", {skipped} of them doubles"),
    Work.DELETE: N_(", {skipped} left as they are"),
}
#: What is so when it is cancelled.
AFTERWARDS = {
    Work.COPY: N_("What was copied stays in the target."),
    Work.COMMENTS: N_("What was copied stays in the target."),
    Work.AGAIN: N_("What was copied stays in the target."),
    Work.ADOPT: N_("What was copied stays in the target."),
    Work.VERIFY: N_("It changes nothing in the chats."),
    Work.DOUBLES: N_("It changes nothing in the chats."),
    Work.REPAIR: N_("What was mended stays so."),
    Work.DELETE: N_("What was deleted stays so."),
}


def work(job: Job) -> Work:
    found = _WORKS[job.kind]
    if found is Work.COPY and job.of_job is not None:
        return Work.AGAIN
    if found is Work.COMMENTS and job.wishes.selection.ids:  # comments are ordered all or not at all
        return Work.AGAIN
    return Work.DELETE if found is Work.DOUBLES and job.wishes.delete else found


def title(job: Job, say: Say) -> Markup | None:
    """ "Checking what job 5 copied"; None for a plain copy, which needs no title."""
    pattern = TITLES.get(work(job))
    return None if pattern is None else say(pattern, of_job=job.of_job)


def aside(job: Job, say: Say) -> Markup:
    """ " (checking job 5)", to stand behind the job's number; empty for a plain copy."""
    pattern = ASIDES.get(work(job))
    return Markup("") if pattern is None else say(" ({what})", what=say(pattern, of_job=job.of_job))


def running(job: Job, say: Say) -> str:
    """Its status while it runs."""
    return say.plain(RUNNING[work(job)])


def counted(job: Job, progress: Progress, say: Say) -> Markup:
    """ "8,312 of 20,000 copied, 3 skipped": what its numbers say."""
    does = work(job)
    if does is Work.REPAIR:
        told = say.plural("{n} message sent again", "{n} messages sent again", progress.copied)
    else:
        total = max(progress.total, progress.done)
        numbers = {"copied": progress.copied, "done": progress.done, "total": total}
        told = say(DONE[does], **{name: f"{count:,}" for name, count in numbers.items()})
    if not progress.skipped or (does is Work.VERIFY and job.status is JobStatus.COMPLETED):
        return told  # what a finished check has found is told kind by kind
    return told + say(LEFT[does], skipped=f"{progress.skipped:,}")


def afterwards(job: Job, say: Say) -> Markup:
    """What is so in the chats when the job is cancelled."""
    return say(AFTERWARDS[work(job)])
