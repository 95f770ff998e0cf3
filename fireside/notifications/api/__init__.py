"""The JSON door of notices and of how one is told."""

from fireside.notifications.api import bell, letters, push, telling  # noqa: F401  their operations
from fireside.notifications.api._door import router

__all__ = ["router"]
