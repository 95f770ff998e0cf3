"""The JSON door of talk."""

from fireside.conversation.api import drafts, files, following, fresh, organising, posts, privately, search, splitting, tags, topics  # noqa: F401  their addresses
from fireside.conversation.api._door import router

__all__ = ["router"]
