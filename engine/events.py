"""What happened, told to whoever listens: so that nobody needs to know who shows or counts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from domain.job import Job, Progress

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class JobChanged:
    """The job's status, wait or pause changed; sent after it was written."""

    job: Job


@dataclass(frozen=True, slots=True)
class JobAdvanced:
    """A checkpoint was written. Comes often: listeners throttle."""

    job_id: int
    progress: Progress


@dataclass(frozen=True, slots=True)
class JobResumed:
    """The service was restarted; `job.resumed_from` is where the job goes on."""

    job: Job


Event = JobChanged | JobAdvanced | JobResumed
Listener = Callable[[Event], None]


class Events:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """`listener` is called in the event loop, in the order of subscription; it must not block."""
        self._listeners.append(listener)

    def emit(self, event: Event) -> None:
        """A listener that fails is logged and disturbs neither the others nor the caller."""
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                log.exception("listener_failed", told=type(event).__name__)
