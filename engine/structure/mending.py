"""Links to what had no copy yet when they were copied are led to the copies, by editing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from domain.job import Job
from domain.message import BESIDE, is_beside
from domain.peer import Chat
from domain.step import Step, StepItem, StepKind
from engine.copies import Copies
from engine.done import Done
from engine.links import leading
from engine.structure.refusals import Refusals
from engine.structure.topics import Topics
from engine.telegram.chats import ChatInfo
from engine.telegram.draft import CannotCopy
from engine.telegram.entities import linked_ids
from engine.telegram.pool import AccountPool
from engine.telegram.relinking import Like, relinked
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
    """Of the job's own copies, and of posts that lead to comments if the job is the one that copies these."""

    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        store: ProgressStore,
        topics: Topics,
        refusals: Refusals,
        copies: Copies,
        source: ChatInfo,
        target: ChatInfo,
    ) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._topics, self._refusals = topics, refusals
        self._source, self._target = source, target
        self._copies = copies
        self._after = BEFORE_ALL
        self._queue: deque[Step] = deque()
        self._edits: dict[int, Edit] = {}

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
        if is_beside(step.subject):  # findings name messages of the job's own chats
            told = self._refusals.add(f"links of post {step.subject - BESIDE}", reason)
            return Done(paid=(step.subject,), findings=(told,))
        if target_id is None:
            known = self._edits.get(step.subject)
            target_id = known.target_id if known else 0
        told = self._refusals.add("links", reason, source_id=step.subject, target_id=target_id)
        return Done(paid=(step.subject,), findings=(told,))

    async def _prepare(self, owed: Sequence[int]) -> dict[int, Edit]:
        """Reads up to 100 copies; what becomes of each. Those of posts stand in the channel."""
        own = [number for number in owed if not is_beside(number)]
        posts = [number for number in owed if is_beside(number)]
        edits = await self._look(own, self._source.chat, self._target.chat) if own else {}
        if posts and self._source.beside is not None and self._target.beside is not None:
            edits |= await self._look(posts, self._source.beside.chat, self._target.beside.chat, BESIDE)
        return edits

    async def _look(self, owed: Sequence[int], source: Chat, target: Chat, moved: int = 0) -> dict[int, Edit]:
        """Only their sources still tell of links that they lead to comments; `moved` are the ids."""
        account = await self._pool.get(self._job.account_id)
        copies = {number: copy - moved for number, copy in (await self._copies.of(owed)).items()}
        messages = await account.messages(target, list(copies.values())) if copies else {}
        bodies: dict[int, Any] = {}
        if self._source.beside is not None and copies:
            bodies = await account.messages(source, [number - moved for number in copies])
        known = await self._copies.of(self._linked([*messages.values(), *bodies.values()]))
        new_url = leading(self._target.made, known, self._topics.targets)
        edits: dict[int, Edit] = {}
        for number in owed:
            copy = copies.get(number, 0)
            message, body = messages.get(copy), bodies.get(number - moved)
            request, refusal = None, ""
            if message is not None and not known.keys().isdisjoint(self._to_lead(message, body)):
                try:
                    request = relinked(
                        message,
                        target,
                        links=self._source.links,
                        new_url=new_url,
                        user=account.users,
                        like=None if body is None else Like(body, self._target.links),
                    )
                except CannotCopy as error:
                    refusal = error.reason
            edits[number] = Edit(copy, request, refusal)
        return edits

    def _linked(self, messages: Iterable[Any]) -> set[int]:
        links = self._source.links
        return {number for message in messages for number in linked_ids(message, links)}

    def _to_lead(self, message: Any, body: Any) -> set[int]:
        """Where links of a copy must lead if that has a copy by now: posts had theirs before."""
        found = self._linked([message])
        return found | {number for number in self._linked([body]) if not is_beside(number)} if body else found
