"""Questions about talk, each for a viewer. Hidden and missing look the same."""

from fireside.conversation.queries import digest as digest
from fireside.conversation.queries.counted import (
    accepted_of_source,
    addresses_of_source,
    answers_of_source,
    comments_of_source,
    thanks_of_source,
)
from fireside.conversation.queries.figures import Counts, anything_said, changed_since, counts_of, open_questions, waiting
from fireside.conversation.queries.files import files_in, files_to_show, get_file, shown
from fireside.conversation.queries.following import (
    Mark,
    SpaceChosen,
    TopicChosen,
    follows_what_they_say,
    mark_of,
    space_level,
    spaces_chosen,
    spared,
    topics_chosen,
)
from fireside.conversation.queries.helping import HelpedSince, helped_since
from fireside.conversation.queries.history import (
    Here,
    Standing,
    other_words,
    posts_of_source,
    signs_of_source,
    sizes_of_source,
    topics_of_source,
)
from fireside.conversation.queries.known import KnownPost, known_posts, posts_where, removed_topics
from fireside.conversation.queries.later import LaterRow, kept_for_later
from fireside.conversation.queries.library import LibraryRow, library
from fireside.conversation.queries.lists import FILTERS, TopicRow, latest, rows_of
from fireside.conversation.queries.moving import Moving, before_moving
from fireside.conversation.queries.privately import Talk, others_in, own_talk, pair_with, takers, talks, unread_talks, wish_of
from fireside.conversation.queries.search import Filters, Found, Hit, filters_of, search
from fireside.conversation.queries.sharing import sharing
from fireside.conversation.queries.sight import (
    get_at,
    get_edits,
    get_numbered,
    get_post,
    get_talk,
    get_topic,
    own_drafts,
    tidies,
    visible_posts,
    visible_topics,
)
from fireside.conversation.queries.similar import Similar, similar
from fireside.conversation.queries.splitting import Merging, Splitting, before_merging, before_splitting, posts_to_split, topic_named
from fireside.conversation.queries.story import StoryLine, story_of
from fireside.conversation.queries.tags import suggested, tags_in, tags_named
from fireside.conversation.queries.topic import PostRow, TopicPage, new_since, page_head, post_row, posts_after, topic_page
from fireside.conversation.queries.words import markdown_before, markdown_of, markdown_of_all

__all__ = [
    "FILTERS", "Counts", "Filters", "Found", "HelpedSince", "Here", "Hit", "KnownPost", "LaterRow", "LibraryRow", "Mark", "Merging",
    "Moving", "PostRow", "Similar", "SpaceChosen", "Splitting", "Standing", "StoryLine", "Talk", "TopicChosen", "TopicPage", "TopicRow",
    "accepted_of_source", "addresses_of_source", "answers_of_source", "anything_said", "before_merging", "before_moving",
    "before_splitting", "changed_since", "comments_of_source", "counts_of", "files_in", "files_to_show", "filters_of",
    "follows_what_they_say", "get_at", "get_edits", "get_file", "get_numbered", "get_post", "get_talk", "get_topic", "helped_since", "kept_for_later",
    "known_posts", "latest", "library", "mark_of", "markdown_before", "markdown_of", "markdown_of_all", "new_since", "open_questions",
    "other_words", "others_in", "own_drafts", "own_talk", "page_head", "pair_with", "post_row", "posts_after", "posts_of_source", "posts_to_split", "posts_where", "read_to",
    "removed_topics", "rows_of", "search", "sharing", "shown", "signs_of_source", "similar", "sizes_of_source", "space_level",
    "spaces_chosen", "spared", "story_of", "suggested", "tags_in", "tags_named", "takers", "talks", "thanks_of_source", "tidies", "topic_named", "topic_page",
    "topics_chosen", "topics_of_source", "unread_talks", "visible_posts", "visible_topics", "waiting", "wish_of",
]  # fmt: skip
