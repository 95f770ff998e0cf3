"""How fast and how much one member may write. Importers, the sample, the command line and those who hold a role are not asked.

The numbers follow Discourse's. Somebody is new until a day has passed since they joined and three of their posts stand; then it ends
by itself.
"""

from fireside.conversation.pacing.asking import is_new_here, keep_content, keep_pace, links_in

__all__ = ["is_new_here", "keep_content", "keep_pace", "links_in"]
