"""Everything that can happen in talk."""

from fireside.conversation.actions.asking import make_question, make_talk
from fireside.conversation.actions.closing import close_topic, reopen_topic, turn_topics
from fireside.conversation.actions.crowds import tell_rest, tell_watchers
from fireside.conversation.actions.drafts import drop_draft, keep_draft
from fireside.conversation.actions.edits import edit_post, remove_post, restore_post
from fireside.conversation.actions.files import ready, share_file
from fireside.conversation.actions.following import change_habits, choose_who_writes, follow_as_space, follow_space, follow_topic
from fireside.conversation.actions.fresh import dismiss_new, mark_all_read
from fireside.conversation.actions.helping import accept_answer, say_helped, take_back_helped, withdraw_acceptance
from fireside.conversation.actions.later import keep_for_later, let_go
from fireside.conversation.actions.library import put_file_back, remove_file
from fireside.conversation.actions.moving import move_topic
from fireside.conversation.actions.pins import pin_above_all, pin_topic, unpin_above_all, unpin_topic
from fireside.conversation.actions.privately import accept_conversation, begin_conversation, decline_conversation, write_privately
from fireside.conversation.actions.reading import keep_rendered, mark_topic_read
from fireside.conversation.actions.shapes import turn_into_chat, turn_into_topic
from fireside.conversation.actions.sharing import change_sharing
from fireside.conversation.actions.signs import react, take_back_reaction
from fireside.conversation.actions.splitting import merge_topic, part_topics, split_topic
from fireside.conversation.actions.tags import merge_tags, rename_tag, tag_topic
from fireside.conversation.actions.taking_in import take_in_posts, take_in_reactions
from fireside.conversation.actions.taking_in_help import HelpCounts, HelpIn, take_in_help
from fireside.conversation.actions.taking_in_rows import Counts, PostIn, ReactionIn, TopicIn
from fireside.conversation.actions.taking_in_standings import StandingIn, take_in_standings
from fireside.conversation.actions.talking import open_topic, reply
from fireside.conversation.actions.together import (
    add_to_conversation,
    archive_conversation,
    fetch_conversation,
    leave_conversation,
    rename_conversation,
)

__all__ = [
    "Counts",
    "HelpCounts",
    "HelpIn",
    "PostIn",
    "ReactionIn",
    "StandingIn",
    "TopicIn",
    "accept_answer",
    "accept_conversation",
    "add_to_conversation",
    "archive_conversation",
    "begin_conversation",
    "change_habits",
    "change_sharing",
    "choose_who_writes",
    "close_topic",
    "decline_conversation",
    "dismiss_new",
    "drop_draft",
    "edit_post",
    "fetch_conversation",
    "follow_as_space",
    "follow_space",
    "follow_topic",
    "keep_draft",
    "keep_for_later",
    "keep_rendered",
    "leave_conversation",
    "let_go",
    "make_question",
    "make_talk",
    "mark_all_read",
    "mark_topic_read",
    "merge_tags",
    "merge_topic",
    "move_topic",
    "open_topic",
    "part_topics",
    "pin_above_all",
    "pin_topic",
    "put_file_back",
    "react",
    "ready",
    "remove_file",
    "remove_post",
    "rename_conversation",
    "rename_tag",
    "reopen_topic",
    "reply",
    "restore_post",
    "say_helped",
    "share_file",
    "split_topic",
    "tag_topic",
    "take_back_helped",
    "take_back_reaction",
    "take_in_help",
    "take_in_posts",
    "take_in_reactions",
    "take_in_standings",
    "tell_rest",
    "tell_watchers",
    "turn_into_chat",
    "turn_into_topic",
    "turn_topics",
    "unpin_above_all",
    "unpin_topic",
    "withdraw_acceptance",
    "write_privately",
]  # fmt: skip
