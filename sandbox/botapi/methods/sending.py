"""Sending something new: text, files, albums, polls."""

from __future__ import annotations

from typing import Any

from aiogram import methods as m
from aiogram.methods import TelegramMethod

from sandbox.botapi.call import Call
from sandbox.botapi.convert import Json
from sandbox.botapi.errors import ApiError
from sandbox.botapi.methods.table import Handler
from sandbox.botapi.text import caption, message_text, plain

ALBUM_LEAST, ALBUM_MOST = 2, 10
QUESTION_LIMIT, OPTION_LIMIT = 300, 100  # characters
OPTIONS_MOST = 12


def send_message(call: Call, request: m.SendMessage) -> Json:
    text, found = message_text(request.text, request.parse_mode, request.entities)
    return call.shown(call.post(request, text=text, entities=found))


def sends_file(kind: str, captioned: bool = True) -> Handler:
    """The handler of sendPhoto, sendVideo and so on: all alike but for the field that names the file."""

    def send(call: Call, request: Any) -> Json:
        text: str = ""
        found: list[Any] = []
        if captioned:
            text, found = caption(request.caption, request.parse_mode, request.caption_entities)
        call.peer(request.chat_id)  # a refused chat makes no media
        media = call.media(kind, getattr(request, kind))
        return call.shown(call.post(request, text=text, entities=found, media=media))

    return send


def send_media_group(call: Call, request: m.SendMediaGroup) -> list[Json]:
    if not ALBUM_LEAST <= len(request.media) <= ALBUM_MOST:
        raise ApiError(400, "media group must include 2-10 items")
    kinds = {item.type for item in request.media}
    for alone in ("document", "audio"):
        if alone in kinds and len(kinds) > 1:
            raise ApiError(400, f"{alone} can't be mixed with other media types")
    if not kinds <= {"photo", "video", "document", "audio"}:
        raise ApiError(400, "this type of media can't be sent in an album")
    peer = call.peer(request.chat_id)
    group = call.world.new_group_id()
    place = call.place(request, peer)
    specs = []
    for item in request.media:
        text, found = caption(item.caption, item.parse_mode, item.caption_entities)
        media = call.media(item.type, item.media)
        specs.append({"text": text, "entities": found, "media": media, "grouped_id": group, **place})
    return [call.shown(sent) for _, sent in call.world.send(call.bot_id, peer, specs)]


def send_poll(call: Call, request: m.SendPoll) -> Json:
    question = plain(request.question, request.question_parse_mode, request.question_entities)
    options = [
        o if isinstance(o, str) else plain(o.text, o.text_parse_mode, o.text_entities)
        for o in request.options
    ]
    if not 0 < len(question) <= QUESTION_LIMIT:
        raise ApiError(
            400, "poll question must be non-empty" if not question else "poll question is too long"
        )
    if not 1 <= len(options) <= OPTIONS_MOST:
        raise ApiError(400, f"poll must have at least 1 and at most {OPTIONS_MOST} options")
    if not all(0 < len(o) <= OPTION_LIMIT for o in options):
        raise ApiError(400, "poll options must be non-empty and at most 100 characters long")
    quiz = request.type == "quiz"
    right = list(request.correct_option_ids or ())
    if not right and request.correct_option_id is not None:
        right = [request.correct_option_id]
    if quiz and (not right or not all(0 <= i < len(options) for i in right)):
        raise ApiError(400, "wrong correct option ID specified")
    call.peer(request.chat_id)
    poll = {
        "question": question,
        "answers": options,
        "quiz": quiz,
        "correct": right[0] if quiz else None,
        "multiple": bool(request.allows_multiple_answers),
        "public": request.is_anonymous is False,
        "closed": bool(request.is_closed),
        "votes": {},
    }
    return call.shown(call.post(request, media=call.world.add_media("poll", poll=poll)))


HANDLERS: dict[type[TelegramMethod[Any]], Handler] = {
    m.SendMessage: send_message,
    m.SendPhoto: sends_file("photo"),
    m.SendDocument: sends_file("document"),
    m.SendVideo: sends_file("video"),
    m.SendAudio: sends_file("audio"),
    m.SendVoice: sends_file("voice"),
    m.SendAnimation: sends_file("animation"),
    m.SendSticker: sends_file("sticker", captioned=False),
    m.SendVideoNote: sends_file("video_note", captioned=False),
    m.SendMediaGroup: send_media_group,
    m.SendPoll: send_poll,
}
