"""Everything by chat: orders, pause, resume, cancel, /admin, a restart, as the bot's own messages tell it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.world import Peer
from tests.system.stage import FORWARD, Stage

pytestmark = pytest.mark.timeout(180)

KILLS = (("documented", "hold_after"), ("forgotten", "hold_before"))
SLOWLY = {"seconds": 1.5, "times": 100_000}


async def test_the_life_of_jobs_as_people_see_it(tmp_path: Path) -> None:
    async with Stage(tmp_path, jobs=3, messages=1500) as stage:
        first, second, third = stage.pairs
        await stage.log_in(stage.owner)
        await stage.start()
        me = await stage.person(stage.owner)
        await me.ask("/start", "/clone")
        await stage.control.set_fault(FORWARD, "delay", **SLOWLY)

        await me.ask(f"/clone {first.source_ref} {first.target_ref}", "Job 1")
        await me.ask("/pause 1", "Job 1 is paused")
        await me.press(await me.card(1, "paused"), "Resume")
        await me.card(1, "copying")
        await me.ask("/pause 1", "Job 1 is paused")
        await me.ask("/resume 1", "Job 1 goes on")

        await me.ask(f"/clone {second.source_ref} {second.target_ref}", "Job 2")
        await me.press(await me.card(2, "copying"), "Cancel")
        await me.press(await me.hear("Really cancel job 2?"), "Yes")
        await me.hear("Job 2 is cancelled")

        await me.ask(f"/clone {third.source_ref} {third.target_ref}", "Job 3")
        panel = await me.ask("/admin", "Memory")
        await me.press(panel, "Pause all")
        await me.card(1, "paused")
        await me.press(panel, "Resume all")
        await me.card(1, "copying")
        await me.ask("/jobs", first.title, third.title)

        await stage.stop()
        await stage.start()
        await me.hear("Ferry was restarted; 2 jobs go on")
        await stage.control.clear_faults()
        for job, pair in ((1, first), (3, third)):
            await me.hear(f"Job {job} is complete")
            assert await stage.is_copied(pair)
        await me.ask("/job 2", "Job 2 · cancelled")
        assert (await stage.control.statistics()).refused == 0  # the bot kept inside Telegram's limits


async def test_what_people_may_not_do_is_a_sentence(tmp_path: Path) -> None:
    async with Stage(tmp_path, jobs=1, messages=50) as stage:
        (pair,) = stage.pairs
        stranger = await stage.control.add_user("Stranger")
        guest = await stage.control.add_user("Guest")
        await stage.log_in(stage.owner)
        await stage.start(USER_IDS=f"{stage.owner.id}, {guest.id}")
        me, you, nobody = [await stage.person(user) for user in (stage.owner, guest, stranger)]

        await nobody.ask("/start", str(stranger.id))
        await me.ask(f"/clone {pair.source_ref} {pair.target_ref}", "Job 1")
        await me.hear("Job 1 is complete")
        for verb in ("/job", "/pause", "/resume", "/cancel"):
            await you.ask(f"{verb} 1", "no job 1")
        await you.ask(f"/clone {pair.source_ref} {pair.target_ref}", "account add --owner")
        answer = await you.ask("/admin", "/help")  # who is no admin has no such command
        assert not answer.buttons
        await me.ask("/clone one", "/clone")
        await me.ask("/clone @nobody_has_it @neither_this", "@nobody_has_it")
        await me.ask(f"/clone {pair.source_ref} {pair.source_ref}", "the same chat")
        await me.ask(f"/clone {pair.source_ref} {pair.target_ref}", "already")
        await me.ask("/pause 99", "no job 99")
        await stage.control.change_channel(pair.source, noforwards=True)
        await me.ask(f"/clone {pair.source_ref} {pair.target_ref} again", "protects its content")


async def test_killed_at_the_worst_moments_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    """SIGKILL exactly before a commit at Telegram, and exactly between commit and answer."""
    async with Stage(tmp_path, jobs=len(KILLS), messages=700) as stage:
        await stage.log_in(stage.owner)
        await stage.start()
        me = await stage.person(stage.owner)
        for number, (pair, (mode, moment)) in enumerate(zip(stage.pairs, KILLS, strict=True), 1):
            await stage.control.set_random_id_mode(mode)
            held = await stage.control.set_fault(FORWARD, moment, skip=3, discard=True)
            await me.ask(f"/clone {pair.source_ref} {pair.target_ref}", f"Job {number}")
            await stage.control.wait_for_fault(held)
            await stage.kill()
            await stage.control.release_fault(held)
            await stage.start()
            await me.hear("Ferry was restarted", f"job {number}")
            await me.hear(f"Job {number} is complete")
            assert await stage.is_copied(pair), (mode, moment)


async def test_a_copy_is_checked_and_mended_by_buttons(tmp_path: Path) -> None:
    async with Stage(tmp_path, jobs=1, messages=150) as stage:
        (pair,) = stage.pairs
        await stage.log_in(stage.owner)
        await stage.start()
        me = await stage.person(stage.owner)
        await me.ask(f"/preview {pair.source_ref} {pair.target_ref} last 20", "Reading")
        await me.hear("Preview", f"/clone {pair.source_ref} {pair.target_ref} last 20")
        await me.ask(f"/clone {pair.source_ref} {pair.target_ref}", "Job 1")
        await me.hear("✅ Job 1 is complete")
        await me.press(await me.card(1, "completed"), "Verify")
        await me.hear("✅ Job 2 (checking job 1) is complete", "Nothing differs.")

        copies = [m.id for m in await stage.control.messages(pair.target, stage.owner.id)]
        assert await stage.control.delete_messages(pair.target, stage.owner.id, copies[-2:-1]) == 1
        await me.ask("/verify 1", "Checking what job 1 copied")
        await me.hear("✅ Job 3 (checking job 1) is complete", "Found: 1 missing.")
        await me.ask("/skipped 3", "missing")
        sent = await me.ask("/csv 3", "1 line.")
        assert sent.file.name == "ferry-job-3.csv" and sent.file.size > 0
        await me.press(await me.card(3, "completed"), "Repair")
        await me.hear("✅ Job 4 (mending job 1) is complete: 1 message sent again.", "Mended: 1 missing.")
        await me.ask("/verify 1", "Checking")
        await me.hear("✅ Job 5 (checking job 1) is complete", "Nothing differs.")
        assert await stage.control.repost(pair.target, copies[:20], author=stage.owner.id)
        await me.ask(f"/dedupe {pair.target_ref}", "Looking for doubles")
        await me.hear("✅ Job 6 (looking for doubles) is complete", "doubled")
        await me.press(await me.card(6, "completed"), "Delete them")
        await me.press(await me.hear("Really delete the doubles that job 6 found"), "Yes")
        await me.hear("✅ Job 7 (deleting doubles of job 6) is complete", "Mended:")
        assert (await stage.control.statistics()).refused == 0


async def test_a_channel_with_comments_is_two_jobs_for_its_owner(tmp_path: Path) -> None:
    async with Stage(tmp_path, jobs=1, messages=20) as stage:
        source, target = [await discussed(stage, title) for title in ("Source", "Target")]
        posts = await stage.control.post(source, stage.owner.id, ["one", "two"])
        for post in posts:
            await stage.control.comment(source, post, stage.owner.id, ["first!", "why?"])
        await stage.log_in(stage.owner)
        await stage.start()
        me = await stage.person(stage.owner)
        await me.ask(f"/clone {reference(source)} {reference(target)}", "Comments of job 1", "Job 2 · ")
        await me.hear("✅ Job 1 is complete")
        await me.hear("✅ Job 2 (comments of job 1) is complete")
        await me.card(2, "completed")
        assert (await stage.control.compare(source, target, comments=True)).same


async def discussed(stage: Stage, title: str) -> Peer:
    """A channel that has a discussion group."""
    channel = await stage.control.add_channel(title, stage.owner.id)
    group = await stage.control.add_channel(f"{title}, talk", stage.owner.id, megagroup=True)
    await stage.control.link_discussion(channel, group)
    return channel


def reference(channel: Peer) -> str:
    return str(-1_000_000_000_000 - channel[1])
