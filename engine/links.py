"""Links to messages: found in the source's texts, made anew for the target.

Their forms are those of core.telegram.org/api/links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from domain.message import BESIDE, is_beside
from domain.reference import MAX_ID

_HOST = r"(?:t|telegram)\.me|telegram\.dog"
_WEB = re.compile(
    rf"(?:https?://)?(?:(?P<name>\w+)\.)?(?:{_HOST})/(?P<path>[\w/]+)(?:\?(?P<query>[^#\s]*))?(?:#\S*)?",
    re.IGNORECASE | re.ASCII,
)
_APP = re.compile(r"tg:(?://)?(?P<what>resolve|privatepost)/?\?(?P<query>[^#\s]*)(?:#\S*)?", re.IGNORECASE)
#: What may be a link in a text without entities; what ends a sentence is no part of it.
_IN_WORDS = re.compile(
    rf"(?:(?:https?://)?(?:\w+\.)?(?:{_HOST})/|tg:)\S*[^\s.,;:!?)\]}}»”’\"']", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class SourceLink:
    """Where a link leads. `comment_id` is a message of the chat's discussion group; `topic` the topic's or
    the thread's first message; `single` means one item of an album; `at` a second of a video, as written.
    """

    message_id: int
    comment_id: int | None = None
    topic: int | None = None
    single: bool = False
    at: str | None = None

    @property
    def comment(self) -> int | None:
        """The comment as `message_id` counts: in the chat beside the source it is moved by BESIDE."""
        if self.comment_id is None or is_beside(self.message_id):
            return self.comment_id
        return self.comment_id + BESIDE


#: The new address of a link; None leaves it as it is.
NewUrl = Callable[[SourceLink], str | None]


class SourceLinks:
    """Knows the links to messages of one chat. One without id and names has none: `possible` is False.

    Those to the chat `beside` it are known, too, with their ids moved by BESIDE.
    """

    def __init__(
        self,
        channel_id: int | None,
        usernames: Collection[str] = (),
        *,
        beside: SourceLinks | None = None,
    ) -> None:
        self._channel = "" if channel_id is None else str(channel_id)
        self._names = frozenset(name.lower() for name in usernames)
        self._beside = beside

    @property
    def possible(self) -> bool:
        return bool(self._channel or self._names)

    def find(self, url: str) -> SourceLink | None:
        """The message of this chat to which `url` leads; None for every other link."""
        if not self.possible:
            return None
        link = self._find(url)
        if link is None and self._beside is not None and (there := self._beside.find(url)):
            return replace(there, message_id=there.message_id + BESIDE)
        return link

    def _find(self, url: str) -> SourceLink | None:
        if web := _WEB.fullmatch(url):
            return self._of_path(web["name"], web["path"].rstrip("/").split("/"), _fields(web["query"]))
        if app := _APP.fullmatch(url):
            return self._of_app(app["what"].lower(), _fields(app["query"]))
        return None

    def within(self, text: str) -> Iterator[tuple[int, int, SourceLink]]:
        """(begin, end, link) of each link to this chat that can be read in `text`, in characters."""
        if self.possible:
            for match in _IN_WORDS.finditer(text):
                if link := self.find(match[0]):
                    yield match.start(), match.end(), link

    def _of_path(self, host: str | None, parts: list[str], fields: dict[str, str]) -> SourceLink | None:
        if host is not None and host.lower() != "www":
            parts = [host, *parts]
        match [part.lower() for part in parts]:
            case ["c", channel, *numbers] if self._is_channel(channel):
                return _link(numbers, fields)
            case ["s", name, *numbers] | [name, *numbers] if name in self._names:
                return _link(numbers, fields)
        return None

    def _of_app(self, what: str, fields: dict[str, str]) -> SourceLink | None:
        if what == "resolve":
            ours = fields.get("domain", "").lower() in self._names
        else:
            ours = self._is_channel(fields.get("channel", ""))
        return _link([fields.get("post", "")], fields) if ours else None

    def _is_channel(self, written: str) -> bool:
        return self._channel != "" and written == self._channel


@dataclass(frozen=True, slots=True)
class TargetLinks:
    """Makes links to messages of one chat: by its name, or by its id for those who are members.

    Ids moved by BESIDE are those of the chat `beside` it.
    """

    channel_id: int | None
    username: str | None = None
    beside: TargetLinks | None = None

    @property
    def possible(self) -> bool:
        """Messages of users and basic groups have no links."""
        return self.channel_id is not None

    def to(
        self,
        message_id: int,
        topic: int | None = None,
        single: bool = False,
        *,
        comment_id: int | None = None,
        at: str | None = None,
    ) -> str:
        """The link as Telegram itself writes it. Raises ValueError for a chat without links."""
        if not self.possible:
            raise ValueError("messages of this chat have no links")
        if self.beside is not None and is_beside(message_id):
            return self.beside.to(message_id - BESIDE, topic, single, comment_id=comment_id, at=at)
        parts = [self.username] if self.username else ["c", str(self.channel_id)]
        if topic is not None:
            parts.append(str(topic))
        query = [f"comment={comment_id}"] if comment_id is not None else []
        if single:
            query.append("single")
        if at:
            query.append(f"t={at}")
        return f"https://t.me/{'/'.join(parts)}/{message_id}" + ("?" + "&".join(query) if query else "")


def leading(made: TargetLinks, copies: Mapping[int, int], topics: Mapping[int, int]) -> NewUrl:
    """Leads links to the copies, and to those of comments; those to messages without one stay."""

    def new_url(link: SourceLink) -> str | None:
        copy = copies.get(link.message_id)
        if copy is None or not made.possible:
            return None
        topic = topics.get(link.topic) if link.topic is not None else None
        comment = copies.get(link.comment) if link.comment is not None else None
        if comment is not None and is_beside(comment):
            comment -= BESIDE
        return made.to(copy, topic, link.single, comment_id=comment, at=link.at)

    return new_url


def _fields(query: str | None) -> dict[str, str]:
    """Of a query, in which `single` has no value."""
    return {name.lower(): value for name, value in parse_qsl(query or "", keep_blank_values=True)}


def _link(numbers: list[str], fields: dict[str, str]) -> SourceLink | None:
    ids = [_number(number) for number in numbers]
    if len(ids) not in (1, 2) or None in ids:
        return None
    message_id = ids[-1]
    assert message_id is not None
    return SourceLink(
        message_id,
        comment_id=_number(fields.get("comment", "")),
        topic=ids[0] if len(ids) == 2 else _number(fields.get("thread") or fields.get("topic", "")),
        single="single" in fields,
        at=fields.get("t") or None,
    )


def _number(written: str) -> int | None:
    """A message id, or None for what can't be one."""
    if not (written.isascii() and written.isdigit() and len(written) <= 10):
        return None
    return number if 0 < (number := int(written)) <= MAX_ID else None
