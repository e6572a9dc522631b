"""The few new messages that nobody asked for: a job went on after a restart, ended, stalls, needs its owner.

Editing a card makes no sound, so these do. Many at once become one message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot import kinds, phrases, service_news
from bot.desk import Notice
from bot.language import Say
from bot.results import result
from domain.job import Job, JobStatus
from engine.events import DependencyFailed, JobStalled
from engine.listing import Found

#: What no job found.
UNKNOWN: Mapping[int, Found] = {}
#: Jobs named in one message, which holds 4096 characters; the rest are counted.
NAMED = 8


def deserves_notice(job: Job) -> bool:
    if job.status is JobStatus.PAUSED:
        return job.pause_reason in phrases.NEEDS_A_PERSON
    return job.status in (JobStatus.COMPLETED, JobStatus.FAILED)


def text(notice: Notice, say: Say, *, found: Mapping[int, Found] = UNKNOWN) -> Markup:
    """All of it, whatever there is. `found` is what jobs that have ended found, as far as that is known."""
    kinds = (notice.resumed, notice.ended, notice.stalled, notice.blocked)
    most = NAMED // max(1, sum(bool(kind) for kind in kinds))
    parts = [service_news.told(news, say) for news in notice.service]
    if notice.resumed:
        parts.append(resumed(list(notice.resumed.values()), say, most=most))
    if notice.ended:
        parts.append(told(list(notice.ended.values()), say, most=most, found=found))
    if notice.stalled:
        lines = [_stalled(event, say) for event in notice.stalled.values()]
        parts.append(_listed(say("No progress for a while:"), lines, say, most=most))
    if notice.blocked:
        lines = [_blocked(event, say) for event in notice.blocked.values()]
        parts.append(_listed(say("Waiting in vain:"), lines, say, most=most))
    return Markup("\n\n").join(parts)


def resumed(jobs: Sequence[Job], say: Say, *, most: int = NAMED) -> Markup:
    if len(jobs) == 1:
        job = jobs[0]
        return say(
            "Ferry was restarted; job {id}{aside} goes on from message {offset} ({copied}).",
            **_goes_on(job, say),
        )
    title = say.plural(
        "Ferry was restarted; {n} job goes on:", "Ferry was restarted; {n} jobs go on:", len(jobs)
    )
    lines = [say("job {id}{aside} from message {offset} ({copied})", **_goes_on(job, say)) for job in jobs]
    return _listed(title, lines, say, most=most)


def told(jobs: Sequence[Job], say: Say, *, most: int = NAMED, found: Mapping[int, Found] = UNKNOWN) -> Markup:
    """`jobs` have completed, failed or stopped for a person."""
    lines = [_outcome(job, found.get(job.id), say) for job in jobs]
    return _listed(say.plural("News of {n} job:", "News of {n} jobs:", len(jobs)), lines, say, most=most)


def _outcome(job: Job, found: Found | None, say: Say) -> Markup:
    named = {"id": job.id, "aside": kinds.aside(job, say)}
    match job.status:
        case JobStatus.COMPLETED:
            done = say("✅ Job {id}{aside} is complete: {copied}.", **named, copied=_counted(job, say))
            return Markup(" ").join([done, *([] if found is None else result(job, found, say))])
        case JobStatus.FAILED:
            return say("❌ Job {id}{aside} failed.", **named) + _why(job, say)
        case _:
            return say("⚠️ Job {id}{aside} is paused and needs you.", **named) + _why(job, say)


def _goes_on(job: Job, say: Say) -> dict[str, object]:
    return {
        "id": job.id,
        "aside": kinds.aside(job, say),
        "offset": phrases.number(job.resumed_from or 0),
        "copied": _counted(job, say),
    }


def _counted(job: Job, say: Say) -> Markup:
    return kinds.counted(job, job.progress, say)


def _why(job: Job, say: Say) -> Markup:
    return Markup("") if job.failure is None else Markup(" {}").format(phrases.sentence(job.failure, say))


def _stalled(event: JobStalled, say: Say) -> Markup:
    return say(
        "⏳ Job {id}{aside} gets no further: {trouble} Ferry goes on trying; /job {id} shows how it stands.",
        id=event.job.id,
        aside=kinds.aside(event.job, say),
        trouble=phrases.sentence(event.trouble, say),
    )


def _blocked(event: DependencyFailed, say: Say) -> Markup:
    return say(
        "⚠️ Job {id}{aside} won't start: job {after_id}, for which it waits, has failed or was cancelled. "
        "/retry {after_id} tries a failed one again; /after {id} lets job {id} start without it.",
        id=event.job.id,
        aside=kinds.aside(event.job, say),
        after_id=event.after_id,
    )


def _listed(title: Markup, lines: Sequence[Markup], say: Say, *, most: int) -> Markup:
    """One line stands for itself, without the title."""
    if len(lines) == 1:
        return lines[0]
    shown = [title, *(Markup("• {}").format(line) for line in lines[:most])]
    if len(lines) > most:
        shown.append(say.plural("and {n} more. /jobs", "and {n} more. /jobs", len(lines) - most))
    return Markup("\n").join(shown)
