"""From what somebody chose (dates, links, the last N) to the ids that a job is made with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.choosing import Choice, Place
from domain.message import OLD_GROUP
from domain.peer import Chat
from domain.refusals import LinkElsewhere, NoneOfTheIds, NothingChosen, UpsideDown
from domain.wishes import Selection
from engine.links import SourceLinks
from engine.telegram.account import TelegramAccount
from engine.telegram.survey import Survey

#: Ids that a refusal names.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Chosen:
    """`total` is how many messages are read for it, service messages and those of other kinds included.

    `offset_id` is where reading begins. `missing` are ids that were asked for and do not exist.
    """

    selection: Selection
    total: int
    offset_id: int
    missing: tuple[int, ...] = ()


class Chooser:
    """For one source, through one account. `asked` is the choice in words, as it stays with the job."""

    def __init__(self, account: TelegramAccount, chat: Chat) -> None:
        self._account, self._chat = account, chat
        self._survey = Survey(account, chat)

    async def chosen(self, choice: Choice, asked: str) -> Chosen:
        """Raises LinkElsewhere, UpsideDown, NothingChosen, NoneOfTheIds."""
        if choice.ids:
            return await self._ids(choice, asked)
        old = await self._old_survey()
        first = await self._begin(choice, old)
        last = await self._end(choice, old)
        is_upside_down = first is not None and last is not None and last < first
        if is_upside_down and choice.start is not None and choice.end is not None:
            raise UpsideDown(start=first, end=last)
        selection = Selection(from_id=first, to_id=last, kinds=choice.kinds, asked=asked)
        total = 0 if is_upside_down else await self._total(selection, old)
        if not total and not selection.is_everything:
            raise NothingChosen(title=self._chat.title, asked=asked)
        from_the_beginning = old is not None and first is None
        return Chosen(selection, total, OLD_GROUP if from_the_beginning else selection.after_id)

    async def _ids(self, choice: Choice, asked: str) -> Chosen:
        found = await self._survey.existing(choice.ids)
        missing = tuple(number for number in choice.ids if number not in found)
        if not found:
            raise NoneOfTheIds(title=self._chat.title, ids=named(missing))
        selection = Selection(ids=choice.ids, kinds=choice.kinds, asked=asked)
        return Chosen(selection, len(choice.ids), selection.after_id, missing)

    async def _old_survey(self) -> Survey | None:
        """Of the basic group that it was; a topic has no such past."""
        old = await self._account.old_group(self._chat) if self._chat.topic_id is None else None
        return Survey(self._account, old) if old is not None else None

    async def _begin(self, choice: Choice, old: Survey | None) -> int | None:
        if choice.start is not None:
            spot = await self._survey.at_or_after(self._followed(choice.start))
            if spot is None:
                return self._followed(choice.start)  # behind the newest: the total will tell
            return (await self._survey.album_of(spot))[0]
        if choice.since is not None:
            if (spot := await self._survey.before(choice.since)) is not None:
                return spot.id + 1
            if old is None:
                return None
            spot = await old.before(choice.since)
            return None if spot is None else spot.id + 1 + OLD_GROUP
        return await self._nth_newest(choice.last, old) if choice.last is not None else None

    async def _nth_newest(self, n: int, old: Survey | None) -> int | None:
        """An album at the beginning comes whole."""
        if (spot := await self._survey.nth_newest(n)) is not None:
            return (await self._survey.album_of(spot))[0]
        if old is None:
            return None
        newest = await self._survey.newest()
        spot = await old.nth_newest(n - (newest.total if newest is not None else 0))
        return None if spot is None else (await old.album_of(spot))[0] + OLD_GROUP

    async def _end(self, choice: Choice, old: Survey | None) -> int | None:
        if choice.end is not None:
            number = self._followed(choice.end)
            spot = await self._survey.at_or_before(number)
            return number if spot is None else max(number, (await self._survey.album_of(spot))[1])
        if choice.until is None:
            return None
        if (spot := await self._survey.before(choice.until)) is not None:
            return spot.id
        spot = await old.before(choice.until) if old is not None else None
        return OLD_GROUP if spot is None else spot.id + OLD_GROUP

    def _followed(self, place: Place) -> int:
        if isinstance(place, int):
            return place
        links = SourceLinks(self._chat.peer.id, [self._chat.username] if self._chat.username else [])
        link = links.find(place)
        if link is None or link.comment_id is not None:
            raise LinkElsewhere(typed=place[:80], title=self._chat.title)
        return link.message_id

    async def _total(self, selection: Selection, old: Survey | None) -> int:
        first, last = selection.from_id, selection.to_id
        total = 0
        if last is None or last > 0:
            total += await _count(self._survey, max(first or 1, 1), last)
        if old is not None and (first is None or first < 0):
            begin = 1 if first is None else first - OLD_GROUP
            total += await _count(old, begin, None if last is None or last > 0 else last - OLD_GROUP)
        return total


async def _count(survey: Survey, first: int, last: int | None) -> int:
    """How many messages stand from `first` to `last`; at most so many where Telegram gives no positions."""
    newest = await (survey.newest() if last is None else survey.at_or_before(last))
    if newest is None or newest.id < first:
        return 0
    if first == 1:
        oldest_position: int | None = newest.total
        oldest_id = 1
    else:
        oldest = await survey.at_or_after(first)
        if oldest is None:
            return 0
        oldest_position, oldest_id = oldest.position, oldest.id
    newest_position = 1 if last is None else newest.position
    if oldest_position is None or newest_position is None:
        return min(newest.total, newest.id - oldest_id + 1)
    return max(0, oldest_position - newest_position + 1)


def named(ids: Sequence[int]) -> str:
    """The first few of them."""
    return ", ".join(map(str, ids[:NAMED])) + (" …" if len(ids) > NAMED else "")
