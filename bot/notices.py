"""The few new messages that nobody asked for: a job went on after a restart, ended, or needs its owner.

Editing a card makes no sound, so these do. Many at once become one message.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot import phrases
from bot.card import copied
from bot.language import Say
from domain.job import Job, JobStatus

#: Jobs named in one message, which holds 4096 characters; the rest are counted.
NAMED = 8


def deserves_notice(job: Job) -> bool:
    if job.status is JobStatus.PAUSED:
        return job.pause_reason in phrases.NEEDS_A_PERSON
    return job.status in (JobStatus.COMPLETED, JobStatus.FAILED)


def resumed(jobs: Sequence[Job], say: Say) -> Markup:
    if len(jobs) == 1:
        job = jobs[0]
        return say(
            "Ferry was restarted; job {id} goes on from message {offset} ({copied}).",
            id=job.id,
            offset=_offset(job),
            copied=copied(job.progress, say),
        )
    title = say.plural(
        "Ferry was restarted; {n} job goes on:", "Ferry was restarted; {n} jobs go on:", len(jobs)
    )
    lines = [
        say(
            "job {id} from message {offset} ({copied})",
            id=job.id,
            offset=_offset(job),
            copied=copied(job.progress, say),
        )
        for job in jobs[:NAMED]
    ]
    return _listed(title, lines, len(jobs), say)


def told(jobs: Sequence[Job], say: Say) -> Markup:
    """`jobs` have completed, failed or stopped for a person."""
    lines = [_outcome(job, say) for job in jobs[:NAMED]]
    if len(lines) == 1:
        return lines[0]
    title = say.plural("News of {n} job:", "News of {n} jobs:", len(jobs))
    return _listed(title, lines, len(jobs), say)


def _outcome(job: Job, say: Say) -> Markup:
    match job.status:
        case JobStatus.COMPLETED:
            done = say("✅ Job {id} is complete: {copied}", id=job.id, copied=copied(job.progress, say))
            if job.progress.skipped:
                done += say(", {skipped} skipped", skipped=phrases.number(job.progress.skipped))
            return done + "."
        case JobStatus.FAILED:
            return say("❌ Job {id} failed.", id=job.id) + _why(job, say)
        case _:
            return say("⚠️ Job {id} is paused and needs you.", id=job.id) + _why(job, say)


def _why(job: Job, say: Say) -> Markup:
    return Markup("") if job.failure is None else Markup(" {}").format(phrases.sentence(job.failure, say))


def _listed(title: Markup, lines: list[Markup], count: int, say: Say) -> Markup:
    shown = [title, *(Markup("• {}").format(line) for line in lines)]
    if count > len(lines):
        shown.append(say.plural("and {n} more. /jobs", "and {n} more. /jobs", count - len(lines)))
    return Markup("\n").join(shown)


def _offset(job: Job) -> str:
    return phrases.number(job.resumed_from or 0)
