"""Private chats: protected by one of both, as a target of polls, closed to the account."""

from __future__ import annotations

import pytest

from domain.asker import Asker
from domain.errors import ProtectedSource
from domain.job import JobStatus
from domain.message import SkipReason
from sandbox.world import Fault, Peer, User
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, mark

FORWARD = "messages.forwardMessages"


@pytest.fixture
def friend(stage: Stage) -> User:
    made = stage.rig.world.add_user("Friend", username="friend")
    stage.rig.world.send(made.id, ("user", stage.owner.id), [{"text": f"line {n}"} for n in range(150)])
    return made


async def ready(engine: Engine, stage: Stage) -> Asker:
    await engine.log_in(stage.owner)
    engine.start()
    return Asker(stage.owner.id)


@pytest.mark.parametrize("mine", [True, False])
async def test_a_private_chat_that_one_of_both_protects_is_refused(
    stage: Stage, friend: User, mine: bool
) -> None:
    pair = (stage.owner.id, friend.id)
    stage.rig.world.protected.add(pair if mine else pair[::-1])
    async with stage.engine() as engine:
        asker = await ready(engine, stage)
        with pytest.raises(ProtectedSource):
            await engine.service.create(asker=asker, source="@friend", target=mark(stage.target))


async def test_a_private_chat_that_is_protected_in_mid_job_stops_it_with_its_reason(
    stage: Stage, friend: User
) -> None:
    world = stage.rig.world
    world.faults.append(
        Fault(FORWARD, "pass", skip=1, then=lambda: world.protected.add((friend.id, stage.owner.id)))
    )
    async with stage.engine() as engine:
        asker = await ready(engine, stage)
        job = await engine.service.create(asker=asker, source="@friend", target=mark(stage.target))
        job = await engine.until(job, JobStatus.FAILED)
        assert "protects its content" in str(job.failure)
        assert (job.progress.copied, job.progress.skipped) == (100, 0)


async def test_polls_reach_people_only_as_forwards(stage: Stage, friend: User) -> None:
    world, peer = stage.rig.world, ("channel", stage.source.id)
    plain = world.add_media("poll", poll={"question": "?", "answers": ["a", "b"]})
    quiz = world.add_media("poll", poll={"question": "!", "answers": ["a", "b"], "quiz": True, "correct": 0})
    stage.source.members[friend.id] = "admin"
    stage.rig.post(stage.source, stage.owner, 1)
    world.send(stage.owner.id, peer, [{"media": plain, "reply_to": 2}, {"text": "end"}])
    ((_, unknown),) = world.send(friend.id, peer, [{"media": quiz}])
    async with stage.engine() as engine:
        asker = await ready(engine, stage)
        job = await engine.service.create(asker=asker, source=mark(stage.source), target="@friend")
        job = await engine.until(job, JobStatus.COMPLETED)
        skips = [s for s in await engine.store.skips(job.id) if s.reason is not SkipReason.SERVICE]
        assert [(s.source_id, s.reason, s.detail) for s in skips] == [
            (unknown.id, SkipReason.REFUSED, "MEDIA_INVALID")
        ]
        there: Peer = ("user", friend.id)
        box = world.boxes["user", stage.owner.id]
        sent = [m for i in box.order[there] if (m := box.by_id[i]).out]
        assert [m.media.poll["question"] if m.media and m.media.poll else m.text for m in sent] == [
            "post 0",
            "?",
            "end",
        ]


@pytest.mark.parametrize(
    ("code", "word"), [(403, "USER_IS_BLOCKED"), (400, "YOU_BLOCKED_USER"), (406, "PRIVACY_PREMIUM_REQUIRED")]
)
async def test_a_person_who_takes_nothing_ends_the_job_at_once(
    stage: Stage, friend: User, code: int, word: str
) -> None:
    stage.rig.post(stage.source, stage.owner, 30)
    stage.rig.world.faults.append(Fault(FORWARD, "error", code=code, message=word, times=100))
    async with stage.engine() as engine:
        asker = await ready(engine, stage)
        job = await engine.service.create(asker=asker, source=mark(stage.source), target="@friend")
        job = await engine.until(job, JobStatus.FAILED)
        assert f"“Friend” any more ({word})" in str(job.failure)
        assert job.progress.skipped == 0
