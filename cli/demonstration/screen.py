"""Where the demo is shown: a story that grows, with the jobs' table below it, or plain lines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console, RenderableType
from rich.live import Live
from rich.text import Text

from cli.demonstration.table import jobs_table, minutes, state
from cli.demonstration.watching import Scene

#: Seconds between two plain lines about the same jobs.
LINE_EVERY = 2.0
#: Cells, where there is no terminal to say it.
WIDTH = 120


class Screen(Protocol):
    @property
    def width(self) -> int:
        """In cells."""

    def tell(self, text: str, style: str = "") -> None:
        """What has happened, under the time since the start."""

    def say(self, who: str, text: str) -> None:
        """What somebody wrote in the chat."""

    def show(self, scene: Scene) -> None:
        """How the jobs stand; called often."""

    def clear(self) -> None:
        """The jobs are no longer of interest."""

    def print(self, what: RenderableType) -> None: ...


@contextmanager
def screen() -> Iterator[Screen]:
    console = Console(highlight=False)
    if not console.is_terminal:
        yield Lines(Console(highlight=False, soft_wrap=True, width=WIDTH))
        return
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield Table(console, live)


class Story:
    def __init__(self, console: Console) -> None:
        self._console, self._begun = console, time.monotonic()

    def tell(self, text: str, style: str = "") -> None:
        self.print(self._line().append(text, style))

    def say(self, who: str, text: str) -> None:
        first, *rest = text.strip().splitlines() or [""]
        line = self._line().append(f"{who} ", "magenta").append("› ", "dim").append(first)
        for more in rest:
            line.append(f"\n{' ' * 8}{more}")
        self.print(line)

    def print(self, what: RenderableType) -> None:
        self._console.print(what)

    @property
    def width(self) -> int:
        return self._console.width

    def _line(self) -> Text:
        return Text().append(f"{minutes(time.monotonic() - self._begun):>5}  ", "dim")


class Table(Story):
    def __init__(self, console: Console, live: Live) -> None:
        super().__init__(console)
        self._live = live

    def show(self, scene: Scene) -> None:
        self._live.update(jobs_table(scene, width=self._console.width), refresh=True)

    def clear(self) -> None:
        self._live.update("", refresh=True)


class Lines(Story):
    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._next = 0.0

    def show(self, scene: Scene) -> None:
        if not scene.rows or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + LINE_EVERY
        rate = f", {scene.per_second:,.0f} per second" if scene.per_second else ""
        self.tell(f"{scene.copied:,} of {scene.total:,} copied{rate}")
        for row in scene.rows:
            if row.job.is_unfinished:
                copied, now = row.job.progress.copied, state(row.job, standstill=scene.standstill)
                self.print(f"       job {row.job.id}: {copied:,} copied, {now.plain}")

    def clear(self) -> None: ...
