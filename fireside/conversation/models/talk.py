"""Topics and posts, and what everybody sees of what people do to them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

MEMBER = settings.AUTH_USER_MODEL
# A private conversation stands in no space. To whoever checks types it always has one: what is not made for those never meets one,
# see queries/sight.py.
MAY_BE_PRIVATE = bool(1)
WAITING = Q(removed_at__isnull=True, asks=True, answered_at__isnull=True, closed_at__isnull=True, accepted__isnull=True)


class Tokens(models.TextField):  # type: ignore[type-arg]
    """Tokens with a space between them: a tsvector on PostgreSQL, text that triggers keep in an FTS5 table on SQLite (0009)."""

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "array_to_tsvector(string_to_array(%s, ' '))" if connection.vendor == "postgresql" else "%s"


class Topic(models.Model):
    """Something people talk about in a space, or among themselves (then its `Participant` rows say who). Its words are its posts;
    counters are kept here and repaired by a sweep."""

    space = models.ForeignKey("spaces.Space", models.PROTECT, null=MAY_BE_PRIVATE, related_name="topics")
    pair = models.CharField(max_length=41, null=True)  # "7:12": the persons of a private conversation of two without a title
    author = models.ForeignKey(MEMBER, models.PROTECT, related_name="topics")
    title = models.CharField(max_length=200)
    asks = models.BooleanField(default=True)  # a question somebody waits on; False = a chat, a notice
    is_chat = models.BooleanField(null=True)  # shown as a chat, the newest at the bottom; null = as in a forum. The words are the same
    opened_at = models.DateTimeField()
    last_post_at = models.DateTimeField()
    last_author = models.ForeignKey(MEMBER, models.PROTECT, related_name="+", null=True)
    posts_count = models.PositiveIntegerField(default=1)  # posts not removed, the first included
    last_number = models.PositiveIntegerField(default=1)  # numbers are given once and never again
    answered_at = models.DateTimeField(null=True)  # first reply by another person, not a bot
    accepted = models.ForeignKey("conversation.Post", models.SET_NULL, null=True, related_name="+", db_index=False)  # topics_of_accepted
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(MEMBER, models.PROTECT, null=True, related_name="+")
    helped_count = models.PositiveIntegerField(default=0)  # distinct people helped by any post of it
    tags = models.JSONField(null=True)  # names as lists show them; null = none. TopicTag is what is looked up
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=300, null=True)  # shown where one would reply
    closes_on = models.DateField(null=True)  # from the beginning of that day it is closed, whether or not a round has said so
    opens_on = models.DateField(null=True)  # from the beginning of that day it is open again
    story = models.JSONField(null=True)  # what was done with it as a whole, see queries/story.py; null = nothing yet
    pin_place = models.PositiveSmallIntegerField(null=True)  # 1 is the first above the list of its space; null = among the others
    pin_until = models.DateField(null=True)  # the last day of that; null = until it is unpinned
    front_place = models.PositiveSmallIntegerField(null=True)  # the same above the talk of every space
    front_until = models.DateField(null=True)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+", db_index=False)  # where its posts stand now
    removed_at = models.DateTimeField(null=True)  # with its first post: who and why stand there
    imported = models.BooleanField(default=False)
    source = models.CharField(max_length=80, null=True)
    external_id = models.CharField(max_length=250, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="topic_once_per_source"),
            models.UniqueConstraint(fields=["pair"], name="talk_once_per_pair"),
        ]
        indexes = [
            models.Index(fields=["space", "-last_post_at", "-id"], name="topics_of_space", condition=Q(removed_at__isnull=True)),
            models.Index(fields=["-last_post_at", "-id"], name="topics_latest", condition=Q(removed_at__isnull=True)),
            models.Index(fields=["opened_at", "id"], name="topics_waiting", condition=WAITING),
            models.Index(fields=["space", "opened_at", "id"], name="topics_waiting_in_space", condition=WAITING),
            models.Index(fields=["author", "-last_post_at", "-id"], name="topics_of_author"),
            models.Index(fields=["space", "pin_place"], name="topics_pinned", condition=Q(pin_place__isnull=False)),
            models.Index(fields=["front_place"], name="topics_above_all", condition=Q(front_place__isnull=False)),
            models.Index(fields=["merged_into"], name="topics_merged_into", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["closes_on"], name="topics_that_close", condition=Q(closes_on__isnull=False)),
            models.Index(fields=["opens_on"], name="topics_that_open", condition=Q(opens_on__isnull=False)),
            models.Index(fields=["accepted_at"], name="topics_accepted", condition=Q(accepted__isnull=False)),
            # without the topics that have none: SQLite would look there for those who wait, and read every question without an answer
            models.Index(fields=["accepted"], name="topics_of_accepted", condition=Q(accepted__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def place(self) -> int:
        """The space it stands in, for what is done only there."""
        assert self.space_id is not None, "a private conversation"
        return self.space_id

    def get_absolute_url(self) -> str:
        return f"/t/{self.pk}"


class Post(models.Model):
    """Words in a topic. `source_text` is what was written; `html` what is shown, made at writing or (imports) at first reading.

    Posts are shown in the order of (at, id): an archive that arrives later may bring older words, and a number, once given,
    stays. (source, external_id) is the archive and its own id; for words said here the form's one-time key, so that a
    form sent twice speaks once.
    """

    class Format(models.TextChoices):
        MARKDOWN = "md"
        HTML = "html"  # an archive's own HTML, sanitised and kept as the source

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="posts")
    author = models.ForeignKey(MEMBER, models.PROTECT, related_name="posts")
    number = models.PositiveIntegerField()  # 1, 2, 3 … in the topic; 1 is the topic's own words
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    source_text = models.TextField()
    format = models.CharField(max_length=4, choices=Format.choices, default=Format.MARKDOWN)
    html = models.TextField(blank=True, default="")
    rendered = models.PositiveSmallIntegerField(default=0)  # version of the renderer that made `html`; 0 = not yet
    edited_at = models.DateTimeField(null=True)
    edits_count = models.PositiveIntegerField(default=0)
    helped_count = models.PositiveIntegerField(default=0)
    thanks_count = models.PositiveIntegerField(default=0)
    reactions = models.JSONField(default=dict)  # {"heart": 4}: counters of Reaction rows
    joined = models.BooleanField(null=True)  # it opened a topic that was merged into this one: so it answers nobody
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(MEMBER, models.PROTECT, null=True, related_name="+")
    removed_reason = models.CharField(max_length=300, blank=True, default="")
    imported = models.BooleanField(default=False)
    source = models.CharField(max_length=80, null=True)
    external_id = models.CharField(max_length=200, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="post_number_once"),
            models.UniqueConstraint(fields=["source", "external_id"], name="post_once_per_source"),
        ]
        indexes = [
            models.Index(fields=["topic", "at", "id"], name="posts_in_order"),
            models.Index(fields=["author", "-at", "-id"], name="posts_of_author"),
            models.Index(fields=["topic", "author"], name="posts_that_helped", condition=Q(helped_count__gt=0)),
        ]

    def __str__(self) -> str:
        return f"#{self.number} in {self.topic_id}"

    def get_absolute_url(self) -> str:
        return f"/t/{self.topic_id}/{self.number}#p{self.number}"


class Forward(models.Model):
    """Where a post stood before it was put into another topic: its old address leads to where it stands now."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+", db_index=False)  # forward_once
    number = models.PositiveIntegerField()
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "number"], name="forward_once")]

    def __str__(self) -> str:
        return f"{self.topic_id}/{self.number} is {self.post_id}"


