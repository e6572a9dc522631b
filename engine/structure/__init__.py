"""What holds a chat's messages together: links, replies, topics, pins. Pure, without Telethon."""
