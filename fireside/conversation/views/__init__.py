"""The web door of talk."""

from fireside.conversation.views.chat import chat_part, send
from fireside.conversation.views.files import file, files, link_picture
from fireside.conversation.views.following import following, habits, space_followed, topic_level, topic_level_end
from fireside.conversation.views.fresh import new_end, read_all
from fireside.conversation.views.incoming import share
from fireside.conversation.views.later import keep, keep_end, later
from fireside.conversation.views.library import library, library_removal, library_removal_end
from fireside.conversation.views.lists import space, start, talk, talk_news
from fireside.conversation.views.organising import chat, chat_end, closing, closing_end, move
from fireside.conversation.views.persons import talk_of
from fireside.conversation.views.pins import front, front_end, pin, pin_end
from fireside.conversation.views.posts import (
    acceptance,
    acceptance_end,
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
from fireside.conversation.views.privately import (
    private_acceptance,
    private_acceptance_end,
    private_archive,
    private_archive_end,
    private_count,
    private_leaving,
    private_list,
    private_new,
    private_people,
    private_people_in,
    private_settings,
    private_title,
)
from fireside.conversation.views.search import search, similar
from fireside.conversation.views.sharing import sharing
from fireside.conversation.views.splitting import merge, merge_end, split
from fireside.conversation.views.tags import space_tags, tag_merge, tag_name, tags, tags_suggested
from fireside.conversation.views.topic import news, reading, show_topic
from fireside.conversation.views.writing import composer, drafts, drafts_end, mentions, new_topic, preview, replies

__all__ = [
    "acceptance",
    "acceptance_end",
    "chat",
    "chat_end",
    "chat_part",
    "closing",
    "closing_end",
    "composer",
    "drafts",
    "drafts_end",
    "edit",
    "edits",
    "file",
    "files",
    "following",
    "front",
    "front_end",
    "habits",
    "helped",
    "helped_end",
    "keep",
    "keep_end",
    "later",
    "library",
    "library_removal",
    "library_removal_end",
    "link_picture",
    "mentions",
    "merge",
    "merge_end",
    "move",
    "new_end",
    "new_topic",
    "news",
    "pin",
    "pin_end",
    "preview",
    "private_acceptance",
    "private_acceptance_end",
    "private_archive",
    "private_archive_end",
    "private_count",
    "private_leaving",
    "private_list",
    "private_new",
    "private_people",
    "private_people_in",
    "private_settings",
    "private_title",
    "question",
    "question_end",
    "reactions",
    "reactions_end",
    "read_all",
    "reading",
    "removal",
    "removal_end",
    "replies",
    "search",
    "send",
    "share",
    "sharing",
    "show_topic",
    "similar",
    "space",
    "space_followed",
    "space_tags",
    "split",
    "start",
    "tag_merge",
    "tag_name",
    "tags",
    "tags_suggested",
    "talk",
    "talk_news",
    "talk_of",
    "topic_level",
    "topic_level_end",
]  # fmt: skip
