"""Measures the whole engine against plain Telethon, on the sandbox. Only programs for people stand here."""
