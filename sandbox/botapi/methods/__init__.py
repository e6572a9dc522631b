"""The Bot API's methods, one module per subject, in one table by name."""

from __future__ import annotations

from sandbox.botapi.methods import chats, copying, editing, messages, own, sending
from sandbox.botapi.methods.table import Handler, named

#: Method name in lower case (the Bot API ignores case) -> its handler.
HANDLERS: dict[str, Handler] = {
    **named(own.HANDLERS),
    **named(sending.HANDLERS),
    **named(copying.HANDLERS),
    **named(editing.HANDLERS),
    **named(messages.HANDLERS),
    **named(chats.HANDLERS),
}
