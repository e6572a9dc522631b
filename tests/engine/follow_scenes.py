"""Small chats in which each kind of job makes all of its calls: what is there before it is ordered, and
whether all is well once it is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telethon.tl import types as tl

from domain.finding import FindingState
from domain.job import Job, JobKind
from domain.typed import Typed
from sandbox.world import Channel, Fault
from tests.engine.checking_stage import Checks
from tests.engine.conftest import Stage
from tests.engine.structure_stage import ENDED, forum, inside, link_to, say
from tests.engine.talk_stage import Talk
from tests.engine.workbench import compared, mark

Judge = Callable[[Checks, Job], Awaitable[list[str]]]
FORWARD, SEND = "messages.forwardMessages", "messages.sendMessage"
MEDIA, ALBUM = "messages.sendMedia", "messages.sendMultiMedia"
EDIT, PIN = "messages.editMessage", "messages.updatePinnedMessage"
TOPIC, STATE = "messages.createForumTopic", "messages.editForumTopic"
DELETE, HISTORY, LOOK = "channels.deleteMessages", "messages.getHistory", "channels.getMessages"


@dataclass(frozen=True, slots=True)
class Scene:
    """`order` is still to be given; `judge` says what is wrong once that job is done."""

    order: Typed
    judge: Judge


def photo(stage: Stage, data: bytes, **fields: Any) -> dict[str, Any]:
    return {"media": stage.rig.world.add_media("photo", data), **fields}


def all_sorts(stage: Stage, chat: Channel) -> list[int]:
    """What is forwarded, what is sent again in each way, what is edited and pinned at the end."""
    group = stage.rig.world.new_group_id()
    first = say(stage, chat, "begun")[0]
    ids = [first, *say(stage, chat, "plain", "ok", "ok", link_to(chat, first + 10))]
    ids += say(stage, chat, {"text": "answer", "reply_to": first}, photo(stage, b"one", reply_to=first))
    ids += say(stage, chat, *(photo(stage, d, reply_to=first, grouped_id=group) for d in (b"two", b"three")))
    ids += say(stage, chat, "ok", "linked to", {"text": "ok", "reply_to": first}, "the end")
    assert ids == list(range(first, first + 13))
    for number in (first, first + 2):
        stage.rig.world.pin(stage.owner.id, ("channel", chat.id), number)
    return ids


def contents(stage: Stage, chat: Channel) -> Counter[tuple[str, int]]:
    return Counter((m.text, m.media.id if m.media else 0) for m in inside(stage, chat) if not m.service)


async def doubled_or_lost(bench: Checks, source: Channel, target: Channel, of: Job) -> list[str]:
    """By the contents, and by a verify."""
    stage = bench.stage
    here, there = contents(stage, source), contents(stage, target)
    problems = [f"lost {here - there}"] if here - there else []
    problems += [f"doubled {there - here}"] if there - here else []
    if found := await bench.found(of):
        problems.append(f"a verify finds {found}")
    notices = Counter(m.reply_to for m in inside(stage, target) if m.service == "pin")
    return problems + (["pinned twice"] if any(count > 1 for count in notices.values()) else [])


async def repair(bench: Checks) -> Scene:
    stage = bench.stage
    ids = all_sorts(stage, stage.source)
    job = await bench.clone()
    copies = await bench.copies(job)
    bench.delete(stage.target, *(copies[ids[n]] for n in (1, 3, 5, 6, 7, 8)))
    bench.edit(stage.target, copies[ids[10]], text="somebody's joke")
    bench.edit(stage.source, ids[12], text="the very end")
    bench.post(stage.target, {"text": "begun"}, {"text": "linked to"})
    world = stage.rig.world
    world.pin(stage.owner.id, ("channel", stage.target.id), copies[ids[2]], pinned=False)
    for number, message in list(bench.box(stage.target).items()):
        if message.service == "pin" and message.reply_to == copies[ids[2]]:
            bench.delete(stage.target, number)
    await bench.verify(job)

    async def judge(bench: Checks, repair: Job) -> list[str]:
        wrong = {key: s for key, s in (await bench.states(repair)).items() if s is not FindingState.MENDED}
        problems = [f"not mended: {wrong}"] if wrong else []
        return problems + await doubled_or_lost(bench, stage.source, stage.target, job)

    return Scene(Typed(kind=JobKind.REPAIR, of_job=job.id), judge)


async def repair_of_a_forum(bench: Checks) -> Scene:
    stage, world = bench.stage, bench.stage.rig.world
    source, target = forum(stage, "Forum"), forum(stage, "Copy of it")
    topics = [world.add_topic(source, title, stage.owner).id for title in ("One", "Two", "Three")]
    for topic in topics:
        (first,) = say(stage, source, {"text": f"in {topic}", "topic": topic})
        say(stage, source, {"text": "ok", "topic": topic}, {"text": "yes", "topic": topic, "reply_to": first})
    peer = ("channel", source.id)
    world.edit_topic(stage.owner.id, peer, topics[1], closed=True)
    world.pin_topic(stage.owner.id, peer, topics[1], True)
    job = await bench.ended(Typed(source=mark(source), target=mark(target)))
    copies, there = await bench.copies(job), ("channel", target.id)
    world.delete_topic(stage.owner.id, there, copies[topics[0]])
    world.edit_topic(stage.owner.id, there, copies[topics[1]], closed=False)
    world.edit_topic(stage.owner.id, there, copies[topics[2]], title="Renamed")
    world.pin_topic(stage.owner.id, there, copies[topics[1]], False)
    await bench.verify(job)

    async def judge(bench: Checks, repair: Job) -> list[str]:
        problems = [] if len(target.topics) == 4 else [f"{len(target.topics)} topics"]
        return problems + await doubled_or_lost(bench, source, target, job)

    return Scene(Typed(kind=JobKind.REPAIR, of_job=job.id), judge)


async def adopt(bench: Checks) -> Scene:
    """Another tool has copied what comes before the first answer."""
    stage = bench.stage
    ids = all_sorts(stage, stage.source)
    bench.post(stage.target, *({"text": bench.box(stage.source)[n].text} for n in ids[:4]))

    async def judge(bench: Checks, job: Job) -> list[str]:
        return await doubled_or_lost(bench, stage.source, stage.target, job)

    order = Typed(kind=JobKind.ADOPT, source=mark(stage.source), target=mark(stage.target))
    return Scene(order, judge)


async def clone(bench: Checks) -> Scene:
    stage = bench.stage
    all_sorts(stage, stage.source)

    async def judge(bench: Checks, job: Job) -> list[str]:
        found = compared(stage.rig, stage.source, stage.target)
        problems = [] if found.same else [f"not the same: {found}"]
        return problems + await doubled_or_lost(bench, stage.source, stage.target, job)

    return Scene(Typed(source=mark(stage.source), target=mark(stage.target)), judge)


async def skipped_again(bench: Checks) -> Scene:
    """Forwarded ones were refused, and one that can only be sent again: a poll that shows who voted."""
    stage, world = bench.stage, bench.stage.rig.world
    poll = world.add_media("poll", poll={"question": "?", "answers": ["a", "b"], "public": True})
    say(stage, stage.source, "one", {"media": poll}, "two", "two", {"text": "answer", "reply_to": 2})
    refusals = [
        Fault(method, "error", message="MEDIA_INVALID", times=30) for method in (FORWARD, SEND, MEDIA)
    ]
    world.faults += refusals
    job = await bench.clone()
    for refusal in refusals:
        world.faults.remove(refusal)
    assert not await bench.copies(job)

    async def judge(bench: Checks, again: Job) -> list[str]:
        texts = sorted(m.text for m in inside(stage, stage.target) if not m.service)
        problems = [] if texts == sorted(bench.texts(stage.source)) else [f"there are {texts}"]
        skips = [s for s in await bench.engine.store.skips(again.id) if s.reason != "service"]
        return problems + ([f"skipped again: {skips}"] if skips else [])

    return Scene(Typed(of_job=job.id, skipped=True), judge)


async def dedupe(bench: Checks) -> Scene:
    stage = bench.stage
    photos = [photo(stage, bytes([n])) for n in range(110)]
    bench.post(stage.target, *photos, *photos, {"text": "the end"})
    before = contents(stage, stage.target)
    listing = await bench.ended(Typed(kind=JobKind.DEDUPE, source=mark(stage.target)))

    async def judge(bench: Checks, job: Job) -> list[str]:
        there = contents(stage, stage.target)
        problems = [] if there == Counter(before.keys()) else [f"there are {there.total()}"]
        left = [f for f in await bench.listed(job) if f.state is not FindingState.MENDED]
        return problems + ([f"not deleted: {left}"] if left else [])

    return Scene(Typed(kind=JobKind.DEDUPE, of_job=listing.id, delete=True), judge)


async def verify(bench: Checks) -> Scene:
    stage = bench.stage
    ids = all_sorts(stage, stage.source)
    job = await bench.clone()
    copies = await bench.copies(job)
    bench.delete(stage.target, copies[ids[1]])
    bench.post(stage.target, {"text": "linked to"}, {"text": "not a copy"})
    wanted = await bench.found(job)

    async def judge(bench: Checks, verify: Job) -> list[str]:
        found = {(f.kind, f.source_id, f.target_id) for f in await bench.listed(verify)}
        return [] if found == wanted and len(wanted) == 2 else [f"found {found}, and not {wanted}"]

    return Scene(Typed(kind=JobKind.VERIFY, of_job=job.id), judge)


async def comments(bench: Checks) -> Scene:
    """Posts link to comments, and comments to later ones."""
    stage, world = bench.stage, bench.stage.rig.world
    groups = [world.add_channel(title, stage.owner, megagroup=True) for title in ("Talk", "Talk of copy")]
    for channel, group in zip((stage.source, stage.target), groups, strict=True):
        world.link(stage.owner.id, ("channel", channel.id), ("channel", group.id))
    (first, second) = say(stage, stage.source, "ok", "two")
    talk = Talk(stage, groups[0], groups[1], [first, second])
    root = talk.root(first).id
    (one,) = talk.comment(root, "ok")
    say(stage, groups[0], {**link_to(groups[0], one + 2), "reply_to": root}, photo(stage, b"p", reply_to=one))
    url = f"https://t.me/c/{stage.source.id}/{first}?comment={one}"
    say(stage, stage.source, {"text": "see it", "entities": [tl.MessageEntityTextUrl(0, 3, url)]})

    async def judge(bench: Checks, job: Job) -> list[str]:
        (below,) = await bench.engine.service.comments_of(job)
        below = await bench.engine.until(below, *ENDED)
        found = talk.compared()
        problems = [] if found.same else [f"not the same: {found}"]
        problems += [] if below.status == "completed" else [f"{below.status}: {below.failure}"]
        return problems + [f"a verify finds {x}" for of in (job, below) for x in await bench.found(of)]

    return Scene(Typed(source=mark(stage.source), target=mark(stage.target)), judge)
