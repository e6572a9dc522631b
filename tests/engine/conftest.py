"""A sandbox with an owner, a source and a target; each test posts what it needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.testing import Rig
from sandbox.world import Channel, User
from tests.engine.workbench import Engine


@dataclass
class Stage:
    rig: Rig
    owner: User
    source: Channel
    target: Channel
    folder: Path

    def engine(self, **options: object) -> Engine:
        return Engine(self.rig, self.folder, **options)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with Rig() as rig:
        owner = rig.world.add_user("Wei", phone="15550001", username="wei")
        source = rig.world.add_channel("Source", owner)
        target = rig.world.add_channel("Copy", owner)
        yield Stage(rig, owner, source, target, tmp_path)
