"""Forums, groups and jobs for the tests of structure, straight into the world and the database."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as tl

from domain.job import OPERATOR, Job, JobStatus, NewJob
from domain.peer import NOT_MADE_YET, Chat, Peer, PeerKind
from domain.wishes import NewChat, Wishes
from sandbox.world import Channel, Fault, Message
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine

MODES = ["documented", "duplicate", "mapping_only", "forgotten"]
ENDED = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.PAUSED)


def chat_of(stage: Stage, chat: Channel, topic: int | None = None) -> Chat:
    access_hash = stage.rig.world.access_hash(stage.owner.id, "channel", chat.id)
    return Chat(Peer(PeerKind.CHANNEL, chat.id, access_hash), chat.title, chat.username, topic)


def place_of(new: NewChat) -> Chat:
    return Chat(NOT_MADE_YET, new.title)


def forum(stage: Stage, title: str) -> Channel:
    return stage.rig.world.add_channel(title, stage.owner, megagroup=True, forum=True)


def say(stage: Stage, chat: Channel, *specs: dict[str, Any] | str) -> list[int]:
    """The ids of new messages: texts, or specs as World.send takes them."""
    told = [{"text": spec} if isinstance(spec, str) else spec for spec in specs]
    sent = stage.rig.world.send(stage.owner.id, ("channel", chat.id), told)
    return [m.id for *_, m in sent]


def link_to(chat: Channel, number: int) -> dict[str, Any]:
    """A message that links to another one, in words that stay."""
    url = f"https://t.me/c/{chat.id}/{number}"
    return {"text": f"see {number}", "entities": [tl.MessageEntityTextUrl(0, 3, url)]}


async def add_job(engine: Engine, stage: Stage, source: Chat, target: Chat, **fields: Any) -> Job:
    """Logs the owner in, too; the job starts once the engine does."""
    account = await engine.log_in(stage.owner)
    return await engine.jobs.add(
        NewJob(
            owner_id=OPERATOR,
            account_id=account.id,
            key=bytes(32),
            source=source,
            target=target,
            total=0,
            last_target_id=fields.pop("newest", 1),
            wishes=fields.pop("wishes", Wishes()),
            **fields,
        )
    )


async def copied(stage: Stage, source: Channel, target: Channel, **fields: Any) -> Job:
    """The job that copies one chat to the other, once it has ended well."""
    async with stage.engine() as engine:
        job = await add_job(engine, stage, chat_of(stage, source), chat_of(stage, target), **fields)
        engine.start()
        job = await engine.until(job, *ENDED)
    assert job.status is JobStatus.COMPLETED, job.failure
    return job


async def killed_and_copied(stage: Stage, source: Chat, target: Chat, fault: Fault, **fields: Any) -> Job:
    """As copied(), but the first life ends once `fault` (a hold) was met, and a second one goes on."""
    stage.rig.world.faults.append(fault)
    async with stage.engine() as engine:
        job = await add_job(engine, stage, source, target, **fields)
        engine.start()
        await fault.hit.wait()
        await engine.die()
    fault.release()
    async with stage.engine() as engine:
        await engine.dispatcher.recover()
        engine.start()
        job = await engine.until(job, *ENDED)
    assert job.status is JobStatus.COMPLETED, job.failure
    return job


def inside(stage: Stage, chat: Channel) -> list[Message]:
    return list(stage.rig.world.boxes["channel", chat.id].by_id.values())


def notices(stage: Stage, chat: Channel, service: str) -> list[Message]:
    """The service messages of one sort."""
    return [m for m in inside(stage, chat) if m.service == service]
