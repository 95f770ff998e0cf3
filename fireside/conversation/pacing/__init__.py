"""How fast and how much one member may write. Importers, the sample, the command line and those who hold a role are not asked.

The numbers follow Discourse's. Somebody is new until a day has passed since they joined and three of their posts stand; then it ends
by itself.
"""

from fireside.conversation.pacing.asking import keep_content, keep_pace

__all__ = ["keep_content", "keep_pace"]
