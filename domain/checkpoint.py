"""A checkpoint: everything that one transaction writes when a step is done."""

from __future__ import annotations

from dataclasses import dataclass

from domain.finding import Finding
from domain.job import Progress
from domain.message import Skip
from domain.peer import Chat
from domain.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """`progress.step_number` is the step that is done; `step` the one that is sent next, if any.

    `copied` are (source id, target id) pairs; `map_of` is the job whose map they go to, if not its own: there
    they take the place of what stood. `late` ones stand out of order on purpose. `debts` are copies whose
    links are to be mended, `paid` those for which that is done. `comment_debts` are copies with links to
    comments: the job that copies those pays them, if there is one. `target` is a chat that was made. Written
    twice it changes nothing.
    """

    job_id: int
    generation: int
    progress: Progress
    copied: tuple[tuple[int, int], ...] = ()
    skips: tuple[Skip, ...] = ()
    step: Step | None = None
    map_of: int | None = None
    late: bool = False
    debts: tuple[int, ...] = ()
    comment_debts: tuple[int, ...] = ()
    paid: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()
    target: Chat | None = None
