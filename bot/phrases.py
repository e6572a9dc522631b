"""Small pieces of text: numbers, times, chats, and what a status is called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel.units import format_unit
from markupsafe import Markup

from bot import kinds
from bot.language import N_, Say
from domain.errors import FerryError
from domain.job import Failure, Job, JobKind, JobStatus, PauseReason, Priority
from domain.peer import Chat

STATUS = {
    JobStatus.PENDING: N_("waiting"),
    JobStatus.RUNNING: N_("running"),
    JobStatus.PAUSED: N_("paused"),
    JobStatus.COMPLETED: N_("completed"),
    JobStatus.FAILED: N_("failed"),
    JobStatus.CANCELLED: N_("cancelled"),
}
PRIORITIES = {
    Priority.LOW: N_("low"),
    Priority.NORMAL: N_("normal"),
    Priority.HIGH: N_("high"),
    Priority.URGENT: N_("urgent"),
}
#: Statuses by the names that errors put into their sentences.
NAMED = {str(status): word for status, word in STATUS.items()}
#: The engine's own words for why a login is gone; every other reason is Telegram's and stays as it is.
REASONS = frozenset(
    {N_("nobody has logged in again yet"), N_("it was stopped before"), N_("logged out")},
)
#: Pauses that need a person.
NEEDS_A_PERSON = frozenset({PauseReason.ACCOUNT, PauseReason.UNSETTLED})
CELLS = 16


def number(count: int) -> str:
    return f"{count:,}"


def duration(seconds: float, say: Say) -> str:
    """At most two units: "45 sec", "1 hr 20 min"."""
    left = max(1, round(seconds))
    days, hours, minutes = left // 86400, left // 3600 % 24, left // 60 % 60
    if days:
        parts = [(days, "day"), (hours, "hour")]
    elif hours:
        parts = [(hours, "hour"), (minutes, "minute")]
    elif minutes:
        parts = [(minutes, "minute")]
    else:
        parts = [(left, "second")]
    shown = [format_unit(n, f"duration-{unit}", "short", locale=say.language) for n, unit in parts if n]
    return " ".join(shown)


def clock(moment: datetime, *, now: datetime) -> str:
    """UTC, since nobody told us where the reader is; with the date when it is another day's."""
    return f"{moment:%H:%M} UTC" if moment.date() == now.date() else f"{moment:%Y-%m-%d %H:%M} UTC"


def bar(fraction: float) -> str:
    full = int(fraction * CELLS)
    return "▓" * full + "░" * (CELLS - full) + f" {int(fraction * 100)}%"


def chat(place: Chat, say: Say) -> Markup:
    if place.topic_id is None:
        return Markup.escape(place.title)
    return say("{title} (topic {topic})", title=place.title, topic=place.topic_id)


def route(job: Job, say: Say) -> Markup:
    """The chat alone where there is only one."""
    if job.kind is JobKind.DEDUPE:
        return chat(job.source, say)
    return Markup("{} → {}").format(chat(job.source, say), chat(job.target, say))


def status(job: Job, say: Say) -> str:
    return status_of(job, job.status, say)


def status_of(job: Job, status: JobStatus, say: Say) -> str:
    """What one calls it when `job` is in that status."""
    return kinds.running(job, say) if status is JobStatus.RUNNING else say.plain(STATUS[status])


def priority(which: Priority, say: Say) -> str:
    return say.plain(PRIORITIES[which])


def numbers(job_ids: Sequence[int], *, most: int = 8) -> str:
    """ "1, 2, 5", and "…" for those beyond `most`"""
    named = ", ".join(str(job_id) for job_id in job_ids[:most])
    return f"{named}, …" if len(job_ids) > most else named


def sentence(told: FerryError | Failure, say: Say) -> str:
    """An error's or a failure's own sentence, translated; plain text."""
    pattern = told.pattern if isinstance(told, FerryError) else told.text
    return say.plain(pattern, **{name: _value(name, value, say) for name, value in told.values.items()})


def _value(name: str, value: str, say: Say) -> str:
    """Statuses and priorities are words of ours and are translated too; all else is a name or a number."""
    if name == "priority":
        return say.plain(value)
    if name in ("status", "wanted") and value in NAMED:
        return say.plain(NAMED[value])
    return say.plain(value) if name == "reason" and value in REASONS else value
