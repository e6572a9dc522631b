"""What happened to a job, as text: when, what, by whom and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from bot import kinds, phrases
from bot.language import N_, Say
from domain.asker import Asker
from domain.job import OPERATOR, Change, Failure, Job, PauseReason, WaitReason

#: Changes in one message and characters of each reason, so that all stay below Telegram's 4096.
SHOWN, CLIPPED = 15, 160

#: The words that stand alone as a reason. Who paused a job is told anyway.
REASONS = {
    str(WaitReason.FLOOD): N_("Telegram told the account to wait"),
    str(WaitReason.SLOW_MODE): N_("the target is in slow mode"),
    str(WaitReason.PACE): N_("the account rests"),
    str(WaitReason.UNREACHABLE): N_("Telegram can't be reached"),
    str(WaitReason.TROUBLE): N_("something went wrong on our side"),
    str(PauseReason.OWNER): "",
    str(PauseReason.ADMIN): "",
    str(PauseReason.MEMORY): N_("the machine is short of memory"),
    str(PauseReason.ACCOUNT): N_("Telegram no longer accepts the login"),
    str(PauseReason.UNSETTLED): N_("somebody has to look at the target"),
}
#: What else is changed, as the history has it.
CHANGED = (N_("priority: {priority}"), N_("after: {jobs}"))


def history(job: Job, changes: Sequence[Change], say: Say, *, asker: Asker, now: datetime) -> Markup:
    """`changes` come oldest first and are shown so; of many, the newest."""
    lines = [
        Markup("<b>{}</b>").format(
            say("What happened to job {id}{aside}", id=job.id, aside=kinds.aside(job, say))
        )
    ]
    if (left_out := len(changes) - SHOWN) > 0:
        lines.append(say.plural("({n} earlier change)", "({n} earlier changes)", left_out))
    lines += [_line(job, change, say, asker, now) for change in changes[-SHOWN:]]
    return Markup("\n").join(lines)


def _line(job: Job, change: Change, say: Say, asker: Asker, now: datetime) -> Markup:
    parts = [phrases.clock(change.at, now=now)]
    if change.was is None:
        parts.append(say.plain("ordered"))
    elif change.was is not change.became:
        was, became = (phrases.status_of(job, status, say) for status in (change.was, change.became))
        parts.append(f"{was} → {became}")
    parts.append(_who(change.who, say, asker))
    if change.reason is not None and (why := _why(change.reason, say)):
        parts.append(why)
    return Markup("• {}").format(" · ".join(parts))


def _who(who: int | None, say: Say, asker: Asker) -> str:
    """Admins learn everybody's number; an owner only that it was an admin: nobody else could have been."""
    if who is None:
        return say.plain("Ferry")
    if who == OPERATOR:
        return say.plain("command line")
    if who == asker.user_id:
        return say.plain("you")
    return say.plain("user {user_id}", user_id=who) if asker.is_admin else say.plain("an admin")


def _why(reason: Failure, say: Say) -> str:
    word = REASONS.get(reason.text)
    told = phrases.sentence(reason, say) if word is None else say.plain(word) if word else ""
    return told if len(told) <= CLIPPED else told[: CLIPPED - 1] + "…"
