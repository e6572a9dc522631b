"""One sequence of messages: its windows, its log, what it forgets."""

from __future__ import annotations

import pytest

from sandbox.world import Box, Message, World
from sandbox.world.box import LOG_LIMIT

HERE = ("channel", 1)


def box(*ids: int) -> Box:
    b = Box(HERE)
    for i in ids:
        b.add(Message(i, HERE, None, 1000 + i))
    return b


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"limit": 2}, [9, 7]),
        ({"offset_id": 7, "limit": 2}, [5, 3]),
        ({"offset_id": 6, "limit": 2}, [5, 3]),
        ({"offset_id": 5, "add_offset": -2, "limit": 2}, [7, 5]),
        ({"offset_id": 1, "add_offset": -100, "limit": 100}, [9, 7, 5, 3, 1]),
        ({"offset_id": 6, "add_offset": -100, "limit": 100}, [9, 7]),
        ({"offset_date": 1005, "limit": 9}, [3, 1]),
        ({"max_id": 7, "min_id": 1}, [5, 3]),
        ({"add_offset": 4, "limit": 5}, [1]),
        ({"offset_id": 1}, []),
    ],
)
def test_windows(window: dict[str, int], expected: list[int]) -> None:
    found, total = box(1, 3, 5, 7, 9).history(HERE, **window)  # type: ignore[arg-type]
    assert [m.id for m in found] == expected and total == 5


def test_removed_messages_leave_holes() -> None:
    b = box(1, 2, 3)
    b.remove(2)
    assert [m.id for m in b.history(HERE)[0]] == [3, 1] and b.new_id() == 4


def test_log_is_pruned_and_still_answers() -> None:
    b = Box(HERE)
    for _ in range(2 * LOG_LIMIT + 10):
        b.bump("delete", [1], 1)
    assert len(b.log) <= 2 * LOG_LIMIT
    assert [e[0] for e in b.since(b.pts - 3)] == [b.pts - 2, b.pts - 1, b.pts]
    assert b.since(b.pts) == []


def test_names_are_found_whoever_changes_them() -> None:
    w = World()
    u = w.add_user("Ann", username="Ann")
    c = w.add_channel("News", u, username="news")
    assert w.by_username("@ANN") == ("user", u.id) and w.by_username("news") == ("channel", c.id)
    c.username = "older_news"
    assert w.by_username("news") is None and w.by_username("older_news") == ("channel", c.id)
