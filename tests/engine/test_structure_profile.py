"""Title, description and photo follow the source on request; a new target is made once."""

from __future__ import annotations

from typing import Any

import pytest

from domain.finding import FindingKind
from domain.job import Job, JobStatus
from domain.peer import Chat, Peer, PeerKind
from domain.wishes import NewChat, NewChatKind, Wishes
from engine.telegram.profile import profile_of, set_photo, set_title
from sandbox.world import Channel, Fault
from storage.findings import FindingStore
from tests.engine.conftest import Stage
from tests.engine.structure_stage import (
    ENDED,
    add_job,
    chat_of,
    copied,
    forum,
    killed_and_copied,
    notices,
    place_of,
    say,
)
from tests.engine.workbench import compared

PROFILE = Wishes(profile=True)
BROKEN: list[dict[str, Any]] = [
    {"action": "drop_before"},
    {"action": "drop_after"},
    {"action": "error_after", "code": 500, "message": "RPC_CALL_FAIL"},
]
CALLS = ["channels.editTitle", "messages.editChatAbout", "channels.editPhoto"]
TOKEN = "ferry-token-of-this-test"


@pytest.fixture
def source(stage: Stage) -> Channel:
    stage.source.about = "All about it"
    stage.source.photo = stage.rig.world.add_media("photo", b"\xff\xd8\xff" + b"p" * 300)
    say(stage, stage.source, "one", "two")
    return stage.source


def new(kind: NewChatKind) -> NewChat:
    return NewChat(kind=kind, title="Brand new", token=TOKEN)


def made(stage: Stage) -> Channel:
    """The chat that the job made: there must be one."""
    (chat,) = (c for c in stage.rig.world.channels.values() if c.title == "Brand new" and not c.deleted)
    return chat


async def test_the_profile_follows(stage: Stage, source: Channel) -> None:
    await copied(stage, source, stage.target, wishes=PROFILE)
    comparison = compared(stage.rig, source, stage.target, profile=True)
    assert comparison.same, comparison


async def test_without_request_it_stays(stage: Stage, source: Channel) -> None:
    await copied(stage, source, stage.target)
    assert (stage.target.title, stage.target.about, stage.target.photo) == ("Copy", "", None)


@pytest.mark.parametrize(
    ("method", "trouble"), [*((method, BROKEN[1]) for method in CALLS), (CALLS[2], BROKEN[2])]
)
async def test_a_profile_in_doubt(
    stage: Stage, source: Channel, method: str, trouble: dict[str, Any]
) -> None:
    stage.rig.world.faults.append(Fault(method, **trouble))
    await copied(stage, source, stage.target, wishes=PROFILE)
    assert compared(stage.rig, source, stage.target, profile=True).same
    assert stage.rig.world.faults[0].hits == 1
    assert [len(notices(stage, stage.target, what)) for what in ("title", "photo")] == [1, 1]


@pytest.mark.parametrize("method", CALLS)
@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_killed_while_the_profile_changes(
    stage: Stage, source: Channel, method: str, moment: str
) -> None:
    fault = Fault(method, moment, discard=True)
    ends = chat_of(stage, source), chat_of(stage, stage.target)
    await killed_and_copied(stage, *ends, fault, wishes=PROFILE)
    assert compared(stage.rig, source, stage.target, profile=True).same
    assert [len(notices(stage, stage.target, what)) for what in ("title", "photo")] == [1, 1]


async def test_a_photo_that_replaces_another_is_known_again(stage: Stage, source: Channel) -> None:
    stage.target.photo = stage.rig.world.add_media("photo", b"\xff\xd8\xff" + b"old" * 50)
    fault = Fault("channels.editPhoto", "hold_after")
    ends = chat_of(stage, source), chat_of(stage, stage.target)
    await killed_and_copied(stage, *ends, fault, wishes=PROFILE)
    assert compared(stage.rig, source, stage.target, profile=True).same
    assert len(notices(stage, stage.target, "photo")) == 1


async def test_what_may_not_be_changed_is_told(stage: Stage, source: Channel) -> None:
    stage.target.members[stage.owner.id] = "admin"
    stage.target.denied[stage.owner.id] = {"change_info"}
    async with stage.engine() as engine:
        ends = chat_of(stage, source), chat_of(stage, stage.target)
        job = await add_job(engine, stage, *ends, wishes=PROFILE)
        engine.start()
        assert (await engine.until(job, *ENDED)).status is JobStatus.COMPLETED
        (found,) = await FindingStore(engine.database).page(job.id)
    assert (found.kind, found.source_id, found.target_id) == (FindingKind.NOT_APPLIED, 0, 0)
    why = "CHAT_ADMIN_REQUIRED"
    assert found.detail == f"title: {why}; about: {why}; photo: {why}"


