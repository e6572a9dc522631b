"""What admins are told of the service itself without asking: memory is short, the database is gone."""

from __future__ import annotations

from markupsafe import Markup

from bot import phrases
from bot.language import N_, Say
from domain.memory import MemoryLevel
from engine.events import DatabaseBack, DatabaseLost, Event, MemoryChanged

ServiceNews = MemoryChanged | DatabaseLost | DatabaseBack

#: What each level means for the jobs, for the overview.
MEMORY = {
    MemoryLevel.NORMAL: N_("Memory is no problem: all jobs may run."),
    MemoryLevel.CLEANUP: N_("Memory is getting short: caches are cleared, all jobs may run."),
    MemoryLevel.WARNING: N_("Memory is short: jobs of low priority pause."),
    MemoryLevel.CRITICAL: N_("Memory is very short: only high and urgent jobs run."),
    MemoryLevel.EMERGENCY: N_("Memory is all but used up: only urgent jobs run."),
}


def deserves_telling(event: Event) -> bool:
    """Of memory only what was done to jobs: the levels themselves may come and go by the minute."""
    if isinstance(event, MemoryChanged):
        return bool(event.paused or event.resumed)
    return isinstance(event, DatabaseLost | DatabaseBack)


def told(news: ServiceNews, say: Say) -> Markup:
    match news:
        case DatabaseLost(reason=reason):
            return say(
                "🛑 The database can't be used ({reason}). Nothing is sent until it is back. "
                "Ferry keeps trying; look after the disk or the database server.",
                reason=reason,
            )
        case DatabaseBack(seconds=seconds):
            return say(
                "✅ The database is back after {time}; the jobs go on by themselves.",
                time=phrases.duration(seconds, say),
            )
        case MemoryChanged():
            return Markup("\n").join(_memory(news, say))


def _memory(news: MemoryChanged, say: Say) -> list[Markup]:
    percent, lines = round(news.percent), []
    if news.paused:
        lines.append(
            say.plural(
                "⚠️ {percent}% of the memory is in use, so {n} job was paused ({ids}). "
                "It goes on by itself once there is room.",
                "⚠️ {percent}% of the memory is in use, so {n} jobs were paused ({ids}). "
                "They go on by themselves once there is room.",
                len(news.paused),
                percent=percent,
                ids=phrases.numbers(news.paused),
            )
        )
    if news.resumed:
        lines.append(
            say.plural(
                "✅ There is memory again ({percent}% in use): {n} job goes on ({ids}).",
                "✅ There is memory again ({percent}% in use): {n} jobs go on ({ids}).",
                len(news.resumed),
                percent=percent,
                ids=phrases.numbers(news.resumed),
            )
        )
    return lines
