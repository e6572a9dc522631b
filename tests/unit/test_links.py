"""Links to messages: every form in which they are written, and none but those."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message import BESIDE
from engine.links import MAX_ID, SourceLink, SourceLinks, TargetLinks, leading

LINKS = SourceLinks(1234567890, ["Daily_News", "dn"])

FOUND = {
    "https://t.me/daily_news/17": SourceLink(17),
    "http://t.me/daily_news/17": SourceLink(17),
    "t.me/daily_news/17": SourceLink(17),
    "HTTPS://T.ME/DAILY_NEWS/17": SourceLink(17),
    "t.me/dn/17": SourceLink(17),
    "https://www.t.me/dn/17": SourceLink(17),
    "https://telegram.me/dn/17": SourceLink(17),
    "https://telegram.dog/dn/17": SourceLink(17),
    "https://t.me/dn/17/": SourceLink(17),
    "https://t.me/s/dn/17": SourceLink(17),
    "https://dn.t.me/17": SourceLink(17),
    "Daily_News.t.me/5/17": SourceLink(17, topic=5),
    "https://t.me/dn/5/17": SourceLink(17, topic=5),
    "https://t.me/dn/17?thread=5": SourceLink(17, topic=5),
    "tg://privatepost?channel=1234567890&post=17&topic=5": SourceLink(17, topic=5),
    "https://t.me/dn/17?single": SourceLink(17, single=True),
    "https://t.me/dn/17?comment=99": SourceLink(17, comment_id=99),
    "https://t.me/dn/17?single&comment=99#top": SourceLink(17, comment_id=99, single=True),
    "https://t.me/dn/17?t=1h2m": SourceLink(17, at="1h2m"),
    "https://t.me/c/1234567890/17": SourceLink(17),
    "https://t.me/c/1234567890/5/17": SourceLink(17, topic=5),
    "t.me/C/1234567890/17?thread=5": SourceLink(17, topic=5),
    "tg://resolve?domain=daily_news&post=17": SourceLink(17),
    "tg:resolve?domain=DN&post=17&thread=5&comment=9": SourceLink(17, comment_id=9, topic=5),
    "TG://privatepost?channel=1234567890&post=17&single": SourceLink(17, single=True),
    f"t.me/dn/{MAX_ID}": SourceLink(MAX_ID),
}

OTHERS = [
    "",
    "https://t.me/dn",
    "https://t.me/dn/",
    "https://t.me/dn/0",
    "https://t.me/dn/-17",
    f"https://t.me/dn/{MAX_ID + 1}",
    "https://t.me/dn/99999999999999999999",
    "https://t.me/dn/seventeen",
    "https://t.me/dn/1/2/3",
    "https://t.me/dn/x/17",
    "https://t.me/other/17",
    "https://t.me/c/1234567890",
    "https://t.me/c/987/17",
    "https://t.me/c//17",
    "https://t.me/s/17",
    "https://t.me/joinchat/17",
    "https://t.me/+dn/17",
    "https://other.t.me/dn/17",
    "https://example.com/t.me/dn/17",
    "https://notmy-t.me/dn/17",
    "https://t.me.example.com/dn/17",
    "ftp://t.me/dn/17",
    "tg://resolve?domain=dn",
    "tg://resolve?domain=other&post=17",
    "tg://privatepost?channel=1&post=17",
    "tg://privatepost?post=17",
    "tg://join?invite=dn&post=17",
    "see https://t.me/dn/17",
    "https://t.me/dn/٤",  # digits, but no number of Telegram's
]


@pytest.mark.parametrize("url", FOUND)
def test_every_form_of_a_link_is_understood(url: str) -> None:
    assert LINKS.find(url) == FOUND[url]


@pytest.mark.parametrize("url", OTHERS)
def test_other_links_are_left_alone(url: str) -> None:
    assert LINKS.find(url) is None


def test_a_chat_without_id_and_name_has_no_links() -> None:
    assert not SourceLinks(None).possible
    assert SourceLinks(None).find("https://t.me/c/None/1") is None
    assert SourceLinks(None, ["dn"]).find("https://t.me/dn/1") == SourceLink(1)
    assert SourceLinks(5).find("https://t.me/c/5/1") == SourceLink(1)


def test_links_are_read_out_of_plain_words() -> None:
    text = "See t.me/dn/17, (https://t.me/dn/5/18?single) or tg://resolve?domain=dn&post=19! Not t.me/x/20."
    found = [(text[begin:end], link.message_id) for begin, end, link in LINKS.within(text)]
    assert found == [
        ("t.me/dn/17", 17),
        ("https://t.me/dn/5/18?single", 18),
        ("tg://resolve?domain=dn&post=19", 19),
    ]
    assert list(SourceLinks(None).within(text)) == []


@pytest.mark.parametrize(
    ("target", "arguments", "url"),
    [
        (TargetLinks(7, "copy"), {}, "https://t.me/copy/3"),
        (TargetLinks(7), {}, "https://t.me/c/7/3"),
        (TargetLinks(7), {"topic": 2}, "https://t.me/c/7/2/3"),
        (TargetLinks(7, "copy"), {"topic": 2, "single": True}, "https://t.me/copy/2/3?single"),
        (TargetLinks(7, "copy"), {"comment_id": 8, "single": True}, "https://t.me/copy/3?comment=8&single"),
        (TargetLinks(7), {"at": "90"}, "https://t.me/c/7/3?t=90"),
    ],
)
def test_a_link_is_written_as_telegram_writes_it(target: TargetLinks, arguments: dict, url: str) -> None:
    assert target.to(3, **arguments) == url


def test_users_and_basic_groups_have_no_message_links() -> None:
    target = TargetLinks(None)
    assert not target.possible
    with pytest.raises(ValueError, match="no links"):
        target.to(3)


IDS = st.integers(1, MAX_ID)
MAYBE = st.none() | IDS


@given(message_id=IDS, topic=MAYBE, comment_id=MAYBE, single=st.booleans(), name=st.sampled_from(["", "dn"]))
def test_what_is_written_is_understood(
    message_id: int, topic: int | None, comment_id: int | None, single: bool, name: str
) -> None:
    target = TargetLinks(1234567890, name or None)
    url = target.to(message_id, topic, single, comment_id=comment_id)
    assert LINKS.find(url) == SourceLink(message_id, comment_id, topic, single)


@given(st.text(alphabet="tmedogrlpivc./:?#&=0123456789 👍é", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    LINKS.find(text)
    for begin, end, _ in LINKS.within(text):
        assert LINKS.find(text[begin:end])


def test_links_to_the_chat_beside() -> None:
    group = SourceLinks(8, ["talk"], beside=SourceLinks(7, ["posts"]))
    assert group.find("t.me/talk/3") == SourceLink(3)
    assert group.find("t.me/posts/3?comment=5&single") == SourceLink(3 + BESIDE, 5, single=True)
    assert group.find("t.me/other/3") is None
    made = TargetLinks(18, beside=TargetLinks(17, "copy"))
    assert made.to(3 + BESIDE, comment_id=5) == "https://t.me/copy/3?comment=5"
    assert made.to(3) == "https://t.me/c/18/3"


@pytest.mark.parametrize(
    ("beside", "copies", "url"),
    [
        (BESIDE, {3 + BESIDE: 13 + BESIDE, 5: 15}, "https://t.me/c/17/13?comment=15"),  # a comment's link
        (BESIDE, {3 + BESIDE: 13 + BESIDE}, "https://t.me/c/17/13"),
        (BESIDE, {5: 15, 3: 14}, None),
        (0, {3: 13, 5 + BESIDE: 15 + BESIDE}, "https://t.me/c/18/13?comment=15"),  # a post's link
        (0, {3: 13, 5: 16}, "https://t.me/c/18/13"),
    ],
)
def test_links_to_comments_are_led_to_their_copies(
    beside: int, copies: dict[int, int], url: str | None
) -> None:
    made = TargetLinks(18, beside=TargetLinks(17))
    assert leading(made, copies, {})(SourceLink(3 + beside, comment_id=5)) == url
