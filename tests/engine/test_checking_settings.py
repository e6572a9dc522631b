"""Pins, topics and profile: verify finds just what is not as in the source, repair mends it."""

from __future__ import annotations

import pytest

from domain.finding import Finding, FindingKind, FindingState
from domain.job import JobKind, JobStatus
from domain.typed import Typed
from sandbox.world import Fault
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage
from tests.engine.settings_stage import (
    DAMAGE,
    EVERY,
    Damage,
    cloned,
    furnish,
    rename,
    reorder,
    retitle,
    show,
    told,
    unpin_one,
)
from tests.engine.structure_stage import notices

SETTING, MISSING = FindingKind.SETTING, FindingKind.MISSING
MENDED, FAILED = FindingState.MENDED, FindingState.FAILED


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
async def test_each_sort_of_damage(stage: Stage, damage: Damage) -> None:
    async with cloned(stage) as (bench, job, made):
        assert await told(bench, job) == set()
        number, words = damage(made)
        copy = number if number < 2 else made.copies[number]
        assert await told(bench, job) == {(SETTING, number, copy, words)}
        assert not made.same()
        repaired = await bench.listed(await bench.repair(job))
        assert repaired == [Finding(SETTING, number, copy, words, MENDED)]
        assert made.same()
        assert await told(bench, job) == set()


async def test_all_of_it_at_once(stage: Stage) -> None:
    async with cloned(stage) as (bench, job, made):
        lost = max(made.copies)
        bench.delete(stage.target, made.copies[lost])
        for damage in EVERY:
            damage(made)
        assert await told(bench, job) == {
            (MISSING, lost, made.copies[lost], ""),
            (SETTING, made.pinned[1], made.copies[made.pinned[1]], "pin"),
            (SETTING, made.topics[0], made.copies[made.topics[0]], "title"),
            (SETTING, 0, 0, "pinned topics; title; about; photo"),
        }
        assert set((await bench.states(await bench.repair(job))).values()) == {MENDED}
        assert await told(bench, job) == set()


async def test_a_missing_copy_is_not_said_to_be_unpinned_too(stage: Stage) -> None:
    async with cloned(stage) as (bench, job, made):
        number = made.pinned[0]
        bench.delete(stage.target, made.copies[number])
        assert await told(bench, job) == {(MISSING, number, made.copies[number], "")}
        await bench.repair(job)
        assert len(stage.rig.world.pinned(stage.owner.id, ("channel", stage.target.id))) == 2
        assert await told(bench, job) == set()


async def test_a_pinned_topic_that_is_gone(stage: Stage) -> None:
    async with cloned(stage) as (bench, job, made):
        topic, said = made.topics[0], [n for n, m in bench.box(stage.source).items() if m.text == "in 2"]
        gone = {topic, *said}
        stage.rig.world.delete_topic(stage.owner.id, ("channel", stage.target.id), made.copies[topic])
        assert await told(bench, job) == {(MISSING, n, made.copies[n], "") for n in gone}
        await bench.repair(job)
        assert await told(bench, job) == set()
        copies = await bench.copies(job)
        assert stage.target.pinned_topics == [copies[n] for n in stage.source.pinned_topics]


async def test_a_topic_that_was_opened_before_the_chosen_messages(stage: Stage) -> None:
    made = furnish(stage)
    async with checks(stage) as bench:
        first, topic = made.pinned[0], made.topics[0]
        job = await bench.clone(start=str(first))
        copies = await bench.copies(job)
        stage.rig.world.delete_topic(stage.owner.id, ("channel", stage.target.id), copies[topic])
        assert (MISSING, topic, copies[topic]) in await bench.found(job)
        assert set((await bench.states(await bench.repair(job))).values()) == {MENDED}
        assert await bench.found(job) == set()


