"""The processes of the demo: each ends with it, and what they say goes to a file."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from cli.demonstration.failure import Obstacle

ROOT = Path(__file__).parents[2]
MAIN = ROOT / "main.py"
TETHER = Path(__file__).with_name("tether.py")
#: Seconds that a child has to end by itself after SIGTERM; the service promises ten.
PATIENCE = 12.0


class Child:
    """A process that holds the other end of our pipe: when that closes, because we ended or died, it ends."""

    def __init__(self, name: str, process: Process) -> None:
        self._name, self._process = name, process

    @classmethod
    async def sandbox(cls, folder: Path, *, jobs: int, messages: int, seed: int) -> Self:
        """Writes its sandbox.json to `folder` once it serves."""
        arguments = ("-m", "cli.demonstration.telegram", str(folder), str(jobs), str(messages), str(seed))
        return await cls._start("The sandbox", *arguments, log=folder / "sandbox.log", cwd=ROOT)

    @classmethod
    async def service(cls, folder: Path, environment: Mapping[str, str]) -> Self:
        """`python main.py run` with `environment`; in `folder`, where no .env of the user's lies."""
        arguments = (str(TETHER), str(MAIN), "run")
        log = folder / "service.log"
        return await cls._start("The service", *arguments, log=log, cwd=folder, environment=environment)

    @classmethod
    async def _start(
        cls, name: str, *arguments: str, log: Path, cwd: Path, environment: Mapping[str, str] | None = None
    ) -> Self:
        with log.open("ab") as file:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                stdin=PIPE,
                stdout=file,
                stderr=STDOUT,
                cwd=cwd,
                env=environment,
                start_new_session=True,  # Ctrl-C is for the demo, which then ends them in the right order
            )
        return cls(name, process)

    def check(self) -> None:
        """Raises Obstacle when it has ended although nobody told it to."""
        if (code := self._process.returncode) is not None:
            how = f"exit code {code}" if code >= 0 else f"signal {-code}"
            raise Obstacle(f"{self._name} has ended by itself ({how})")

    async def kill(self) -> None:
        """SIGKILL; afterwards it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL for one that does not obey."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._process.wait()
        except TimeoutError:
            await self.kill()


async def run_ferry(*arguments: str, environment: Mapping[str, str], cwd: Path, stdin: str) -> str:
    """What `python main.py ARGUMENTS` says. Raises Obstacle with it when that fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(MAIN),
        *arguments,
        stdin=PIPE,
        stdout=PIPE,
        stderr=STDOUT,
        cwd=cwd,
        env=environment,
    )
    try:
        output, _ = await process.communicate(stdin.encode())
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        raise
    said = output.decode(errors="replace").strip()
    if process.returncode:
        last = said.splitlines()[-1] if said else f"exit code {process.returncode}"
        raise Obstacle(f"“python main.py {' '.join(arguments)}” failed: {last.rstrip('.')}")
    return said
