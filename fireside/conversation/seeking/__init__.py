"""Words that are looked for: how they are cut, kept in the index and marked. Pure: no tables, no clock.

Chinese is cut by rjieba, simplified characters only: a search in traditional ones finds what was written in those.
"""

from fireside.conversation.seeking.asked import Asked, understand
from fireside.conversation.seeking.found import excerpt, holds, marked, weight
from fireside.conversation.seeking.words import bare, index_of

__all__ = ["Asked", "bare", "excerpt", "holds", "index_of", "marked", "understand", "weight"]
