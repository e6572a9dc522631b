"""What may stand behind an order in the chat; previews, taking over, doubles, and trying again."""

from __future__ import annotations

from typing import Any

import pytest
from aiogram.filters import CommandObject

from bot.copy_words import WrongClone, WrongWord, parse_adoption, parse_copy, parse_repair
from bot.language import Languages
from bot.previews import LONGEST, MOST, shown
from bot.typed import WrongNumber
from domain.finding import Finding, FindingKind
from domain.job import JobKind, JobStatus, Priority, Progress
from domain.kind import Kind
from domain.message import OLD_GROUP, Skip, SkipReason
from domain.preview import Preview, Skipped, Tally
from domain.refusals import NothingSkipped, TopicsMerge
from domain.typed import Typed
from domain.wishes import NewChatKind
from tests.bot.stage import Stage, until

ZH = Languages().say("zh")
EN = Languages().say("en")
COMPLETED = JobStatus.COMPLETED


def command(name: str, args: str) -> CommandObject:
    return CommandObject(prefix="/", command=name, args=args or None)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("", {}),
        ("high", {"priority": Priority.HIGH}),
        ("LOW Again", {"again": True, "priority": Priority.LOW}),
        ("again high after 3, 4", {"again": True, "priority": Priority.HIGH, "after": (3, 4)}),
        ("after #3", {"after": (3,)}),
        ("from 5 to https://t.me/news/9", {"start": "5", "end": "https://t.me/news/9"}),
        ("since 2026-01-31 18:30 until 2026-02-01", {"since": "2026-01-31 18:30", "until": "2026-02-01"}),
        ("--last 50 —no-pins", {"last": 50, "pins": False}),
        ("ids 5, 7-12 99 kinds photo, video", {"ids": "5,,7-12,99", "kinds": "photo, video"}),
        ("topic 7 no-replies keep-author profile", {"topic": "7", "replies": False, "keep_author": True}),
    ],
)
def test_what_may_stand_behind_an_order(typed: str, means: dict[str, Any]) -> None:
    if "profile" in typed:
        means |= {"profile": True}
    assert parse_copy(command("clone", f"@a -1001 {typed}")) == Typed(source="@a", target="-1001", **means)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("new-target", {}),
        ("--new-target Forum last 3", {"new_kind": NewChatKind.FORUM, "last": 3}),
        ("new-target again title My high  archive", {"again": True, "new_title": "My high archive"}),
    ],
)
def test_a_target_that_is_made(typed: str, means: dict[str, Any]) -> None:
    assert parse_copy(command("clone", f"@a {typed}")) == Typed(source="@a", new_target=True, **means)


@pytest.mark.parametrize(
    "typed",
    [
        *("hihg", "low high", "after", "after x", "3", "again after high", "last", "last 0", "last 3 4"),
        *("last x", "from", "last 3 last 4", "again again", "--", "from 3 from 3", "title", "title x"),
    ],
)
def test_what_may_not(typed: str) -> None:
    with pytest.raises(WrongWord):
        parse_copy(command("clone", f"@a @b {typed}"))


@pytest.mark.parametrize("typed", ["", "@a", "@a last 3", "@a high"])
def test_a_target_is_missing(typed: str) -> None:
    for parse in (parse_copy, parse_adoption):
        with pytest.raises(WrongClone):
            parse(command("clone", typed))


def test_what_is_taken_over_is_taken_whole() -> None:
    assert parse_adoption(command("adopt", "@a @b high after 3")) == Typed(
        kind=JobKind.ADOPT, source="@a", target="@b", priority=Priority.HIGH, after=(3,)
    )
    for words in ("last 3", "no-pins", "soon"):
        with pytest.raises(WrongWord):
            parse_adoption(command("adopt", f"@a @b {words}"))


def test_mending_into_a_new_chat() -> None:
    assert parse_repair(command("repair", "3")) == Typed(kind=JobKind.REPAIR, of_job=3)
    assert parse_repair(command("repair", "#3 --new-target group")) == Typed(
        kind=JobKind.REPAIR, of_job=3, new_target=True, new_kind=NewChatKind.GROUP
    )
    for words, error in (("3 4", WrongWord), ("3 new-target tent", WrongWord), ("x", WrongNumber)):
        with pytest.raises(error):
            parse_repair(command("repair", words))


def foreseen() -> Preview:
    return Preview(
        account="me",
        source="News <&>",
        target="Archive",
        kinds={Kind.TEXT: Tally(1_200, 0), Kind.PHOTO: Tally(34, 5 << 20)},
        forwarded=1_200,
        by_reference=34,
        albums=3,
        skips=[
            Skipped(SkipReason.UNSUPPORTED, "paid", 6, [OLD_GROUP + 7, 1, 2, 3, 4]),
            Skipped(SkipReason.DELETED, "", 1, [9]),
        ],
        comments=True,
        calls=46,
        seconds=2962,
        per_hour=1500,
        warnings=[TopicsMerge(title="Archive").as_failure()],
    )


