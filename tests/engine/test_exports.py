"""Chats that people exported with Telegram Desktop: imported, cloned, verified, and not one difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.asker import Asker
from domain.job import Job, JobKind, JobStatus
from domain.typed import Typed
from sandbox.compare import compare
from sandbox.importing import load
from sandbox.world import Channel, World
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, mark

EXPORTS = sorted((Path(__file__).parents[1] / "sandbox" / "exports").glob("*.json"))


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.stem)
async def test_an_export_is_cloned_and_verified_without_a_difference(stage: Stage, path: Path) -> None:
    world, owner = stage.rig.world, stage.owner
    sources = load(world, path, owner=owner)
    assert sources
    async with stage.engine() as engine:
        await engine.log_in(owner)
        engine.start()
        for source in sources:
            target = _empty(stage, source)
            job = await _ended(engine, stage, Typed(source=mark(source), target=mark(target)))
            skipped = [skip.source_id for skip in await engine.store.skips(job.id)]
            old = source.migrated_from
            found = compare(
                world,
                ("channel", source.id),
                ("channel", target.id),
                skipped=skipped,
                declared=_lost(world, source),
                viewer=owner.id if old else None,
                before=("chat", old[0]) if old else None,
            )
            assert found.same, found
            assert found.copied + found.skipped + found.service == found.source_messages
            if not job.progress.copied:
                continue  # a chat of which nothing can be copied has nothing to verify
            verified = await _ended(engine, stage, Typed(kind=JobKind.VERIFY, of_job=job.id))
            assert await engine.findings.page(verified.id) == []


async def _ended(engine: Engine, stage: Stage, typed: Typed) -> Job:
    job = await engine.service.order(typed, asker=Asker(stage.owner.id))
    return await engine.until(job, JobStatus.COMPLETED)


def _empty(stage: Stage, like: Channel) -> Channel:
    title = f"Copy of {like.title}"
    return stage.rig.world.add_channel(title, stage.owner, megagroup=like.megagroup, forum=like.forum)


def _lost(world: World, source: Channel) -> dict[int, list[str]]:
    """What no copy keeps (docs/kinds.md): a live place's moving, an answer to another chat, a throw."""
    messages = world.boxes["channel", source.id].by_id.values()
    moving = {m.id: ["media"] for m in messages if m.media and m.media.kind == "geo_live"}
    return moving | {m.id: ["reply"] for m in messages if m.reply_peer}
