"""Polls as the Bot API shows them."""

from __future__ import annotations

from typing import Any

from sandbox.world import Media


def to_json(media: Media) -> dict[str, Any]:
    """A poll's own object; a quiz's answer is not in it, as for a bot that did not make it."""
    poll = media.poll or {}
    votes: dict[int, Any] = poll.get("votes", {})
    return {
        "id": str(media.id),
        "question": poll["question"],
        "options": [
            {"persistent_id": str(i), "text": answer, "voter_count": _voters(votes, i)}
            for i, answer in enumerate(poll["answers"])
        ],
        "total_voter_count": len(votes),
        "is_closed": bool(poll.get("closed")),
        "is_anonymous": not poll.get("public"),
        "type": "quiz" if poll.get("quiz") else "regular",
        "allows_multiple_answers": bool(poll.get("multiple")),
        "allows_revoting": not poll.get("quiz"),
        "members_only": False,
    }


def answer_known(media: Media, bot_made_it: bool) -> bool:
    """Whether the bot knows the right answer; only then may it copy a quiz."""
    poll = media.poll or {}
    return not poll.get("quiz") or bot_made_it or bool(poll.get("closed"))


def _voters(votes: dict[int, Any], index: int) -> int:
    """`votes` maps a user to the index, or the indexes, they chose."""
    return sum(index in v if isinstance(v, (list, set, tuple)) else v == index for v in votes.values())
