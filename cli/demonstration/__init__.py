"""`demo`, one subject per file: processes, orders in the chat, mishaps, what is shown, the verdict."""