class Edit(models.Model):
    """What a post said before an edit."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="edits")
    member = models.ForeignKey(MEMBER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    title_before = models.CharField(max_length=200, blank=True, default="")
    text_before = models.TextField()
    format_before = models.CharField(max_length=4, choices=Post.Format.choices, default=Post.Format.MARKDOWN)
    reason = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"edit of {self.post_id}"


class Mention(models.Model):
    """A post names a member."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="mentions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.post_id}"


class Reaction(models.Model):
    """A member reacts to a post with one sign; "heart" is the thanks of the page. Imported signs keep the source's name."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reaction_rows")
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="reactions")
    sign = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member", "sign"], name="react_once_per_sign")]

    def __str__(self) -> str:
        return f"{self.sign} by {self.member_id}"


class Helped(models.Model):
    """A member says that a post helped them: the unit of *people helped*."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="helped")
    member = models.ForeignKey(MEMBER, models.CASCADE, related_name="helped_by")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "member"], name="helped_once")]
        indexes = [models.Index(fields=["-at"], name="helped_latest")]

    def __str__(self) -> str:
        return f"{self.member_id} helped by {self.post_id}"


class Tag(models.Model):
    """A short name that a space gives its topics. `key` is the form under which its spellings meet."""

    space = models.ForeignKey("spaces.Space", models.PROTECT, related_name="+", db_index=False)  # tags_of_space
    key = models.CharField(max_length=120)
    name = models.CharField(max_length=60)
    uses = models.PositiveIntegerField(default=0)  # topics that carry it, removed ones too: it orders suggestions and is shown to nobody

    class Meta:
        constraints = [models.UniqueConstraint(fields=["space", "key"], name="tag_once_per_space")]
        indexes = [
            models.Index(fields=["space", "-uses", "id"], name="tags_of_space"),
            models.Index(fields=["key", "space"], name="tags_everywhere"),
        ]

    def __str__(self) -> str:
        return self.name


class TopicTag(models.Model):
    """A topic carries a tag of its space."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+", db_index=False)  # tag_once_per_topic
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "tag"], name="tag_once_per_topic")]

    def __str__(self) -> str:
        return f"{self.tag_id} of {self.topic_id}"


class Sought(models.Model):
    """A post in the search index, kept by a reaction. What a viewer may see of it, the post's own row says, not this one."""

    post = models.OneToOneField(Post, models.CASCADE, primary_key=True, related_name="+")
    words = Tokens()

    def __str__(self) -> str:
        return f"words of {self.post_id}"
