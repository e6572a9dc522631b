"""Everything the demo plays with: a sandbox, an account, a service, and the person who talks to its bot."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.demonstration.children import Child, run_ferry
from cli.demonstration.conversation import Conversation, conversation
from cli.demonstration.screen import Screen
from cli.demonstration.waiting import until
from cli.wiring import open_database
from config import Settings, read_settings
from sandbox.control import ControlClient
from sandbox.info import INFO_FILE, SandboxInfo
from storage.jobs import JobStore

#: Seconds that the world may take for each thousand messages, beside those for starting.
BUILDING = 2.0
STARTING = 60.0
#: Seconds after which the end of a process is known for sure; its connections break a little before.
MOMENT = 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for at the command line."""

    jobs: int
    messages: int
    kill: bool
    seed: int
    report: Path

    @property
    def all_messages(self) -> int:
        return self.jobs * self.messages


class Service:
    """The service's process, and after a kill the next one."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._child: Child | None = None

    async def start(self) -> None:
        self._child = await Child.service(self._folder, self._environment)

    async def kill(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.kill()

    async def stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            await child.stop()

    def check(self) -> None:
        """Raises Obstacle when it has ended by itself."""
        if self._child is not None:
            self._child.check()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    info: SandboxInfo
    sandbox: Child
    service: Service
    control: ControlClient
    chat: Conversation
    jobs: JobStore

    async def calls(self) -> dict[str, int]:
        """What the service's login has called at Telegram, by method; the person's own chat is another."""
        return await self.control.calls(self.info.users[0].session)

    def check(self) -> None:
        """Raises Obstacle when a process that should run does not."""
        self.sandbox.check()
        self.service.check()


@asynccontextmanager
async def stage(plan: Plan, folder: Path, screen: Screen) -> AsyncIterator[Stage]:
    """Raises Obstacle when something does not come up. Leaves no process behind, whatever happens."""
    async with AsyncExitStack() as stack:
        screen.tell(f"Building a Telegram on this machine: {plan.jobs} × {plan.messages:,} messages")
        sandbox = await Child.sandbox(folder, jobs=plan.jobs, messages=plan.messages, seed=plan.seed)
        stack.push_async_callback(sandbox.kill)  # its world ends with it: nothing to save
        info = await _until_it_serves(sandbox, folder, plan)
        environment = _environment(info)
        user = info.users[0]
        control = await stack.enter_async_context(ControlClient.of(info))
        # Telegram takes custom emoji away from what is sent anew, as answers are, without Premium.
        await control.change_user(user.id, premium=True)
        await run_ferry(
            *("account", "add", "--owner", str(user.id)),
            environment=environment,
            cwd=folder,
            stdin=user.session,
        )
        screen.tell(
            f"It is up. Ferry got the Premium account of {user.name}, who lives there: "
            "python main.py account add"
        )
        settings = read_settings(folder / "none.env", given=info.settings())
        database = await stack.enter_async_context(open_database(settings))
        chat = await stack.enter_async_context(conversation(info, control))
        service = Service(folder, environment)
        stack.push_async_exit(lambda kind, *_: service.stop() if kind is None else service.kill())
        await service.start()
        screen.tell("Started the service, a process of its own: python main.py run")
        jobs = JobStore(database)
        ready = Stage(info=info, sandbox=sandbox, service=service, control=control, chat=chat, jobs=jobs)
        try:
            yield ready
        except Exception:
            await asyncio.sleep(MOMENT)
            ready.check()
            raise


async def _until_it_serves(sandbox: Child, folder: Path, plan: Plan) -> SandboxInfo:
    async def look() -> SandboxInfo | None:
        sandbox.check()
        return SandboxInfo.read(folder) if (folder / INFO_FILE).exists() else None

    patience = STARTING + BUILDING * plan.all_messages / 1000
    return await until(look, what="The sandbox did not come up", seconds=patience)


def _environment(info: SandboxInfo) -> dict[str, str]:
    """Ours without any setting of the user's: nothing of the demo may touch what is theirs."""
    settings = {name.upper() for name in Settings.model_fields}
    rest = {name: value for name, value in os.environ.items() if name.upper() not in settings}
    return rest | info.settings()
