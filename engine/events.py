"""What happened, told to whoever listens: so that nobody needs to know who shows or counts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from domain.job import Failure, Job, Progress
from domain.memory import MemoryLevel

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


@dataclass(frozen=True, slots=True)
class JobStalled:
    """The job has made no progress for the soft limit; Ferry goes on trying. `trouble` is a sentence."""

    job: Job
    trouble: Failure


@dataclass(frozen=True, slots=True)
class DependencyFailed:
    """`job` waits for job `after_id`, which has failed or was cancelled: it won't start by itself."""

    job: Job
    after_id: int


@dataclass(frozen=True, slots=True)
class DatabaseLost:
    """The database can't be used; nothing is sent until it is back. `reason` is the driver's own word."""

    reason: str


@dataclass(frozen=True, slots=True)
class DatabaseBack:
    """The database works again, after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class MemoryChanged:
    """Another level of memory pressure, and what Ferry did about it.

    `percent` of the limit is in use; `paused` and `resumed` are job numbers.
    """

    level: MemoryLevel
    percent: float
    paused: tuple[int, ...] = ()
    resumed: tuple[int, ...] = ()


Event = (
    JobChanged
    | JobAdvanced
    | JobResumed
    | JobStalled
    | DependencyFailed
    | DatabaseLost
    | DatabaseBack
    | MemoryChanged
)
Listener = Callable[[Event], None]


class Events:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._recorded: list[Event] | None = None

    def subscribe(self, listener: Listener) -> None:
        """`listener` is called in the event loop, in the order of subscription; it must not block."""
        for event in self._recorded or ():
            _tell(listener, event)
        self._listeners.append(listener)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Who subscribes inside also hears what was told since: the bot loads while the engine works already.

        JobAdvanced is left out: the next one says more.
        """
        self._recorded = []
        try:
            yield
        finally:
            self._recorded = None

    def emit(self, event: Event) -> None:
        """A listener that fails is logged and disturbs neither the others nor the caller."""
        if self._recorded is not None and not isinstance(event, JobAdvanced):
            self._recorded.append(event)
        for listener in self._listeners:
            _tell(listener, event)


def _tell(listener: Listener, event: Event) -> None:
    try:
        listener(event)
    except Exception:
        log.exception("listener_failed", told=type(event).__name__)
