"""What an InputMedia without a file means: contacts, places, dice, polls, to-do lists, stories."""

from __future__ import annotations

from typing import Any

from telethon.tl import types as t

from sandbox.mtproto.rpc.registry import Call
from sandbox.world import Media, RpcFailure
from sandbox.world.dice import thrown

QUESTION_LIMIT, ANSWER_LIMIT, SOLUTION_LIMIT = (
    255,
    100,
    200,
)  # characters, as Telegram's documentation has them
ANSWERS_MOST = 12


def made_of(c: Call, im: Any) -> Media | None:
    """New media; None for what this module knows nothing of."""
    match im:
        case t.InputMediaContact():
            return c.w.add_media("contact", payload=_fields(im, "phone_number first_name last_name vcard"))
        case t.InputMediaGeoPoint():
            return c.w.add_media("geo", payload=_place(im))
        case t.InputMediaVenue():
            where = _place(im) | _fields(im, "title address provider venue_id venue_type")
            return c.w.add_media("venue", payload=where)
        case t.InputMediaGeoLive():
            return _live(c, im)
        case t.InputMediaDice():
            return _dice(c, im.emoticon)
        case t.InputMediaPoll():
            return _poll(c, im)
        case t.InputMediaTodo():
            return _todo(c, im.todo)
        case t.InputMediaStory():
            return _story(c, im)
        case t.InputMediaGame():
            return _game(c, im.id)
    return None


def _fields(im: Any, names: str) -> dict[str, Any]:
    return {name: getattr(im, name) for name in names.split()}


def _place(im: Any) -> dict[str, Any]:
    if not isinstance(im.geo_point, t.InputGeoPoint):
        raise RpcFailure(400, "MEDIA_EMPTY")
    return {"lat": im.geo_point.lat, "long": im.geo_point.long}


def _live(c: Call, im: Any) -> Media:
    """Its time starts anew, and it needs one: what was sent by reference without a period is refused."""
    if not im.period or im.stopped:
        raise RpcFailure(400, "MEDIA_INVALID")
    optional = _fields(im, "heading proximity_notification_radius")
    more = {k: v for k, v in optional.items() if v is not None}
    return c.w.add_media("geo_live", payload=_place(im) | {"period": im.period} | more)


def _dice(c: Call, emoticon: str) -> Media:
    """Thrown anew, always."""
    dice = c.w.add_media("dice", payload={"emoticon": emoticon})
    value = thrown(emoticon, dice.id)
    if value is None:
        raise RpcFailure(400, "EMOTICON_INVALID" if emoticon else "EMOTICON_EMPTY")
    dice.payload = {"value": value, "emoticon": emoticon}
    return dice


def _poll(c: Call, im: Any) -> Media:
    question, answers = im.poll.question, [a.text for a in im.poll.answers]
    _check_poll(question.text, [a.text for a in answers])
    poll: dict[str, Any] = {
        "question": question.text,
        "question_entities": list(question.entities),
        "answers": [a.text for a in answers],
        "quiz": bool(im.poll.quiz),
        "multiple": bool(im.poll.multiple_choice),
        "public": bool(im.poll.public_voters),
        "closed": bool(im.poll.closed),
        "votes": {},
    }
    if any(a.entities for a in answers):
        poll["answers_entities"] = [list(a.entities) for a in answers]
    if im.poll.quiz:
        poll["correct"] = _right(im)
    if im.poll.close_period:
        poll["close_period"] = im.poll.close_period
    if im.solution:
        if not im.poll.quiz or len(im.solution) > SOLUTION_LIMIT:
            raise RpcFailure(400, "MEDIA_INVALID")
        poll |= {"solution": im.solution, "solution_entities": list(im.solution_entities or [])}
    return c.w.add_media("poll", poll=poll)


def _check_poll(question: str, answers: list[str]) -> None:
    if not 0 < len(question) <= QUESTION_LIMIT:
        raise RpcFailure(400, "POLL_QUESTION_INVALID")
    if not 1 <= len(answers) <= ANSWERS_MOST:
        raise RpcFailure(400, "POLL_ANSWERS_INVALID")
    if not all(0 < len(a) <= ANSWER_LIMIT for a in answers):
        raise RpcFailure(400, "POLL_ANSWER_INVALID")
    if len(set(answers)) < len(answers):
        raise RpcFailure(400, "POLL_OPTION_DUPLICATE")


def _right(im: Any) -> int:
    """The index of a quiz's one right answer: layer 229 has numbers where earlier ones had bytes."""
    right = im.correct_answers or []
    if im.poll.multiple_choice:
        raise RpcFailure(400, "QUIZ_MULTIPLE_INVALID")
    if len(right) != 1:
        raise RpcFailure(400, "QUIZ_CORRECT_ANSWERS_EMPTY" if not right else "QUIZ_CORRECT_ANSWERS_TOO_MUCH")
    if not 0 <= right[0] < len(im.poll.answers):
        raise RpcFailure(400, "QUIZ_CORRECT_ANSWER_INVALID")
    return int(right[0])


def _todo(c: Call, todo: Any) -> Media:
    """core.telegram.org/api/todo: only Premium users make to-do lists."""
    if not c.w.users[c.me].premium:
        raise RpcFailure(403, "PREMIUM_ACCOUNT_REQUIRED")
    if not todo.title.text or not todo.list:
        raise RpcFailure(400, "MEDIA_EMPTY")
    items = [{"id": i.id, "text": i.title.text, "entities": list(i.title.entities)} for i in todo.list]
    payload = {
        "title": todo.title.text,
        "title_entities": list(todo.title.entities),
        "items": items,
        "others_can_append": bool(todo.others_can_append),
        "others_can_complete": bool(todo.others_can_complete),
    }
    return c.w.add_media("todo", payload=payload)


def _story(c: Call, im: Any) -> Media:
    """Only a story that somebody's message shows already: the world has no stories of their own."""
    payload = {"peer": c.peer(im.peer), "id": im.id}
    if not any(m.kind == "story" and m.payload == payload for m in c.w.files.values()):
        raise RpcFailure(400, "STORY_ID_INVALID")
    return c.w.add_media("story", payload=payload)


def _game(c: Call, game: Any) -> Media:
    found = c.w.files.get(getattr(game, "id", 0))
    if found is None or found.kind != "game":
        raise RpcFailure(400, "MEDIA_INVALID")
    return found
