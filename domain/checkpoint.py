"""A checkpoint: everything that one transaction writes when a step is done."""

from __future__ import annotations

from dataclasses import dataclass

from domain.job import Progress
from domain.message import Skip
from domain.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """`progress.step_number` is the step that is done; `step` the one that is sent next, if any.

    `copied` are (source id, target id) pairs. Written twice it changes nothing.
    """

    job_id: int
    generation: int
    progress: Progress
    copied: tuple[tuple[int, int], ...] = ()
    skips: tuple[Skip, ...] = ()
    step: Step | None = None