async def test_what_was_refused_is_known_already(stage: Stage) -> None:
    """The clone could neither pin nor set anything, and has told so."""
    world = stage.rig.world
    stage.rig.post(stage.source, stage.owner, 5)
    for number in (2, 3):
        world.pin(stage.owner.id, ("channel", stage.source.id), number)
    stage.source.about = "Talk"
    stage.target.members[stage.owner.id] = "admin"
    stage.target.denied[stage.owner.id] = {"edit_messages", "change_info"}
    async with checks(stage) as bench:
        job = await bench.clone(profile=True)
        refused = await bench.listed(job)
        assert [f.kind for f in refused] == [FindingKind.NOT_APPLIED] and "pins: " in refused[0].detail
        assert await told(bench, job) == set()


async def test_icons_that_were_refused_are_known_already(stage: Stage) -> None:
    made = furnish(stage)
    (topic, _), premium = made.topics, 1_234_567
    stage.source.topics[topic].icon_emoji = premium
    async with checks(stage) as bench:
        job = await bench.clone()
        made.copies = await bench.copies(job)
        assert await told(bench, job) == set()
        rename(made)
        assert await told(bench, job) == {(SETTING, topic, made.copies[topic], "title")}
        await bench.repair(job)
        assert await told(bench, job) == set()


async def test_without_the_rights_a_repair_says_why(stage: Stage) -> None:
    async with cloned(stage) as (bench, job, made):
        for damage in (unpin_one, rename, reorder, retitle):
            damage(made)
        stage.target.members[stage.owner.id] = "admin"
        stage.target.denied[stage.owner.id] = {"pin_messages", "manage_topics", "change_info"}
        await bench.verify(job)
        found = [f for f in await bench.listed(await bench.repair(job)) if f.kind is SETTING]
        why = "CHAT_ADMIN_REQUIRED"
        assert {f.source_id: (f.state, f.detail) for f in found} == {
            0: (FAILED, f"pinned topics: {why}; title: {why}"),
            made.topics[0]: (FAILED, f"title: {why}"),
            made.pinned[1]: (FAILED, f"pin: {why}"),
        }
        assert await told(bench, job) == set()  # for that is known


@pytest.mark.parametrize(("asked", "damage"), [("pins", unpin_one), ("profile", retitle), ("profile", show)])
async def test_what_nobody_asked_for_is_not_looked_at(stage: Stage, asked: str, damage: Damage) -> None:
    async with cloned(stage) as (bench, job, made):
        damage(made)
        assert len(await told(bench, job)) == 1
        other = await bench.clone(**{"profile": True, "again": True} | {asked: False})
        assert await told(bench, other) == set()


CALLS = ["messages.updatePinnedMessage", "messages.editForumTopic", "messages.reorderPinnedForumTopics"]
CALLS += ["channels.editTitle", "messages.editChatAbout", "channels.editPhoto"]


@pytest.mark.parametrize("call", [*CALLS, "the last look"])
async def test_a_repair_that_is_killed_goes_on(stage: Stage, call: str) -> None:
    """Right behind each change, before it is written down; and while it looks what has become of them all."""
    world, last = stage.rig.world, CALLS[-1]
    async with cloned(stage) as (bench, job, made):
        for damage in EVERY:
            damage(made)
        await bench.verify(job)
        before = _notices(stage)
        held = Fault(call if call in CALLS else last, "hold_after")
        world.faults.append(held)
        repair = await bench.engine.service.order(
            Typed(kind=JobKind.REPAIR, of_job=job.id), asker=bench.asker
        )
        await held.hit.wait()
        if call not in CALLS:
            looks = Fault("channels.getFullChannel", "hold_before", discard=True)
            world.faults.append(looks)
            held.release()
            held = looks
            await held.hit.wait()
            left = await bench.engine.store.step_in_flight(repair.id)
            assert left is not None and "look" in left.detail
        await bench.engine.die()
    held.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        bench = Checks(stage, engine)
        await engine.until(repair, JobStatus.COMPLETED)
        assert {f.state for f in await bench.listed(repair)} == {MENDED}
        assert made.same() and _notices(stage) == {what: count + 1 for what, count in before.items()}
        assert await told(bench, job) == set()


def _notices(stage: Stage) -> dict[str, int]:
    """How often it shows that something was changed: once for each change."""
    return {what: len(notices(stage, stage.target, what)) for what in ("pin", "topic_edit", "title", "photo")}
