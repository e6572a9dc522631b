"""Chats as people export them with Telegram Desktop: imported, cloned, verified, and not one difference.

The exports are of all kinds of chats, as Telegram Desktop has written them since 2019; the words are ours.
Beside them stand exports of any shape, made by hypothesis.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from telethon.tl.types import MessageEntityCustomEmoji

from domain.asker import Asker
from domain.job import Job, JobKind, JobStatus
from domain.typed import Typed
from sandbox.compare import SHIFT, compare
from sandbox.importing import load
from sandbox.testing import Rig
from sandbox.world import Channel, World
from sandbox.world.forwardable import BOUND_TO_AUTHOR
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, mark
from tests.sandbox.export_shapes import Json, exports

EXPORTS = sorted((Path(__file__).parents[1] / "sandbox" / "exports").glob("*.json"))


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: path.stem)
async def test_an_export_is_cloned_and_verified_without_a_difference(stage: Stage, path: Path) -> None:
    sources = load(stage.rig.world, path, owner=stage.owner)
    assert sources
    await _clone_and_verify(stage, sources)


@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller one takes minutes to find
)
@given(export=exports())
def test_an_export_of_any_shape_is_cloned_and_verified_without_a_difference(export: Json) -> None:
    asyncio.run(_on_a_stage(export))


async def _on_a_stage(export: Json) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        path.write_text(json.dumps(export))
        async with Rig() as rig:
            owner = rig.world.add_user("Wei", phone="15550001", username="wei")
            unused = rig.world.add_channel("Unused", owner)
            stage = Stage(rig, owner, unused, unused, Path(folder))
            await _clone_and_verify(stage, load(rig.world, path, owner=owner))


async def _clone_and_verify(stage: Stage, sources: list[Channel]) -> None:
    world, owner = stage.rig.world, stage.owner
    async with stage.engine() as engine:
        await engine.log_in(owner)
        engine.start()
        for source in sources:
            target = _empty(stage, source)
            job = await _ended(engine, stage, Typed(source=mark(source), target=mark(target)))
            skipped = {skip.source_id for skip in await engine.store.skips(job.id)}
            assert skipped - _services(world, source) == _impossible(world, source)
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


def _services(world: World, source: Channel) -> set[int]:
    """Also those of the basic group it was, which stand below zero."""
    messages = world.boxes["channel", source.id].by_id.values()
    old = world.boxes["user", next(iter(source.members))].by_id.values() if source.migrated_from else ()
    return {m.id for m in messages if m.service} | {m.id + SHIFT for m in old if m.service}


def _impossible(world: World, source: Channel) -> set[int]:
    """What nobody can copy (docs/kinds.md), or this account cannot: it has no Premium."""
    owner = world.users[next(iter(source.members))]
    found = set()
    for m in world.boxes["channel", source.id].by_id.values():
        kind = m.media.kind if m.media else ""
        too_long = len(m.text) > world.lengths.longest(owner, captioned=bool(kind))
        if kind in BOUND_TO_AUTHOR or (m.look and m.look.get("ttl")) or too_long:
            found.add(m.id)
    return found


def _lost(world: World, source: Channel) -> dict[int, list[str]]:
    """What no copy keeps (docs/kinds.md): a live place's moving, some answers, custom emoji."""
    lost: dict[int, list[str]] = {}
    for m in world.boxes["channel", source.id].by_id.values():
        kind = m.media.kind if m.media else ""
        told = {
            "media": kind == "geo_live",
            "reply": m.reply_peer is not None or kind == "todo",
            "entities": any(isinstance(e, MessageEntityCustomEmoji) for e in m.entities),
        }
        lost[m.id] = [what for what, so in told.items() if so]
    return lost