@pytest.mark.parametrize("kind", NewChatKind)
async def test_a_new_target(stage: Stage, source: Channel, kind: NewChatKind) -> None:
    job = await to_new_chat(stage, source, Wishes(new_chat=new(kind)))
    chat = made(stage)
    assert (chat.megagroup, chat.forum) == (kind is not NewChatKind.CHANNEL, kind is NewChatKind.FORUM)
    assert chat.about == "" and chat.title == job.target.title == "Brand new"
    assert job.target.peer.id == chat.id
    assert compared(stage.rig, source, chat).same


async def test_a_new_forum_with_everything(stage: Stage) -> None:
    source = forum(stage, "Forum")
    source.about = "Talk"
    topic = stage.rig.world.add_topic(source, "Topic", stage.owner)
    say(stage, source, {"text": "in it", "topic": topic.id}, "in General")
    await to_new_chat(stage, source, Wishes(new_chat=new(NewChatKind.FORUM), profile=True))
    chat = made(stage)
    assert (chat.title, chat.about) == ("Brand new", "Talk")  # the title is the order's
    assert compared(stage.rig, source, chat).same


@pytest.mark.parametrize("trouble", BROKEN)
@pytest.mark.parametrize("method", ["channels.createChannel", "messages.editChatAbout"])
async def test_a_new_target_in_doubt(
    stage: Stage, source: Channel, method: str, trouble: dict[str, Any]
) -> None:
    stage.rig.world.add_channel("Brand new", stage.owner, about="another one of that name").title = "Old"
    stage.rig.world.faults.append(Fault(method, **trouble))
    await to_new_chat(stage, source, Wishes(new_chat=new(NewChatKind.CHANNEL)))
    assert made(stage).about == "" and stage.rig.world.faults[0].hits == 1
    assert compared(stage.rig, source, made(stage)).same


@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
@pytest.mark.parametrize("method", ["channels.createChannel", "messages.editChatAbout"])
async def test_killed_while_the_target_is_made(
    stage: Stage, source: Channel, method: str, moment: str
) -> None:
    """Chats of the same title that are not ours are left alone."""
    wanted = new(NewChatKind.CHANNEL)
    other = stage.rig.world.add_channel(wanted.title, stage.owner, about="mine")
    fault = Fault(method, moment, discard=True)
    ends = chat_of(stage, source), place_of(wanted)
    await killed_and_copied(stage, *ends, fault, wishes=Wishes(new_chat=wanted), newest=0)
    other.title = "Other"
    assert made(stage).about == "" and other.about == "mine"
    assert compared(stage.rig, source, made(stage)).same


async def test_a_target_that_may_not_be_made(stage: Stage, source: Channel) -> None:
    refusal = Fault("channels.createChannel", "error", code=400, message="CHANNELS_TOO_MUCH")
    stage.rig.world.faults.append(refusal)
    wanted = new(NewChatKind.CHANNEL)
    async with stage.engine() as engine:
        job = await add_job(
            engine, stage, chat_of(stage, source), place_of(wanted), wishes=Wishes(new_chat=wanted), newest=0
        )
        engine.start()
        job = await engine.until(job, *ENDED)
    assert job.status is JobStatus.FAILED
    assert "make the chat “Brand new” (CHANNELS_TOO_MUCH)" in str(job.failure)


async def test_people_and_small_groups_have_profiles_too(stage: Stage) -> None:
    world = stage.rig.world
    friend = world.add_user("Ann", about="Hi there")
    group = world.add_group("Small", stage.owner, [friend], about="Us")
    group.photo = world.add_media("photo", b"\xff\xd8\xff" + b"g" * 200)
    async with stage.engine() as engine:
        account = await engine.pool.get((await engine.log_in(stage.owner)).id)
        access_hash = world.access_hash(stage.owner.id, "user", friend.id)
        person = await profile_of(account, Chat(Peer(PeerKind.USER, friend.id, access_hash), "Ann"))
        small = Chat(Peer(PeerKind.GROUP, group.id), "Small")
        assert (person.title, person.about, person.photo_id) == ("Ann", "Hi there", 0)
        shown = await profile_of(account, small)
        assert (shown.title, shown.about, shown.photo_id) == ("Small", "Us", group.photo.id)
        await set_title(account, small, "Smaller")
        await set_photo(account, chat_of(stage, stage.target), shown.photo)
    assert group.title == "Smaller"
    assert stage.target.photo is not None and stage.target.photo.data == group.photo.data


async def to_new_chat(stage: Stage, source: Channel, wishes: Wishes) -> Job:
    assert wishes.new_chat is not None
    async with stage.engine() as engine:
        ends = chat_of(stage, source), place_of(wishes.new_chat)
        job = await add_job(engine, stage, *ends, wishes=wishes, newest=0)
        engine.start()
        job = await engine.until(job, *ENDED)
    assert job.status is JobStatus.COMPLETED, job.failure
    return job
