"""What jobs may have put into a target without having written it down: still nobody's double or copy."""

from __future__ import annotations

from domain.peer import Chat
from storage.progress import ProgressStore


async def in_doubt(store: ProgressStore, target: Chat, *, but: int = 0) -> frozenset[str]:
    """Fingerprints of what the steps in flight of all jobs (but that one) send to a target."""
    steps = await store.other_steps(target.peer.marked_id, except_job=but)
    return frozenset(item.fingerprint for step in steps if step.kind.sends for item in step.items)
