"""Verify and repair of copies that were ordered otherwise than as a whole, and of forums."""

from __future__ import annotations

from typing import Any

import pytest
from telethon.tl import types as tl

from domain.errors import AccountStopped
from domain.finding import FindingKind
from domain.job import JobKind, JobStatus
from domain.typed import Typed
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage

MISSING = FindingKind.MISSING

CHOICES: list[dict[str, Any]] = [
    {"start": "10", "end": "20"},
    {"last": 15},
    {"ids": "5,7-12,30"},
    {"kinds": "photo"},
    {"replies": False},
    {"keep_author": True},
    {"pins": False},
]


def furnish(bench: Checks) -> None:
    bench.stage.rig.post(bench.stage.source, bench.stage.owner, 30)
    link = f"https://t.me/c/{bench.stage.source.id}/4"
    bench.post(
        bench.stage.source,
        {"media": bench.photo(), "text": "with a caption"},
        {"text": "an answer to the first", "reply_to": 2},
        {"text": link},
        *bench.album(),
    )
    for number in (8, 12):
        bench.stage.rig.world.pin(bench.stage.owner.id, ("channel", bench.stage.source.id), number)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: next(iter(choice)))
async def test_what_was_not_ordered_is_no_damage(stage: Stage, choice: dict[str, Any]) -> None:
    async with checks(stage) as bench:
        furnish(bench)
        job = await bench.clone(**choice)
        assert await bench.found(job) == set()
        copies = await bench.copies(job)
        lost = sorted(copies)[1]
        bench.delete(stage.target, copies[lost])
        assert await bench.found(job) == {(MISSING, lost, copies[lost])}
        await bench.repair(job)
        assert await bench.found(job) == set()
        assert len(bench.texts(stage.target)) == len(copies)


async def test_a_topic_that_is_gone_is_made_anew(stage: Stage) -> None:
    world, owner = stage.rig.world, stage.owner
    stage.source = world.add_channel("Forum", owner, megagroup=True, forum=True)
    stage.target = world.add_channel("Copy of it", owner, megagroup=True, forum=True)
    async with checks(stage) as bench:
        peer = ("channel", stage.source.id)
        made = [
            world.create_topic(owner.id, peer, title, random_id=n) for n, title in ((1, "One"), (2, "Two"))
        ]
        topics = [message.id for *_, message in (sent.items[0] for sent in made)]
        said = [
            bench.post(stage.source, *({"text": f"{n} in {topic}", "topic": topic} for n in range(3)))
            for topic in topics
        ]
        bench.post(stage.source, {"text": "in General"})
        job = await bench.clone()
        assert await bench.found(job) == set()
        copies = await bench.copies(job)
        bench.delete(stage.target, *(copies[number] for number in said[0]), copies[topics[0]])
        gone = {topics[0], *said[0]}
        assert await bench.found(job) == {(MISSING, n, copies[n]) for n in gone}
        await bench.repair(job)
        assert await bench.found(job) == set()
        made = (await bench.copies(job))[topics[0]]
        assert stage.target.topics[made].title == "One"
        again = [m.text for m in bench.box(stage.target).values() if m.topic == made and not m.service]
        assert again == [f"{n} in {topics[0]}" for n in range(3)]


async def test_nothing_is_looked_at_with_a_login_that_is_gone(stage: Stage) -> None:
    async with checks(stage) as bench:
        furnish(bench)
        job = await bench.clone()
        for auth in stage.rig.mtproto.auth_keys.values():
            stage.rig.mtproto.bind(auth, None)
        again = Typed(kind=JobKind.VERIFY, of_job=job.id)
        stopped = await bench.engine.service.order(again, asker=bench.asker)
        await bench.engine.until(stopped, JobStatus.PAUSED)
        await bench.engine.service.cancel(stopped.id, asker=bench.asker)
        with pytest.raises(AccountStopped, match="account add"):
            await bench.engine.service.order(again, asker=bench.asker)


async def test_from_topic_to_topic_of_one_forum_links_to_the_rest_are_right(stage: Stage) -> None:
    world, owner = stage.rig.world, stage.owner
    forum = stage.source = stage.target = world.add_channel("Forum", owner, megagroup=True, forum=True)
    one, two = (world.add_topic(forum, title).id for title in ("One", "Two"))
    async with checks(stage) as bench:
        (there,) = bench.post(forum, {"text": "elsewhere"})
        address = f"https://t.me/c/{forum.id}/{there}"
        linking = {"text": address, "entities": [tl.MessageEntityUrl(0, len(address))], "topic": one}
        bench.post(forum, {"text": "said here", "topic": one}, linking)
        places = {"source": f"t.me/c/{forum.id}/{one}", "target": f"t.me/c/{forum.id}/{two}"}
        job = await bench.ended(Typed(**places))
        copies = await bench.copies(job)
        assert await bench.found(job) == set()
        bench.edit(forum, copies[max(copies)], text="https://t.me/c/1/1")
        assert len(await bench.found(job)) == 1
