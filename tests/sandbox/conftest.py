"""What the sandbox's tests start from."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.bot_stage import BotStage
from tests.sandbox.stage import Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with Stage() as s:
        yield s


@pytest.fixture
async def bot_stage() -> AsyncIterator[BotStage]:
    async with BotStage() as s:
        yield s
