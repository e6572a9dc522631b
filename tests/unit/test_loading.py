"""aiogram is loaded without the schemas that nobody needs; what is needed after all gets its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOADED = """
from cli.loading import loading_aiogram
with loading_aiogram():
    import aiogram
from aiogram import methods, types
"""

UNBUILT = """
unbuilt = [n for n in types.__all__ if not getattr(vars(types)[n], "__pydantic_complete__", True)]
assert len(unbuilt) > 300, len(unbuilt)
"""

#: Of types and methods whose own modules do not have all the names that they mention.
FIRST_USE = """
chat, user = {"id": 1, "type": "private"}, {"id": 1, "is_bot": False, "first_name": "x"}
answered = {"message_id": 1, "date": 1, "chat": chat}
message = {"message_id": 2, "date": 1, "chat": chat, "from": user, "text": "x", "reply_to_message": answered}
update = types.Update.model_validate({"update_id": 1, "message": message})
assert type(update.message.reply_to_message) is types.Message
answer = methods.Response[list[types.Update]].model_validate({"ok": True, "result": [update.model_dump()]})
assert answer.result[0].message.text == "x"
button = types.InlineKeyboardButton(text="x", callback_data="x")
buttons = types.InlineKeyboardMarkup(inline_keyboard=[[button]])
assert methods.SendMessage(chat_id=1, text="x", reply_markup=buttons).model_dump()["reply_markup"]
assert methods.EditMessageText(chat_id=1, message_id=1, text="x", reply_markup=buttons).text == "x"
assert methods.CopyMessage(chat_id=1, from_chat_id=2, message_id=1).message_id == 1
"""


def test_nothing_is_built_before_its_first_use() -> None:
    code = LOADED + UNBUILT + FIRST_USE
    root = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
