"""The service's only Telethon."""
