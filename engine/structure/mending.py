"""Links to what had no copy yet when they were copied are led to the copies, by editing."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.job import Job
from domain.step import Step, StepItem, StepKind
from engine.done import Done
from engine.links import NewUrl, SourceLink, TargetLinks
from engine.structure.refusals import Refusals
from engine.structure.topics import Topics
from engine.telegram.chats import ChatInfo, look_at
from engine.telegram.draft import CannotCopy
from engine.telegram.entities import linked_ids
from engine.telegram.pool import AccountPool
from engine.telegram.relinking import relinked
from storage.progress import ProgressStore

#: Below every id that a source message can have, an old group's too.
BEFORE_ALL = -(2**62)


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to be done about one copy: a call, or None with the reason why there is none ("": no need)."""

    target_id: int
    request: Any = None
    refusal: str = ""


class Mending:
    def __init__(
        self, *, job: Job, pool: AccountPool, store: ProgressStore, topics: Topics, refusals: Refusals
    ) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._topics, self._refusals = topics, refusals
        self._after = BEFORE_ALL
        self._queue: deque[Step] = deque()
        self._edits: dict[int, Edit] = {}
        self._chats: tuple[ChatInfo, ChatInfo] | None = None

    async def next(self) -> Step | None:
        """The next debt, or up to 100 at once for which no call is needed (the step's items)."""
        while not self._queue:
            owed = await self._store.debts(self._job.id, after=self._after)
            if not owed:
                return None
            self._after = owed[-1]
            self._edits = await self._prepare(owed)
            free = [number for number, edit in self._edits.items() if not (edit.request or edit.refusal)]
            if free:
                items = tuple(StepItem(number, 0, "") for number in free)
                self._queue.append(Step(0, StepKind.EDIT, items, 0))
            self._queue += (
                Step(0, StepKind.EDIT, (), 0, subject=number)
                for number, edit in self._edits.items()
                if edit.request or edit.refusal
            )
        return self._queue.popleft()

    async def apply(self, step: Step) -> Done:
        if not step.subject:
            return Done(paid=tuple(item.source_id for item in step.items))
        edit = self._edits.get(step.subject) or (await self._prepare([step.subject]))[step.subject]
        if edit.refusal:
            return self.not_mended(step, edit.refusal, edit.target_id)
        if edit.request is not None:
            account = await self._pool.get(self._job.account_id)
            await account.call(edit.request, sending=True)
        return Done(paid=(step.subject,))

    def not_mended(self, step: Step, reason: str, target_id: int | None = None) -> Done:
        """A debt that is never paid must not be asked for again and again."""
        if target_id is None:
            known = self._edits.get(step.subject)
            target_id = known.target_id if known else 0
        told = self._refusals.add("links", reason, source_id=step.subject, target_id=target_id)
        return Done(paid=(step.subject,), findings=(told,))

    async def _prepare(self, owed: Sequence[int]) -> dict[int, Edit]:
        """Reads up to 100 copies; what becomes of each."""
        account = await self._pool.get(self._job.account_id)
        if self._chats is None:
            self._chats = await look_at(account, self._job.source), await look_at(account, self._job.target)
        source, target = self._chats
        copies = await self._store.map.targets(self._job.map_of, owed)
        messages = await account.messages(self._job.target, list(copies.values())) if copies else {}
        linked = {number: linked_ids(message, source.links) for number, message in messages.items()}
        known = await self._store.map.targets(self._job.map_of, {n for ids in linked.values() for n in ids})
        new_url = _leading(target.made, known, self._topics.targets)
        edits: dict[int, Edit] = {}
        for number in owed:
            copy = copies.get(number, 0)
            message = messages.get(copy)
            request, refusal = None, ""
            if message is not None and not known.keys().isdisjoint(linked[copy]):
                try:
                    request = relinked(
                        message, self._job.target, links=source.links, new_url=new_url, user=account.users
                    )
                except CannotCopy as error:
                    refusal = error.reason
            edits[number] = Edit(copy, request, refusal)
        return edits


def _leading(made: TargetLinks, copies: Mapping[int, int], topics: Mapping[int, int]) -> NewUrl:
    """Leads links to the copies; those to messages without one stay."""

    def new_url(link: SourceLink) -> str | None:
        copy = copies.get(link.message_id)
        if copy is None or not made.possible:
            return None
        topic = topics.get(link.topic) if link.topic is not None else None
        return made.to(copy, topic, link.single, at=link.at)

    return new_url
