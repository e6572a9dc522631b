"""Exports of any shape that Telegram Desktop writes, for hypothesis; the words are nobody's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

START = 1_600_000_000
NO_FILE = "(File not included. Change data exporting settings to download.)"
STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler", "code", "hashtag", "mention", "unknown")
ACTIONS = ("pin_message", "phone_call", "invite_members", "edit_group_title", "send_star_gift", "topic_edit")
#: Of many scripts, of two code units, combining, from right to left.
WORDS = ("tide", "渡口", "🛶", "👨‍👩‍👧", "e\u0301", "المرسى", "שלום", "𝔸", "a\nb", "x  y", "№1", "\u200f.")

_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)


def _part(kind: str, text: str, **more: Any) -> Json:
    return {"type": kind, "text": text, **more}


_parts = st.one_of(
    _words,
    st.builds(_part, st.sampled_from(STYLES), _words),
    st.builds(lambda x: _part("pre", x, language="py"), _words),
    st.builds(lambda x, c: _part("blockquote", x, collapsed=c), _words, st.booleans()),
    st.sampled_from(("https://example.org/a?b=1", "example.org", "t.me/c/1500000001/2")).map(
        lambda url: _part("link", url)
    ),
    st.builds(lambda x: _part("text_link", x, href="https://t.me/c/1500000001/3"), _words),
    st.builds(lambda i: _part("mention_name", "Ann", user_id=i), st.integers(700_000_001, 700_000_003)),
    st.builds(lambda: _part("custom_emoji", "🛥", document_id=NO_FILE)),
    st.just(""),
)
_texts = st.one_of(st.just(""), _words, st.lists(_parts, max_size=5))

_photo = st.fixed_dictionaries(
    {"photo": st.just(NO_FILE)}, optional={"media_spoiler": st.just(True), "width": st.just(90)}
)
_file = st.fixed_dictionaries(
    {"file": st.sampled_from((NO_FILE, "files/tide table.pdf"))},
    optional={
        "media_type": st.sampled_from(
            ("sticker", "voice_message", "video_message", "video_file", "animation", "audio_file")
        ),
        "file_name": st.just("a.bin"),
        "mime_type": st.sampled_from(("video/mp4", "audio/ogg", "application/x-tgsticker", "text/plain")),
        "duration_seconds": st.integers(0, 9),
        "self_destruct_period_seconds": st.just(7),
    },
)
_point = st.sampled_from((None, {"latitude": 1.5, "longitude": -2.25}))
_unfiled: st.SearchStrategy[Json] = st.one_of(
    st.builds(lambda p: {"location_information": p}, _point),
    st.builds(lambda p: {"location_information": p, "live_location_period_seconds": 60}, _point),
    st.just({"place_name": "Pier", "address": ""}),
    st.just({"contact_information": {"first_name": "Cy", "last_name": "", "phone_number": "+00"}}),
    st.builds(
        lambda q, c: {"poll": {"question": q, "closed": c, "answers": [{"text": "yes"}, {"text": ["no"]}]}},
        _words,
        st.booleans(),
    ),
    st.builds(lambda x: {"todo_list": {"title": x, "answers": [{"text": x, "id": 1}]}}, _words),
    st.just({"game_title": "Row", "game_description": "!", "game_link": "https://t.me/b?game=row"}),
    st.just({"invoice_information": '{"title": "T", "amount": 5, "currency": "EUR"}'}),
    st.just({"paid_stars_amount": 5}),
    st.just({"rich_message": {"blocks": [{"type": "paragraph", "text": {"type": "plain", "text": "r"}}]}}),
)
_captioned = st.one_of(st.just({}), st.just({}), _photo, _photo, _file)
_extras = st.fixed_dictionaries(
    {},
    optional={
        "forwarded_from": st.sampled_from((None, "Ann")),
        "forwarded_from_id": st.sampled_from(("user700000001", "channel1400000001")),
        "via_bot": st.just("@tides_bot"),
        "author": st.just("Desk"),
        "inline_bot_buttons": st.just([[{"type": "url", "text": "Open", "data": "https://example.org"}]]),
        "reactions": st.just([{"type": "emoji", "count": 1, "emoji": "👍"}]),
        "edited_unixtime": st.sampled_from(("0", str(START + 9**6))),
    },
)
#: How far back the message answered stands; 50 is not there, None is nothing.
_replies = st.sampled_from((None, None, None, 1, 2, 3, 50))


@st.composite
def messages(draw: st.DrawFn, *, forum: bool) -> list[Json]:
    number, second, found = 1, START, []  # message 1 says that the chat was made
    for _ in range(draw(st.integers(1, 25))):
        together = draw(st.booleans())
        number += 1 if together else draw(st.integers(1, 4))
        second += 0 if together else 30
        who = draw(st.sampled_from(("user700000001", "user700000002", "channel1500000001")))
        item: Json = {
            "id": number,
            "type": "message",
            "from_id": who,
            "from": draw(st.sampled_from(("A", None))),
        }
        item |= _date(second, old=draw(st.booleans()))
        what = draw(st.integers(0, 19))
        if what == 0:
            found.append({"id": number, "type": "unsupported"})
            continue
        if what < 3:
            action = "topic_created" if forum and what == 1 else draw(st.sampled_from(ACTIONS))
            found.append(item | {"type": "service", "action": action, "title": "T", "message_id": number - 1})
            continue
        back = draw(_replies)
        if back is not None and number > 1:
            item["reply_to_message_id"] = number - back if back < number else 5000
        item |= draw(_extras) if draw(st.booleans()) else {}
        if what < 6:  # these have no captions
            found.append(item | draw(_unfiled) | {"text": "", "text_entities": []})
            continue
        text = draw(_texts)
        as_parts = isinstance(text, list) and draw(st.booleans())
        found.append(
            item | draw(_captioned) | ({"text_entities": _whole(text)} if as_parts else {"text": text})
        )
    return found


def _whole(text: list[Any]) -> list[Json]:
    return [x if isinstance(x, dict) else _part("plain", x) for x in text]


def _date(second: int, *, old: bool) -> Json:
    shown = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    if old:
        return {"date": shown, "edited": "1970-01-01T01:00:00"}
    return {"date": shown, "date_unixtime": str(second)}


@st.composite
def exports(draw: st.DrawFn) -> Json:
    """One chat, of any kind."""
    kind = draw(st.sampled_from(("public_channel", "private_supergroup", "forum", "personal_chat")))
    forum = kind == "forum"
    return {
        "name": draw(st.sampled_from(("Pier", None))),
        "type": "public_supergroup" if forum else kind,
        "id": 1_500_000_001,
        "messages": draw(messages(forum=forum)),
    }