def test_a_preview_in_words() -> None:
    assert str(shown(foreseen(), "@a @b <last> 50", EN)).split("\n") == [
        "<b>Preview</b>",
        "News &lt;&amp;&gt; → Archive",
        "1,234 messages, 5.0 MiB of files",
        "",
        "• <code>text</code>: 1,200",
        "• <code>photo</code>: 34",
        "",
        "• 1,200 forwarded at Telegram, up to 100 a call",
        "• 34 sent again by reference, one by one",
        "• 3 albums, kept together",
        "• 46 calls that change something",
        "• Comments below the posts become a job of their own",
        "",
        "Not copied: 7",
        "• of a kind that Telegram lets nobody copy (paid): 6 (7 of the old group, 1, 2, 3, 4, …)",
        "• deleted before it could be copied: 1 (9)",
        "",
        "It takes about 49 min at 1,500 messages per hour.",
        "",
        "⚠️ “Archive” has no topics, so the messages of all topics will stand there one after the other. "
        "To keep them apart, switch topics on in its settings.",
        "",
        "To copy it so: <code>/clone @a @b &lt;last&gt; 50</code>",
    ]


def test_a_preview_of_nothing_says_so_and_offers_no_order() -> None:
    nothing = Preview(account="me", source="News", target="Archive")
    assert str(shown(nothing, "@a @b", EN)).split("\n")[-1] == "No message would be copied."


def test_its_own_words_are_translated_in_a_preview() -> None:
    told = str(shown(foreseen(), "@a @b", ZH))
    assert "付费媒体" in told and "原基本群的 7" in told


def test_the_longest_preview_fits_into_a_message() -> None:
    long = foreseen()
    long.kinds = {kind: Tally(10**9, 10**15) for kind in Kind}
    long.skips = [Skipped(SkipReason.REFUSED, "x" * 300, 10**6, [10**9] * 5) for _ in range(99)]
    long.warnings *= 5
    for order in ("x" * LONGEST, "5," * 2_000):
        for say in (EN, ZH):
            assert len(shown(long, order, say).striptags()) < 4000
    assert str(shown(long, "", EN)).count("refused by Telegram") == MOST


async def test_a_preview_is_asked_for(stage: Stage) -> None:
    stage.engine.read.clear()
    answer = await stage.alice.ask("/preview @news @archive last 50")
    assert answer.text == "Reading what would be copied. Nothing is sent."
    assert (await stage.alice.ask("/preview @a @b")).text.startswith("Your other preview is still being read")
    stage.engine.foreseen = foreseen()
    stage.engine.read.set()
    told = await stage.alice.shows("1,234 messages")
    assert told.id == answer.id and told.text.endswith("To copy it so: /clone @news @archive last 50")
    assert stage.engine.orders == [Typed(source="@news", target="@archive", last=50)]
    assert not stage.engine.all


async def test_a_preview_that_is_refused(stage: Stage) -> None:
    stage.engine.refusal = NothingSkipped(job_id=1)
    stage.alice.write("/preview @news @archive")
    told = await stage.alice.shows("skipped nothing that another try could copy")
    assert [m.id for m in stage.alice.messages] == [told.id]
    stage.engine.refusal = None
    await stage.alice.ask("/preview @news @archive")
    await stage.alice.shows("To copy it so")


async def test_taking_over(stage: Stage) -> None:
    card = await stage.alice.ask("/adopt @news @archive")
    assert "Taking over what was copied before\n@news → @archive" in card.text
    assert "/adopt needs a source and a target" in (await stage.alice.ask("/adopt @news")).text


async def test_doubles_are_listed_and_then_deleted(stage: Stage) -> None:
    card = await stage.alice.ask("/dedupe @archive")
    assert "Looking for doubles\n@archive" in card.text
    stage.engine.findings = [Finding(FindingKind.DOUBLED, 3, 7)]
    stage.engine.move(1, JobStatus.RUNNING)
    stage.engine.move(1, COMPLETED)
    await until(lambda: "🗑 Delete them" in stage.alice.words(card))
    await stage.alice.press(card, "Delete them")
    asked = await stage.alice.shows("Really delete the doubles that job 1 found in @archive?")
    await stage.alice.press(asked, "No, keep them")
    await until(lambda: stage.alice.message(asked.id).text == "Nothing is deleted.")
    await stage.alice.press(card, "Delete them")
    asked = await stage.alice.shows("Really delete")
    await stage.alice.press(asked, "Yes, delete them")
    await stage.alice.shows("Job 2", "Deleting the doubles that job 1 found")
    assert stage.engine.orders[-1] == Typed(kind=JobKind.DEDUPE, of_job=1, delete=True)
    assert "/dedupe needs one chat" in (await stage.alice.ask("/dedupe")).text


async def test_what_was_skipped_is_tried_again(stage: Stage) -> None:
    job = stage.engine.put(owner_id=stage.alice.user.id, status=COMPLETED, progress=Progress(copied=1))
    stage.engine.skips = [Skip(4, SkipReason.DELETED)]
    assert stage.alice.words(await stage.alice.ask(f"/skipped {job.id}")) == ["📎 All as a file"]
    stage.engine.skips = [Skip(5, SkipReason.REFUSED, "MEDIA_INVALID")]
    listed = await stage.alice.ask(f"/skipped {job.id}")
    await stage.alice.press(listed, "Try again")
    await stage.alice.shows("Job 2", "Trying again what job 1 skipped")
    assert stage.engine.orders[-1] == Typed(of_job=1, skipped=True)


async def test_help_tells_the_words(stage: Stage) -> None:
    told = (await stage.alice.ask("/help")).text
    assert "last 50" in told and "/preview" in told and len(told) < 4096
