"""The list of what a job left out or found, as a message: the first lines, with links. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot import kinds
from bot.language import N_, Say
from bot.results import KINDS
from domain.finding import Finding, FindingState
from domain.job import Job
from domain.message import OLD_GROUP, Skip, SkipReason
from domain.peer import Chat
from engine.listing import link

#: Lines in one message and characters of each reason, so that all stay below Telegram's 4096.
SHOWN, CLIPPED = 15, 120

REASONS = {
    SkipReason.SERVICE: N_("a service message"),
    SkipReason.UNSUPPORTED: N_("of a kind that Telegram lets nobody copy"),
    SkipReason.PROTECTED: N_("protected by its author"),
    SkipReason.DELETED: N_("deleted before it could be copied"),
    SkipReason.REFUSED: N_("refused by Telegram"),
    SkipReason.NO_POST: N_("a comment on a post that has no copy"),
    SkipReason.FORBIDDEN: N_("of a kind that the account may not send to the target"),
}
STATES = {
    FindingState.OPEN: "",
    FindingState.MENDED: N_("mended"),
    FindingState.KEPT: N_("left as it is"),
    FindingState.FAILED: N_("could not be mended"),
}
#: What findings say in one word: in what a copy differs, and what could not be made as it is in the source.
WORDS = frozenset(
    {
        *(N_("text"), N_("entities"), N_("links"), N_("media"), N_("look"), N_("preview"), N_("reply")),
        *(N_("quote"), N_("topic"), N_("grouping"), N_("pin"), N_("pins"), N_("topics"), N_("pinned topics")),
        *(N_("title"), N_("about"), N_("photo"), N_("icon"), N_("hidden"), N_("shown"), N_("closed")),
        *(N_("opened"), N_("self-destructing"), N_("expired media"), N_("paid"), N_("giveaway")),
        *(N_("giveaway results"), N_("invoice"), N_("video stream"), N_("too long for this account")),
        N_("left out of the answer"),
        N_("as it is, and with a header it can't be changed"),
    }
)


def is_worth_telling(line: Skip | Finding) -> bool:
    """Nobody misses what was mended, nor service messages; the file has them all the same."""
    if isinstance(line, Skip):
        return line.reason is not SkipReason.SERVICE
    return line.state is not FindingState.MENDED


def listed(job: Job, lines: Sequence[Skip | Finding], say: Say) -> Markup:
    """`lines` are those worth telling: all, or the first of more than SHOWN."""
    if not lines:
        return say("Job {id}{aside} left nothing out that anybody would miss.", **_named(job, say))
    told = [Markup("<b>{}</b>").format(say("What job {id}{aside} left out or found", **_named(job, say)))]
    told += [Markup("• {}").format(_line(job, line, say)) for line in lines[:SHOWN]]
    if len(lines) > SHOWN:
        told.append(say("That is not all: /csv {id} sends the whole list.", id=job.id))
    return Markup("\n").join(told)


def _named(job: Job, say: Say) -> dict[str, object]:
    return {"id": job.id, "aside": kinds.aside(job, say)}


def _line(job: Job, line: Skip | Finding, say: Say) -> Markup:
    if isinstance(line, Skip):
        place, words = _place(job.source, line.source_id, say), [say.plain(REASONS[line.reason])]
    else:
        sides = ((job.source, line.source_id), (job.target, line.target_id))
        place = Markup(" → ").join(_place(chat, number, say) for chat, number in sides if number)
        words = [say.plain(KINDS[line.kind])]
        if stands := STATES[line.state]:
            words.append(say.plain(stands))
    told = ", ".join(words) + (f" ({detail_in_words(line.detail, say)})" if line.detail else "")
    return Markup("{}: {}").format(place, told) if place else Markup.escape(told)


def _place(chat: Chat, number: int, say: Say) -> Markup:
    if number < 0:
        return say("message {number} of the old group", number=number - OLD_GROUP)
    words, address = say("message {number}", number=number), link(chat, number)
    return Markup('<a href="{}">{}</a>').format(address, words) if address else words


def detail_in_words(detail: str, say: Say) -> str:
    """Telegram's reasons stay as they are; our own words are translated."""
    clauses = [clause.partition(": ") for clause in detail.split("; ")]
    told = "; ".join(_words(words, say) + colon + reason for words, colon, reason in clauses)
    return told if len(told) <= CLIPPED else told[: CLIPPED - 1] + "…"


def _words(typed: str, say: Say) -> str:
    if typed in WORDS:
        return say.plain(typed)
    words = typed.split()
    return ", ".join(say.plain(word) for word in words) if set(words) <= WORDS else typed
