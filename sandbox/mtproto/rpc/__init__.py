"""RPC handlers. One small function per method; a plain return value or a coroutine."""

from sandbox.mtproto.rpc import auth, files, peers, reading, updates, writing
from sandbox.mtproto.rpc.registry import dispatch, name_of, unwrap

__all__ = ["auth", "dispatch", "files", "name_of", "peers", "reading", "unwrap", "updates", "writing"]
