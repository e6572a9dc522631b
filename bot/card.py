"""A job's card: everything its owner wants to know, as text. Pure: the same job and moment, the same text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot import kinds, phrases
from bot.language import N_, Say
from bot.results import NOTHING, result
from domain.job import OPERATOR, Job, JobKind, JobStatus, PauseReason, Priority, Progress, WaitReason
from engine.listing import Found
from engine.live import Live

WAITING = {
    WaitReason.FLOOD: N_("Telegram told the account to wait for another {left} (until {time})."),
    WaitReason.SLOW_MODE: N_("The target is in slow mode: waiting for another {left} (until {time})."),
    WaitReason.PACE: N_(
        "Resting for another {left} (until {time}), to keep the account below what Telegram might punish."
    ),
    WaitReason.UNREACHABLE: N_("Telegram can't be reached. Ferry tries again in {left} (at {time})."),
    WaitReason.TROUBLE: N_("Something went wrong on our side. Ferry tries again in {left} (at {time})."),
}
PAUSED = {
    PauseReason.OWNER: N_("Paused by its owner. /resume {id} lets it go on."),
    PauseReason.ADMIN: N_("Paused by an admin of this bot. Ask them when it may go on."),
    PauseReason.MEMORY: N_("Paused because the machine is short of memory. It goes on by itself."),
    PauseReason.ACCOUNT: N_("Paused because Telegram no longer accepts the account's login."),
    PauseReason.UNSETTLED: N_("Paused because somebody has to look at the target. Then: /resume {id}"),
}

AFTER_FAILED = N_(
    "It waits for job {after_id}, which has failed. /retry {after_id} tries that one again; "
    "/after {id} lets this one start without it."
)
AFTER_CANCELLED = N_(
    "It waits for job {after_id}, which was cancelled. /after {id} lets this one start without it."
)
LISTED = 5  # lines


def card(
    job: Job,
    live: Live,
    say: Say,
    *,
    now: datetime,
    awaited: Sequence[Job] = (),
    found: Found = NOTHING,
) -> Markup:
    """`now` is an aware UTC moment; `awaited` are the jobs that must be completed before this one starts,
    `found` is what one that has ended found or could not do.
    """
    title = kinds.title(job, say)
    lines = [
        Markup("<b>{}</b> · {}").format(say("Job {id}", id=job.id), phrases.status(job, say)),
        *([] if title is None else [title]),
        phrases.route(job, say),
        Markup(""),
        *_progress(job, live.progress, say),
    ]
    if not job.is_unfinished:
        lines += result(job, found, say)
    if job.is_unfinished and job.priority is not Priority.NORMAL:
        lines.append(say("Priority: {priority}", priority=phrases.priority(job.priority, say)))
    if job.status is JobStatus.RUNNING:
        lines += _pace(live, say, now)
    if state := _state(job, say, now, awaited):
        lines += [Markup(""), state]
    if job.is_unfinished and job.resumed_from is not None:
        went_on = say(
            "Ferry was restarted; the job went on from message {id}.", id=phrases.number(job.resumed_from)
        )
        lines += [Markup(""), Markup("<i>{}</i>").format(went_on)]
    return Markup("\n").join(lines)


def owner(job: Job, say: Say) -> Markup:
    if job.owner_id == OPERATOR:
        return say("Ordered at the command line.")
    return say(
        "Ordered by user {user_id} with account {account_id}.",
        user_id=job.owner_id,
        account_id=job.account_id,
    )


def waiting(job: Job, say: Say, now: datetime, awaited: Sequence[Job] = ()) -> Markup:
    """Why a pending job does not run."""
    if awaited:
        return Markup("\n").join(_awaited(job, awaited, say))
    if job.resume_at is None:
        return say("Waiting for its turn.")
    if job.resume_at <= now or job.wait_reason is None:
        return say("It goes on in a moment.")
    left = phrases.duration((job.resume_at - now).total_seconds(), say)
    return say(WAITING[job.wait_reason], left=left, time=phrases.clock(job.resume_at, now=now))


def _progress(job: Job, progress: Progress, say: Say) -> list[Markup]:
    counted = kinds.counted(job, progress, say)
    if job.kind is JobKind.REPAIR and job.status is not JobStatus.COMPLETED:
        return [counted]  # how much there is to send turns out on the way
    fraction = 1.0 if job.status is JobStatus.COMPLETED else min(progress.fraction, 0.999)
    return [Markup.escape(phrases.bar(fraction)), counted]


def _pace(live: Live, say: Say, now: datetime) -> list[Markup]:
    if live.per_second <= 0:
        return []
    rate = f"{live.per_second:,.0f}" if live.per_second >= 10 else f"{live.per_second:.1f}"
    lines = [say("{rate} messages a second", rate=rate)]
    if live.ends_at is not None and live.ends_at > now:
        left = phrases.duration((live.ends_at - now).total_seconds(), say)
        lines.append(
            say("{left} left, done at about {time}", left=left, time=phrases.clock(live.ends_at, now=now))
        )
    return lines


def _awaited(job: Job, awaited: Sequence[Job], say: Say) -> list[Markup]:
    """What goes well is one line; what needs its owner, one for each."""
    lines = []
    coming = [one.id for one in awaited if one.is_unfinished]
    if coming:
        lines.append(
            say.plural(
                "Waiting for job {ids}.", "Waiting for jobs {ids}.", len(coming), ids=phrases.numbers(coming)
            )
        )
    for one in awaited:
        if one.status is JobStatus.FAILED:
            lines.append(say(AFTER_FAILED, after_id=one.id, id=job.id))
        elif one.status is JobStatus.CANCELLED:
            lines.append(say(AFTER_CANCELLED, after_id=one.id, id=job.id))
    return lines[:LISTED]


def _state(job: Job, say: Say, now: datetime, awaited: Sequence[Job]) -> Markup | None:
    """What a person should know or do about the status."""
    match job.status:
        case JobStatus.PENDING:
            return waiting(job, say, now, awaited)
        case JobStatus.PAUSED:
            if job.failure is not None:
                return Markup.escape(phrases.sentence(job.failure, say))
            return say(PAUSED[job.pause_reason or PauseReason.OWNER], id=job.id)
        case JobStatus.FAILED if job.failure is not None:
            return Markup.escape(phrases.sentence(job.failure, say))
        case JobStatus.CANCELLED:
            return kinds.afterwards(job, say)
        case _:
            return None
