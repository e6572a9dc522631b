"""Writing: sending in every form, forwarding, deleting, pressing."""

from __future__ import annotations

import asyncio
from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.mtproto import media
from sandbox.mtproto.rpc import albums
from sandbox.mtproto.rpc.composing import check_length, composed, rich
from sandbox.mtproto.rpc.files import taken
from sandbox.mtproto.rpc.placing import placed
from sandbox.mtproto.rpc.previews import asked_preview, previewed
from sandbox.mtproto.rpc.registry import Call, on
from sandbox.world import Peer, RpcFailure, Sent

FORWARD_LIMIT = 100  # messages in one call


def _known(c: Call, p: Peer, random_id: int) -> bool:
    """A repeated id gets what it got before: whatever else the call says is not looked at again."""
    return random_id in c.w.random_ids.known(c.me, p)


def _wishes(c: Call, p: Peer, r: Any) -> dict[str, Any]:
    """What every send can ask for besides its content."""
    wishes: dict[str, Any] = {}
    if not (r.invert_media or r.effect or r.noforwards):
        return wishes
    if r.invert_media:
        wishes["invert"] = True
    if r.effect:
        if p[0] != "user":  # effects are for private chats alone
            raise RpcFailure(400, "EFFECT_ID_INVALID")
        wishes["effect"] = r.effect
    if r.noforwards and c.w.users[c.me].bot:  # only bots may protect single messages
        wishes["noforwards"] = True
    return wishes


@on(f.messages.SendMessageRequest)
def send_message(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    if _known(c, p, r.random_id):
        return c.sent(p, c.w.deliver(c.me, p, [{"random_id": r.random_id}], c.session))
    spec = composed(c, r.message, r.entities)
    if r.rich_message is not None:
        spec["rich"] = rich(c, r.rich_message)
    elif not spec["text"]:
        raise RpcFailure(400, "MESSAGE_EMPTY")
    check_length(c, spec["text"], captioned=False)
    if not r.no_webpage and (page := previewed(c, spec["text"], spec["entities"])):
        spec["webpage"] = page
    spec |= {"random_id": r.random_id} | _wishes(c, p, r) | placed(c, p, r.reply_to)
    return _answer(c, p, c.w.deliver(c.me, p, [spec], c.session))


def _answer(c: Call, p: Peer, sent: Sent) -> Any:
    """Telegram answers a plain text to a person in short."""
    if p[0] != "user" or not sent.items or sent.items[0][2].webpage or sent.items[0][2].rich:
        return c.sent(p, sent)
    ((pts, count, m),) = sent.items
    entities = m.entities or None
    return t.UpdateShortSentMessage(m.id, pts, count, media.when(m.date), out=True, entities=entities)


def _spec(c: Call, p: Peer, x: Any) -> dict[str, Any]:
    """What SendMedia and InputSingleMedia say."""
    if _known(c, p, x.random_id):
        return {"random_id": x.random_id}
    spec = composed(c, x.message, x.entities) | {"random_id": x.random_id}
    if isinstance(x.media, t.InputMediaWebPage):
        if not spec["text"]:
            raise RpcFailure(400, "MESSAGE_EMPTY")
        check_length(c, spec["text"], captioned=False)
        return spec | {"webpage": asked_preview(c, x.media, spec["text"], spec["entities"])}
    check_length(c, spec["text"], captioned=True)
    spec |= taken(c, x.media)
    _check_place(c, p, spec)
    return spec


def _check_place(c: Call, p: Peer, spec: dict[str, Any]) -> None:
    """Some media may not go everywhere."""
    if p[0] != "user" and (spec.get("look") or {}).get("ttl"):
        raise RpcFailure(400, "TTL_MEDIA_INVALID")
    if p[0] == "user" and spec["media"].kind == "poll" and p[1] != c.me and not c.w.users[p[1]].bot:
        raise RpcFailure(400, "MEDIA_INVALID")  # only forwarded ones reach people, says TDLib
    poll = spec["media"].poll or {}
    if poll.get("public") and p[0] == "channel" and not c.w.channels[p[1]].megagroup:
        raise RpcFailure(400, "BROADCAST_PUBLIC_VOTERS_FORBIDDEN")


@on(f.messages.SendMediaRequest)
def send_media(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=True)
    spec = _spec(c, p, r)
    if not _known(c, p, r.random_id):
        spec |= _wishes(c, p, r) | placed(c, p, r.reply_to)
    return c.sent(p, c.w.deliver(c.me, p, [spec], c.session))


@on(f.messages.SendMultiMediaRequest)
def send_multi_media(c: Call, r: Any) -> Any:
    p = c.peer(r.peer)
    c.w.check(c.me, p, posting=True)
    albums.check_size(r.multi_media)
    specs = [_spec(c, p, x) for x in r.multi_media]
    if fresh := [s for s in specs if "text" in s]:
        albums.check_mixture([s.get("media") for s in fresh])
        where = _wishes(c, p, r) | placed(c, p, r.reply_to) | {"grouped_id": c.w.new_group_id()}
        specs = [s | where if "text" in s else s for s in specs]
    return c.sent(p, c.w.deliver(c.me, p, specs, c.session))


@on(f.messages.ForwardMessagesRequest)
def forward_messages(c: Call, r: Any) -> Any:
    src, dst = c.peer(r.from_peer), c.peer(r.to_peer)
    if len(r.id) > FORWARD_LIMIT:
        raise RpcFailure(400, "MESSAGE_IDS_LIMIT")
    if len(r.id) != len(r.random_id):
        raise RpcFailure(400, "RANDOM_ID_INVALID")
    topic = placed(c, dst, r.reply_to, r.top_msg_id).get("topic")
    drop, bare = bool(r.drop_author), bool(r.drop_media_captions)
    sent = c.w.deliver_forward(c.me, src, r.id, dst, r.random_id, drop, topic, c.session, bare)
    return c.sent(dst, sent)


@on(f.channels.DeleteMessagesRequest)
def delete_in_channel(c: Call, r: Any) -> Any:
    return t.messages.AffectedMessages(*c.w.delete(c.me, c.peer(r.channel), r.id, c.session))


@on(f.messages.DeleteMessagesRequest)
def delete_messages(c: Call, r: Any) -> Any:
    box = c.w.boxes["user", c.me]
    n = 0
    for i in r.id:
        if i in box.by_id:
            n += c.w.delete(c.me, box.by_id[i].peer, [i], c.session)[1]
    return t.messages.AffectedMessages(box.pts, n)


@on(f.messages.ReadHistoryRequest)
def read_history(c: Call, r: Any) -> Any:
    return t.messages.AffectedMessages(c.w.boxes["user", c.me].pts, 0)


@on(f.channels.ReadHistoryRequest)
def read_channel(c: Call, r: Any) -> Any:
    return True


@on(f.messages.GetBotCallbackAnswerRequest)
def get_bot_callback_answer(c: Call, r: Any) -> Any:
    _, future = c.w.press(c.me, c.peer(r.peer), r.msg_id, r.data or b"")

    async def answer() -> Any:
        try:
            a = await asyncio.wait_for(future, 10)
        except TimeoutError:
            raise RpcFailure(400, "BOT_RESPONSE_TIMEOUT") from None
        return t.messages.BotCallbackAnswer(0, alert=a.get("show_alert") or None, message=a.get("text"))

    return answer()
