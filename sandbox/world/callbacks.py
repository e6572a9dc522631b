"""What needs a second party to end: a button's press, a QR code's scan."""

from __future__ import annotations

import asyncio
from typing import Any

from sandbox.world.events import Event
from sandbox.world.model import Peer, RpcFailure
from sandbox.world.sending import Sending


class Waiting(Sending):
    def press(
        self, user_id: int, peer: Peer, msg_id: int, data: bytes
    ) -> tuple[int, asyncio.Future[dict[str, Any]]]:
        """A user taps a callback button; the bot's answer resolves the future."""
        box = self.box_for(user_id, peer)
        m = box.by_id.get(msg_id)
        if m is None:
            raise RpcFailure(400, "MESSAGE_ID_INVALID")
        bot, msg = m.author, m
        for twin_box, twin in self.twins(box, m):
            if twin_box.key == ("user", bot):  # the bot is told of the message by its own number
                box, msg = twin_box, twin
        qid = next(self._ids)
        answer = asyncio.get_running_loop().create_future()
        self.callbacks[qid] = answer
        extra = {"id": qid, "user": user_id, "bot": bot, "message": msg, "data": data}
        self.emit(Event("callback", box, extra=extra))
        return qid, answer

    def answer_callback(self, qid: int, **answer: Any) -> bool:
        """False where nobody waits for it any more."""
        future = self.callbacks.pop(qid, None)
        if future is None or future.done():
            return False
        future.set_result(answer)
        return True

    def scan_qr(self, token: bytes, user_id: int) -> None:
        """The account's owner scans a login QR code with their phone."""
        self.qr_tokens[token] = user_id
        self.emit(Event("qr", None, extra={"token": token}))
