"""Listeners hear everything and cannot hurt each other."""

from __future__ import annotations

from structlog.testing import capture_logs

from domain.job import Progress
from engine.events import Event, Events, JobAdvanced


def test_a_failing_listener_disturbs_nobody() -> None:
    events, heard = Events(), list[Event]()

    def broken(event: Event) -> None:
        raise ValueError("no")

    events.subscribe(broken)
    events.subscribe(heard.append)
    with capture_logs() as logs:
        events.emit(JobAdvanced(3, Progress(copied=100)))
    assert heard == [JobAdvanced(3, Progress(copied=100))]
    assert [(line["event"], line["told"]) for line in logs] == [("listener_failed", "JobAdvanced")]
