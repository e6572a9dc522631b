"""Long lists of jobs, a page at a time, and the admins' overview. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from babel.numbers import format_percent
from markupsafe import Markup

from bot import kinds, phrases
from bot.keyboards import PAGE
from bot.language import Say
from bot.service_news import MEMORY
from domain.job import OPERATOR, Job, JobStatus, Progress
from engine.live import Queue


@dataclass(frozen=True, slots=True)
class Page:
    """One page out of a list that may have changed since the page was asked for."""

    jobs: Sequence[Job]
    number: int  #: from 0
    count: int

    @classmethod
    def of(cls, jobs: Sequence[Job], number: int) -> Page:
        count = max(1, -(-len(jobs) // PAGE))
        number = min(max(number, 0), count - 1)
        return cls(jobs[number * PAGE : (number + 1) * PAGE], number, count)


def job_list(page: Page, say: Say, *, progress: Callable[[Job], Progress], owners: bool = False) -> Markup:
    """`owners`: say whose each job is."""
    if not page.jobs:
        return say("There are no jobs.") if owners else say("You have no jobs yet. /clone orders one.")
    title = (
        say("Jobs")
        if page.count == 1
        else say("Jobs, page {n} of {count}", n=page.number + 1, count=page.count)
    )
    lines = [_line(job, progress(job), say, owners) for job in page.jobs]
    return Markup("\n").join([Markup("<b>{}</b>").format(title), *lines])


def overview(queue: Queue, say: Say) -> Markup:
    """Memory and queue."""
    counts = {status: queue.counts.get(status, 0) for status in JobStatus}
    lines = [
        Markup("<b>{}</b>").format(say("Ferry")),
        say(
            "Memory: {size} MiB; {percent} of what there may be is in use",
            size=phrases.number(round(queue.memory_rss / 2**20)),
            percent=format_percent(queue.memory_percent / 100, "0.0%", locale=say.language),
        ),
        say(MEMORY[queue.memory_level]),
        say(
            "At once: up to {total} jobs, {user} for each user",
            total=queue.max_total,
            user=queue.max_user,
        ),
        *(
            Markup("{}: {}").format(say(phrases.STATUS[status]), phrases.number(n))
            for status, n in counts.items()
        ),
    ]
    return Markup("\n").join(lines)


def _line(job: Job, progress: Progress, say: Say, owners: bool) -> Markup:
    state = phrases.status(job, say)
    if job.is_unfinished and progress.total:
        state += f" {int(min(progress.fraction, 0.999) * 100)}%"
    what = phrases.route(job, say) + kinds.aside(job, say)
    line = Markup("<b>{}</b> {}: {}").format(job.id, what, state)
    if not owners:
        return line
    whose = say("command line") if job.owner_id == OPERATOR else say("user {user_id}", user_id=job.owner_id)
    return line + Markup(" ({})").format(whose)
