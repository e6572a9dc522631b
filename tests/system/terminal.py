"""Runs `python main.py …` as people do: in a process of its own, in a folder without anybody's .env."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from config import Settings
from tests.sandbox.waiting import until

MAIN = Path(__file__).parents[2] / "main.py"
DEADLINE = 50.0  # seconds for anything; a busy machine takes ten to import everything


@dataclass(frozen=True, slots=True)
class Ended:
    code: int
    out: str
    err: str


class Terminal:
    """One folder with one set of settings; nothing of the tester's own environment gets in."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder, self._settings = folder, dict(settings)

    @property
    def environment(self) -> dict[str, str]:
        """The tester's own without any settings, and this terminal's settings."""
        known = Settings.model_fields
        return {
            name: value for name, value in os.environ.items() if name.lower() not in known
        } | self._settings

    def having(self, **settings: str) -> Terminal:
        """The same folder and database with other settings."""
        return Terminal(self.folder, {**self._settings, **settings})

    async def start(self, *arguments: str, stdin: int = DEVNULL) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            str(MAIN),
            *arguments,
            stdin=stdin,
            stdout=PIPE,
            stderr=PIPE,
            cwd=self.folder,
            env=self.environment,
        )

    async def run(self, *arguments: str, stdin: str | None = None) -> Ended:
        process = await self.start(*arguments, stdin=DEVNULL if stdin is None else PIPE)
        return await ended(process, stdin)


async def ended(process: Process, stdin: str | None = None) -> Ended:
    try:
        async with asyncio.timeout(DEADLINE):
            out, err = await process.communicate(None if stdin is None else stdin.encode())
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert process.returncode is not None
    result = Ended(process.returncode, out.decode(), err.decode())
    assert "Traceback" not in result.err, result.err
    return result


@contextlib.asynccontextmanager
async def service(terminal: Terminal) -> AsyncIterator[Process]:
    """`run`, from the moment when its bot answers until it is stopped as systemd would."""
    process = await terminal.start("run")
    try:
        async with asyncio.timeout(DEADLINE):
            assert process.stderr is not None
            while b"bot_started" not in (line := await process.stderr.readline()):
                assert line, "the service ended instead of starting"
        yield process
    finally:
        if process.returncode is None:
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            result = await ended(process)
            assert result.code == 0, result.err
            assert time.monotonic() - began < 10


def jobs_in(terminal: Terminal) -> list[tuple[int, str, int]]:
    """(number, status, copied) of every job, oldest first."""
    with contextlib.closing(
        sqlite3.connect(f"file:{terminal.folder}/ferry.db?mode=ro", uri=True)
    ) as database:
        return database.execute("SELECT id, status, copied FROM jobs ORDER BY id").fetchall()


async def copied_some(terminal: Terminal, *, messages: int) -> None:
    """Waits until the newest job has copied that many."""

    def copied() -> bool:
        return any(copied >= messages for _, _, copied in jobs_in(terminal)[-1:])

    await until(copied, DEADLINE, every=0.02)
