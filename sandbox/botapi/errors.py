"""How the Bot API says no: MTProto's error names become its own codes and sentences."""

from __future__ import annotations

import math
import re
from typing import Any

from sandbox.world import RpcFailure

NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
}
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
#: MTProto error -> (code, sentence), in the words of the real server.
WORDS = {
    "MESSAGE_NOT_MODIFIED": (400, NOT_MODIFIED),
    "MESSAGE_ID_INVALID": (400, "message to edit not found"),
    "MESSAGE_IDS_EMPTY": (400, "there are no messages to forward"),
    "CHANNEL_PRIVATE": (400, "chat not found"),
    "CHAT_WRITE_FORBIDDEN": (400, "not enough rights to send text messages to the chat"),
    "CHAT_ADMIN_REQUIRED": (400, "not enough rights"),
    "CHAT_FORWARDS_RESTRICTED": (400, "message has protected content and can't be forwarded"),
    "CHAT_ID_INVALID": (400, "chat not found"),
    "MESSAGE_AUTHOR_REQUIRED": (400, "message can't be edited"),
    "MESSAGE_DELETE_FORBIDDEN": (400, "message can't be deleted"),
    "USER_NOT_PARTICIPANT": (403, "bot is not a member of the chat"),
    "INPUT_USER_DEACTIVATED": (403, "user is deactivated"),
    "USER_IS_BLOCKED": (403, "bot was blocked by the user"),
}


class ApiError(Exception):
    """A refusal: HTTP code, sentence without its prefix, and ResponseParameters such as retry_after."""

    def __init__(self, code: int, text: str, **parameters: int) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        description = ": ".join(part for part in (NAMES.get(self.code), self.text) if part)
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": description}
        return body | {"parameters": self.parameters} if self.parameters else body


def flooded(seconds: float) -> ApiError:
    """429 with the remaining seconds, rounded up and at least 1, as clients expect whole seconds."""
    whole = max(1, math.ceil(seconds))
    return ApiError(429, f"retry after {whole}", retry_after=whole)


def api_error(failure: RpcFailure) -> ApiError:
    """The world's refusal in the Bot API's words; names without a sentence pass through as they are."""
    flood = re.fullmatch(r"(?:FLOOD|SLOWMODE)_WAIT_(\d+)", failure.message)
    if flood:
        return flooded(int(flood[1]))
    code, text = WORDS.get(failure.message, (failure.code, failure.message))
    code = code if code in NAMES else 400
    return ApiError(code, text)
