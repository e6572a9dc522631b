"""What is forwarded, what is sent again, which topics are made, what an order leaves out."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from domain.kind import Kind
from domain.message import BESIDE, SkipReason, SourceMessage
from domain.step import Step, StepKind
from domain.wishes import Selection, Wishes
from engine.planner import Planner

FORWARD, COPY, TOPIC = StepKind.FORWARD, StepKind.COPY, StepKind.TOPIC


def message(number: int, **fields: Any) -> SourceMessage:
    return SourceMessage(number, f"m{number}", **fields)


def planned(messages: list[SourceMessage], known: set[int] | None = None, **options: Any) -> list[Step]:
    """All steps; unless told otherwise every message that is referred to has a copy."""
    planner = Planner(name_of=lambda number: number * 7, **options)
    planner.feed(messages, {m.id for m in messages} if known is None else known)
    planner.end()
    return list(iter(planner.next, None))


def shape(steps: list[Step]) -> list[tuple[StepKind, list[int]]]:
    return [(step.kind, [item.source_id for item in step.items]) for step in steps]


def test_an_answer_is_sent_again_between_two_forwards() -> None:
    steps = planned([message(1), message(2), message(3, answers=1), message(4)])
    assert shape(steps) == [(FORWARD, [1, 2]), (COPY, [3]), (FORWARD, [4])]
    assert steps[1].items[0].source is not None
    assert steps[0].items[0].source is None


def test_what_answers_something_without_a_copy_is_forwarded() -> None:
    assert shape(planned([message(1), message(2, answers=1)], known=set())) == [(FORWARD, [1, 2])]


def test_who_wants_no_replies_gets_forwards() -> None:
    wishes = Wishes(replies=False)
    assert shape(planned([message(1), message(2, answers=1)], wishes=wishes)) == [(FORWARD, [1, 2])]


def test_an_album_that_answers_stays_whole() -> None:
    album = [message(2, grouped_id=9, answers=1), message(3, grouped_id=9)]
    assert shape(planned([message(1), *album, message(4)])) == [
        (FORWARD, [1]),
        (COPY, [2, 3]),
        (FORWARD, [4]),
    ]


def test_links_back_are_written_at_once_and_links_forward_are_owed() -> None:
    steps = planned([message(1), message(2, links=(1,)), message(3, links=(4,)), message(4, links=(4,))])
    assert shape(steps) == [(FORWARD, [1]), (COPY, [2]), (FORWARD, [3, 4])]
    owing = [item.source_id for step in steps for item in step.items if item.owes_links]
    assert owing == [3, 4]


def test_a_post_owes_what_it_links_to_among_the_comments() -> None:
    history = [message(1), message(2, links=(1, 9 + BESIDE)), message(3, links=(1,)), message(4, links=(4,))]

    def owing(messages: list[SourceMessage], **options: Any) -> list[int]:
        steps = planned(messages, **options)
        return [item.source_id for step in steps for item in step.items if item.owes_comments]

    assert owing(history) == [2]
    assert owing(history, wishes=Wishes(keep_author=True)) == []
    comments = [message(m.id, links=m.links, topic=1) for m in history]
    assert owing(comments, threads=True) == []  # posts have their copies already


def test_comments_owe_links_whoever_is_named() -> None:
    wishes = Wishes(keep_author=True)
    (step,) = planned([message(3, links=(8,), topic=1)], threads=True, wishes=wishes)
    assert step.kind is COPY and step.items[0].owes_links


def test_a_link_to_what_is_not_copied_is_owed_by_nobody() -> None:
    wishes = Wishes(selection=Selection(to_id=3))
    (step,) = planned([message(3, links=(8,))], wishes=wishes)
    assert not step.items[0].owes_links


def test_with_the_authors_name_everything_is_forwarded() -> None:
    history = [message(1), message(2, answers=1, links=(1, 9))]
    (step,) = planned(history, wishes=Wishes(keep_author=True))
    assert shape([step]) == [(FORWARD, [1, 2])]
    assert not any(item.owes_links for item in step.items)


def test_what_cannot_be_forwarded_is_sent_again() -> None:
    assert shape(planned([message(1), message(2, rebuild=True)])) == [(FORWARD, [1]), (COPY, [2])]


def test_topics_are_made_when_they_begin() -> None:
    opener = message(2, skip=SkipReason.SERVICE, topic=2, opens_topic=True)
    steps = planned([message(1), opener, message(3, topic=2), message(4), message(5, topic=2)], opened=[])
    assert shape(steps) == [(FORWARD, [1]), (TOPIC, [2]), (FORWARD, [3]), (FORWARD, [4]), (FORWARD, [5])]
    assert [step.source_topic for step in steps] == [None, 2, 2, None, 2]
    assert [step.through_id for step in steps] == [1, 2, 3, 4, 5]
    assert not any(step.skips for step in steps)


def test_a_topic_whose_beginning_is_not_copied_is_made_for_its_first_message() -> None:
    steps = planned([message(7, topic=2), message(8, topic=2)], opened=[])
    assert shape(steps) == [(TOPIC, [2]), (FORWARD, [7, 8])]
    assert steps[0].through_id == 0


def test_a_topic_that_stands_there_already_is_not_made_again() -> None:
    opener = message(2, skip=SkipReason.SERVICE, topic=2, opens_topic=True)
    steps = planned([message(1), opener, message(3, topic=2)], opened=[2])
    assert shape(steps) == [(FORWARD, [1]), (FORWARD, [3])]
    assert sum(step.passed for step in steps) == 1


def test_where_topics_are_not_kept_their_messages_follow_each_other() -> None:
    opener = message(2, skip=SkipReason.SERVICE, topic=2, opens_topic=True)
    (step,) = planned([message(1), opener, message(3, topic=2)])
    assert shape([step]) == [(FORWARD, [1, 3])]
    assert [skip.source_id for skip in step.skips] == [2]


def test_of_comments_only_those_in_threads_are_taken_each_as_an_answer() -> None:
    steps = planned(
        [message(1), message(2, topic=1), message(3), message(4, topic=1, answers=2)], threads=True
    )
    assert shape([step for step in steps if step.items]) == [(COPY, [2]), (COPY, [4])]
    assert sum(step.passed for step in steps) == 2


def test_an_album_of_which_some_are_wanted_stays_an_album() -> None:
    photos = Wishes(selection=Selection(kinds=frozenset({Kind.PHOTO})))
    album = [message(n, grouped_id=9, kind=Kind.VIDEO if n == 2 else Kind.PHOTO) for n in (1, 2, 3)]
    (step,) = planned(album, wishes=photos)
    assert shape([step]) == [(FORWARD, [1, 3])]
    assert (step.passed, step.through_id) == (1, 3)


def test_the_old_groups_messages_and_the_new_ones_are_never_in_one_call() -> None:
    assert shape(planned([message(-5), message(-4), message(2)])) == [(FORWARD, [-5, -4]), (FORWARD, [2])]


@st.composite
def histories(draw: st.DrawFn) -> list[SourceMessage]:
    messages: list[SourceMessage] = []
    for number in range(1, draw(st.integers(1, 120))):
        earlier = st.none() | st.integers(1, number)
        messages.append(
            message(
                number,
                answers=draw(earlier) if number % 3 == 0 else None,
                topic=draw(st.sampled_from([None, 1000, 1001])),
                links=(draw(st.integers(1, 130)),) if number % 5 == 0 else (),
                rebuild=draw(st.integers(0, 9)) == 0,
                skip=SkipReason.SERVICE if draw(st.integers(0, 9)) == 0 else None,
            )
        )
    return messages


@given(histories(), st.integers(0, 60), st.integers(40, 130), st.booleans())
def test_every_wanted_message_is_in_one_step_in_order(
    history: list[SourceMessage], first: int, last: int, forum: bool
) -> None:
    wishes = Wishes(selection=Selection(from_id=first, to_id=last))
    steps = planned(history, wishes=wishes, opened=[] if forum else None)
    sent = [step for step in steps if step.kind is not TOPIC]
    wanted = [m for m in history if first <= m.id <= last]
    assert [i.source_id for s in sent for i in s.items] == [m.id for m in wanted if m.skip is None]
    assert [k.source_id for s in sent for k in s.skips] == [m.id for m in wanted if m.skip is not None]
    assert sum(step.passed for step in steps) == len(history) - len(wanted)
    cursors = [step.through_id for step in steps if step.through_id]
    assert cursors == sorted(cursors)
    for step in sent:
        assert step.kind is FORWARD or len(step.items) == 1
        if forum and step.items:
            topics = {m.topic for m in history if m.id in {i.source_id for i in step.items}}
            assert topics == {step.source_topic}
