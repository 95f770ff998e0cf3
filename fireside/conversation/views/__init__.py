"""The web door of talk."""

from fireside.conversation.views.lists import space, start, talk
from fireside.conversation.views.persons import talk_of
from fireside.conversation.views.posts import (
    acceptance,
    acceptance_end,
    closing,
    closing_end,
    edit,
    edits,
    helped,
    helped_end,
    question,
    question_end,
    reactions,
    reactions_end,
    removal,
    removal_end,
)
from fireside.conversation.views.topic import news, show_topic
from fireside.conversation.views.writing import composer, drafts, drafts_end, mentions, new_topic, preview, replies

__all__ = [
    "acceptance", "acceptance_end", "closing", "closing_end", "composer", "drafts", "drafts_end", "edit", "edits", "helped",
    "helped_end", "mentions", "new_topic", "news", "preview", "question", "question_end", "reactions", "reactions_end", "removal", "removal_end", "replies",
    "show_topic", "space", "start", "talk", "talk_of",
]  # fmt: skip
