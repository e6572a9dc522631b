"""Which handler answers which request, and what every handler is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import convert as cv
from sandbox.mtproto import media, people, wire
from sandbox.mtproto.session import AuthKey, Session
from sandbox.world import Message, Peer, RpcFailure, Sent

if TYPE_CHECKING:
    from sandbox.mtproto.server import MTProtoServer

Handler = Callable[["Call", Any], Any]
_handlers: dict[type, Handler] = {}
_before_login: set[type] = set()
_users_only: set[type] = set()
TRANSPARENT = (f.InitConnectionRequest, f.InvokeAfterMsgRequest, f.InvokeAfterMsgsRequest)


def on(*requests: type, before_login: bool = False, users_only: bool = False) -> Callable[[Handler], Handler]:
    """Register the handler of these request types; `users_only`: bots may not ask."""

    def put(fn: Handler) -> Handler:
        for r in requests:
            _handlers[r] = fn
            if before_login:
                _before_login.add(r)
            if users_only:
                _users_only.add(r)
        return fn

    return put


_names: dict[type, str] = {}


def name_of(req: Any) -> str:
    """The method as Telegram writes it: "messages.sendMessage"."""
    cls = type(req)
    name = _names.get(cls)
    if name is None:
        name = _names[cls] = _name(cls)
    return name


def _name(cls: type) -> str:
    ns = cls.__module__.rpartition(".")[2]
    name = cls.__name__.removesuffix("Request")
    name = name[0].lower() + name[1:]
    return name if ns == "functions" else f"{ns}.{name}"


def unwrap(auth: AuthKey, req: Any) -> tuple[Any, bool]:
    """The request inside its wrappers, and whether the session wants updates."""
    updates = True
    while True:
        if isinstance(req, f.InvokeWithLayerRequest):
            auth.layer = req.layer
        elif isinstance(req, f.InvokeWithoutUpdatesRequest):
            updates = False
        elif not isinstance(req, TRANSPARENT):
            return req, updates
        req = req.query


def dispatch(server: MTProtoServer, session: Session, req: Any) -> Any:
    """The handler's answer; RpcFailure where Telegram would refuse."""
    handler = _handlers.get(type(req))
    if handler is None:
        raise RpcFailure(501, f"SANDBOX_NOT_IMPLEMENTED_{name_of(req).upper().replace('.', '_')}")
    if session.user_id is None and type(req) not in _before_login:
        raise RpcFailure(401, "AUTH_KEY_UNREGISTERED")
    if type(req) in _users_only and session.user_id and server.world.users[session.user_id].bot:
        raise RpcFailure(400, "BOT_METHOD_INVALID")
    return handler(Call(server, session), req)


class Call:
    """One request on its way: the world, and who asks."""

    __slots__ = ("auth", "me", "server", "session", "w")

    def __init__(self, server: MTProtoServer, session: Session) -> None:
        self.server = server
        self.session = session
        self.auth = session.auth
        self.w = server.world
        self.me: int = session.user_id or 0  # 0 only before login

    def peer(self, p: Any) -> Peer:
        """Whom an input peer means; refused unless its access hash is this account's."""
        if isinstance(p, (t.InputPeerSelf, t.InputUserSelf)):
            return "user", self.me
        if isinstance(p, (t.InputPeerUser, t.InputUser)):
            if p.user_id not in self.w.users or p.access_hash != self.w.access_hash(
                self.me, "user", p.user_id
            ):
                raise RpcFailure(400, "PEER_ID_INVALID")
            return "user", p.user_id
        if isinstance(p, t.InputPeerChat):
            if p.chat_id not in self.w.chats:
                raise RpcFailure(400, "PEER_ID_INVALID")
            return "chat", p.chat_id
        if isinstance(p, (t.InputPeerChannel, t.InputChannel)):
            known = p.channel_id in self.w.channels
            if not known or p.access_hash != self.w.access_hash(self.me, "channel", p.channel_id):
                raise RpcFailure(400, "CHANNEL_INVALID")
            return "channel", p.channel_id
        raise RpcFailure(400, "PEER_ID_INVALID")

    def messages(self, peer: Peer, msgs: Sequence[Message | int], total: int | None = None) -> Any:
        """messages.Messages of any kind; a bare id stands for a message that is not there."""
        users, chats = cv.around(self.w, self.me, [m for m in msgs if isinstance(m, Message)], [peer])
        tl = [
            cv.message(self.w, self.me, m) if isinstance(m, Message) else t.MessageEmpty(m, people.peer(peer))
            for m in msgs
        ]
        if peer[0] == "channel":
            pts = self.w.box_for(self.me, peer).pts
            return t.messages.ChannelMessages(pts, len(tl) if total is None else total, tl, [], chats, users)
        if total is not None and total > len(tl):
            return t.messages.MessagesSlice(total, tl, [], chats, users)
        return t.messages.Messages(tl, [], chats, users)

    def sent(self, peer: Peer, sent: Sent) -> Any:
        """The mapping of every random id and the messages, as far as they are there."""
        return cv.updates(self.w, self.me, self.w.box_for(self.me, peer), "new", sent.items, sent.ids)

    def mark(self, peer: Peer) -> int:
        """Where the caller's sequence of this chat stands; for done()."""
        return self.w.box_for(self.me, peer).pts

    def done(
        self,
        peer: Peer,
        mark: int,
        more: Sequence[Any] = (),
        ids: Sequence[tuple[int, int]] = (),
        others: Sequence[Peer] = (),
    ) -> Any:
        """Updates with everything that happened there since the mark, and `more`; ids as in convert."""
        box = self.w.box_for(self.me, peer)
        entries = [e for e in box.since(mark) if e[2] != "new" or e[3].peer == peer]
        ups = [wire.message_id(i, rnd) for rnd, i in ids]
        ups += [cv.update(self.w, self.me, box, kind, pts, n, payload) for pts, n, kind, payload in entries]
        msgs = [payload for *_, payload in entries if isinstance(payload, Message)]
        return cv.envelope(self.w, self.me, [*ups, *more], msgs, [peer, *others])

    def now(self) -> int:
        return int(self.w.clock())

    def state(self) -> Any:
        return t.updates.State(self.w.boxes["user", self.me].pts, 0, media.when(self.now()), 0, 0)
