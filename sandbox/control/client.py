"""The typed way to drive a sandbox from another process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import aiohttp

from sandbox.compare import Comparison
from sandbox.control.gallery import gallery_from
from sandbox.control.structure_client import StructureCalls, Text
from sandbox.control.views import MessageView, Statistics, comparison_from, peer_from
from sandbox.fewest_calls import FewestCalls
from sandbox.info import SandboxChat, SandboxInfo, SandboxUser, pair_from
from sandbox.scenario import Pair
from sandbox.scenario.gallery import Gallery
from sandbox.world import Peer

TIMEOUT = 300  # seconds; a comparison or a large scenario takes some


class ControlError(Exception):
    """The sandbox refused; the message is its sentence."""


class ControlClient(StructureCalls):
    """`async with ControlClient(url, token) as control: ...`; both stand in sandbox.json.

    Every method raises ControlError when the sandbox refuses and aiohttp.ClientError when it is not there.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"}
        self._http: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, info: SandboxInfo) -> ControlClient:
        return cls(info.control_url, info.control_token)

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        self._http = aiohttp.ClientSession(headers=self._headers, timeout=timeout)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.close()

    async def _call(self, operation: str, **arguments: Any) -> Any:
        if self._http is None:
            raise RuntimeError("use ControlClient with async with")
        async with self._http.post(f"{self._url}/{operation}", json=arguments) as answer:
            body = await answer.json()
        if "error" in body:
            raise ControlError(body["error"])
        return body["result"]

    # building

    async def build(self, *, jobs: int, messages: int, seed: int = 1, **shares: float) -> list[Pair]:
        """Adds the demo's channels; `shares` are replies and links, see sandbox.scenario.build."""
        made = await self._call("build", jobs=jobs, messages=messages, seed=seed, **shares)
        return [pair_from(p) for p in made]

    async def add_user(self, name: str, **fields: Any) -> SandboxUser:
        return SandboxUser(**await self._call("add_user", name=name, **fields))

    async def users(self) -> list[SandboxUser]:
        """All people, each with a new session."""
        return [SandboxUser(**u) for u in await self._call("users")]

    async def session(self, user: int) -> str:
        """A new logged-in StringSession."""
        return str(await self._call("session", user=user))

    async def add_channel(self, title: str, owner: int, **fields: Any) -> Peer:
        """`fields` as in sandbox.world.Channel."""
        return peer_from(await self._call("add_channel", title=title, owner=owner, **fields))

    async def add_group(self, title: str, owner: int, members: Sequence[int] = ()) -> Peer:
        """A basic group."""
        return peer_from(await self._call("add_group", title=title, owner=owner, members=list(members)))

    async def change_channel(self, chat: Peer, **fields: Any) -> None:
        """Sets title, about, username, usernames, noforwards, slowmode or forum."""
        await self._call("change_channel", chat=chat, **fields)

    async def set_member(self, chat: Peer, user: int, role: str | None) -> None:
        """creator, admin, member, banned, or None for a stranger."""
        await self._call("set_member", chat=chat, user=user, role=role)

    async def chats(self) -> list[SandboxChat]:
        return [SandboxChat(**c | {"peer": tuple(c["peer"])}) for c in await self._call("chats")]

    async def delete_chat(self, chat: Peer) -> None:
        """Its owner deletes it; what stood in it can still be compared."""
        await self._call("delete_chat", chat=chat)

    async def fill(self, chat: Peer, *, messages: int, seed: int = 1, **shares: float) -> list[int]:
        """Until the channel has that many, service messages included; the ids of the others, oldest first.

        `shares` are replies and links: 0.08 and 0, unless told.
        """
        return list(await self._call("fill", chat=chat, messages=messages, seed=seed, **shares))

    async def build_gallery(self, owner: int) -> Gallery:
        """One chat of each structure with every kind of message in it, see sandbox.scenario.gallery."""
        return gallery_from(await self._call("build_gallery", owner=owner))

    async def build_albums(self, owner: int, *, albums: int, **options: float) -> Peer:
        """A channel of so many albums; `options` are seed and singles, see sandbox.scenario.large."""
        return peer_from(await self._call("build_albums", owner=owner, albums=albums, **options))

    async def build_forum(self, owner: int, *, topics: int, messages: int, **options: float) -> Peer:
        """A forum; `options` are seed and replies, see sandbox.scenario.large."""
        made = await self._call("build_forum", owner=owner, topics=topics, messages=messages, **options)
        return peer_from(made)

    async def post(self, chat: Peer, author: int, texts: Sequence[Text], *, album: bool = False) -> list[int]:
        """Texts or messages, each by itself or all as one album; the new ids."""
        return list(await self._call("post", chat=chat, author=author, texts=list(texts), album=album))

    async def post_quiz(self, chat: Peer, author: int, question: str) -> int:
        """Its id. Whoever has not answered it may not forward it."""
        return int(await self._call("post_quiz", chat=chat, author=author, question=question))

    async def delete_messages(self, chat: Peer, user: int, ids: Sequence[int]) -> int:
        """How many of them were there."""
        return int(await self._call("delete_messages", chat=chat, user=user, ids=list(ids)))

    # trouble

    async def set_fault(self, method: str, action: str, **fields: Any) -> int:
        """`fields` as in sandbox.world.Fault; the number to wait for or release it by.

        `then` is the name of another of these methods that builds or troubles, and its arguments: it is
        called when a call meets the fault.
        """
        return int(await self._call("set_fault", method=method, action=action, **fields))

    async def clear_faults(self) -> None:
        await self._call("clear_faults")

    async def wait_for_fault(self, number: int, seconds: float = 30) -> int:
        """Until a call has met it; how many have. ControlError after `seconds`."""
        return int(await self._call("wait_for_fault", number=number, seconds=seconds))

    async def fault_hits(self, number: int) -> int:
        return int(await self._call("fault_hits", number=number))

    async def release_fault(self, number: int) -> None:
        await self._call("release_fault", number=number)

    async def set_limits(self, *limits: dict[str, Any]) -> None:
        """Replaces the flood limits; fields as in sandbox.world.limits.FloodLimit."""
        await self._call("set_limits", limits=list(limits))

    async def set_latency(self, seconds: float) -> None:
        """How long each answer to an account takes; 0: as fast as the sandbox can."""
        await self._call("set_latency", seconds=seconds)

    async def set_random_id_mode(self, mode: str, target: Peer | None = None) -> None:
        """Everywhere, or for what is sent to one chat."""
        await self._call("set_random_id_mode", mode=mode, target=target)

    async def revoke(self, user: int) -> int:
        """Ends the account's sessions; how many."""
        return int(await self._call("revoke", user=user))

    # watching

    async def say(self, user: int, chat: Peer, text: str) -> int:
        """The message's id as the user sees it."""
        return int(await self._call("say", user=user, chat=chat, text=text))

    async def press(
        self, user: int, chat: Peer, message: int, data: str, seconds: float = 10
    ) -> dict[str, Any]:
        """Presses a button by its callback data; the bot's answer, {} when none came."""
        return dict(
            await self._call("press", user=user, chat=chat, message=message, data=data, seconds=seconds)
        )

    async def messages(
        self, chat: Peer, viewer: int, *, after: int = 0, limit: int = 50
    ) -> list[MessageView]:
        """The newest up to 200 behind the id `after`, oldest first."""
        found = await self._call("messages", chat=chat, viewer=viewer, after=after, limit=limit)
        return [MessageView(**m) for m in found]

    async def count(self, chat: Peer) -> int:
        """Existing messages of a channel."""
        return int(await self._call("count", chat=chat))

    async def last_id(self, chat: Peer) -> int:
        return int(await self._call("last_id", chat=chat))

    async def compare(
        self,
        source: Peer,
        target: Peer,
        *,
        skipped: Collection[int] = (),
        declared: Mapping[int, Collection[str]] | None = None,
        **options: Any,
    ) -> Comparison:
        """See sandbox.compare.compare, also for `options`."""
        leave = [(i, list(what)) for i, what in (declared or {}).items()]
        arguments = {"skipped": list(skipped), "declared": leave} | options
        return comparison_from(await self._call("compare", source=source, target=target, **arguments))

    async def statistics(self) -> Statistics:
        return Statistics(**await self._call("statistics"))

    async def calls(self, session: str | None = None) -> dict[str, int]:
        """Calls by method since the start or clear_calls(); or those ever made with one session string."""
        return dict(await self._call("calls", session=session))

    async def fewest_calls(self, source: Peer) -> FewestCalls:
        """By how few calls a channel can be copied into an empty one; see sandbox.fewest_calls."""
        return FewestCalls(**await self._call("fewest_calls", source=source))

    async def clear_calls(self) -> None:
        await self._call("clear_calls")
