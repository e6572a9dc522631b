"""What the bot's tests start from."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.stage import Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    """The bot runs."""
    async with Stage() as s:
        s.start()
        yield s
