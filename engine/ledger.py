"""What one job writes down: its step in flight, and what came of each step."""

from __future__ import annotations

from dataclasses import replace

from domain.checkpoint import Checkpoint
from domain.finding import Finding, FindingKind
from domain.job import Job, JobKind, Progress
from domain.message import Skip
from domain.step import Step, StepKind
from engine.done import Done
from engine.state_manager import TaskStateManager
from storage.progress import ProgressStore


class Ledger:
    def __init__(self, *, job: Job, store: ProgressStore, state: TaskStateManager) -> None:
        self._job, self._store, self._state = job, store, state
        self._map_of = job.map_of if job.map_of != job.id else None
        # What was chosen was counted when it was ordered; so was what stands in two chats.
        self._counts = job.kind is JobKind.CLONE and job.wishes.selection.is_everything
        self._counts = self._counts and job.progress.offset_id >= 0

    @property
    def progress(self) -> Progress:
        return self._state.progress(self._job.id)

    async def step_in_flight(self) -> Step | None:
        return await self._store.step_in_flight(self._job.id)

    def counted(self, total: int) -> None:
        """The source holds so many messages now."""
        if self._counts:
            self._state.counted(self._job.id, total)

    async def journal(self, step: Step) -> None:
        """Before it is made. Raises LostLease."""
        await self.put(self.progress, step=step)

    async def write(self, step: Step, done: Done, progress: Progress, following: Step | None) -> None:
        """What came of `step`, and the step that is made next, in one transaction. Raises LostLease."""
        copied = {**done.copied, **done.mapped}
        arrived = [item for item in step.items if item.source_id in done.copied]
        debts = tuple(item.source_id for item in arrived if item.owes_links)
        comment_debts = tuple(item.source_id for item in arrived if item.owes_comments)
        checkpoint = Checkpoint(
            job_id=self._job.id,
            generation=self._job.generation,
            progress=progress,
            copied=tuple(copied.items()),
            skips=done.skips,
            step=following,
            map_of=self._map_of,
            late=step.late or self._map_of is not None,
            debts=debts,
            comment_debts=comment_debts,
            paid=done.paid,
            findings=done.findings + _lost(step, done),
            target=done.target,
        )
        await self._state.barrier(checkpoint)

    def after(self, step: Step, done: Done) -> Progress:
        """The progress once `step` is done; `done.skips` are all of its skips."""
        now = self.progress
        newest = max(now.last_target_id, *done.copied.values(), *done.mapped.values(), 0)
        return replace(
            now,
            offset_id=max(now.offset_id, step.through_id) if step.through_id else now.offset_id,
            step_number=step.number,
            copied=now.copied + len(done.copied),
            skipped=now.skipped + len(done.skips),
            passed=now.passed + step.passed,
            last_target_id=newest,
        )

    async def put(
        self,
        progress: Progress,
        *,
        copied: tuple[tuple[int, int], ...] = (),
        skips: tuple[Skip, ...] = (),
        findings: tuple[Finding, ...] = (),
        step: Step | None = None,
    ) -> None:
        """All of it in one transaction; `step` is the one that is made next. Raises LostLease."""
        await self._state.barrier(
            Checkpoint(
                job_id=self._job.id,
                generation=self._job.generation,
                progress=progress,
                copied=copied,
                skips=skips,
                findings=findings,
                step=step,
            )
        )


def _lost(step: Step, done: Done) -> tuple[Finding, ...]:
    """What was forwarded although it should have been sent again, and what is lost by that."""
    if step.kind is not StepKind.FORWARD or not step.detail:
        return ()
    return tuple(
        Finding(FindingKind.NOT_APPLIED, number, copy, step.detail) for number, copy in done.copied.items()
    )
