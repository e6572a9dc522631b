"""What people type to name a chat, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadReference
from domain.peer import CHANNEL_MARK
from domain.reference import ById, ByInvite, ByUsername, parse_reference

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{3,31}", fullmatch=True)
#: Words that stand for something else in a link.
PLAIN_NAMES = NAMES.filter(lambda name: name != "joinchat")
INVITES = st.from_regex(r"[A-Za-z0-9_-]{8,64}", fullmatch=True)
CHANNELS = st.integers(min_value=1, max_value=10**12)
NUMBERS = st.integers(min_value=1, max_value=2**31 - 1)
PREFIXES = st.sampled_from(["", "http://", "https://", "HTTPS://", "https://www."])
HOSTS = st.sampled_from(["t.me", "T.me", "telegram.me", "telegram.dog"])
TAILS = st.sampled_from(["", "/", "?single", "#x"])


@given(NAMES)
def test_a_name_behind_an_at_sign(name: str) -> None:
    assert parse_reference(f"  @{name}\n") == ByUsername(name)


@given(PREFIXES, HOSTS, PLAIN_NAMES)
def test_a_public_link(prefix: str, host: str, name: str) -> None:
    assert parse_reference(f"{prefix}{host}/{name}") == ByUsername(name)
    assert parse_reference(f"{prefix}{host}/s/{name}") == ByUsername(name)


@given(PREFIXES, HOSTS, CHANNELS, NUMBERS, NUMBERS)
def test_a_private_link_with_a_topic(prefix: str, host: str, channel: int, topic: int, message: int) -> None:
    number = CHANNEL_MARK - channel
    assert parse_reference(f"{prefix}{host}/c/{channel}") == ById(number)
    assert parse_reference(f"{prefix}{host}/c/{channel}/{topic}") == ById(number, topic)
    assert parse_reference(f"{prefix}{host}/c/{channel}/{topic}/{message}") == ById(number, topic, True)


@given(PREFIXES, HOSTS, INVITES)
def test_an_invite_link(prefix: str, host: str, invite: str) -> None:
    assert parse_reference(f"{prefix}{host}/+{invite}") == ByInvite(invite)
    assert parse_reference(f"{prefix}{host}/joinchat/{invite}") == ByInvite(invite)


@given(st.integers(min_value=-(10**16) + 1, max_value=10**16 - 1).filter(bool))
def test_a_number_is_kept_as_typed(number: int) -> None:
    assert parse_reference(str(number)) == ById(number)


@given(st.text(max_size=200))
def test_whatever_is_typed_gets_a_reference_or_the_sentence(text: str) -> None:
    try:
        found = parse_reference(text)
    except BadReference as error:
        assert error.values["reference"] == text.strip()[:80]
    else:
        assert isinstance(found, ById | ByUsername | ByInvite)


@given(PLAIN_NAMES, TAILS)
def test_what_hangs_on_a_link_does_not_matter(name: str, tail: str) -> None:
    assert parse_reference(f"https://t.me/{name}{tail}") == ByUsername(name)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("https://t.me/telegram/12", ByUsername("telegram", 12)),
        ("t.me/telegram/12/34?single", ByUsername("telegram", 12, in_topic=True)),
        ("-1001234567890", ById(-1001234567890)),
        ("777000", ById(777000)),
        ("https://t.me/c/1234567890/5", ById(-1001234567890, 5)),
    ],
)
def test_the_forms_of_the_handbook(typed: str, wanted: object) -> None:
    assert parse_reference(typed) == wanted


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "@",
        "@abc",
        "@1abcd",
        "@name with space",
        "@" + "a" * 33,
        "name",
        "0",
        "-0",
        "12345678901234567",
        "https://t.me/c/²/5",
        "https://t.me/c/1234567890/²",
        "https://t.me/c/1234567890/4294967296",
        "https://t.me/telegram/4294967296/5",
        "1e5",
        "https://example.org/telegram",
        "https://t.me/",
        "https://t.me/c/",
        "https://t.me/c/name/1",
        "https://t.me/telegram/1/2/3",
        "https://t.me/telegram/abc",
        "https://t.me/+short",
        "https://evil.org/t.me/telegram",
        "tg://resolve?domain=telegram",
    ],
)
def test_what_names_no_chat_is_refused(typed: str) -> None:
    with pytest.raises(BadReference, match="is not a chat"):
        parse_reference(typed)
