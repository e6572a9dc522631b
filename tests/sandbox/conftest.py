"""What the sandbox's tests start from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.control import ControlClient
from sandbox.process import Ports, Sandbox, Scenario
from tests.sandbox.bot_stage import BotStage
from tests.sandbox.control_stage import Running
from tests.sandbox.stage import Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage() as s:
        yield s


@pytest.fixture
async def bot_stage() -> AsyncIterator[BotStage]:
    async with BotStage() as s:
        yield s


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with Sandbox(directory=tmp_path, ports=Ports()) as sandbox:
        info = sandbox.fill(scenario=Scenario(jobs=1, messages=150), import_file=None, chats=())
        async with ControlClient.of(info) as control:
            yield Running(info, control)
