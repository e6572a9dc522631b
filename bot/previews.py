"""What a copy would do, as a message; and that nobody has more than one history read for that at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from humanize import naturalsize
from markupsafe import Markup

from bot import phrases
from bot.language import N_, Say
from bot.listing import REASONS, detail_in_words
from domain.errors import FerryError
from domain.message import OLD_GROUP
from domain.preview import Preview, Skipped

#: Characters of an order that are repeated; a list of ids may fill a whole message.
LONGEST = 400
#: Reasons that are told, so that all stays below Telegram's 4096 characters.
MOST = 8
#: How it would be done; "{n}" is how many.
WAYS = {
    "forwarded": N_("{n} forwarded at Telegram, up to 100 a call"),
    "by_reference": N_("{n} sent again by reference, one by one"),
    "albums": N_("{n} albums, kept together"),
    "replies": N_("{n} replies, led to the copies"),
    "links": N_("{n} messages with links, led to the copies"),
    "topics": N_("{n} topics made"),
    "pins": N_("{n} messages pinned"),
    "calls": N_("{n} calls that change something"),
}


class StillReading(FerryError):
    text = "Your other preview is still being read."
    hint = "Ask again when it has come."


class Reading:
    """Whose previews are under way."""

    def __init__(self) -> None:
        self._users: set[int] = set()

    @contextmanager
    def of(self, user_id: int) -> Iterator[None]:
        """Raises StillReading."""
        if user_id in self._users:
            raise StillReading
        self._users.add(user_id)
        try:
            yield
        finally:
            self._users.discard(user_id)


def shown(preview: Preview, typed: str, say: Say) -> Markup:
    """`typed` is what stood behind the command: behind /clone it orders just this."""
    route = Markup("{} → {}").format(preview.source, preview.target)
    parts = [
        [Markup("<b>{}</b>").format(say("Preview")), route, _files(preview, say)],
        [_kind(kind.value, tally.messages) for kind, tally in preview.kinds.items()],
        _ways(preview, say),
        _skips(preview, say),
        [_how_long(preview, say) if preview.messages else say("No message would be copied.")],
        [Markup("⚠️ {}").format(phrases.sentence(warning, say)) for warning in preview.warnings],
    ]
    if preview.messages and len(typed) <= LONGEST:
        parts.append([say("To copy it so: {order}", order=Markup("<code>/clone {}</code>").format(typed))])
    elif preview.messages:
        parts.append([say("To copy it so, write the same behind /clone.")])
    return Markup("\n\n").join(Markup("\n").join(lines) for lines in parts if lines)


def _files(preview: Preview, say: Say) -> Markup:
    count = say.plural("{n} message", "{n} messages", preview.messages)
    if not preview.bytes:
        return count
    return say("{count}, {size} of files", count=count, size=naturalsize(preview.bytes, binary=True))


def _kind(word: str, count: int) -> Markup:
    """The word is the one to write behind “kinds”."""
    return Markup("• <code>{}</code>: {}").format(word, phrases.number(count))


def _ways(preview: Preview, say: Say) -> list[Markup]:
    numbers = {name: getattr(preview, name) for name in WAYS}
    lines = [say(WAYS[name], n=phrases.number(count)) for name, count in numbers.items() if count]
    if preview.comments:
        lines.append(say("Comments below the posts become a job of their own"))
    return [Markup("• {}").format(line) for line in lines]


def _skips(preview: Preview, say: Say) -> list[Markup]:
    if not preview.skips:
        return []
    told = [_skipped(skipped, say) for skipped in preview.skips[:MOST]]
    return [say("Not copied: {n}", n=phrases.number(preview.skipped)), *told]


def _skipped(skipped: Skipped, say: Say) -> Markup:
    why = say.plain(REASONS[skipped.reason])
    if skipped.detail:
        why += f" ({detail_in_words(skipped.detail, say)})"
    ids = [_number(number, say) for number in skipped.ids]
    more = ", …" if skipped.count > len(ids) else ""
    named = ", ".join(ids) + more
    return Markup("• {}: {} ({})").format(why, phrases.number(skipped.count), named)


def _number(message_id: int, say: Say) -> str:
    if message_id >= 0:
        return str(message_id)
    return say.plain("{number} of the old group", number=message_id - OLD_GROUP)


def _how_long(preview: Preview, say: Say) -> Markup:
    lasts = phrases.duration(preview.seconds, say)
    if preview.per_hour is None:
        return say("It takes about {time} if Telegram lets the account go on without waits.", time=lasts)
    hourly = phrases.number(round(preview.per_hour))
    return say("It takes about {time} at {n} messages per hour.", time=lasts, n=hourly)
