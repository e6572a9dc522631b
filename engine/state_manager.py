"""TaskStateManager: the one writer of a job's progress.

The state of running jobs is held in memory; a checkpoint writes it at every barrier, the autosave in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from domain.checkpoint import Checkpoint
from domain.job import Job, Progress
from engine.events import Events, JobAdvanced
from engine.live import Live, Speed, ends_at
from engine.outage import Outage
from storage.progress import ProgressStore


@dataclass(slots=True)
class _State:
    generation: int
    progress: Progress
    dirty: bool = False
    speed: Speed = field(default_factory=Speed)


class TaskStateManager:
    def __init__(
        self,
        *,
        store: ProgressStore,
        events: Events,
        outage: Outage,
        batch_size: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._events, self._outage = store, events, outage
        self._batch_size, self._clock = batch_size, clock
        self._states: dict[int, _State] = {}

    def begin(self, job: Job) -> None:
        """A run of `job` begins; its speed is measured anew."""
        state = _State(job.generation, job.progress)
        state.speed.feed(self._clock(), job.progress.done)
        self._states[job.id] = state

    def end(self, job_id: int) -> None:
        self._states.pop(job_id, None)

    def progress(self, job_id: int) -> Progress:
        """The newest progress of a running job."""
        return self._states[job_id].progress

    def counted(self, job_id: int, total: int) -> None:
        """The source was counted again; the next autosave or barrier writes it."""
        state = self._states[job_id]
        if state.progress.total != total:
            state.progress = replace(state.progress, total=total)
            state.dirty = True

    async def barrier(self, checkpoint: Checkpoint) -> None:
        """Writes a checkpoint, then tells of it; returns only when it stands in the database.

        Whoever waits here sends nothing: at most one step is ever ahead of the database. Raises LostLease.
        """
        await self._outage.outlast(lambda: self._store.checkpoint(checkpoint))
        state = self._states[checkpoint.job_id]
        total = state.progress.total  # perhaps counted again while we wrote
        state.dirty = total != checkpoint.progress.total
        state.progress = replace(checkpoint.progress, total=total) if state.dirty else checkpoint.progress
        state.speed.feed(self._clock(), checkpoint.progress.done)
        self._events.emit(JobAdvanced(checkpoint.job_id, checkpoint.progress))

    async def autosave(self) -> None:
        """Writes what changed since the last barrier: never beyond the step in flight, never backwards.

        Raises DatabaseBroken; then it stays dirty, and the next autosave or barrier writes it.
        """
        dirty = [(job_id, state) for job_id, state in self._states.items() if state.dirty]
        for start in range(0, len(dirty), self._batch_size):
            await self._save(dirty[start : start + self._batch_size])

    async def _save(self, group: list[tuple[int, _State]]) -> None:
        for _, state in group:
            state.dirty = False  # a change made while we write makes it dirty again
        try:
            await self._store.save([(job_id, state.generation, state.progress) for job_id, state in group])
        except BaseException:
            for _, state in group:
                state.dirty = True
            raise

    def live(self, job: Job) -> Live:
        """How `job` stands this moment: from memory while it runs, from its row otherwise."""
        state = self._states.get(job.id)
        if state is None:
            return Live(job.progress, 0.0, None)
        left = state.progress.total - state.progress.done
        per_second = state.speed.per_second(self._clock())
        end = ends_at(datetime.now(UTC), left=left, per_second=per_second)
        return Live(state.progress, per_second, end)
